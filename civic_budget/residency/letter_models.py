"""Letters that carry a code to an address: who lives there can type it. The code is on paper alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id

RUNNING = text("state IN ('asked', 'printed', 'posted')")


class AddressLetter(Base):
    """A letter to the home that a case tells. `address_blind` says to which, without saying it."""

    __tablename__ = "address_letter"
    __table_args__ = (
        CheckConstraint(
            "state IN ('asked', 'printed', 'posted', 'arrived', 'expired', 'spent', 'cancelled')",
            name="state",
        ),
        CheckConstraint(
            "state NOT IN ('printed', 'posted', 'arrived') "
            "OR (code_hash IS NOT NULL AND expires_at IS NOT NULL)",
            name="printed_with_code",
        ),
        CheckConstraint("reprints BETWEEN 0 AND 1", name="reprinted_once"),
        CheckConstraint("tries >= 0", name="tries"),
        Index(
            "uq_address_letter_one_running",
            "case_id",
            unique=True,
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
        ),
        Index("ix_address_letter_state", "state", "asked_at"),
    )

    id: Mapped[UUID] = random_id()
    case_id: Mapped[UUID] = mapped_column(ForeignKey("residence_case.id"))
    state: Mapped[str]
    address_blind: Mapped[bytes]
    code_hash: Mapped[str | None]
    tries: Mapped[int]
    reprints: Mapped[int]
    asked_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]
    printed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    posted_at: Mapped[datetime | None]
    posted_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
