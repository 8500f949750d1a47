"""What happens at a desk: a clerk is bound to points and days, a visit binds an officer to a person."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class DeskAppointment(Base):
    """Somebody works at an assistance point from a day to a day, both included, unless it ended before."""

    __tablename__ = "desk_appointment"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="lasts"),
        CheckConstraint("appointed_by IS NULL OR appointed_by <> account_id", name="by_another"),
        # What a visit refers to: its officer and its point can be no others.
        UniqueConstraint("id", "account_id", "point_id"),
        Index(
            "uq_desk_appointment_one_open",
            "account_id",
            "point_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = random_id()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    point_id: Mapped[UUID] = mapped_column(ForeignKey("assistance_point.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    appointed_at: Mapped[datetime]
    appointed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]


class DeskVisit(Base):
    """A person stands at a desk: until the visit ends, this officer and no other sees the record."""

    __tablename__ = "desk_visit"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('register', 'proof', 'access', 'asked', 'complaint', 'other')",
            name="reason",
        ),
        CheckConstraint("ends_at > opened_at", name="lasts"),
        CheckConstraint("appointment_id IS NULL OR point_id IS NOT NULL", name="somewhere"),
        ForeignKeyConstraint(
            ["appointment_id", "officer", "point_id"],
            ["desk_appointment.id", "desk_appointment.account_id", "desk_appointment.point_id"],
            name="fk_desk_visit_appointment",
        ),
        Index("ix_desk_visit_officer", "officer", "opened_at"),
    )

    id: Mapped[UUID] = random_id()
    officer: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    point_id: Mapped[UUID | None] = mapped_column(ForeignKey("assistance_point.id"))
    """None: an officer in the bureau."""
    appointment_id: Mapped[UUID | None]
    """Under which appointment; None for an officer of the bureau, who stands in at any point."""
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class CaseProof(Base):
    """Something that speaks for a residence without a file: kind, day, who saw it. No copy is kept."""

    __tablename__ = "case_proof"
    __table_args__ = (
        CheckConstraint("source IN ('desk', 'letter', 'register')", name="source"),
        CheckConstraint(
            "outcome IN ('seen', 'arrived', 'match', 'resident', 'no_match')", name="outcome"
        ),
        CheckConstraint("source <> 'desk' OR noted_by IS NOT NULL", name="somebody_saw_it"),
        UniqueConstraint("case_id", "source", "kind"),
    )

    id: Mapped[UUID] = random_id()
    case_id: Mapped[UUID] = mapped_column(ForeignKey("residence_case.id"))
    source: Mapped[str]
    kind: Mapped[str]
    outcome: Mapped[str]
    document_on: Mapped[date | None]
    noted_at: Mapped[datetime]
    noted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    point_id: Mapped[UUID | None] = mapped_column(ForeignKey("assistance_point.id"))
    identity_key: Mapped[bytes | None]
    """Which identity at the city's provider answered; it is bound to the person when the case is sent."""
