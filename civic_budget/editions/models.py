"""Editions, their moments, pools of money and categories."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_budget.storage.types import Base, random_id


class Edition(Base):
    """One yearly round. `ballot_rule` and `selection_rule` are data that their rooms understand."""

    __tablename__ = "edition"

    id: Mapped[UUID] = random_id()
    slug: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    names: Mapped[dict[str, Any]]
    is_training: Mapped[bool]
    published_at: Mapped[datetime | None]
    ballot_rule: Mapped[dict[str, Any]]
    selection_rule: Mapped[dict[str, Any]]
    accepted_proofs: Mapped[list[Any]]
    moments: Mapped[list[EditionMoment]] = relationship(
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


class Pool(Base):
    """Money for one scope: the whole city or a district. Amounts in grosze."""

    __tablename__ = "pool"
    __table_args__ = (
        UniqueConstraint("edition_id", "scope"),
        CheckConstraint("money > 0", name="money_positive"),
        CheckConstraint("min_cost >= 0 AND min_cost <= max_cost", name="cost_limits"),
        CheckConstraint("max_cost <= money", name="max_within_money"),
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    scope: Mapped[str]
    district: Mapped[int | None] = mapped_column(ForeignKey("district.number"))
    money: Mapped[int] = mapped_column(BigInteger)
    min_cost: Mapped[int] = mapped_column(BigInteger)
    max_cost: Mapped[int] = mapped_column(BigInteger)
    edition: Mapped[Edition] = relationship(lazy="raise_on_sql", back_populates="pools")


class Category(Base):
    """What a proposal is about, in every language."""

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[dict[str, Any]]
    position: Mapped[int]
