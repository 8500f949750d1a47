"""Where a case stands, for the helpdesk: state and days only. Opens nothing that is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.residency.models import CaseDecision, ResidenceCase
from civic_budget.residency.rules import CaseAction, CaseState, read_reference


@dataclass(frozen=True)
class CaseStatus:
    """What a caller may be told: nothing that says who the case is about."""

    case_id: UUID
    reference: str
    state: CaseState
    language: str
    submitted_at: datetime | None
    due_at: datetime | None
    answer_due_at: datetime | None
    appeal_due_at: datetime | None
    decided_at: datetime | None
    asked_for: str | None


def find_status(session: Session, typed: str) -> CaseStatus | None:
    """The status under a whole reference."""
    reference = read_reference(typed)
    if reference is None:
        return None
    row = session.scalars(select(ResidenceCase).where(ResidenceCase.reference == reference)).first()
    if row is None:
        return None
    state = CaseState(row.state)
    return CaseStatus(
        case_id=row.id,
        reference=row.reference,
        state=state,
        language=row.language,
        submitted_at=row.submitted_at,
        due_at=row.due_at,
        answer_due_at=row.answer_due_at,
        appeal_due_at=row.appeal_due_at,
        decided_at=row.decided_at,
        asked_for=_asked_for(session, row.id) if state is CaseState.NEEDS_MORE else None,
    )


def _asked_for(session: Session, case_id: UUID) -> str | None:
    return session.scalar(
        select(CaseDecision.reason)
        .where(CaseDecision.case_id == case_id, CaseDecision.action == CaseAction.ASK_MORE)
        .order_by(CaseDecision.position.desc())
        .limit(1)
    )
