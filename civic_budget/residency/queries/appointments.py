"""Who works at which assistance point: today, in days to come, and before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.accounts.queries import staff_name_of
from civic_budget.city.queries import list_assistance_points
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.clock import city_day
from civic_budget.residency.desk_rules import AppointmentState, appointment_state
from civic_budget.residency.models import DeskAppointment
from civic_budget.residency.policy import DeskPlaces


@dataclass(frozen=True)
class AppointmentFacts:
    """An appointment of a clerk to a point, and whether it runs."""

    id: UUID
    account_id: UUID
    name: str
    point_id: UUID
    first_on: date
    last_on: date
    ended_at: datetime | None
    state: AppointmentState


def list_appointments(
    session: Session, *, at: datetime, account_id: UUID | None = None
) -> Sequence[AppointmentFacts]:
    """All appointments, or those of one account; the latest last day first."""
    wanted = select(DeskAppointment).order_by(
        DeskAppointment.last_on.desc(), DeskAppointment.appointed_at.desc(), DeskAppointment.id
    )
    if account_id is not None:
        wanted = wanted.where(DeskAppointment.account_id == account_id)
    return [
        AppointmentFacts(
            id=row.id,
            account_id=row.account_id,
            name=staff_name_of(session, row.account_id),
            point_id=row.point_id,
            first_on=row.first_on,
            last_on=row.last_on,
            ended_at=row.ended_at,
            state=appointment_state(row.first_on, row.last_on, row.ended_at, day=city_day(at)),
        )
        for row in session.scalars(wanted)
    ]


def places_of(session: Session, actor: Actor, *, at: datetime) -> DeskPlaces:
    """The points that are open, and those of them at which this account may work on this day."""
    points = frozenset(point.id for point in list_assistance_points(session))
    return DeskPlaces(points, points & set(_running(session, actor.account_id, at)))


def find_appointment(
    session: Session, actor: Actor, point_id: UUID | None, *, at: datetime
) -> UUID | None:
    """The appointment under which this account works at a point on this day."""
    return _running(session, actor.account_id, at).get(point_id) if point_id else None


def _running(session: Session, account_id: UUID | None, at: datetime) -> dict[UUID, UUID]:
    day = city_day(at)
    rows = session.execute(
        select(DeskAppointment.point_id, DeskAppointment.id).where(
            DeskAppointment.account_id == account_id,
            DeskAppointment.first_on <= day,
            DeskAppointment.last_on >= day,
            DeskAppointment.ended_at.is_(None),
        )
    )
    return {row.point_id: row.id for row in rows}
