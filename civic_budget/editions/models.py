"""Editions, their moments, pools of money, sources, corrections, signatures under a rule; categories."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_budget.storage.types import Base, random_id


class Edition(Base):
    """One yearly round. `ballot_rule` and `selection_rule` are data that their rooms understand.

    `texts` maps a text's name to its words by language. `origin` says from which files an imported
    edition was read, and which moments of its calendar are known.
    """

    __tablename__ = "edition"

    id: Mapped[UUID] = random_id()
    slug: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    names: Mapped[dict[str, Any]]
    is_training: Mapped[bool]
    is_imported: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    ballot_rule: Mapped[dict[str, Any]]
    selection_rule: Mapped[dict[str, Any]]
    accepted_proofs: Mapped[list[Any]]
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    origin: Mapped[dict[str, Any]] = mapped_column(default=dict)
    moments: Mapped[list[EditionMoment]] = relationship(
        lazy="raise_on_sql", back_populates="edition", cascade="all, delete-orphan"
    )
    side_dates: Mapped[list[EditionSideDate]] = relationship(
        lazy="raise_on_sql", back_populates="edition", cascade="all, delete-orphan"
    )
    pools: Mapped[list[Pool]] = relationship(
        lazy="raise_on_sql",
        back_populates="edition",
        cascade="all, delete-orphan",
        order_by="Pool.scope",
    )


class EditionMoment(Base):
    """When a milestone of the calendar is."""

    __tablename__ = "edition_moment"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    milestone: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    edition: Mapped[Edition] = relationship(lazy="raise_on_sql", back_populates="moments")


class EditionSideDate(Base):
    """A further day of the calendar; it makes no phase and may be left open."""

    __tablename__ = "edition_side_date"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    edition: Mapped[Edition] = relationship(lazy="raise_on_sql", back_populates="side_dates")


class Pool(Base):
    """Money for one scope: the whole city or a district. Amounts in grosze.

    `signatures` is how many supporters a proposal of this scope needs.
    """

    __tablename__ = "pool"
    __table_args__ = (
        UniqueConstraint("edition_id", "scope"),
        CheckConstraint("money > 0", name="money_positive"),
        CheckConstraint("min_cost >= 0 AND min_cost <= max_cost", name="cost_limits"),
        CheckConstraint("max_cost <= money", name="max_within_money"),
        CheckConstraint("signatures >= 0", name="signatures_not_negative"),
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    scope: Mapped[str]
    district: Mapped[int | None] = mapped_column(ForeignKey("district.number"))
    money: Mapped[int] = mapped_column(BigInteger)
    min_cost: Mapped[int] = mapped_column(BigInteger)
    max_cost: Mapped[int] = mapped_column(BigInteger)
    signatures: Mapped[int] = mapped_column(default=0)
    edition: Mapped[Edition] = relationship(lazy="raise_on_sql", back_populates="pools")


class Category(Base):
    """What a proposal is about, in every language."""

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[dict[str, Any]]
    position: Mapped[int]


class EditionSource(Base):
    """The resolution or ordinance from which a setting of an edition follows."""

    __tablename__ = "edition_source"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    setting: Mapped[str] = mapped_column(primary_key=True)
    act: Mapped[str]
    paragraph: Mapped[str]
    link: Mapped[str]


class EditionCorrection(Base):
    """A numbered correction of a published edition: the differences and why. Immutable."""

    __tablename__ = "edition_correction"
    __table_args__ = (
        UniqueConstraint("edition_id", "number", "proposed_by"),
        {"info": {"append_only": True}},
    )

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    changes: Mapped[list[Any]]
    reasons: Mapped[dict[str, Any]]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]


class CorrectionVerdict(Base):
    """The second person's answer to a correction: signed (it holds from then) or declined. Immutable."""

    __tablename__ = "correction_verdict"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition_id", "number", "proposed_by"],
            [
                "edition_correction.edition_id",
                "edition_correction.number",
                "edition_correction.proposed_by",
            ],
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


class RuleSignature(Base):
    """One person's signature under the winner rule of an edition, with what they saw. Immutable.

    `rule_hash` is the SHA-256 of the whole rule as canonical JSON: two signatures count together
    only under the same text. `dry_run` is what the rule gave on an earlier edition.
    """

    __tablename__ = "rule_signature"
    __table_args__ = (
        UniqueConstraint("edition_id", "rule_hash", "signed_by"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    preset: Mapped[str]
    rule_hash: Mapped[str]
    tried_on: Mapped[UUID] = mapped_column(ForeignKey("edition.id"))
    dry_run: Mapped[dict[str, Any]]
    signed_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime]
