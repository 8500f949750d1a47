"""Documents end when their days are over, and no row ever claims what is not so."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic_budget.config import Settings
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.residency import queries, service
from civic_budget.residency.evidence import open_vault
from civic_budget.residency.models import EvidenceFile, ResidenceCase
from civic_budget.residency.rules import CaseState
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from civic_budget.storage.vault import Vault
from tests.builders import make_account, make_city
from tests.conftest import NOW


@pytest.fixture
def account(database: Database) -> Actor:
    make_city(database)
    return make_account(database)


@pytest.fixture
def vault(settings: Settings) -> Vault:
    return open_vault(settings)


def draft_with_document(database: Database, vault: Vault, account: Actor) -> tuple[UUID, UUID]:
    sealed = vault.seal([b"a page"])
    assert account.account_id is not None
    with database.writing() as work:
        case_id = service.start_case(
            work, account, account_id=account.account_id, language="en", at=NOW
        )
        file_id = service.add_evidence(
            work,
            account,
            case_id=case_id,
            vault_id=sealed.file_id,
            kind="lease",
            page_count=1,
            at=NOW,
        )
    return case_id, file_id


def vault_id(database: Database, file_id: UUID) -> str:
    with database.reading() as session:
        return session.get_one(EvidenceFile, file_id).vault_id


def deletions(database: Database) -> int:
    with database.reading() as session:
        deeds = session.scalars(select(AuditEntry.deed)).all()
    return sum(deed in {"EvidenceDeleted", "EvidenceRemoved"} for deed in deeds)


def test_an_unfinished_cases_document_ends_after_90_days(
    database: Database, vault: Vault, account: Actor
) -> None:
    _, file_id = draft_with_document(database, vault, account)
    name = vault_id(database, file_id)
    before = NOW + timedelta(days=90, seconds=-1)
    assert service.delete_due_evidence(database, vault, at=before) == 0
    assert vault.is_whole(name, page_count=1)
    assert service.delete_due_evidence(database, vault, at=NOW + timedelta(days=90)) == 1
    assert not vault.is_whole(name, page_count=1)
    assert service.delete_due_evidence(database, vault, at=NOW + timedelta(days=91)) == 0
    assert deletions(database) == 1


def test_a_worker_killed_between_deletion_and_its_row_repeats_it_once(
    database: Database, vault: Vault, account: Actor
) -> None:
    _, file_id = draft_with_document(database, vault, account)
    name = vault_id(database, file_id)
    vault.destroy(name, page_count=1)
    with database.reading() as session:
        assert session.get_one(EvidenceFile, file_id).deleted_at is None
    service.delete_due_evidence(database, vault, at=NOW + timedelta(days=90))
    with database.reading() as session:
        assert session.get_one(EvidenceFile, file_id).deleted_at is not None
    assert deletions(database) == 1


def test_withdrawing_condemns_the_documents(
    database: Database, vault: Vault, account: Actor
) -> None:
    case_id, file_id = draft_with_document(database, vault, account)
    with database.writing() as work:
        service.withdraw_case(work, account, case_id=case_id, at=NOW)
    with database.reading() as session:
        assert queries.list_evidence(session, case_id) == []
    name = vault_id(database, file_id)
    assert service.delete_due_evidence(database, vault, at=NOW) == 1
    assert not vault.is_whole(name, page_count=1)


def test_an_upload_whose_request_broke_off_is_swept_after_a_day(
    database: Database, vault: Vault, account: Actor
) -> None:
    _, kept = draft_with_document(database, vault, account)
    stray = vault.seal([b"nobody knows me"])
    far = NOW + timedelta(days=365 * 5)
    assert service.delete_strays(database, vault, at=far) == 1
    assert not vault.is_whole(stray.file_id, page_count=1)
    assert vault.is_whole(vault_id(database, kept), page_count=1)


def test_an_untouched_draft_lapses_and_its_answers_are_gone(
    database: Database, vault: Vault, account: Actor
) -> None:
    case_id, _ = draft_with_document(database, vault, account)
    with database.writing() as work:
        assert service.lapse_cases(work, at=NOW + timedelta(days=89)) == 0
        assert service.lapse_cases(work, at=NOW + timedelta(days=90)) == 1
    with database.reading() as session:
        row = session.get_one(ResidenceCase, case_id)
        assert (row.state, row.answers_sealed) == (CaseState.LAPSED, None)


def test_a_sixth_document_is_refused(database: Database, vault: Vault, account: Actor) -> None:
    case_id, _ = draft_with_document(database, vault, account)

    def add() -> None:
        sealed = vault.seal([b"a page"])
        with database.writing() as work:
            service.add_evidence(
                work,
                SYSTEM,
                case_id=case_id,
                vault_id=sealed.file_id,
                kind="lease",
                page_count=1,
                at=NOW,
            )

    for _ in range(4):
        add()
    with pytest.raises(Exception, match="too_many_files"):
        add()
