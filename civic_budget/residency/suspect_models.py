"""Runs over the whole register, and the pairs that they suspect: ids, points and codes, nothing plain."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class MatchRun(Base):
    """One comparison of the whole register; `cursor_a`, `cursor_b`: the last pair that was compared."""

    __tablename__ = "match_run"
    __table_args__ = (
        CheckConstraint("reason IN ('night', 'window', 'command')", name="reason"),
        CheckConstraint("(cursor_a IS NULL) = (cursor_b IS NULL)", name="cursor_is_whole"),
        Index(
            "uq_match_run_one_unfinished",
            "is_running",
            unique=True,
            sqlite_where=text("is_running"),
            postgresql_where=text("is_running"),
        ),
    )

    id: Mapped[UUID] = random_id()
    reason: Mapped[str]
    begun_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    is_running: Mapped[bool]
    finished_at: Mapped[datetime | None]
    cursor_a: Mapped[UUID | None]
    cursor_b: Mapped[UUID | None]
    people: Mapped[int]
    compared: Mapped[int]
    crowds: Mapped[int]
    found: Mapped[int]


class SuspectedPair(Base):
    """Two records that a run scored as one human; `basis` is keyed and tells when the records change."""

    __tablename__ = "suspected_pair"
    __table_args__ = (CheckConstraint("person_a < person_b", name="once"),)

    person_a: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    person_b: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    score: Mapped[int]
    reasons: Mapped[list[Any]]
    basis: Mapped[bytes]
    found_at: Mapped[datetime]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("match_run.id"))
