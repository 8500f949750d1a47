"""Proposals with their texts, costs, versions and what became of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_budget.proposals.models.people import CoAuthor
from civic_budget.storage.types import Base, random_id


class Proposal(Base):
    """One idea of one author in one edition. Money in grosze."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("edition_id", "scope", "ballot_number"),
        UniqueConstraint("edition_id", "reference"),
        CheckConstraint("cost >= 0", name="cost_not_negative"),
        CheckConstraint("(state = 'draft') = (reference IS NULL)", name="submitted_has_reference"),
        CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged_has_target"),
        Index("ix_proposal_catalogue", "edition_id", "state", "scope"),
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    scope: Mapped[str]
    reference: Mapped[str | None]
    ballot_number: Mapped[int | None]
    state: Mapped[str]
    author_account: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    author_person: Mapped[UUID] = mapped_column(index=True)
    language: Mapped[str]
    category: Mapped[str]
    place: Mapped[str]
    cost: Mapped[int] = mapped_column(BigInteger)
    assessed_cost: Mapped[int | None] = mapped_column(BigInteger)
    upkeep: Mapped[int] = mapped_column(BigInteger)
    search_text: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    correct_by: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("proposal.id"))
    texts: Mapped[list[ProposalText]] = relationship(
        lazy="raise_on_sql", back_populates="proposal", cascade="all, delete-orphan"
    )
    costs: Mapped[list[ProposalCost]] = relationship(
        lazy="raise_on_sql",
        back_populates="proposal",
        cascade="all, delete-orphan",
        order_by="ProposalCost.position",
    )
    places: Mapped[list[ProposalPlace]] = relationship(
        lazy="raise_on_sql",
        back_populates="proposal",
        cascade="all, delete-orphan",
        order_by="ProposalPlace.position",
    )
    co_authors: Mapped[list[CoAuthor]] = relationship(
        lazy="raise_on_sql",
        viewonly=True,
        primaryjoin=lambda: and_(
            CoAuthor.proposal_id == Proposal.id,
            CoAuthor.accepted_at.is_not(None),
            CoAuthor.ended_at.is_(None),
        ),
    )


class ProposalText(Base):
    """A proposal's words in one language, and who wrote and approved them."""

    __tablename__ = "proposal_text"
    __table_args__ = (CheckConstraint("source IN ('author', 'human', 'machine')", name="source"),)

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    reviewed_by: Mapped[UUID | None]
    title: Mapped[str]
    summary: Mapped[str]
    description: Mapped[str]
    justification: Mapped[str]
    audience: Mapped[str]
    accessibility: Mapped[str] = mapped_column(default="")
    author_agreed_at: Mapped[datetime | None]
    proposal: Mapped[Proposal] = relationship(lazy="raise_on_sql", back_populates="texts")


class ProposalPlace(Base):
    """One of the places where a proposal should be: a point in degrees, an address or words, or both."""

    __tablename__ = "proposal_place"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_whole"),
        CheckConstraint("latitude IS NOT NULL OR words <> ''", name="says_where"),
        CheckConstraint("position BETWEEN 1 AND 10", name="most_places"),
    )

    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    words: Mapped[str]
    proposal: Mapped[Proposal] = relationship(lazy="raise_on_sql", back_populates="places")


class ProposalCost(Base):
    """One line of the author's estimate, in grosze; taken from the price list when it names a price."""

    __tablename__ = "proposal_cost"
    __table_args__ = (
        CheckConstraint("grosze > 0", name="grosze_positive"),
        CheckConstraint("kind IN ('work', 'documentation')", name="kind"),
        CheckConstraint("(price_key IS NULL) = (quantity IS NULL)", name="price_has_quantity"),
        CheckConstraint("quantity IS NULL OR quantity > 0", name="quantity_positive"),
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    grosze: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(default="work", server_default="work")
    price_key: Mapped[str | None]
    quantity: Mapped[int | None]
    proposal: Mapped[Proposal] = relationship(lazy="raise_on_sql", back_populates="costs")


class ProposalVersion(Base):
    """What a proposal said when it was submitted or corrected: immutable."""

    __tablename__ = "proposal_version"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by: Mapped[UUID | None]


class ProposalDecision(Base):
    """What the office decided about a proposal, with its public words: immutable.

    `words` maps language to sentence (Polish is binding); `asked` are the criteria to correct;
    `act_id` and `act_number` name the act of the mayor by which it was decided, if it was.
    """

    __tablename__ = "proposal_decision"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012

    id: Mapped[UUID] = random_id()
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), index=True)
    action: Mapped[str]
    reason: Mapped[str | None]
    words: Mapped[dict[str, Any]]
    asked: Mapped[list[Any]]
    assessed_cost: Mapped[int | None] = mapped_column(BigInteger)
    correct_by: Mapped[datetime | None]
    act_id: Mapped[UUID | None]
    act_number: Mapped[str | None]
    at: Mapped[datetime]
    by: Mapped[UUID | None]


class BallotList(Base):
    """The admitted proposals as they were published before the draw: immutable, numbered."""

    __tablename__ = "ballot_list"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    listing: Mapped[str]
    hash: Mapped[str]
    seed_source: Mapped[str]
    seed_at: Mapped[datetime | None]
    is_physical: Mapped[bool | None]
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None]


class BallotDraw(Base):
    """The draw of the numbers on the ballot: one per edition, on one published list, immutable."""

    __tablename__ = "ballot_draw"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition_id", "list_number"], ["ballot_list.edition_id", "ballot_list.number"]
        ),
        {"info": {"append_only": True}},
    )

    edition_id: Mapped[UUID] = mapped_column(primary_key=True)
    list_number: Mapped[int]
    seed: Mapped[str]
    protocol: Mapped[str | None]
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[UUID | None]


class PriceItem(Base):
    """A unit price of the city's list, from which authors estimate; in grosze, tax included."""

    __tablename__ = "price_item"
    __table_args__ = (CheckConstraint("grosze > 0", name="grosze_positive"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    names: Mapped[dict[str, Any]]
    unit: Mapped[str]
    grosze: Mapped[int] = mapped_column(BigInteger)


class ImplementationStep(Base):
    """What the city did for a winning proposal, with the words of the moment; steps are numbered."""

    __tablename__ = "implementation_step"
    __table_args__ = (
        CheckConstraint(
            "stage IN ('planned', 'in_progress', 'delayed', 'finished', 'abandoned')", name="stage"
        ),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("real_cost IS NULL OR real_cost >= 0", name="cost_not_negative"),
        CheckConstraint("expected_on IS NULL OR expected_on >= happened_on", name="expected_later"),
        UniqueConstraint("proposal_id", "number"),
    )

    id: Mapped[UUID] = random_id()
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), index=True)
    number: Mapped[int]
    stage: Mapped[str]
    happened_on: Mapped[date]
    expected_on: Mapped[date | None]
    real_cost: Mapped[int | None] = mapped_column(BigInteger)
    notes: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
    changed_at: Mapped[datetime | None]
