"""Checklists, departments, assessments with their answers and notes, appeals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
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


class EditionCriterion(Base):
    """A criterion as one edition asks it: its words, its place, whether it is asked at all.

    An edition without rows asks what the city's default lists ask.
    """

    __tablename__ = "edition_criterion"

    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    key: Mapped[str] = mapped_column(ForeignKey("criterion.key"), primary_key=True)
    correctable: Mapped[bool]
    words: Mapped[dict[str, Any]]
    position: Mapped[int]
    is_asked: Mapped[bool]


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


class DepartmentMember(Base):
    """Who works in which unit: asked for an opinion, the unit's members answer."""

    __tablename__ = "department_member"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    department: Mapped[str] = mapped_column(ForeignKey("department.code"), primary_key=True)


class UnitOpinion(Base):
    """What another unit of the office was asked about a proposal, by when, and what it answered.

    A unit has at most one open question about a proposal.
    """

    __tablename__ = "unit_opinion"
    __table_args__ = (
        CheckConstraint(
            "(answered_at IS NULL) = (is_for IS NULL) AND (answered_at IS NULL) = (answer = '')",
            name="answered_whole",
        ),
        CheckConstraint("due_at > asked_at", name="due_after_asked"),
        Index(
            "uq_unit_opinion_open",
            "proposal_id",
            "department",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = random_id()
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.proposal_id"), index=True)
    department: Mapped[str] = mapped_column(ForeignKey("department.code"))
    question: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    due_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    is_for: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]


class Handback(Base):
    """An assessor gave a proposal back to the coordinators, with the reason. Immutable."""

    __tablename__ = "assessment_handback"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012

    id: Mapped[UUID] = random_id()
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), index=True)
    department: Mapped[str | None]
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID]


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
    due_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
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


class MayorAct(Base):
    """One act of the mayor that decides on appeals: restores or refuses many proposals at once. Immutable."""

    __tablename__ = "mayor_act"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    number: Mapped[str]
    signed_on: Mapped[date]
    entered_at: Mapped[datetime]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))


class MayorActItem(Base):
    """What an act decides on one proposal; a proposal stands in at most one act. Immutable.

    `council_was_for` is the council's opinion at that moment (None: it gave none), so that the act
    itself tells where the mayor decided otherwise.
    """

    __tablename__ = "mayor_act_item"
    __table_args__ = (
        UniqueConstraint("proposal_id"),
        {"info": {"append_only": True}},
    )

    act_id: Mapped[UUID] = mapped_column(ForeignKey("mayor_act.id"), primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    is_restored: Mapped[bool]
    council_was_for: Mapped[bool | None]
    reasons: Mapped[dict[str, Any]]


class MayorActScan(Base):
    """A scan of an act as it was signed; the one with the highest number is shown. Immutable.

    `upload_hash` is the SHA-256 of the file that a coordinator chose, `hash` of the plain PDF that
    was made of it. A superseded scan keeps its row; its bytes are swept.
    """

    __tablename__ = "mayor_act_scan"
    __table_args__ = (
        UniqueConstraint("act_id", "number"),
        UniqueConstraint("blob"),
        CheckConstraint("number > 0", name="numbered"),
        CheckConstraint("page_count > 0 AND byte_count > 0", name="has_pages"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = random_id()
    act_id: Mapped[UUID] = mapped_column(ForeignKey("mayor_act.id"), index=True)
    number: Mapped[int]
    blob: Mapped[str]
    hash: Mapped[str]
    upload_hash: Mapped[str]
    page_count: Mapped[int]
    byte_count: Mapped[int]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))


class BulletinPackage(Base):
    """A package for the public bulletin: its documents, what may be personal data in them, its release.

    Before the release `documents` hold the words as they are and `findings` the places to look at;
    the release writes the covered words over them.
    """

    __tablename__ = "bulletin_package"
    __table_args__ = (
        CheckConstraint("kind IN ('verdicts', 'act', 'ballot')", name="kind"),
        CheckConstraint("(kind = 'act') = (act_id IS NOT NULL)", name="act_named"),
        CheckConstraint(
            "(released_at IS NULL) = (released_by IS NULL) AND (released_at IS NULL) = (hash IS NULL)",
            name="released_whole",
        ),
    )

    id: Mapped[UUID] = random_id()
    edition_id: Mapped[UUID] = mapped_column(ForeignKey("edition.id"), index=True)
    kind: Mapped[str]
    act_id: Mapped[UUID | None] = mapped_column(ForeignKey("mayor_act.id"))
    documents: Mapped[list[Any]]
    findings: Mapped[list[Any]]
    prepared_at: Mapped[datetime]
    prepared_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    released_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    hash: Mapped[str | None]
