"""Who wants news of an edition or of one proposal by e-mail; confirmed by a link, ended by a click."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class NewsSubscription(Base):
    """An address that follows one proposal, or all of an edition (`proposal_id` None).

    The address is sealed for its row; `contact_key` is its keyed index, so that it stands here once.
    """

    __tablename__ = "news_subscription"
    __table_args__ = (
        CheckConstraint("confirmed_at IS NULL OR token_hash IS NULL", name="link_used_once"),
        UniqueConstraint("token_hash"),
        UniqueConstraint("edition_id", "proposal_id", "contact_key"),
        Index(
            "uq_news_subscription_edition",
            "edition_id",
            "contact_key",
            unique=True,
            sqlite_where=text("proposal_id IS NULL"),
            postgresql_where=text("proposal_id IS NULL"),
        ),
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
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
