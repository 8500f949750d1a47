"""A record is handed over to its owner: by the guardian who acted, with a code to the owner's contact."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from civic_budget.accounts import service as accounts
from civic_budget.accounts.contacts import read_contact
from civic_budget.accounts.models import Account
from civic_budget.accounts.service.opening import set_contact
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.residency import queries, service
from civic_budget.residency.rules import Standing
from civic_budget.residency.service.guardian_ends import HandedOver
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city
from tests.builders_residency import last_signing_code, make_claim, make_guardian
from tests.conftest import NOW
from tests.storage.residency.test_guardianship import accept


@pytest.fixture
def city(database: Database) -> Database:
    make_city(database)
    return database


def ask_code(database: Database, guardian: Actor, address: str, *, at: datetime) -> UUID:
    """Ask for a code to a young person's contact."""
    assert guardian.account_id is not None
    with database.writing() as work:
        return accounts.send_hand_over_code(
            work,
            asked_by=guardian.account_id,
            contact=read_contact(address),
            language="uk",
            at=at,
        )


def hand_over(
    database: Database, guardian: Actor, tie_id: UUID, asked: UUID, code: str, *, at: datetime
) -> HandedOver:
    """Hand a record over with the code that the young person got."""
    with database.writing() as work:
        return service.hand_over(
            work, guardian, tie_id=tie_id, pending_id=asked, code=code, language="uk", at=at
        )


def test_only_the_guardian_who_acted_hands_over(city: Database) -> None:
    mother, father = make_guardian(city), make_guardian(city, "TARAS")
    child = ("IVAN", "KOVALENKO", date(2013, 5, 25))
    (tie, case), (second, _) = make_claim(city, mother, child), make_claim(city, father, child)
    with city.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=tie, at=NOW)
        service.confirm_case(work, SYSTEM, case_id=case, at=NOW)
    with city.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=second, is_second=True, at=NOW)
    birthday = NOW + timedelta(days=5)
    with pytest.raises(NotAllowed, match="other_guardian_acted"), city.writing() as work:
        service.check_hand_over(work, father, tie_id=second, at=birthday)
    with city.writing() as work:
        service.dispute_guardian(work, father, tie_id=tie, at=NOW)
        service.end_outgrown_ties(work, at=birthday)
    for guardian, own in ((mother, tie), (father, second)):
        with pytest.raises(NotAllowed, match="other_guardian_acted"), city.writing() as work:
            service.check_hand_over(work, guardian, tie_id=own, at=birthday)


def test_power_ends_by_age_and_the_record_is_handed_over_once(city: Database) -> None:
    mother = make_guardian(city)
    make_account(city, contact="taken@example.org")
    assert mother.account_id is not None
    with city.writing() as work:
        account = work.session.get_one(Account, mother.account_id)
        set_contact(work, account, read_contact("mother@example.org"))
    tie_id, case_id = make_claim(city, mother, ("IVAN", "KOVALENKO", date(2013, 5, 25)))
    officer = accept(city, tie_id, case_id)
    with city.writing() as work:
        service.confirm_case(work, officer, case_id=case_id, at=NOW)
    birthday = NOW + timedelta(days=5)
    assert mother.account_id is not None
    with city.reading() as session:
        before = queries.persons_acting_for(session, mother.account_id, at=NOW)
        after = queries.persons_acting_for(session, mother.account_id, at=birthday)
    assert (len(before), len(after)) == (2, 1)
    with pytest.raises(Conflict, match="still_a_child"), city.writing() as work:
        service.check_hand_over(work, mother, tie_id=tie_id, at=NOW)
    with city.writing() as work:
        assert service.end_outgrown_ties(work, at=birthday) == 1
        assert service.end_outgrown_ties(work, at=birthday) == 0
    with pytest.raises(Conflict, match="own_contact"):
        ask_code(city, mother, "mother@example.org", at=birthday)
    taken = ask_code(city, mother, "taken@example.org", at=birthday)
    assert last_signing_code(city, at=birthday, message="hand_over_code") == ""
    with pytest.raises(Conflict, match="wrong_code"):
        hand_over(city, mother, tie_id, taken, "", at=birthday)
    asked = ask_code(city, mother, "ivan@example.org", at=birthday)
    code = last_signing_code(city, at=birthday, message="hand_over_code")
    with pytest.raises(Conflict, match="wrong_code"):
        hand_over(city, mother, tie_id, asked, "nothing", at=birthday)
    handed = hand_over(city, mother, tie_id, asked, code, at=birthday)
    with city.reading() as session:
        accounts = list(queries.accounts_of_person(session, handed.person_id))
        assert len(accounts) == 1 and accounts[0] != mother.account_id
        assert not queries.may_see_case(session, mother.account_id, handed.person_id)
        standing = queries.standing_of(session, handed.person_id, at=birthday)
    assert standing is Standing.CONFIRMED
    with pytest.raises(Conflict, match="handed_over_already"), city.writing() as work:
        service.check_hand_over(work, mother, tie_id=tie_id, at=birthday)
