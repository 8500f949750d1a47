"""What happens at a desk; every event says at which assistance point (None: in the bureau)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from civic_budget.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DeskEvent(Event):
    """A deed at a desk."""

    point_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class DeskSearched(DeskEvent):
    """Somebody at a desk looked for a record, by reference or by name and birth date; found or not."""

    means: str
    found: int


@dataclass(frozen=True, kw_only=True)
class RegistrationAsked(DeskEvent):
    """At a desk somebody asked whether anybody registered as them, and was told yes or no."""

    found: bool


@dataclass(frozen=True, kw_only=True)
class StatusLookedUp(DeskEvent):
    """The helpdesk, or a desk, told somebody where their case or complaint stands."""

    case_id: UUID | None = None
    complaint_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class VisitEvent(DeskEvent):
    """Something happened while a person stood at a desk."""

    visit_id: UUID
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeskVisitOpened(VisitEvent):
    """A person stands at a desk: their record is open there for a while, for a stated reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class DeskVisitClosed(VisitEvent):
    """The person has gone: the record is closed at the desk."""


@dataclass(frozen=True, kw_only=True)
class ProofSeenAtDesk(VisitEvent):
    """A document was seen at a desk; no copy is kept."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class DecidedAtDesk(VisitEvent):
    """A desk confirmed the residence on what it saw, or passed a flagged case on to the bureau."""

    case_id: UUID
    is_confirmed: bool


@dataclass(frozen=True, kw_only=True)
class CardPrinted(VisitEvent):
    """A desk printed a card with which the person opens their account."""


@dataclass(frozen=True, kw_only=True)
class AccessResetAtDesk(VisitEvent):
    """A desk ended the old access of somebody who lost it."""


@dataclass(frozen=True, kw_only=True)
class ContactConfirmedAtDesk(VisitEvent):
    """The person read a code out: the contact is the account's."""


@dataclass(frozen=True, kw_only=True)
class ComplaintTakenDown(VisitEvent):
    """A complaint was written down at a desk."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class AppointmentMade(Event):
    """Somebody may work at a point from a day to a day."""

    appointment_id: UUID
    account_id: UUID
    point_id: UUID
    first_on: date
    last_on: date


@dataclass(frozen=True, kw_only=True)
class AppointmentEnded(Event):
    """An appointment ended before its last day, or was replaced by another."""

    appointment_id: UUID
    account_id: UUID
    point_id: UUID


DESK_DEEDS: tuple[type[DeskEvent], ...] = (
    DeskSearched,
    RegistrationAsked,
    StatusLookedUp,
    DeskVisitOpened,
    DeskVisitClosed,
    ProofSeenAtDesk,
    DecidedAtDesk,
    CardPrinted,
    AccessResetAtDesk,
    ContactConfirmedAtDesk,
    ComplaintTakenDown,
)
