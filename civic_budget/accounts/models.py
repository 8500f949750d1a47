"""Accounts and how they sign in. Contacts are encrypted; blind indexes keep them unique."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
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
    workplace: Mapped[str | None]
    totp_sealed: Mapped[bytes | None]
    totp_last_step: Mapped[int | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    card_number: Mapped[str | None] = mapped_column(unique=True)
    """The name under which somebody without e-mail and phone signs in; printed at a desk."""


class AccountRole(Base):
    """A role that an account holds, perhaps only for some time."""

    __tablename__ = "account_role"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    granted_at: Mapped[datetime]
    granted_by: Mapped[UUID | None]
    until_at: Mapped[datetime | None]


class SignIn(Base):
    """A session on a device, of which only the family is known (`devices.Device`)."""

    __tablename__ = "sign_in"

    id: Mapped[UUID] = random_id()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    device: Mapped[str]
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


class ActivationCode(Base):
    """The code on an activation card: the only one of its account; its digits exist on paper alone."""

    __tablename__ = "activation_code"
    __table_args__ = (
        CheckConstraint("expires_at > issued_at", name="lasts"),
        CheckConstraint("tries >= 0", name="tries"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    code_hash: Mapped[str]
    issued_at: Mapped[datetime]
    issued_by: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    tries: Mapped[int]
    used_at: Mapped[datetime | None]


class PendingCode(Base):
    """A code or a link on its way to a contact; `purpose` says what it will do."""

    __tablename__ = "pending_code"
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('sign_up', 'recovery', 'link', 'contact', 'signature', 'erasure', "
            "'hand_over')",
            name="purpose",
        ),
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


class Passkey(Base):
    """A public key of a device or security key; the private one never leaves it."""

    __tablename__ = "passkey"

    id: Mapped[UUID] = random_id()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger())
    device: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """A random number that an authenticator has to sign, once and soon."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (CheckConstraint("purpose IN ('add', 'enter', 'second')", name="purpose"),)

    id: Mapped[UUID] = random_id()
    purpose: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    challenge: Mapped[bytes]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ResetRequest(Base):
    """An administrator's request to take a colleague's second factors away, with its reason."""

    __tablename__ = "second_factor_reset"

    id: Mapped[UUID] = random_id()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    reason: Mapped[str]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]


class AttemptCounter(Base):
    """How often something was tried in a window of time, under a keyed name that tells nothing.

    `window` is the window's first minute, counted from 1970.
    """

    __tablename__ = "attempt_counter"

    subject: Mapped[bytes] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
