"""The city's identity provider: questions on their way, and whom each of its accounts has answered for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class ProviderQuestion(Base):
    """A person was sent to the provider: what its answer must carry. Used once, gone after minutes."""

    __tablename__ = "provider_question"
    __table_args__ = (CheckConstraint("expires_at > asked_at", name="lasts"),)

    id: Mapped[UUID] = random_id()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("residence_case.id"), unique=True)
    state_hash: Mapped[bytes] = mapped_column(unique=True)
    nonce: Mapped[str]
    verifier: Mapped[str]
    language: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ProviderIdentity(Base):
    """An identity at the provider, as a keyed hash of issuer and subject: it confirms one person."""

    __tablename__ = "provider_identity"

    identity_key: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    since_at: Mapped[datetime]
