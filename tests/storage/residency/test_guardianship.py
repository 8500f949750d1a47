"""Guardianship on real databases: claims, one guardian who acts, disputes, ages, two deeds at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from civic_budget.residency import queries, service
from civic_budget.residency.guardian_models import Guardianship
from civic_budget.residency.guardian_rules import TieState
from civic_budget.residency.models import PersonHolder
from civic_budget.residency.rules import CaseState, Standing
from civic_budget.residency.service.guardianship import MOST_CHILDREN
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff
from tests.builders_residency import (
    CHILD,
    claim,
    make_claim,
    make_guardian,
)
from tests.conftest import NOW


@pytest.fixture
def city(database: Database) -> Database:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0})
    return database


def accept(database: Database, tie_id: UUID, case_id: UUID, *, second: bool = False) -> Actor:
    officer = make_staff(database, Role.OFFICER)
    claim(database, officer, case_id)
    with database.writing() as work:
        service.accept_guardian(work, officer, tie_id=tie_id, is_second=second, at=NOW)
    return officer


def acted_for(database: Database, account: Actor) -> list[str]:
    assert account.account_id is not None
    with database.reading() as session:
        found = queries.persons_acting_for(session, account.account_id, at=NOW)
    return [one.relation for one in found]


def test_a_claim_waits_for_an_officer_and_then_the_guardian_acts(city: Database) -> None:
    mother = make_guardian(city)
    tie_id, case_id = make_claim(city, mother)
    with city.reading() as session:
        case = queries.get_case(session, case_id)
    assert case.state is CaseState.SUBMITTED and case.district == 8
    assert acted_for(city, mother) == ["holder"]
    officer = accept(city, tie_id, case_id)
    assert acted_for(city, mother) == ["holder", "guardian"]
    with city.writing() as work:
        service.confirm_case(work, officer, case_id=case_id, at=NOW)
        standing = queries.standing_of(work.session, case.person_id, at=NOW)
        assert queries.guardian_of(work.session, case.person_id, at=NOW) == mother.account_id
    assert standing is Standing.CONFIRMED


def test_nobody_accepts_a_claim_without_the_case_or_for_themselves(city: Database) -> None:
    tie_id, case_id = make_claim(city, make_guardian(city))
    officer = make_staff(city, Role.OFFICER)
    with pytest.raises(NotAllowed, match="claim_first"), city.writing() as work:
        service.accept_guardian(work, officer, tie_id=tie_id, at=NOW)
    with pytest.raises(NotAllowed, match="not_an_officer"), city.writing() as work:
        service.accept_guardian(work, make_account(city), tie_id=tie_id, at=NOW)
    with city.writing() as work:
        work.session.execute(
            update(Guardianship)
            .where(Guardianship.id == tie_id)
            .values(account_id=officer.account_id)
        )
    with pytest.raises(NotAllowed, match="declared_interest"), city.writing() as work:
        service.claim_case(work, officer, case_id=case_id, at=NOW)


def test_the_other_guardian_is_told_and_may_dispute_until_a_desk_settles(city: Database) -> None:
    mother, father = make_guardian(city), make_guardian(city, "TARAS")
    first, first_case = make_claim(city, mother)
    second, second_case = make_claim(city, father)
    accept(city, first, first_case)
    with pytest.raises(Conflict, match="other_guardian_acts"):
        accept(city, second, second_case)
    with city.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=second, is_second=True, at=NOW)
        child = queries.get_case(work.session, first_case).person_id
        assert list(queries.informed_accounts(work.session, child)) == [father.account_id]
        assert queries.get_case(work.session, second_case).state is CaseState.WITHDRAWN
        told = queries.get_message_facts(work.session, first_case).account_ids
    assert set(told) == {mother.account_id, father.account_id}
    assert acted_for(city, father) == ["holder"]
    with pytest.raises(NotAllowed, match="not_another_guardian"), city.writing() as work:
        service.dispute_guardian(work, mother, tie_id=first, at=NOW)
    with city.writing() as work:
        service.dispute_guardian(work, father, tie_id=first, at=NOW)
    assert acted_for(city, mother) == ["holder"]
    with city.writing() as work:
        service.settle_dispute(work, SYSTEM, tie_id=second, at=NOW)
    assert acted_for(city, father) == ["holder", "guardian"]
    assert acted_for(city, mother) == ["holder"]


def test_two_officers_at_once_let_one_guardian_act(city: Database) -> None:
    claims = [make_claim(city, make_guardian(city, name)) for name in ("OLENA", "TARAS")]
    officers = [make_staff(city, Role.OFFICER) for _ in claims]
    for officer, (_, case_id) in zip(officers, claims, strict=True):
        claim(city, officer, case_id)
    outcomes = at_once(
        [
            lambda officer=officer, tie=tie: accept_as(city, officer, tie)
            for officer, (tie, _) in zip(officers, claims, strict=True)
        ]
    )
    assert sorted(outcomes) == ["done", "other_guardian_acts"]
    with city.reading() as session:
        acting = session.scalars(
            select(PersonHolder.id).where(PersonHolder.relation == "guardian")
        ).all()
    assert len(acting) == 1


def accept_as(database: Database, officer: Actor, tie_id: UUID) -> None:
    with database.writing() as work:
        service.accept_guardian(work, officer, tie_id=tie_id, at=NOW)


def at_once(deeds: list[Callable[[], None]]) -> list[str]:
    """Do deeds in threads that start together; what each of them came to."""
    outcomes: list[str] = []
    start = threading.Barrier(len(deeds))

    def do(deed: Callable[[], None]) -> None:
        start.wait(10)
        try:
            deed()
            outcomes.append("done")
        except DomainError as error:
            outcomes.append(error.code)
        except IntegrityError:
            outcomes.append("other_guardian_acts")

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_the_database_allows_one_guardian_who_acts(city: Database) -> None:
    first, first_case = make_claim(city, make_guardian(city))
    second, _ = make_claim(city, make_guardian(city, "TARAS"))
    accept(city, first, first_case)
    with pytest.raises(IntegrityError), city.writing() as work:
        key = work.session.get_one(Guardianship, first).child_key
        work.session.execute(
            update(Guardianship)
            .where(Guardianship.id == second)
            .values(state="acting", child_key=key)
        )


def test_twins_have_a_guardian_each(city: Database) -> None:
    mother = make_guardian(city)
    for name in ("MAKSYM", "SOFIIA"):
        tie_id, case_id = make_claim(city, mother, (name, *CHILD[1:]))
        accept(city, tie_id, case_id)
    assert acted_for(city, mother) == ["holder", "guardian", "guardian"]


def test_a_claim_is_for_a_child_of_the_ages_that_the_city_set(city: Database) -> None:
    mother = make_guardian(city)
    with pytest.raises(Conflict, match="no_child_any_more"):
        make_claim(city, mother, ("IVAN", "KOVALENKO", date(2010, 1, 1)))
    with city.writing() as work:
        service.set_limits(work, {"guardian_youngest_age": 3})
    assert mother.account_id is not None
    with pytest.raises(Conflict, match="child_to_desk"), city.writing() as work:
        case_id = service.claim_child(
            work,
            mother,
            account_id=mother.account_id,
            proof="birth_certificate",
            language="uk",
            at=NOW,
        )
        service.tell_birth_date(work, mother, case_id=case_id, born_on=date(2025, 1, 1), at=NOW)
    make_claim(city, mother, ("IVAN", "KOVALENKO", date(2025, 1, 1)))


@pytest.mark.parametrize("end", ["refuse", "withdraw", "erase"])
def test_a_claim_that_ends_takes_its_open_case_along(city: Database, end: str) -> None:
    mother = make_guardian(city)
    tie_id, case_id = make_claim(city, mother)
    assert mother.account_id is not None
    with city.writing() as work:
        if end == "refuse":
            service.refuse_guardian(work, SYSTEM, tie_id=tie_id, at=NOW)
        elif end == "withdraw":
            service.withdraw_claim(work, mother, tie_id=tie_id, at=NOW)
        else:
            service.erase_person(work, mother, account_id=mother.account_id, at=NOW)
    with city.reading() as session:
        assert queries.get_case(session, case_id).state is CaseState.WITHDRAWN
        (tie,) = queries.list_ties(session, mother.account_id)
        assert tie.state in {TieState.REFUSED, TieState.WITHDRAWN}
        assert not queries.may_see_case(session, mother.account_id, tie.person_id)


def test_a_childs_record_stays_when_the_guardians_account_closes(city: Database) -> None:
    mother = make_guardian(city)
    tie_id, case_id = make_claim(city, mother)
    officer = accept(city, tie_id, case_id)
    assert mother.account_id is not None
    with city.writing() as work:
        service.confirm_case(work, officer, case_id=case_id, at=NOW)
    with city.writing() as work:
        service.erase_person(work, mother, account_id=mother.account_id, at=NOW)
    with city.reading() as session:
        child = queries.get_case(session, case_id).person_id
        assert queries.identity_of(session, child) is not None
        assert list(queries.accounts_of_person(session, child)) == []


def test_a_childs_confirmation_is_renewed_with_one_tap_by_who_acts(city: Database) -> None:
    mother = make_guardian(city)
    tie_id, case_id = make_claim(city, mother)
    officer = accept(city, tie_id, case_id)
    with city.writing() as work:
        service.confirm_case(work, officer, case_id=case_id, at=NOW)
        child = queries.get_case(work.session, case_id).person_id
        held = queries.find_confirmation(work.session, child, at=NOW)
    assert held is not None and mother.account_id is not None
    soon = held.valid_until - timedelta(days=5)
    with city.writing() as work:
        service.set_limits(work, {"statement_confirms": True})
    with pytest.raises(NotFound), city.writing() as work:
        assert officer.account_id is not None
        service.renew_residence(
            work, officer, account_id=officer.account_id, person_id=child, language="uk", at=soon
        )
    with city.writing() as work:
        again = service.renew_residence(
            work, mother, account_id=mother.account_id, person_id=child, language="uk", at=soon
        )
    with city.reading() as session:
        assert queries.get_case(session, again).state is CaseState.CONFIRMED
        signed = queries.find_statement(session, again)
        renewed = queries.find_confirmation(session, child, at=soon)
    assert signed is not None and signed.signature == "OLENA KOVALENKO"
    assert renewed is not None and renewed.valid_until > held.valid_until


def test_a_guardian_under_dispute_does_nothing_and_who_is_chosen_goes_on(city: Database) -> None:
    mother, father = make_guardian(city), make_guardian(city, "TARAS")
    first, case_id = make_claim(city, mother)
    second, second_case = make_claim(city, father)
    accept(city, first, case_id)
    accept(city, second, second_case, second=True)
    with city.writing() as work:
        service.ask_letter(work, mother, case_id=case_id, at=NOW)
        service.dispute_guardian(work, father, tie_id=first, at=NOW)
    for deed in (service.ask_letter, service.withdraw_case):
        for who in (mother, father):
            with pytest.raises(NotAllowed, match="not_your_case"), city.writing() as work:
                deed(work, who, case_id=case_id, at=NOW)
    with city.writing() as work:
        service.settle_dispute(work, SYSTEM, tie_id=second, at=NOW)
    with pytest.raises(NotAllowed, match="not_your_case"), city.writing() as work:
        service.withdraw_case(work, mother, case_id=case_id, at=NOW)
    with city.writing() as work:
        service.ask_for_more(
            work, SYSTEM, case_id=case_id, reason="name_differs", sentence="Please.", at=NOW
        )
        service.tell_name(
            work, father, case_id=case_id, given_names="MAKS", family_name="KOVALENKO", at=NOW
        )
        # The guardian who acts now signs with their own name, not with the child's.
        with pytest.raises(Conflict, match="signature_differs"):
            service.sign_statement(
                work, father, case_id=case_id, signature="Maks Kovalenko", language="uk", at=NOW
            )
        service.sign_statement(
            work, father, case_id=case_id, signature="Taras Kovalenko", language="uk", at=NOW
        )
        service.answer_request(work, father, case_id=case_id, words="", at=NOW)


def test_the_thirteenth_claim_is_one_too_many_also_in_one_instant(city: Database) -> None:
    mother = make_guardian(city)

    def begin() -> None:
        assert mother.account_id is not None
        with city.writing() as work:
            service.claim_child(
                work, mother, account_id=mother.account_id, proof="desk", language="uk", at=NOW
            )

    for _ in range(MOST_CHILDREN - 1):
        begin()
    assert sorted(at_once([begin, begin, begin])) == ["done", *["too_many_children"] * 2]


def test_no_officer_joins_a_childs_records_over_a_word_of_difference(city: Database) -> None:
    mother, father = make_guardian(city), make_guardian(city, "TARAS")
    first, case_id = make_claim(city, mother)
    second, second_case = make_claim(city, father)
    accept(city, first, case_id)
    one, other = (make_staff(city, Role.OFFICER) for _ in range(2))
    with city.reading() as session:
        pair = {
            "one": queries.get_case(session, case_id).person_id,
            "other": queries.get_case(session, second_case).person_id,
        }
    with city.writing() as work:
        service.say_different(work, one, at=NOW, **pair)
    claim(city, other, second_case)

    def join() -> None:
        with city.writing() as work:
            service.accept_guardian(work, other, tie_id=second, is_second=True, at=NOW)

    with pytest.raises(Conflict, match="called_different"):
        join()
    with city.writing() as work:
        assert not service.say_same(work, other, at=NOW, **pair)
    with pytest.raises(NotAllowed, match="same_officer"):
        join()  # one's own proposal over the other's word is still one officer
    with city.writing() as work:
        service.say_different(work, other, at=NOW, **pair)
        assert not service.say_same(work, one, at=NOW, **pair)
    join()
    with city.reading() as session:
        assert pair["other"] in queries.cluster_members(session, pair["one"])
