"""Pictures and attachments of a proposal. The bytes lie beside the database, by random name."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class ProposalPicture(Base):
    """A picture of the idea, or a photo of a step of its implementation, encoded anew by us.

    `alt` maps language to what is seen in it; a picture without those words is not kept.
    """

    __tablename__ = "proposal_picture"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="has_size"),
        UniqueConstraint("blob"),
    )

    id: Mapped[UUID] = random_id()
    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    step_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("implementation_step.id", ondelete="CASCADE"), index=True
    )
    blob: Mapped[str]
    alt: Mapped[dict[str, Any]]
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]


class ProposalAttachment(Base):
    """A document with a proposal, encoded anew as a PDF of page pictures; internal ones only for staff."""

    __tablename__ = "proposal_attachment"
    __table_args__ = (
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("page_count > 0 AND byte_count > 0", name="has_pages"),
        UniqueConstraint("blob"),
    )

    id: Mapped[UUID] = random_id()
    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), index=True
    )
    is_public: Mapped[bool]
    title: Mapped[str]
    language: Mapped[str]
    blob: Mapped[str]
    page_count: Mapped[int]
    byte_count: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[UUID | None]
