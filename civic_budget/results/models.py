"""Results of a pool of money: the protocol of every decision, and each project's line of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class ScopeResult(Base):
    """How the winners of one pool were chosen. Money in grosze."""

    __tablename__ = "scope_result"
    __table_args__ = (
        UniqueConstraint("edition_id", "scope"),
        CheckConstraint("spent >= 0 AND spent <= budget", name="within_budget"),
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("round.id"))
    scope: Mapped[str]
    budget: Mapped[int] = mapped_column(BigInteger)
    spent: Mapped[int] = mapped_column(BigInteger)
    voters: Mapped[int]
    is_complete: Mapped[bool]
    rule: Mapped[dict[str, Any]]
    protocol: Mapped[dict[str, Any]]
    seed: Mapped[str | None]
    seed_source: Mapped[str | None]
    decided_at: Mapped[datetime]


class ProjectResult(Base):
    """One project's line: its place, its points, and what was decided."""

    __tablename__ = "project_result"

    result_id: Mapped[UUID] = mapped_column(ForeignKey("scope_result.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int]
    points: Mapped[int]
    votes: Mapped[int]
    cost: Mapped[int] = mapped_column(BigInteger)
    left_before: Mapped[int] = mapped_column(BigInteger)
    left_after: Mapped[int] = mapped_column(BigInteger)
    outcome: Mapped[str]
