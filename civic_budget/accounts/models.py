"""Accounts and how they sign in. Contacts are encrypted; blind indexes keep them unique."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class Account(Base):
    """Something that signs in: a resident's or a member of staff's."""

    __tablename__ = "account"

    id: Mapped[UUID] = random_id()
    email_sealed: Mapped[bytes | None]
    email_blind: Mapped[bytes | None] = mapped_column(unique=True)
    phone_sealed: Mapped[bytes | None]
    phone_blind: Mapped[bytes | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    language: Mapped[str]
    staff_name: Mapped[str | None]
    totp_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class AccountRole(Base):
    """A role that an account holds, perhaps only for some time."""

    __tablename__ = "account_role"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    granted_at: Mapped[datetime]
    granted_by: Mapped[UUID | None]
    until_at: Mapped[datetime | None]


class SignIn(Base):
    """A session on a device."""

    __tablename__ = "sign_in"

    id: Mapped[UUID] = random_id()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class PrintedCode(Base):
    """A one-time code on a member of staff's printed sheet."""

    __tablename__ = "printed_code"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None]


class PendingCode(Base):
    """A code on its way to a contact: for opening an account, or for a new password."""

    __tablename__ = "pending_code"
    __table_args__ = (
        CheckConstraint("purpose IN ('sign_up', 'recovery')", name="purpose"),
        Index("ix_pending_code_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = random_id()
    purpose: Mapped[str]
    contact_kind: Mapped[str]
    contact_sealed: Mapped[bytes]
    password_hash: Mapped[str | None]
    language: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    code_hash: Mapped[str]
    tries: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AttemptCounter(Base):
    """How often something was tried in a window of time, under a keyed name that tells nothing."""

    __tablename__ = "attempt_counter"

    subject: Mapped[bytes] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
