"""The office's own figures: what waits, what was decided, why refused, how appeals ended, what is to come.

Work is counted, never people: nothing here knows a citizenship, a language or a document's country, and
no officer is counted by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from civic_budget.kernel.clock import CITY_ZONE, city_day
from civic_budget.residency.forecast import SEASON, hours_of
from civic_budget.residency.limits import Limits
from civic_budget.residency.models import CaseDecision, ResidenceCase
from civic_budget.residency.rules import WAITS_FOR_OFFICER, CaseAction, CaseState, Road

DECIDING = (
    CaseAction.CONFIRM,
    CaseAction.REFUSE,
    CaseAction.ALLOW_APPEAL,
    CaseAction.DISMISS_APPEAL,
)
DAYS_SHOWN = 14


@dataclass(frozen=True)
class OfficeFigures:
    """The figures at a moment; days are the city's."""

    waiting: int
    waiting_by_road: Mapping[Road, int]
    appeals_waiting: int
    oldest: datetime | None
    overdue: int
    asked: int
    decided_per_day: tuple[tuple[date, int], ...]
    refusals: tuple[tuple[str, int], ...]
    appeals_allowed: int
    appeals_dismissed: int
    backlog_hours: float

    @property
    def appeals_decided(self) -> int:
        """How many appeals were decided."""
        return self.appeals_allowed + self.appeals_dismissed


def get_figures(
    session: Session, limits: Limits, *, since: datetime, at: datetime
) -> OfficeFigures:
    """What waits at a moment; refusals and appeals since another one."""
    by_road = _waiting_by_road(session)
    appeals = _count(session, ResidenceCase.state == CaseState.APPEALED)
    deeds = _deeds_since(session, since)
    ended = Counter({action: sum(reasons.values()) for action, reasons in deeds.items()})
    refused = deeds.get(CaseAction.REFUSE, Counter())
    return OfficeFigures(
        waiting=sum(by_road.values()) + appeals,
        waiting_by_road=by_road,
        appeals_waiting=appeals,
        oldest=session.scalar(select(func.min(ResidenceCase.submitted_at)).where(_waits())),
        overdue=_count(session, _waits(), ResidenceCase.due_at < at),
        asked=_count(session, ResidenceCase.state == CaseState.NEEDS_MORE),
        decided_per_day=_decided_per_day(session, at),
        refusals=tuple(sorted(refused.items(), key=lambda pair: (-pair[1], pair[0]))),
        appeals_allowed=ended[CaseAction.ALLOW_APPEAL],
        appeals_dismissed=ended[CaseAction.DISMISS_APPEAL],
        backlog_hours=hours_of(by_road, appeals, limits),
    )


def arrivals_by_day(session: Session, *, closed_on: date) -> dict[date, int]:
    """How many cases came on each day of the season before a closing day, that day included."""
    first = closed_on - timedelta(days=SEASON)
    rows = session.scalars(
        select(ResidenceCase.submitted_at).where(
            ResidenceCase.submitted_at >= _midnight(first),
            ResidenceCase.submitted_at < _midnight(closed_on + timedelta(days=2)),
        )
    )
    days = Counter(city_day(at) for at in rows if at is not None)
    return {day: count for day, count in days.items() if first < day <= closed_on}


def mix_of_roads(session: Session, *, since: date) -> dict[Road, int]:
    """How many cases came on each road since a day."""
    rows = session.execute(
        select(ResidenceCase.road, func.count())
        .where(ResidenceCase.submitted_at >= _midnight(since), ResidenceCase.road.is_not(None))
        .group_by(ResidenceCase.road)
    )
    return {Road(road): count for road, count in rows if road is not None}


def _waits() -> ColumnElement[bool]:
    return ResidenceCase.state.in_([state.value for state in WAITS_FOR_OFFICER])


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(ResidenceCase).where(*conditions)
    return session.scalar(query) or 0


def _waiting_by_road(session: Session) -> dict[Road, int]:
    rows = session.execute(
        select(ResidenceCase.road, func.count())
        .where(ResidenceCase.state == CaseState.SUBMITTED)
        .group_by(ResidenceCase.road)
    )
    return {Road(road): count for road, count in rows if road is not None}


def _deeds_since(session: Session, since: datetime) -> dict[CaseAction, Counter[str]]:
    rows = session.execute(
        select(CaseDecision.action, CaseDecision.reason, func.count())
        .where(
            CaseDecision.at >= since,
            CaseDecision.action.in_([action.value for action in DECIDING]),
        )
        .group_by(CaseDecision.action, CaseDecision.reason)
    )
    found: dict[CaseAction, Counter[str]] = {}
    for action, reason, count in rows:
        found.setdefault(CaseAction(action), Counter())[reason or ""] += count
    return found


def _decided_per_day(session: Session, at: datetime) -> tuple[tuple[date, int], ...]:
    today = city_day(at)
    first = today - timedelta(days=DAYS_SHOWN - 1)
    rows = session.scalars(
        select(CaseDecision.at).where(
            CaseDecision.at >= _midnight(first),
            CaseDecision.action.in_([action.value for action in DECIDING]),
        )
    )
    days = Counter(city_day(moment) for moment in rows)
    shown = (first + timedelta(days=number) for number in range(DAYS_SHOWN))
    return tuple((day, days[day]) for day in shown)


def _midnight(day: date) -> datetime:
    """The beginning of a day in the city."""
    return datetime(day.year, day.month, day.day, tzinfo=CITY_ZONE)
