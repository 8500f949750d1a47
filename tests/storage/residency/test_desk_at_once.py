"""Two officers at once: at two desks, or one in the queue and one at a desk. One decision, no half ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed
from civic_budget.residency import service
from civic_budget.residency.desk_rules import VisitReason
from civic_budget.residency.models import Confirmation
from civic_budget.residency.queries import get_case
from civic_budget.residency.queries.appointments import places_of
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_clerk, make_staff
from tests.builders_residency import claim, make_case
from tests.conftest import NOW


def stand_at(database: Database, officer: Actor, case_id: UUID) -> UUID:
    """A visit of the case's person at this officer's desk, with a bill seen."""
    with database.reading() as session:
        point_id = next(iter(places_of(session, officer, at=NOW).appointed), None)
    with database.writing() as work:
        person_id = get_case(work.session, case_id).person_id
        visit_id = service.open_visit(
            work, officer, person_id=person_id, reason=VisitReason.PROOF, point_id=point_id, at=NOW
        )
        service.note_seen_proof(
            work, officer, visit_id=visit_id, kind="utility_bill", document_on=None, at=NOW
        )
    return visit_id


def test_two_desks_confirm_once(database: Database) -> None:
    make_city(database)
    case_id = make_case(database, make_account(database))
    officers = [make_clerk(database), make_staff(database, Role.OFFICER)]
    visits = [stand_at(database, officer, case_id) for officer in officers]

    def confirm(turn: int) -> str:
        try:
            with database.writing() as work:
                service.confirm_at_desk(work, officers[turn], visit_id=visits[turn], at=NOW)
        except DomainError as error:
            return error.code
        return "confirmed"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(confirm, range(2)))
    assert said == ["confirmed", "nothing_to_prove"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Confirmation)) == 1


def test_a_claimed_case_is_its_officers(database: Database) -> None:
    make_city(database)
    case_id = make_case(database, make_account(database))
    desk, bureau = make_clerk(database), make_staff(database, Role.OFFICER)
    visit_id = stand_at(database, desk, case_id)
    claim(database, bureau, case_id)
    with database.writing() as work, pytest.raises(NotAllowed, match="claimed_by_other"):
        service.confirm_at_desk(work, desk, visit_id=visit_id, at=NOW)
    with database.writing() as work:
        service.confirm_case(work, bureau, case_id=case_id, at=NOW)
    with database.writing() as work, pytest.raises(Conflict, match="nothing_to_prove"):
        service.confirm_at_desk(work, desk, visit_id=visit_id, at=NOW)
    helpdesk = make_staff(database, Role.HELPDESK)
    with database.writing() as work, pytest.raises(NotAllowed, match="not_at_a_desk"):
        service.open_visit(
            work,
            helpdesk,
            person_id=get_case(work.session, case_id).person_id,
            reason=VisitReason.OTHER,
            point_id=None,
            at=NOW,
        )
