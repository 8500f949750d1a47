"""Checklists, departments, assessments with their answers and notes, appeals."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class Criterion(Base):
    """One line of the formal or of the merit checklist, in every language."""

    __tablename__ = "criterion"
    __table_args__ = (CheckConstraint("stage IN ('formal', 'merit')", name="stage"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str]
    correctable: Mapped[bool]
    words: Mapped[dict[str, Any]]
    position: Mapped[int]
    is_active: Mapped[bool]


class RejectionReason(Base):
    """A public reason for rejecting, with the criterion that was not met."""

    __tablename__ = "rejection_reason"

    key: Mapped[str] = mapped_column(primary_key=True)
    criterion: Mapped[str] = mapped_column(ForeignKey("criterion.key"))
    sentence: Mapped[dict[str, Any]]
    position: Mapped[int]


class Department(Base):
    """A unit of the office that assesses."""

    __tablename__ = "department"

    code: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[dict[str, Any]]


class Assessment(Base):
    """The office's side of one proposal. `version` grows with every change: two at once are told."""

    __tablename__ = "assessment"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    department: Mapped[str | None] = mapped_column(ForeignKey("department.code"))
    assessor: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    version: Mapped[int]
    formal_verdict: Mapped[str]
    merit_verdict: Mapped[str]
    assessed_cost: Mapped[int | None] = mapped_column(BigInteger)
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]


class CardAnswer(Base):
    """What an assessor says of one criterion."""

    __tablename__ = "card_answer"
    __table_args__ = (
        CheckConstraint(
            "answer IN ('met', 'not_applicable', 'correctable', 'corrected', 'not_met')",
            name="answer",
        ),
    )

    proposal_id: Mapped[UUID] = mapped_column(
        ForeignKey("assessment.proposal_id"), primary_key=True
    )
    criterion: Mapped[str] = mapped_column(ForeignKey("criterion.key"), primary_key=True)
    answer: Mapped[str]
    comment: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID | None]


class AssessmentNote(Base):
    """A note for colleagues, never public, never changed."""

    __tablename__ = "assessment_note"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012

    id: Mapped[UUID] = random_id()
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), index=True)
    text: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID | None]


class AssessorInterest(Base):
    """An assessor who stepped aside: they never judge this proposal."""

    __tablename__ = "assessor_interest"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    declared_at: Mapped[datetime]


class Appeal(Base):
    """An author's appeal against a rejection; at most one stands open for a proposal."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint(
            "state IN ('lodged', 'hearing_set', 'opinion_given', 'granted', 'dismissed', "
            "'withdrawn')",
            name="state",
        ),
        Index("uq_appeal_proposal", "proposal_id", unique=True),
    )

    id: Mapped[UUID] = random_id()
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"))
    state: Mapped[str]
    reasons: Mapped[str]
    language: Mapped[str]
    lodged_at: Mapped[datetime]
    hearing_at: Mapped[datetime | None]
    hearing_place: Mapped[str]
    opinion: Mapped[str]
    is_opinion_for: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
