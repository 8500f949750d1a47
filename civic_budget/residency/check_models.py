"""Confirmations that are checked again because a complaint about them was upheld."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id

OPEN = text("checked_at IS NULL")


class ResidenceCheck(Base):
    """A confirmed case that an officer reopened for a complaint; somebody else decides on it.

    Neither who confirmed the case nor who reopened it closes the check, whatever the pages say.
    """

    __tablename__ = "residence_check"
    __table_args__ = (
        CheckConstraint("outcome IN ('holds', 'revoked')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (checked_at IS NULL)", name="checked_whole"),
        CheckConstraint("checked_by IS NULL OR checked_by <> opened_by", name="other_than_opener"),
        CheckConstraint(
            "checked_by IS NULL OR first_officer IS NULL OR checked_by <> first_officer",
            name="two_officers",
        ),
        Index(
            "uq_residence_check_one_open",
            "case_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[UUID] = random_id()
    case_id: Mapped[UUID] = mapped_column(ForeignKey("residence_case.id"), index=True)
    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaint.id"), index=True)
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    first_officer: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    checked_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    checked_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
