"""Ties between guardians and children. Papers lie with the child's case, as its documents."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id

LIVE = text("state IN ('claimed', 'acting', 'informed', 'disputed')")
IN_CHARGE = text("state IN ('acting', 'disputed')")


class Guardianship(Base):
    """A guardian's claim for a child, and what an officer made of it.

    `child_key` is the blind key of the child's names and birth date: two records of one child can't
    both have a guardian who acts, whatever two officers do in one moment.
    """

    __tablename__ = "guardianship"
    __table_args__ = (
        CheckConstraint(
            "state IN ('claimed', 'acting', 'informed', 'disputed', 'refused', 'withdrawn', 'ended')",
            name="state",
        ),
        CheckConstraint(
            "proof IN ('birth_certificate', 'court_order', 'temporary_guardian', 'desk')",
            name="proof",
        ),
        CheckConstraint(
            "state NOT IN ('acting', 'disputed') OR child_key IS NOT NULL", name="child_known"
        ),
        CheckConstraint("(state IN ('refused', 'ended')) = (reason IS NOT NULL)", name="reason"),
        Index(
            "uq_guardianship_one_acts",
            "child_key",
            unique=True,
            sqlite_where=IN_CHARGE,
            postgresql_where=IN_CHARGE,
        ),
        Index(
            "uq_guardianship_one_tie",
            "account_id",
            "person_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
    )

    id: Mapped[UUID] = random_id()
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str]
    proof: Mapped[str]
    child_key: Mapped[bytes | None]
    claimed_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None]
