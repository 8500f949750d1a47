"""Districts, streets with the district of each stretch, places, assistance points."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_budget.storage.types import Base, random_id


class District(Base):
    """A district of the city, by its number."""

    __tablename__ = "district"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    roman: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    residents: Mapped[int | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Street(Base):
    """A street of the city's list, or a named place without one (a dormitory, a shelter)."""

    __tablename__ = "street"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("kind IN ('street', 'place')", name="kind"),
    )

    id: Mapped[UUID] = random_id()
    name: Mapped[str]
    search: Mapped[str] = mapped_column(index=True)
    sound: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    stretches: Mapped[list[StreetStretch]] = relationship(
        lazy="raise_on_sql", back_populates="street", cascade="all, delete-orphan"
    )


class StreetStretch(Base):
    """Which house numbers of a street lie in which district."""

    __tablename__ = "street_stretch"

    id: Mapped[UUID] = random_id()
    street_id: Mapped[UUID] = mapped_column(ForeignKey("street.id"), index=True)
    district: Mapped[int] = mapped_column(ForeignKey("district.number"))
    first: Mapped[int]
    last: Mapped[int | None]
    parity: Mapped[str]
    street: Mapped[Street] = relationship(lazy="raise_on_sql", back_populates="stretches")


class StreetUpload(Base):
    """A street list that somebody sent and looks at before it is taken over or thrown away."""

    __tablename__ = "street_upload"

    id: Mapped[UUID] = random_id()
    content: Mapped[bytes]
    only_these: Mapped[bool]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)


class AssistancePoint(Base):
    """Where somebody helps in person; words in every language."""

    __tablename__ = "assistance_point"
    __table_args__ = (
        CheckConstraint("position >= 0", name="position"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[UUID] = random_id()
    key: Mapped[str] = mapped_column(unique=True)
    district: Mapped[int | None] = mapped_column(ForeignKey("district.number"))
    names: Mapped[dict[str, Any]]
    address: Mapped[str]
    phone: Mapped[str]
    hours: Mapped[dict[str, Any]]
    notes: Mapped[dict[str, Any]]
    languages: Mapped[list[Any]]
    is_accessible: Mapped[bool]
    is_active: Mapped[bool]
    position: Mapped[int]
    version: Mapped[int]
    """Counts changes, so that two who change one point at a time do not overwrite each other."""
