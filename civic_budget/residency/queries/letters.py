"""Looking letters up: a case's own, and what the office has to print and post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from civic_budget.residency.letter_rules import BATCH, LetterState
from civic_budget.residency.models import AddressLetter, ResidenceCase


@dataclass(frozen=True)
class LetterFacts:
    """A letter as pages show it: no address, no code."""

    id: UUID
    case_id: UUID
    reference: str
    state: LetterState
    reprints: int
    asked_at: datetime
    printed_at: datetime | None
    posted_at: datetime | None
    expires_at: datetime | None


def find_last_letter(session: Session, case_id: UUID) -> LetterFacts | None:
    """The newest letter of a case."""
    found = _select().where(AddressLetter.case_id == case_id)
    row = session.execute(found.order_by(AddressLetter.asked_at.desc()).limit(1)).first()
    return _facts(row) if row else None


def list_letters(session: Session, state: LetterState) -> Sequence[LetterFacts]:
    """Letters in a state, the oldest first."""
    rows = session.execute(
        _select()
        .where(AddressLetter.state == state.value)
        .order_by(AddressLetter.asked_at)
        .limit(BATCH)
    )
    return [_facts(row) for row in rows]


def count_letters(session: Session, state: LetterState) -> int:
    """How many letters are in a state."""
    found = select(func.count()).where(AddressLetter.state == state.value)
    return session.scalar(found) or 0


def _select() -> Select[AddressLetter, str]:
    return select(AddressLetter, ResidenceCase.reference).join(
        ResidenceCase, ResidenceCase.id == AddressLetter.case_id
    )


def _facts(row: Row[AddressLetter, str]) -> LetterFacts:
    letter, reference = row
    return LetterFacts(
        id=letter.id,
        case_id=letter.case_id,
        reference=reference,
        state=LetterState(letter.state),
        reprints=letter.reprints,
        asked_at=letter.asked_at,
        printed_at=letter.printed_at,
        posted_at=letter.posted_at,
        expires_at=letter.expires_at,
    )
