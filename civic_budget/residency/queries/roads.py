"""Which roads to a confirmation are open now: the present edition says so, before the first one all are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from civic_budget.editions.queries import find_current_edition
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
