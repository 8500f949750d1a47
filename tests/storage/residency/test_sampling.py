"""The publicly seeded draw: fixed before its seed is known, redone by anybody, checked by another officer."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.residency import queries, service
from civic_budget.residency.drawing import fingerprint, is_drawn
from civic_budget.residency.models import SampleMember
from civic_budget.residency.queries import QueueFilter, Tab
from civic_budget.residency.rules import CaseState, Standing
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff
from tests.builders_residency import claim, make_case, make_identity
from tests.conftest import NOW

LATER = NOW + timedelta(days=1)
SEED = "3 11 24 30 41 49"
EVERYBODY = 1000


@pytest.fixture
def city(database: Database) -> Database:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0})
    return database


def confirmed(database: Database, officer: Actor, number: int = 0) -> UUID:
    """A case that an officer has confirmed."""
    name = chr(65 + number // 20) + chr(65 + number % 20)
    case_id = make_case(
        database, make_account(database), identity=make_identity(f"OLENA{name}", f"TKACHUK{name}")
    )
    claim(database, officer, case_id)
    with database.writing() as work:
        service.confirm_case(work, officer, case_id=case_id, at=NOW)
    return case_id


def announce(database: Database, coordinator: Actor, permille: int = EVERYBODY) -> UUID:
    """A fixed list."""
    with database.writing() as work:
        return service.announce_draw(
            work, coordinator, source="Lotto of 21 May", permille=permille, at=NOW
        )


def draw(database: Database, coordinator: Actor, draw_id: UUID) -> int:
    """The seed becomes known."""
    with database.writing() as work:
        return service.enter_seed(work, coordinator, draw_id=draw_id, seed=SEED, at=LATER)


def test_anybody_redoes_the_draw_from_list_and_seed(city: Database) -> None:
    officer, coordinator = make_staff(city, Role.OFFICER), make_staff(city, Role.COORDINATOR)
    cases = [confirmed(city, officer, number) for number in range(24)]
    draw_id = announce(city, coordinator, permille=300)
    drawn = draw(city, coordinator, draw_id)
    with city.reading() as session:
        facts = queries.get_draw(session, draw_id)
        listed = queries.list_references(session, draw_id)
        references = {queries.get_case(session, case).reference for case in cases}
        waiting = queries.list_queue(
            session,
            QueueFilter(Tab.CHECKS),
            queries.get_limits(session),
            officer=make_id(officer),
            at=LATER,
        )
    assert set(listed) == references and facts.fingerprint == fingerprint(listed)
    assert facts.seed == SEED and facts.size == 24 and facts.drawn == drawn
    redone = {reference for reference in listed if is_drawn(SEED, reference, 300)}
    assert {row.reference for row in waiting} == redone and len(redone) == drawn


def make_id(actor: Actor) -> UUID:
    """The account of an actor."""
    assert actor.account_id is not None
    return actor.account_id


def test_a_case_that_comes_after_the_list_waits_for_the_next_draw(city: Database) -> None:
    officer, coordinator = make_staff(city, Role.OFFICER), make_staff(city, Role.COORDINATOR)
    confirmed(city, officer, 1)
    first = announce(city, coordinator)
    with pytest.raises(Conflict, match="draw_open"):
        announce(city, coordinator)
    late = confirmed(city, officer, 2)
    draw(city, coordinator, first)
    with pytest.raises(Conflict, match="draw_done"):
        draw(city, coordinator, first)
    second = announce(city, coordinator)
    with city.reading() as session:
        reference = queries.get_case(session, late).reference
        assert queries.list_references(session, second) == [reference]
    draw(city, coordinator, second)
    with pytest.raises(Conflict, match="nothing_to_draw"):
        announce(city, coordinator)


def test_a_seed_cannot_be_entered_before_its_list_or_by_an_officer(city: Database) -> None:
    officer, coordinator = make_staff(city, Role.OFFICER), make_staff(city, Role.COORDINATOR)
    confirmed(city, officer)
    draw_id = announce(city, coordinator)
    with pytest.raises(Conflict, match="seed_too_early"), city.writing() as work:
        service.enter_seed(work, coordinator, draw_id=draw_id, seed=SEED, at=NOW)
    with pytest.raises(NotAllowed), city.writing() as work:
        service.enter_seed(work, officer, draw_id=draw_id, seed=SEED, at=LATER)
    with pytest.raises(Conflict, match="bad_seed"), city.writing() as work:
        service.enter_seed(work, coordinator, draw_id=draw_id, seed="\x00", at=LATER)


def test_the_officer_who_confirmed_never_checks(city: Database) -> None:
    first, second = make_staff(city, Role.OFFICER), make_staff(city, Role.OFFICER)
    coordinator = make_staff(city, Role.COORDINATOR)
    case_id = confirmed(city, first)
    with pytest.raises(NotAllowed, match="nothing_to_decide"):
        claim(city, second, case_id, at=NOW)
    draw_id = announce(city, coordinator)
    draw(city, coordinator, draw_id)
    with pytest.raises(NotAllowed, match="second_officer_check"):
        claim(city, first, case_id, at=LATER)
    claim(city, second, case_id, at=LATER)
    with city.writing() as work:
        service.uphold_confirmation(work, second, case_id=case_id, at=LATER)
    with city.reading() as session:
        facts = queries.get_draw(session, draw_id)
        assert (facts.held, facts.revoked, facts.waiting) == (1, 0, 0)
    with pytest.raises(NotAllowed, match="nothing_to_decide"):
        claim(city, second, case_id, at=LATER)


def test_the_database_refuses_a_check_by_the_first_officer(city: Database) -> None:
    officer, coordinator = make_staff(city, Role.OFFICER), make_staff(city, Role.COORDINATOR)
    confirmed(city, officer)
    draw(city, coordinator, announce(city, coordinator))
    with pytest.raises(IntegrityError), city.writing() as work:
        work.session.execute(
            update(SampleMember).values(
                checked_by=officer.account_id, checked_at=LATER, outcome="holds"
            )
        )


def test_a_confirmation_that_was_wrong_is_taken_back_at_once(city: Database) -> None:
    first, second = make_staff(city, Role.OFFICER), make_staff(city, Role.OFFICER)
    coordinator = make_staff(city, Role.COORDINATOR)
    case_id = confirmed(city, first)
    draw_id = announce(city, coordinator)
    draw(city, coordinator, draw_id)
    claim(city, second, case_id, at=LATER)
    with city.writing() as work:
        service.revoke_confirmation(
            work, second, case_id=case_id, reason="outside_city", sentence="Not here.", at=LATER
        )
    with city.reading() as session:
        case = queries.get_case(session, case_id)
        assert case.state is CaseState.REVOKED
        standing = queries.standing_of(session, case.person_id, at=LATER)
        assert standing is Standing.NONE
        assert queries.get_draw(session, draw_id).revoked == 1
