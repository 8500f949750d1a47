"""Time's deeds: documents deleted when their days are over, unfinished cases lapse.

A document's key and pages go first, then the row says so: a worker killed in between repeats a
harmless deletion, and never leaves a row that claims what is not so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from civic_budget.kernel.actor import SYSTEM
from civic_budget.residency.events import CaseLapsed, EvidenceDeleted, EvidenceRemoved
from civic_budget.residency.guardian_rules import UNFINISHED
from civic_budget.residency.models import EvidenceFile, ResidenceCase
from civic_budget.residency.queries.persons import get_limits
from civic_budget.residency.rules import CaseAction, CaseState, Limits
from civic_budget.residency.service.case_rows import let_go, move_case, note_deed
from civic_budget.residency.service.city_account import forget_journeys
from civic_budget.residency.service.drafts import forget_draft
from civic_budget.residency.service.tie_rows import lapse_claims_of
from civic_budget.storage.db import Database, Work
from civic_budget.storage.vault import Vault

BATCH = 200
STRAY_AGE = timedelta(hours=24)


def destroy(database: Database, vault: Vault, *, file_id: UUID, at: datetime) -> None:
    """Delete one document's key and pages, then note it with an audit row; may be repeated."""
    with database.reading() as session:
        row = session.get(EvidenceFile, file_id)
        if row is None or row.deleted_at is not None:
            return
        vault_id, pages = row.vault_id, row.page_count
    vault.destroy(vault_id, page_count=pages)
    with database.writing() as work:
        gone = work.session.get_one(EvidenceFile, file_id, with_for_update=True)
        if gone.deleted_at is not None:
            return
        happened = EvidenceRemoved if gone.deleted_why == "removed" else EvidenceDeleted
        gone.deleted_at, gone.deleted_why = at, gone.deleted_why or "time_is_up"
        work.publish(happened(case_id=gone.case_id, file_id=file_id, at=at, by=None))


def delete_due_evidence(database: Database, vault: Vault, *, at: datetime) -> int:
    """Delete every document whose days are over; returns how many. Safe to run at any time, twice."""
    with database.reading() as session:
        due = session.scalars(
            select(EvidenceFile.id)
            .where(EvidenceFile.deleted_at.is_(None), EvidenceFile.delete_after <= at)
            .order_by(EvidenceFile.delete_after, EvidenceFile.id)
        ).all()
    for file_id in due:
        destroy(database, vault, file_id=file_id, at=at)
    return len(due)


def delete_strays(
    database: Database, vault: Vault, *, spared: Sequence[str] = (), at: datetime
) -> int:
    """Delete files in the vault that no row knows: uploads whose request broke off a day ago.

    `spared` are the names that other rooms keep there.
    """
    with database.reading() as session:
        known = session.scalars(select(EvidenceFile.vault_id)).all()
    strays = vault.find_strays([*known, *spared], before=at - STRAY_AGE)
    for stray in strays:
        vault.destroy(stray.file_id, page_count=stray.page_count)
    return len(strays)


def lapse_cases(work: Work, *, at: datetime) -> int:
    """End drafts untouched for long and requests unanswered long after their deadline.

    Questions to the city's identity provider from which nobody came back go too.
    """
    forget_journeys(work, at=at)
    limits = get_limits(work.session)
    rows = work.session.scalars(
        select(ResidenceCase).where(_is_stale(limits, at)).limit(BATCH).with_for_update()
    ).all()
    for case in rows:
        was_sent = case.state != CaseState.DRAFT
        move_case(work, case, CaseAction.LAPSE, at=at)
        let_go(case)
        work.session.execute(
            update(EvidenceFile)
            .where(EvidenceFile.case_id == case.id, EvidenceFile.deleted_why.is_(None))
            .values(deleted_why="lapsed", delete_after=at)
        )
        if was_sent:
            note_deed(work, SYSTEM, case, CaseAction.LAPSE, at=at)
        else:
            case.answers_sealed = None
            forget_draft(work, case)
        lapse_claims_of(work, case.person_id, UNFINISHED, at)
        work.publish(CaseLapsed(case_id=case.id, person_id=case.person_id, at=at, by=None))
    return len(rows)


def _is_stale(limits: Limits, at: datetime) -> ColumnElement[bool]:
    days = timedelta(days=limits.evidence_days_unfinished)
    return or_(
        (ResidenceCase.state == CaseState.DRAFT) & (ResidenceCase.updated_at <= at - days),
        (ResidenceCase.state == CaseState.NEEDS_MORE)
        & (ResidenceCase.answer_due_at <= at - timedelta(days=limits.answer_days)),
    )
