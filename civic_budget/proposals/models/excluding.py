"""Groups of proposals of which at most one can be carried out, and pairs that a person cleared."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class ExclusiveGroup(Base):
    """Proposals that exclude one another, confirmed by a person; at most one of them can win."""

    __tablename__ = "exclusive_group"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        CheckConstraint("(dissolved_at IS NULL) = (dissolved_by IS NULL)", name="dissolved_whole"),
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    number: Mapped[int]
    reason: Mapped[str]
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    dissolved_at: Mapped[datetime | None]
    dissolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class ExclusiveMember(Base):
    """A proposal in a group; the same proposal may exclude others for another reason too."""

    __tablename__ = "exclusive_member"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("exclusive_group.id"), primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id"), primary_key=True, index=True
    )


class ClearedPair(Base):
    """Two neighbours that a person found not to exclude one another; not offered again."""

    __tablename__ = "cleared_pair"
    __table_args__ = (CheckConstraint("first < second", name="in_order"),)

    first: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    second: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    cleared_at: Mapped[datetime]
    cleared_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
