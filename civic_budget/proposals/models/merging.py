"""Merges of proposals: what the office proposes, and what each author answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_budget.storage.types import Base, random_id


class ProposalMerge(Base):
    """A proposed merge: several proposals become one if all their authors agree by a day.

    `words` maps language to the office's reason; Polish is always there.
    """

    __tablename__ = "proposal_merge"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'agreed', 'refused', 'cancelled', 'lapsed')", name="state"
        ),
        CheckConstraint("(state = 'proposed') = (ended_at IS NULL)", name="ended_has_moment"),
        CheckConstraint("answer_by > proposed_at", name="answer_after_proposal"),
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    state: Mapped[str]
    words: Mapped[dict[str, Any]]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID | None]
    answer_by: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    parts: Mapped[list[MergePart]] = relationship(
        lazy="raise_on_sql",
        back_populates="merge",
        cascade="all, delete-orphan",
        order_by="MergePart.position",
    )


class MergePart(Base):
    """One proposal in a merge. `is_open` as long as the merge is: a proposal is in one open merge only."""

    __tablename__ = "merge_part"
    __table_args__ = (
        CheckConstraint("(agrees IS NULL) = (answered_at IS NULL)", name="answered_whole"),
        Index(
            "uq_merge_part_open",
            "proposal_id",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
        Index(
            "uq_merge_part_kept",
            "merge_id",
            unique=True,
            sqlite_where=text("is_kept"),
            postgresql_where=text("is_kept"),
        ),
    )

    merge_id: Mapped[UUID] = mapped_column(ForeignKey("proposal_merge.id"), primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id"), primary_key=True, index=True
    )
    position: Mapped[int]
    is_kept: Mapped[bool]
    is_open: Mapped[bool]
    agrees: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    merge: Mapped[ProposalMerge] = relationship(lazy="raise_on_sql", back_populates="parts")
