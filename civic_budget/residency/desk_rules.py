"""Rules of the desk: appointments, reasons of a visit and its length, limits of searches. Plain Python."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from civic_budget.residency.rules import CaseState, Flag

VISIT_LASTS = timedelta(minutes=45)
SEARCHES_A_QUARTER = 20
SEARCHES_A_DAY = 150
STATUS_LOOKS_A_QUARTER = 60
LONGEST_APPOINTMENT = timedelta(days=366)
MOST_FOUND = 5
"""More records than this under one name and birth date are not a person but a fault."""


class AppointmentState(StrEnum):
    """Whether somebody works at a point."""

    TO_COME = "to_come"
    RUNS = "runs"
    OVER = "over"
    ENDED = "ended"


def appointment_state(
    first_on: date, last_on: date, ended_at: datetime | None, *, day: date
) -> AppointmentState:
    """The state of an appointment on a day of the city; `ENDED` is before its last day."""
    if ended_at is not None:
        return AppointmentState.ENDED
    if day < first_on:
        return AppointmentState.TO_COME
    return AppointmentState.RUNS if day <= last_on else AppointmentState.OVER


class VisitReason(StrEnum):
    """Why a record is opened at a desk."""

    REGISTER = "register"
    PROOF = "proof"
    ACCESS = "access"
    ASKED = "asked"
    COMPLAINT = "complaint"
    OTHER = "other"


class ProofSource(StrEnum):
    """Where something that speaks for a residence comes from, besides uploaded files."""

    DESK = "desk"
    LETTER = "letter"
    REGISTER = "register"


class ProofOutcome(StrEnum):
    """What came of it."""

    SEEN = "seen"
    ARRIVED = "arrived"
    MATCH = "match"
    RESIDENT = "resident"
    NO_MATCH = "no_match"


SHOWS_A_HOME = frozenset({ProofOutcome.SEEN, ProofOutcome.ARRIVED, ProofOutcome.MATCH})
"""Outcomes that speak for a home; the others were answers, not proofs."""


@dataclass(frozen=True)
class Found:
    """What a desk learns before a record is opened: nothing but its reference and state."""

    reference: str
    state: CaseState


def may_be_confirmed_at_once(
    flags: Collection[Flag], *, is_correction: bool, is_at_desk: bool
) -> bool:
    """A case with any flag is decided in the bureau, whatever a desk, letter or register says.

    Another name or birth date than the confirmed one nobody accepts but a human who saw the paper.
    """
    return not flags and (is_at_desk or not is_correction)
