"""Who wants news: residents with an account, and addresses confirmed by a link; ended by a click."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class NewsSubscription(Base):
    """An address that follows one proposal, one pool or a whole edition (`subject`, see `Subject.key`).

    The address is sealed for its row; `contact_key` is its keyed index, so that it stands here once.
    """

    __tablename__ = "news_subscription"
    __table_args__ = (
        CheckConstraint("(confirmed_at IS NULL) = (token_hash IS NOT NULL)", name="link_used_once"),
        CheckConstraint(
            "(subject LIKE 'proposal:%') = (proposal_id IS NOT NULL)", name="proposal_named"
        ),
        UniqueConstraint("token_hash"),
        UniqueConstraint("edition_id", "subject", "contact_key"),
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    subject: Mapped[str]
    proposal_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    contact_sealed: Mapped[bytes]
    contact_key: Mapped[bytes]
    language: Mapped[str]
    token_hash: Mapped[str | None]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    told_until: Mapped[datetime]


class Follower(Base):
    """A resident who follows a proposal with one click; their contact is looked up when a letter leaves."""

    __tablename__ = "follower"
    __table_args__ = (UniqueConstraint("proposal_id", "account_id"),)

    id: Mapped[UUID] = random_id()
    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    since: Mapped[datetime]
    told_until: Mapped[datetime]
