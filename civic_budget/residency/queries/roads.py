"""Which roads to a confirmation are open now: the present edition says so, before the first one all are.

A closed road can neither be chosen nor sent nor confirm by itself; a desk is always open.

And how many questions to registers an account has left in it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from civic_budget.editions.queries import find_current_edition
from civic_budget.residency.models import RegisterQuestion, ResidenceCase
from civic_budget.residency.queries.cases import CaseFacts
from civic_budget.residency.queries.guardians import is_for_child
from civic_budget.residency.queries.persons import get_limits
from civic_budget.residency.rules import CaseState, Purpose, Road

ONLINE = (Road.STATEMENT, Road.DOCUMENT, Road.LETTER)


def open_roads(session: Session, *, at: datetime) -> tuple[Road, ...]:
    """The roads that a resident can choose online, in their order; none where only desks are open."""
    edition = find_current_edition(session, at=at)
    if edition is None:
        return ONLINE
    return tuple(road for road in ONLINE if road.value in edition.accepted_proofs)


def is_open_for(
    session: Session, case: CaseFacts | ResidenceCase, road: Road, *, at: datetime
) -> bool:
    """Whether a case may take a road now.

    Open in every edition: the guardian's signature or paper of a claim on a child, which an officer
    decides; a document that an officer may have asked for; the tap of a renewal.
    """
    if road is Road.DESK or road in open_roads(session, at=at):
        return True
    if road is Road.REGISTER:
        return may_ask_registers(session, at=at)
    if case.purpose == Purpose.RENEWAL and road is Road.STATEMENT:
        return True
    is_childs = case.account_id is not None and is_for_child(
        session, case.account_id, case.person_id
    )
    if is_childs and case.purpose != Purpose.RENEWAL:
        return road in {Road.STATEMENT, Road.DOCUMENT}
    return road is Road.DOCUMENT and case.state != CaseState.DRAFT


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
