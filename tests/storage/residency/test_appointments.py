"""A clerk of assistance points works where and when they are appointed; the database keeps it so."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic_budget.accounts import service as accounts
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.clock import city_day
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.residency import service
from civic_budget.residency.desk_rules import VisitReason
from civic_budget.residency.models import DeskAppointment, DeskVisit
from civic_budget.residency.queries.appointments import list_appointments
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import make_city, make_clerk, make_point, make_staff
from tests.builders_residency import make_resident
from tests.conftest import NOW

TODAY = city_day(NOW)
DAY = timedelta(days=1)


def open_visit(database: Database, who: Actor, person: UUID, point: UUID | None, at=NOW) -> UUID:
    with database.writing() as work:
        return service.open_visit(
            work, who, person_id=person, reason=VisitReason.ASKED, point_id=point, at=at
        )


def appoint(database: Database, by: Actor, clerk: Actor, point: UUID, first=TODAY, last=TODAY):
    with database.writing() as work:
        service.appoint(
            work,
            by,
            account_id=clerk.account_id,
            point_ids=[point],
            first_on=first,
            last_on=last,
            at=NOW,
        )


def test_only_at_the_own_point_and_on_the_own_days(database: Database) -> None:
    make_city(database)
    library, office = make_point(database, "Library"), make_point(database, "Office")
    _resident, person = make_resident(database)
    clerk = make_staff(database, Role.DESK)
    with pytest.raises(NotAllowed, match="no_appointment"):
        open_visit(database, clerk, person, library)
    appoint(database, SYSTEM, clerk, library, TODAY + DAY, TODAY + 2 * DAY)
    for day, said in ((0, "no_appointment"), (1, None), (2, None), (3, "no_appointment")):
        if said is None:
            open_visit(database, clerk, person, library, NOW + day * DAY)
            continue
        with pytest.raises(NotAllowed, match=said):
            open_visit(database, clerk, person, library, NOW + day * DAY)
    tomorrow = NOW + DAY
    for point, said in ((office, "other_point"), (None, "choose_point"), (uuid4(), "point_closed")):
        with pytest.raises(NotAllowed, match=said):
            open_visit(database, clerk, person, point, tomorrow)
    # An officer of the bureau stands in anywhere, or serves people in the bureau.
    officer = make_staff(database, Role.OFFICER)
    for point in (office, None):
        open_visit(database, officer, person, point)


def test_a_running_visit_ends_with_its_appointment(database: Database) -> None:
    make_city(database)
    point = make_point(database)
    clerk, chief = make_clerk(database, point), make_staff(database, Role.ADMINISTRATOR)
    _resident, person = make_resident(database)
    visit = open_visit(database, clerk, person, point)
    with database.reading() as session:
        (line,) = list_appointments(session, at=NOW, account_id=clerk.account_id)
    with database.writing() as work:
        service.end_appointment(work, chief, appointment_id=line.id, at=NOW)
    with database.writing() as work, pytest.raises(NotAllowed, match="no_appointment"):
        service.close_visit(work, clerk, visit_id=visit, at=NOW)
    with database.writing() as work, pytest.raises(NotFound):
        service.end_appointment(work, chief, appointment_id=line.id, at=NOW)


def test_who_appoints_whom_and_for_how_long(database: Database) -> None:
    make_city(database)
    point, chief = make_point(database), make_staff(database, Role.ADMINISTRATOR)
    both = make_staff(database, Role.ADMINISTRATOR, Role.DESK)
    clerk, helper = make_staff(database, Role.DESK), make_staff(database, Role.HELPDESK)
    for by, whom, said in (
        (make_staff(database, Role.COORDINATOR), clerk, "not_administrator"),
        (both, both, "own_appointment"),
    ):
        with pytest.raises(NotAllowed, match=said):
            appoint(database, by, whom, point)
    for whom, first, last, said in (
        (helper, TODAY, TODAY, "no_desk_role"),
        (clerk, TODAY, TODAY - DAY, "last_before_first"),
        (clerk, TODAY - 3 * DAY, TODAY - DAY, "appointment_past"),
        (clerk, TODAY, TODAY + 366 * DAY, "appointment_too_long"),
    ):
        with pytest.raises(Conflict, match=said):
            appoint(database, chief, whom, point, first, last)
    appoint(database, chief, clerk, point, TODAY, TODAY + 365 * DAY)
    appoint(database, chief, clerk, point, TODAY, TODAY + DAY)  # replaces the one before
    with database.reading() as session:
        states = [str(line.state) for line in list_appointments(session, at=NOW)]
        deeds = session.scalars(
            select(AuditEntry.deed).where(AuditEntry.deed.startswith("Appointment"))
        ).all()
    assert sorted(states) == ["ended", "runs"]
    assert sorted(deeds) == ["AppointmentEnded", "AppointmentMade", "AppointmentMade"]


def test_the_database_refuses_what_the_service_would(database: Database) -> None:
    make_city(database)
    library, office = make_point(database, "Library"), make_point(database, "Office")
    clerk, other = make_clerk(database, library), make_clerk(database, office)
    _resident, person = make_resident(database)
    with database.reading() as session:
        (line,) = list_appointments(session, at=NOW, account_id=clerk.account_id)

    def row(**changes: object) -> DeskAppointment:
        values = {
            "account_id": clerk.account_id,
            "point_id": office,
            "first_on": TODAY,
            "last_on": TODAY,
            "appointed_at": NOW,
            "appointed_by": None,
            "ended_at": None,
        }
        return DeskAppointment(id=uuid4(), **{**values, **changes})

    def visit(officer: Actor, point: UUID | None) -> DeskVisit:
        return DeskVisit(
            id=uuid4(),
            officer=officer.account_id,
            person_id=person,
            point_id=point,
            appointment_id=line.id,
            reason="asked",
            opened_at=NOW,
            ends_at=NOW + timedelta(minutes=45),
            closed_at=None,
        )

    for wrong in (
        row(last_on=TODAY - DAY),
        row(appointed_by=clerk.account_id),
        row(point_id=library),  # a second one that runs there
        visit(clerk, office),
        visit(other, library),
        visit(clerk, None),
    ):
        with pytest.raises(IntegrityError), database.writing() as work:
            work.session.add(wrong)
    with database.writing() as work:
        work.session.add(visit(clerk, library))


def test_a_role_that_ended_closes_the_desk_too(database: Database) -> None:
    make_city(database)
    clerk, chief = make_clerk(database), make_staff(database, Role.ADMINISTRATOR)
    assert clerk.account_id is not None
    with database.writing() as work:
        accounts.end_role(work, chief, account_id=clerk.account_id, role=Role.DESK, at=NOW)
    with pytest.raises(Conflict, match="no_desk_role"):
        appoint(database, chief, clerk, make_point(database))
