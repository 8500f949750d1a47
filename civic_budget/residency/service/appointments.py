"""Appointments to assistance points, and the check that every deed at a desk makes first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from civic_budget.accounts.queries import roles_of
from civic_budget.city.queries import list_assistance_points
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.clock import city_day
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.residency import policy
from civic_budget.residency.desk_events import AppointmentEnded, AppointmentMade
from civic_budget.residency.desk_rules import LONGEST_APPOINTMENT
from civic_budget.residency.models import DeskAppointment
from civic_budget.residency.queries.appointments import find_appointment, places_of
from civic_budget.storage.db import Work


def appoint(
    work: Work,
    actor: Actor,
    *,
    account_id: UUID,
    point_ids: Collection[UUID],
    first_on: date,
    last_on: date,
    at: datetime,
) -> None:
    """Let somebody with the desk's role work at points from a day to a day, both included.

    An appointment to the same point that has not ended is replaced. Raises Conflict `no_desk_role` at
    `account`, `no_point`, `unknown_point` at `points`, `last_before_first`, `appointment_past`,
    `appointment_too_long` at `last_on`; NotAllowed `own_appointment`.
    """
    require(policy.may_appoint(actor, account_id))
    if Role.DESK not in roles_of(work.session, account_id, at=at):
        raise Conflict("no_desk_role", field="account")
    if not point_ids:
        raise Conflict("no_point", field="points")
    if set(point_ids) - {point.id for point in list_assistance_points(work.session)}:
        raise Conflict("unknown_point", field="points")
    _check_days(first_on, last_on, city_day(at))
    for point_id in point_ids:
        _end_open(work, actor, account_id, point_id, at)
        row = DeskAppointment(
            id=uuid4(),
            account_id=account_id,
            point_id=point_id,
            first_on=first_on,
            last_on=last_on,
            appointed_at=at,
            appointed_by=actor.account_id,
            ended_at=None,
        )
        work.session.add(row)
        work.session.flush()
        work.publish(
            AppointmentMade(
                appointment_id=row.id,
                account_id=account_id,
                point_id=point_id,
                first_on=first_on,
                last_on=last_on,
                at=at,
                by=actor.account_id,
            )
        )


def end_appointment(work: Work, actor: Actor, *, appointment_id: UUID, at: datetime) -> None:
    """End an appointment now: the desk closes with the clerk's next step, open records too."""
    row = work.session.get(DeskAppointment, appointment_id, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotFound
    require(policy.may_appoint(actor, row.account_id))
    _end(work, actor, row, at)


def require_place(work: Work, actor: Actor, point_id: UUID | None, *, at: datetime) -> UUID | None:
    """The appointment under which a deed at a desk is done; None for an officer of the bureau.

    Raises NotAllowed `not_at_a_desk`, `no_appointment`, `choose_point`, `other_point`, `point_closed`.
    """
    require(policy.may_stand_at(actor, places_of(work.session, actor, at=at), point_id))
    return find_appointment(work.session, actor, point_id, at=at)


def _check_days(first_on: date, last_on: date, today: date) -> None:
    if last_on < first_on:
        raise Conflict("last_before_first", field="last_on")
    if last_on < today:
        raise Conflict("appointment_past", field="last_on")
    if last_on - first_on >= LONGEST_APPOINTMENT:
        raise Conflict("appointment_too_long", field="last_on", days=LONGEST_APPOINTMENT.days)


def _end_open(work: Work, actor: Actor, account_id: UUID, point_id: UUID, at: datetime) -> None:
    row = work.session.scalars(
        select(DeskAppointment)
        .where(
            DeskAppointment.account_id == account_id,
            DeskAppointment.point_id == point_id,
            DeskAppointment.ended_at.is_(None),
        )
        .with_for_update()
    ).first()
    if row is not None:
        _end(work, actor, row, at)


def _end(work: Work, actor: Actor, row: DeskAppointment, at: datetime) -> None:
    row.ended_at = at
    work.session.flush()
    work.publish(
        AppointmentEnded(
            appointment_id=row.id,
            account_id=row.account_id,
            point_id=row.point_id,
            at=at,
            by=actor.account_id,
        )
    )
