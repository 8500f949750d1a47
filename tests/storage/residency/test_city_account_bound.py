"""Which identity answered is bound at sending: drafts given up leave nothing, a flag alone confirms nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.residency import queries, service
from civic_budget.residency.models import (
    CaseProof,
    PersonIdentity,
    PersonMatchKey,
    ProviderIdentity,
    ResidenceCase,
)
from civic_budget.residency.queries.desk import list_proofs
from civic_budget.storage.db import Database, Work
from tests.builders import make_city
from tests.builders_residency import ZACHODNIA
from tests.conftest import NOW
from tests.storage.residency.test_city_account_at_once import HOLDER, draft

LATER = NOW + timedelta(days=400)


@pytest.fixture
def city(database: Database) -> Database:
    """Where a match in a register confirms, and nobody is drawn."""
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0, "register_confirms": True})
    return database


def come_back(city: Database, account: Actor, case_id: UUID, **said: object) -> None:
    """The provider answers."""
    with city.writing() as work:
        holder = replace(HOLDER, **said)  # type: ignore[arg-type]
        service.note_city_account(work, account, case_id=case_id, holder=holder, at=NOW)


def send(city: Database, account: Actor, case_id: UUID) -> tuple[str, list[str]]:
    """The case is sent: its state and flags."""
    with city.writing() as work:
        service.submit_case(work, account, case_id=case_id, at=NOW)
        case = work.session.get_one(ResidenceCase, case_id)
        return case.state, list(case.flags)


def left(city: Database) -> tuple[int, int, int]:
    """How many bound identities, match keys and noted answers there are."""
    with city.reading() as session:
        found = [
            len(session.scalars(select(table)).all())
            for table in (ProviderIdentity, PersonMatchKey, CaseProof)
        ]
    return found[0], found[1], found[2]


def lapse(work: Work, _account: Actor, _case_id: UUID) -> None:
    service.lapse_cases(work, at=LATER)


def withdraw(work: Work, account: Actor, case_id: UUID) -> None:
    service.withdraw_case(work, account, case_id=case_id, at=NOW)


def erase(work: Work, account: Actor, _case_id: UUID) -> None:
    assert account.account_id is not None
    service.erase_person(work, account, account_id=account.account_id, at=NOW)


@pytest.mark.parametrize("end", [lapse, withdraw, erase])
def test_a_draft_that_was_never_sent_binds_nothing(
    city: Database, end: Callable[[Work, Actor, UUID], None]
) -> None:
    account, case_id = draft(city)
    with city.writing() as work:
        # The number of a document is kept as a key from the first page on.
        work.session.add(
            PersonMatchKey(
                person_id=queries.get_case(work.session, case_id).person_id,
                kind="k2",
                value=b"number",
            )
        )
    come_back(city, account, case_id)
    assert left(city) == (0, 1, 1)
    with city.writing() as work:
        end(work, account, case_id)
    assert left(city) == (0, 0, 0)
    again, other_case = draft(city)
    come_back(city, again, other_case)
    assert send(city, again, other_case) == ("confirmed", [])
    assert left(city)[0] == 1


def test_what_somebody_sent_keeps_its_keys_when_a_later_draft_is_given_up(city: Database) -> None:
    account, case_id = draft(city)
    come_back(city, account, case_id)
    assert send(city, account, case_id) == ("confirmed", [])
    before = left(city)
    assert account.account_id is not None
    with city.writing() as work:
        move = service.start_case(
            work, account, account_id=account.account_id, language="en", at=NOW
        )
        service.tell_address(work, account, case_id=move, address=ZACHODNIA, at=NOW)
        service.note_city_account(work, account, case_id=move, holder=HOLDER, at=NOW)
        service.withdraw_case(work, account, case_id=move, at=NOW)
    assert left(city) == before
    other, other_case = draft(city)
    come_back(city, other, other_case)
    assert send(city, other, other_case) == ("submitted", ["duplicate"])


def test_a_flag_alone_and_described_homes_wait_for_an_officer(city: Database) -> None:
    account, case_id = draft(city)
    come_back(city, account, case_id, home=None, is_resident=True)
    assert send(city, account, case_id) == ("submitted", [])
    with city.reading() as session:
        assert [proof.outcome for proof in list_proofs(session, case_id)] == ["resident"]
        assert session.scalars(select(ProviderIdentity)).one().identity_key
    homeless, hut = draft(city)
    with city.writing() as work:
        service.describe_home(
            work,
            homeless,
            case_id=hut,
            description="Behind the river, a hut near the old bridge",
            district=18,
            at=NOW,
        )
    come_back(city, homeless, hut, subject="https://x|2", home=None, is_resident=True)
    assert send(city, homeless, hut)[0] == "submitted"


def test_an_answer_after_sending_is_bound_at_once(city: Database) -> None:
    account, case_id = draft(city)
    come_back(city, account, case_id, born_on=None)
    assert send(city, account, case_id) == ("submitted", [])
    with city.writing() as work:
        work.session.get_one(ResidenceCase, case_id).state = "needs_more"
    come_back(city, account, case_id)
    assert left(city)[0] == 1


def test_the_copy_tells_that_it_answered_and_what_only_once_decided(city: Database) -> None:
    account, case_id = draft(city)
    come_back(city, account, case_id, home=None)
    with city.reading() as session:
        person_id = queries.get_case(session, case_id).person_id

    def told() -> object:
        with city.writing() as work:
            copied = service.export_person(work, account, person_id=person_id, at=NOW)
        (proof,) = copied["cases"][0]["proofs"]
        return proof["outcome"], proof.get("told")

    assert told() == (None, "once_decided")
    send(city, account, case_id)
    assert told() == (None, "once_decided")
    with city.writing() as work:
        service.confirm_case(work, SYSTEM, case_id=case_id, at=NOW)
    assert told() == ("no_match", None)
    with city.reading() as session:
        assert session.get(PersonIdentity, person_id)
