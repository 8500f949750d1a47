"""Proposals that were brought on paper and typed in by the office."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base


class PaperProposal(Base):
    """When a proposal came on paper, and who typed it in. Immutable."""

    __tablename__ = "paper_proposal"
    __table_args__ = (
        CheckConstraint("received_at <= entered_at", name="received_before_entered"),
        {"info": {"append_only": True}},
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    received_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
