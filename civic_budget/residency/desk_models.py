"""What happens at a desk: a visit binds an officer to a person for a while; proofs that were only seen."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class DeskVisit(Base):
    """A person stands at a desk: until the visit ends, this officer and no other sees the record."""

    __tablename__ = "desk_visit"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('register', 'proof', 'access', 'asked', 'complaint', 'other')",
            name="reason",
        ),
        CheckConstraint("ends_at > opened_at", name="lasts"),
        Index("ix_desk_visit_officer", "officer", "opened_at"),
    )

    id: Mapped[UUID] = random_id()
    officer: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    point_id: Mapped[UUID | None] = mapped_column(ForeignKey("assistance_point.id"))
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class CaseProof(Base):
    """Something that speaks for a residence without a file: kind, day, who saw it. No copy is kept."""

    __tablename__ = "case_proof"
    __table_args__ = (
        CheckConstraint("source IN ('desk', 'letter', 'register')", name="source"),
        CheckConstraint("outcome IN ('seen', 'arrived', 'match', 'no_match')", name="outcome"),
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
