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


class Campaign(Base):
    """A leaflet or a point of the city with a code of its own, and what was hoped of it.

    Made for a place or a medium, never for a nationality: the code says where people heard of it.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint("length(code) BETWEEN 4 AND 12", name="code_length"),
        CheckConstraint("target_visited >= 0", name="target_visited"),
        CheckConstraint("target_started >= 0", name="target_started"),
        CheckConstraint("target_confirmed >= 0", name="target_confirmed"),
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    note: Mapped[str]
    target_visited: Mapped[int | None]
    target_started: Mapped[int | None]
    target_confirmed: Mapped[int | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CampaignTally(Base):
    """How many took one step with a campaign's code: a bare number, no day, nobody behind it."""

    __tablename__ = "campaign_tally"
    __table_args__ = (
        CheckConstraint("step IN ('visited', 'started', 'confirmed')", name="step"),
        CheckConstraint("persons >= 0", name="persons"),
    )

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    persons: Mapped[int]


class CampaignArrival(Base):
    """Somebody agreed to be counted: kept until their residence is confirmed, ninety days at most."""

    __tablename__ = "campaign_arrival"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    arrived_at: Mapped[datetime]
    started_at: Mapped[datetime | None]


class StatisticsTarget(Base):
    """What the city hoped for, and a note, beside one figure of an edition; the latest line counts."""

    __tablename__ = "statistics_target"
    __table_args__ = (
        CheckConstraint("measure IN ('registered', 'authors', 'voters')", name="measure"),
        CheckConstraint("target >= 0", name="target"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    measure: Mapped[str]
    group_code: Mapped[str]
    target: Mapped[int | None]
    note: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
