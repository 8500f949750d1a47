"""What a person's own copy says of appeals: their reasons and what was answered."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.assessment.models import Appeal
from civic_budget.proposals.queries import list_own_ids, name_proposals
from civic_budget.residency.copy_parts import CopyOwner, Row, say


def copy_appeals(session: Session, owner: CopyOwner) -> list[Row]:
    """The appeals against rejections of a person's proposals, the oldest first."""
    rows = session.scalars(
        select(Appeal)
        .where(Appeal.proposal_id.in_(list_own_ids(session, owner)))
        .order_by(Appeal.lodged_at, Appeal.id)
    ).all()
    named = name_proposals(session, [row.proposal_id for row in rows])
    return [
        named[row.proposal_id]
        | {
            "state": row.state,
            "your_reasons": row.reasons,
            "language": row.language,
            "lodged": say(row.lodged_at),
            "hearing_at": say(row.hearing_at),
            "hearing_place": row.hearing_place,
            "opinion_of_the_council": row.opinion,
            "council_was_for": row.is_opinion_for,
            "decided": say(row.decided_at),
        }
        for row in rows
    ]
