"""Who follows what, for pages and letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.news.models import Follower, NewsSubscription
from civic_budget.news.rules import Subject, hash_token, subject_of


@dataclass(frozen=True)
class Asked:
    """A subscription that waits for its confirmation."""

    id: UUID
    subject: Subject
    asked_at: datetime


def is_following(session: Session, account_id: UUID, proposal_id: UUID) -> bool:
    """Whether an account follows a proposal."""
    found = select(Follower.id).where(
        Follower.proposal_id == proposal_id, Follower.account_id == account_id
    )
    return session.scalar(found) is not None


def list_followed(session: Session, account_id: UUID) -> Sequence[UUID]:
    """The proposals that an account follows, the latest first."""
    return session.scalars(
        select(Follower.proposal_id)
        .where(Follower.account_id == account_id)
        .order_by(Follower.since.desc(), Follower.id)
    ).all()


def find_asked(session: Session, token: str, *, not_before: datetime) -> Asked | None:
    """What a confirmation link is for; None when it does not work (any more)."""
    row = session.scalars(
        select(NewsSubscription).where(
            NewsSubscription.token_hash == hash_token(token),
            NewsSubscription.asked_at >= not_before,
        )
    ).first()
    return Asked(row.id, subject_of(row.edition_id, row.subject), row.asked_at) if row else None
