"""Draws of confirmed cases for a check by a second officer, and what the check found."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class SampleDraw(Base):
    """A list of cases fixed under its fingerprint, and the seed that became known afterwards."""

    __tablename__ = "sample_draw"
    __table_args__ = (
        CheckConstraint("permille BETWEEN 1 AND 1000", name="share"),
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("length(fingerprint) = 64", name="fingerprint"),
        CheckConstraint("(seed IS NULL) = (drawn_at IS NULL)", name="drawn_whole"),
        CheckConstraint("drawn_at IS NULL OR drawn_at > announced_at", name="seed_after_list"),
        Index(
            "uq_sample_draw_one_open",
            "is_open",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )

    id: Mapped[UUID] = random_id()
    announced_at: Mapped[datetime]
    announced_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    source: Mapped[str]
    permille: Mapped[int]
    size: Mapped[int]
    fingerprint: Mapped[str]
    is_open: Mapped[bool]
    seed: Mapped[str | None]
    drawn_at: Mapped[datetime | None]
    drawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class SampleMember(Base):
    """A case on a draw's list; if it is drawn, an officer other than the first one checks it."""

    __tablename__ = "sample_member"
    __table_args__ = (
        CheckConstraint("outcome IN ('holds', 'revoked')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (checked_at IS NULL)", name="checked_whole"),
        CheckConstraint("checked_at IS NULL OR is_drawn", name="only_drawn_are_checked"),
        CheckConstraint(
            "checked_by IS NULL OR first_officer IS NULL OR checked_by <> first_officer",
            name="two_officers",
        ),
        Index("ix_sample_member_case", "case_id"),
    )

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("sample_draw.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("residence_case.id"), primary_key=True)
    first_officer: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    is_drawn: Mapped[bool]
    checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    checked_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
