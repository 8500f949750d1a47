"""Residence cases with their decisions, documents, statements and confirmations.

Decisions and views of documents are append-only and hold no words about a person; sentences and
answers lie sealed in tables of their own, so that erasure can remove them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id

OPEN = text("state IN ('draft', 'submitted', 'needs_more', 'appealed')")


class ResidenceCase(Base):
    """A claim to live in the city, from its first page to its decision."""

    __tablename__ = "residence_case"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'needs_more', 'confirmed', 'refused', 'appealed', "
            "'dismissed', 'withdrawn', 'lapsed', 'revoked')",
            name="state",
        ),
        CheckConstraint(
            "road IN ('statement', 'document', 'desk', 'register', 'letter')", name="road"
        ),
        CheckConstraint("purpose IN ('first', 'move', 'renewal', 'correction')", name="purpose"),
        CheckConstraint(
            "state IN ('draft', 'withdrawn', 'lapsed') OR (submitted_at IS NOT NULL "
            "AND due_at IS NOT NULL AND road IS NOT NULL AND district IS NOT NULL)",
            name="complete_when_submitted",
        ),
        CheckConstraint(
            "state NOT IN ('confirmed', 'refused', 'dismissed', 'revoked') "
            "OR decided_at IS NOT NULL",
            name="decided_when",
        ),
        CheckConstraint("(claimed_by IS NULL) = (claimed_at IS NULL)", name="claim_is_whole"),
        Index(
            "uq_residence_case_one_open",
            "person_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_residence_case_queue", "state", "due_at"),
    )

    id: Mapped[UUID] = random_id()
    reference: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str]
    state: Mapped[str]
    road: Mapped[str | None]
    district: Mapped[int | None] = mapped_column(ForeignKey("district.number"))
    language: Mapped[str]
    answers_sealed: Mapped[bytes | None]
    sent_basis: Mapped[bytes | None]
    """A keyed value of names, birth date and home as they were sent: nothing else is ever confirmed."""
    flags: Mapped[list[Any]]
    is_flagged: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    answer_due_at: Mapped[datetime | None]
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    claimed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    appeal_due_at: Mapped[datetime | None]
    words_sealed: Mapped[bytes | None]


class CaseDecision(Base):
    """One deed of the lifecycle after submission: when, by whom, why (a code)."""

    __tablename__ = "case_decision"
    __table_args__ = (
        CheckConstraint(
            "action NOT IN ('ask_more', 'refuse', 'dismiss_appeal', 'revoke') "
            "OR reason IS NOT NULL",
            name="reason_given",
        ),
        UniqueConstraint("case_id", "position"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = random_id()
    case_id: Mapped[UUID] = mapped_column(ForeignKey("residence_case.id"))
    position: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    action: Mapped[str]
    reason: Mapped[str | None]


class CaseSentence(Base):
    """What an officer wrote to the person with a decision, in the person's language; sealed."""

    __tablename__ = "case_sentence"

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("case_decision.id"), primary_key=True)
    language: Mapped[str]
    sealed: Mapped[bytes]


class EvidenceFile(Base):
    """An uploaded document: its name in the vault and its pages; nothing of its content."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        CheckConstraint("page_count BETWEEN 1 AND 999", name="pages"),
        CheckConstraint("(deleted_at IS NULL) OR (deleted_why IS NOT NULL)", name="why_deleted"),
        Index("ix_evidence_file_due", "deleted_at", "delete_after"),
    )

    id: Mapped[UUID] = random_id()
    case_id: Mapped[UUID] = mapped_column(ForeignKey("residence_case.id"), index=True)
    vault_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    page_count: Mapped[int]
    received_at: Mapped[datetime]
    delete_after: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    deleted_why: Mapped[str | None]


class EvidenceView(Base):
    """Somebody saw a page; the row is written before the bytes are sent."""

    __tablename__ = "evidence_view"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012

    id: Mapped[UUID] = random_id()
    file_id: Mapped[UUID] = mapped_column(ForeignKey("evidence_file.id"), index=True)
    page: Mapped[int]
    at: Mapped[datetime]
    account_id: Mapped[UUID]
    sign_in_id: Mapped[UUID]


class ResidenceStatement(Base):
    """A signed statement of residence: which text, in which language, under which typed name."""

    __tablename__ = "residence_statement"
    __table_args__ = (
        CheckConstraint(
            "confirmed_by IN ('email', 'phone', 'desk', 'one_tap')", name="confirmed_by"
        ),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("residence_case.id"), primary_key=True)
    version: Mapped[str]
    language: Mapped[str]
    signature_sealed: Mapped[bytes]
    signed_at: Mapped[datetime]
    confirmed_by: Mapped[str | None]


class Confirmation(Base):
    """That a person lives in a district, from a moment until another, on the strength of a case."""

    __tablename__ = "confirmation"
    __table_args__ = (
        CheckConstraint("valid_until > confirmed_at", name="lasts"),
        Index("ix_confirmation_person", "person_id", "confirmed_at"),
    )

    id: Mapped[UUID] = random_id()
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("residence_case.id"), unique=True)
    district: Mapped[int] = mapped_column(ForeignKey("district.number"))
    confirmed_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]


class ClauseShown(Base):
    """Which version of an information clause a person was shown, and in which language."""

    __tablename__ = "clause_shown"

    id: Mapped[UUID] = random_id()
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[str]
    version: Mapped[str]
    language: Mapped[str]
    shown_at: Mapped[datetime]


class OfficerInterest(Base):
    """An officer who declared that a person is a relative or a friend: never their decision."""

    __tablename__ = "officer_interest"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    declared_at: Mapped[datetime]
