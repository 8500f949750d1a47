"""Claims about votes. A claim about a line holds a code and nobody's name; see `claim_rules`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id


class VoteClaim(Base):
    """A claim; `words` are sealed, `answer` is for whoever holds the reference. Both are emptied in the end.

    One that began as a complaint to the residence office names it; who complained without an account
    becomes a person here when the claim is upheld, not before.
    """

    __tablename__ = "vote_claim"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('missing', 'not_my_choice', 'not_my_vote', 'lost_vote')", name="kind"
        ),
        CheckConstraint("state IN ('received', 'upheld', 'dismissed')", name="state"),
        CheckConstraint(
            "(kind IN ('not_my_vote', 'lost_vote')) = "
            "(person_id IS NOT NULL OR complaint_id IS NOT NULL)",
            name="person_only_for_a_vote",
        ),
        CheckConstraint(
            "complaint_id IS NULL OR kind = 'not_my_vote'", name="complaint_only_for_a_vote"
        ),
        CheckConstraint(
            "state <> 'upheld' OR person_id IS NOT NULL OR NOT (kind IN ('not_my_vote', 'lost_vote'))",
            name="upheld_for_a_person",
        ),
        CheckConstraint(
            "account_id IS NULL OR kind IN ('not_my_vote', 'lost_vote')",
            name="account_only_for_a_vote",
        ),
        CheckConstraint(
            "(kind IN ('not_my_vote', 'lost_vote')) = (code IS NULL)", name="code_only_for_a_line"
        ),
        CheckConstraint(
            "(state = 'received') = (answered_at IS NULL) AND "
            "(answered_at IS NULL) = (answered_by IS NULL) AND "
            "(answered_at IS NULL) = (answer IS NULL)",
            name="answered_whole",
        ),
        UniqueConstraint("reference"),
        UniqueConstraint("complaint_id"),
        Index(
            "uq_vote_claim_open_person",
            "round_id",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'received'"),
            postgresql_where=text("state = 'received'"),
        ),
        Index("uq_vote_claim_code", "round_id", "kind", "code", unique=True),
    )

    id: Mapped[UUID] = random_id()
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), index=True)
    reference: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    code: Mapped[str | None]
    is_on_board: Mapped[bool | None]
    is_signed: Mapped[bool | None]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    person_id: Mapped[UUID | None]
    complaint_id: Mapped[UUID | None] = mapped_column(ForeignKey("complaint.id"))
    words: Mapped[bytes]
    filed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[str | None]
