"""Looking contested districts up: the person's own, and what waits for officers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.residency import sealing
from civic_budget.residency.contest_rules import ContestState
from civic_budget.residency.models import DistrictContest, ResidenceCase
from civic_budget.storage.db import keyring_of


@dataclass(frozen=True)
class ContestFacts:
    """A contest of a district; `reason` is the person's own words."""

    id: UUID
    case_id: UUID
    reference: str
    listed: int
    wanted: int
    state: ContestState
    reason: str
    said_at: datetime


def find_contest(session: Session, case_id: UUID) -> ContestFacts | None:
    """The newest contest of a case's district."""
    row = session.scalars(
        select(DistrictContest)
        .where(DistrictContest.case_id == case_id)
        .order_by(DistrictContest.said_at.desc(), DistrictContest.id)
    ).first()
    return _facts(session, row) if row else None


def list_open_contests(session: Session) -> list[ContestFacts]:
    """Contests that wait for an officer, the oldest first."""
    rows = session.scalars(
        select(DistrictContest)
        .where(DistrictContest.state == ContestState.OPEN)
        .order_by(DistrictContest.said_at, DistrictContest.id)
    ).all()
    return [_facts(session, row) for row in rows]


def _facts(session: Session, row: DistrictContest) -> ContestFacts:
    words = ""
    if row.reason_sealed is not None:
        ring = keyring_of(session)
        words = str(sealing.unseal(ring, sealing.SENTENCE, row.id, row.reason_sealed))
    reference = session.scalar(
        select(ResidenceCase.reference).where(ResidenceCase.id == row.case_id)
    )
    return ContestFacts(
        id=row.id,
        case_id=row.case_id,
        reference=reference or "",
        listed=row.listed,
        wanted=row.wanted,
        state=ContestState(row.state),
        reason=words,
        said_at=row.said_at,
    )
