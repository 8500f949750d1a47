"""A district that a resident contests: which one the list says, which one they mean, what was decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.types import Base, random_id

OPEN = text("state = 'open'")


class DistrictContest(Base):
    """One contest of a case's district; the person's reason lies sealed."""

    __tablename__ = "district_contest"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'upheld', 'dismissed', 'withdrawn')", name="state"),
        CheckConstraint("listed <> wanted", name="differs"),
        CheckConstraint(
            "(state IN ('upheld', 'dismissed')) = (decided_by IS NOT NULL)", name="decided_by"
        ),
        Index(
            "uq_district_contest_one_open",
            "case_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[UUID] = random_id()
    case_id: Mapped[UUID] = mapped_column(ForeignKey("residence_case.id"), index=True)
    listed: Mapped[int] = mapped_column(ForeignKey("district.number"))
    wanted: Mapped[int] = mapped_column(ForeignKey("district.number"))
    state: Mapped[str]
    reason_sealed: Mapped[bytes | None]
    said_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
