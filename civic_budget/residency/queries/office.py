"""The officers' queue: which cases wait, how long, how many; never who they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session

from civic_budget.residency.models import (
    OfficerInterest,
    PersonHolder,
    ResidenceCase,
    ResidenceCheck,
    SampleMember,
)
from civic_budget.residency.rules import (
    DECIDED_STATES,
    WAITS_FOR_OFFICER,
    CaseState,
    Flag,
    Limits,
    Purpose,
    Road,
)

PAGE = 50


class Tab(StrEnum):
    """A cut of the queue."""

    WAITING = "waiting"
    MINE = "mine"
    FLAGGED = "flagged"
    APPEALS = "appeals"
    CHECKS = "checks"
    OVERDUE = "overdue"
    ASKED = "asked"
    DECIDED = "decided"


@dataclass(frozen=True)
class QueueFilter:
    """What an officer wants to see."""

    tab: Tab = Tab.WAITING
    road: Road | None = None
    district: int | None = None
    purpose: Purpose | None = None
    flag: Flag | None = None


@dataclass(frozen=True)
class QueueRow:
    """A case in the queue: reference and facts of work, no personal data."""

    id: UUID
    reference: str
    state: CaseState
    road: Road | None
    district: int | None
    flags: tuple[Flag, ...]
    submitted_at: datetime | None
    due_at: datetime | None
    claimed_by: UUID | None
    is_claim_running: bool
    is_reopened: bool = False
    """An upheld complaint wants its confirmation checked again."""


def list_queue(
    session: Session,
    wanted: QueueFilter,
    limits: Limits,
    *,
    officer: UUID,
    at: datetime,
    page: int = 1,
) -> Sequence[QueueRow]:
    """One page of the queue, the nearest deadline first (decided ones: the newest first)."""
    order = (
        ResidenceCase.decided_at.desc() if wanted.tab is Tab.DECIDED else ResidenceCase.due_at.asc()
    )
    rows = session.scalars(
        select(ResidenceCase)
        .where(*_conditions(wanted, officer, at))
        .order_by(order, ResidenceCase.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    reopened = set(
        session.scalars(
            select(ResidenceCheck.case_id).where(
                ResidenceCheck.case_id.in_([row.id for row in rows]),
                ResidenceCheck.checked_at.is_(None),
            )
        )
    )
    return [replace(_row(row, limits, at), is_reopened=row.id in reopened) for row in rows]


def count_queue(
    session: Session, wanted: QueueFilter, *, officer: UUID, at: datetime
) -> dict[Tab, int]:
    """How many cases each tab holds under the same road and district."""
    counts = {}
    for tab in Tab:
        cut = replace(wanted, tab=tab)
        counts[tab] = (
            session.scalar(
                select(func.count())
                .select_from(ResidenceCase)
                .where(*_conditions(cut, officer, at))
            )
            or 0
        )
    return counts


def nearest_deadline(session: Session) -> datetime | None:
    """The earliest day by which a case that waits for an officer is due."""
    waits = ResidenceCase.state.in_([state.value for state in WAITS_FOR_OFFICER])
    return session.scalar(select(func.min(ResidenceCase.due_at)).where(waits))


def next_case(session: Session, limits: Limits, *, officer: UUID, at: datetime) -> UUID | None:
    """The nearest deadline that nobody holds, among cases that this officer may decide.

    Their own, a relative's and, of appeals, those against their own refusal are left out.
    """
    stale = at - (limits.claim_until(at) - at)
    own = select(PersonHolder.person_id).where(PersonHolder.account_id == officer)
    known = select(OfficerInterest.person_id).where(OfficerInterest.account_id == officer)
    return session.scalar(
        select(ResidenceCase.id)
        .where(
            ResidenceCase.state.in_([state.value for state in WAITS_FOR_OFFICER]),
            ResidenceCase.person_id.not_in(own),
            ResidenceCase.person_id.not_in(known),
            or_(ResidenceCase.state == CaseState.SUBMITTED, ResidenceCase.decided_by != officer),
            or_(ResidenceCase.claimed_at.is_(None), ResidenceCase.claimed_at <= stale),
        )
        .order_by(ResidenceCase.due_at, ResidenceCase.id)
        .limit(1)
    )


_OPEN_CHECKS = (
    select(SampleMember.case_id)
    .where(SampleMember.is_drawn, SampleMember.checked_at.is_(None))
    .union_all(select(ResidenceCheck.case_id).where(ResidenceCheck.checked_at.is_(None)))
)


def _conditions(
    wanted: QueueFilter, officer: UUID, at: datetime
) -> tuple[ColumnElement[bool], ...]:
    waits = ResidenceCase.state.in_([state.value for state in WAITS_FOR_OFFICER])
    cuts: dict[Tab, tuple[ColumnElement[bool], ...]] = {
        Tab.WAITING: (waits,),
        Tab.MINE: (ResidenceCase.claimed_by == officer,),
        Tab.FLAGGED: (waits, ResidenceCase.is_flagged.is_(True)),
        Tab.APPEALS: (ResidenceCase.state == CaseState.APPEALED,),
        Tab.CHECKS: (ResidenceCase.id.in_(_OPEN_CHECKS),),
        Tab.OVERDUE: (waits, ResidenceCase.due_at < at),
        Tab.ASKED: (ResidenceCase.state == CaseState.NEEDS_MORE,),
        Tab.DECIDED: (ResidenceCase.state.in_([state.value for state in DECIDED_STATES]),),
    }
    conditions = list(cuts[wanted.tab])
    if wanted.road is not None:
        conditions.append(ResidenceCase.road == wanted.road.value)
    if wanted.district is not None:
        conditions.append(ResidenceCase.district == wanted.district)
    if wanted.purpose is not None:
        conditions.append(ResidenceCase.purpose == wanted.purpose.value)
    if wanted.flag is not None:
        conditions.append(cast(ResidenceCase.flags, String).contains(f'"{wanted.flag.value}"'))
    return tuple(conditions)


def _row(row: ResidenceCase, limits: Limits, at: datetime) -> QueueRow:
    running = row.claimed_at is not None and at < limits.claim_until(row.claimed_at)
    return QueueRow(
        id=row.id,
        reference=row.reference,
        state=CaseState(row.state),
        road=Road(row.road) if row.road else None,
        district=row.district,
        flags=tuple(Flag(flag) for flag in row.flags),
        submitted_at=row.submitted_at,
        due_at=row.due_at,
        claimed_by=row.claimed_by,
        is_claim_running=running,
    )
