"""Results of a pool of money: the protocol of every decision, and each project's line of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
)
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


class ResultAct(Base):
    """An act on an edition's results, numbered: the approval of the list, or a later one. Immutable.

    `reference` is empty for an approval, `list_hash` for any other act; reasons by language.
    """

    __tablename__ = "result_act"
    __table_args__ = (
        UniqueConstraint("edition_id", "number", "proposed_by"),
        CheckConstraint(
            "(kind = 'approved') = (reference = '') AND (kind = 'approved') = (list_hash <> '')",
            name="list_or_project",
        ),
        {"info": {"append_only": True}},
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    reference: Mapped[str]
    title: Mapped[str]
    act_on: Mapped[date]
    link: Mapped[str]
    reasons: Mapped[dict[str, Any]]
    list_hash: Mapped[str]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]


class ResultActAnswer(Base):
    """The second member's answer to an act: signed (it holds from then) or declined. Immutable."""

    __tablename__ = "result_act_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition_id", "number", "proposed_by"],
            ["result_act.edition_id", "result_act.number", "result_act.proposed_by"],
        ),
        CheckConstraint("NOT is_signed OR given_by <> proposed_by", name="two_people"),
        {"info": {"append_only": True}},
    )

    edition_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    proposed_by: Mapped[UUID]
    is_signed: Mapped[bool]
    given_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    given_at: Mapped[datetime]
