"""How often registers were asked: a list that answers without end tells who lives where."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base


class RegisterQuestion(Base):
    """How many answers registers gave an account in a period: an edition, or the time before the first."""

    __tablename__ = "register_question"
    __table_args__ = (CheckConstraint("number > 0", name="asked"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    last_at: Mapped[datetime]
