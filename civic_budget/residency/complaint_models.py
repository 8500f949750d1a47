"""Complaints about registrations and votes. What was written lies sealed; it goes a year after the end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class Complaint(Base):
    """Somebody says that a registration or a vote is not theirs, or asks whether there is one."""

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint("kind IN ('registration', 'vote', 'question')", name="kind"),
        CheckConstraint(
            "state IN ('received', 'in_work', 'upheld', 'dismissed', 'handed_over', 'withdrawn')",
            name="state",
        ),
        CheckConstraint("kind <> 'question' OR person_id IS NOT NULL", name="asker_is_known"),
        CheckConstraint("state <> 'handed_over' OR kind = 'vote'", name="only_votes_go_on"),
        CheckConstraint("(state = 'in_work') = (taken_by IS NOT NULL)", name="taken_while_in_work"),
        CheckConstraint(
            "(state IN ('received', 'in_work')) = (ended_at IS NULL)", name="ended_when"
        ),
        Index("ix_complaint_queue", "state", "due_at"),
    )

    id: Mapped[UUID] = random_id()
    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    state: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    language: Mapped[str]
    sealed: Mapped[bytes | None]
    answer_sealed: Mapped[bytes | None]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
