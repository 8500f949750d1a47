"""The ledger of sealed tables and the releases made from them. Append-only: no second draw, no erasure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class SealedTable(Base):
    """One seal of the chain; `content` is the seal as plain values, noise included, truth not."""

    __tablename__ = "sealed_table"
    __table_args__ = (
        UniqueConstraint("edition", "table_name", "epoch"),
        UniqueConstraint("prev"),
        UniqueConstraint("sha256"),
        CheckConstraint("prev <> sha256", name="chained"),
        {"info": {"append_only": True}},
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition: Mapped[str]
    table_name: Mapped[str]
    epoch: Mapped[str]
    prev: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[dict[str, Any]]
    sealed_at: Mapped[datetime]


class StatisticsRelease(Base):
    """Everything that is public about an edition's participation: the files by name."""

    __tablename__ = "statistics_release"
    __table_args__ = ({"info": {"append_only": True}},)

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    head: Mapped[str] = mapped_column(unique=True)
    files: Mapped[dict[str, Any]]
    sealed_at: Mapped[datetime]


class StatisticsStep(Base):
    """A line of the visible log: what was sealed, brought back or refused, and when."""

    __tablename__ = "statistics_step"
    __table_args__ = (
        CheckConstraint("step IN ('sealed', 'imported', 'restored', 'refused')", name="step"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID | None] = mapped_column(ForeignKey("edition.id"), index=True)
    step: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


class StatisticsRequest(Base):
    """A question outside the catalogue, and the reasoned answer that was drafted."""

    __tablename__ = "statistics_request"
    __table_args__ = ({"info": {"append_only": True}},)

    id: Mapped[UUID] = random_id()
    asked_by: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    language: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class OutsideRegister(Base):
    """Residents by citizenship as a register outside the platform counts them: public numbers.

    `is_basis`: the next edition's classes follow from it.
    """

    __tablename__ = "outside_register"
    __table_args__ = (UniqueConstraint("source", "as_of"), {"info": {"append_only": True}})

    id: Mapped[UUID] = random_id()
    source: Mapped[str]
    as_of: Mapped[date]
    definition: Mapped[str]
    geography: Mapped[str]
    counts: Mapped[dict[str, Any]]
    is_basis: Mapped[bool]
    imported_at: Mapped[datetime]
