"""Which roads to a confirmation are open now: the present edition says so, before the first one all are.

And how many questions to registers an account has left in it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from civic_budget.editions.queries import find_current_edition
from civic_budget.residency.models import RegisterQuestion
from civic_budget.residency.queries.persons import get_limits
from civic_budget.residency.rules import Road

ONLINE = (Road.STATEMENT, Road.DOCUMENT, Road.LETTER)


def open_roads(session: Session, *, at: datetime) -> tuple[Road, ...]:
    """The roads that a resident can choose online, in their order; a desk is always open."""
    edition = find_current_edition(session, at=at)
    accepted = set(edition.accepted_proofs) if edition else set()
    return tuple(road for road in ONLINE if road.value in accepted) or ONLINE


def may_ask_registers(session: Session, *, at: datetime) -> bool:
    """Whether the present edition lets registers confirm; before the first one they may."""
    edition = find_current_edition(session, at=at)
    return edition is None or Road.REGISTER.value in edition.accepted_proofs


def period_of(session: Session, *, at: datetime) -> str:
    """The period in which questions to registers are counted: the present edition, or the time before."""
    edition = find_current_edition(session, at=at)
    return edition.id.hex if edition else "before"


def count_questions_left(session: Session, account_id: UUID, *, at: datetime) -> int:
    """How many more questions registers answer an account in the present edition."""
    asked = session.get(RegisterQuestion, (account_id, period_of(session, at=at)))
    return max(0, get_limits(session).register_questions - (asked.number if asked else 0))
