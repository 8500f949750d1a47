"""Who stands behind a proposal: co-authors, consents, supporters and their signed paper lists."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class CoAuthor(Base):
    """An invitation to write together, and what became of it.

    Only a hash of the link's token is kept, and of the address only what its owner recognises.
    """

    __tablename__ = "co_author"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) = (accepted_at IS NULL)", name="accepted_whole"),
        CheckConstraint("accepted_at IS NULL OR token_hash IS NULL", name="link_used_once"),
        CheckConstraint("expires_at > invited_at", name="expires_later"),
        UniqueConstraint("token_hash"),
        Index(
            "uq_co_author_present",
            "proposal_id",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = random_id()
    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    masked: Mapped[str]
    token_hash: Mapped[str | None]
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ProposalConsent(Base):
    """What an author agreed to, in which language: that the work is their own, or to be named.

    `words` is the name to show, for the consent to be named.
    """

    __tablename__ = "proposal_consent"
    __table_args__ = (
        CheckConstraint("kind IN ('own_work', 'name')", name="kind"),
        CheckConstraint("kind <> 'name' OR words <> ''", name="name_has_words"),
    )

    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]
    language: Mapped[str]
    agreed_at: Mapped[datetime]


class ProposalSupport(Base):
    """A resident's support, given with one click: once, by one person."""

    __tablename__ = "proposal_support"

    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    at: Mapped[datetime]


class SupportList(Base):
    """A signed paper list: its scan lies in the evidence vault until it was counted and for some days.

    `counted` is how many valid signatures an officer found on it.
    """

    __tablename__ = "support_list"
    __table_args__ = (
        CheckConstraint("counted IS NULL OR counted >= 0", name="counted_not_negative"),
        CheckConstraint("(counted IS NULL) = (counted_at IS NULL)", name="counted_whole"),
        CheckConstraint("page_count >= 0", name="pages_not_negative"),
    )

    id: Mapped[UUID] = random_id()
    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    vault_id: Mapped[str | None]
    page_count: Mapped[int]
    sent_at: Mapped[datetime]
    sent_by: Mapped[UUID | None]
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    claimed_at: Mapped[datetime | None]
    counted: Mapped[int | None]
    counted_at: Mapped[datetime | None]
    counted_by: Mapped[UUID | None]
    delete_after: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class SupportListView(Base):
    """A look at a page of a signed list: written before the page is opened, immutable."""

    __tablename__ = "support_list_view"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012

    id: Mapped[UUID] = random_id()
    list_id: Mapped[UUID] = mapped_column(index=True)
    page: Mapped[int]
    at: Mapped[datetime]
    account_id: Mapped[UUID]
    sign_in_id: Mapped[UUID]
