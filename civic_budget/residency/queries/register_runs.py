"""Runs over the whole register: the last one, and whether the next is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.residency.models import MatchRun, PersonIdentity

NIGHT_HOUR = 2
"""The hour of the city from which a night's run may begin."""
WINDOW_EVERY = timedelta(hours=3)
"""How often, at most, the register is compared while envelopes are checked and people change."""


@dataclass(frozen=True)
class RunFacts:
    """What a run did; `found`: pairs that were new to the officers."""

    begun_at: datetime
    finished_at: datetime | None
    people: int
    compared: int
    crowds: int
    found: int


def run_facts(row: MatchRun) -> RunFacts:
    """The facts of a row."""
    return RunFacts(row.begun_at, row.finished_at, row.people, row.compared, row.crowds, row.found)


def find_last_run(session: Session) -> RunFacts | None:
    """The last run that was finished."""
    row = session.scalars(
        select(MatchRun)
        .where(MatchRun.finished_at.is_not(None))
        .order_by(MatchRun.begun_at.desc())
        .limit(1)
    ).first()
    return run_facts(row) if row else None


def why_due(session: Session, *, closed_at: datetime | None, at: datetime) -> str | None:
    """Why the register is to be compared now (`night`, `window`), or None.

    At once when a run was left unfinished or none was ever made; then each night; once after a vote
    has closed; and again in the window of checks when somebody was added or changed meanwhile.
    """
    running = session.scalars(select(MatchRun).where(MatchRun.is_running)).first()
    if running is not None:
        return running.reason if running.lease_until <= at else None
    last = find_last_run(session)
    if last is None or last.begun_at < _last_night(at):
        return "night"
    if closed_at is None:
        return None
    if last.begun_at < closed_at:
        return "window"
    changed_at = session.scalar(select(func.max(PersonIdentity.updated_at)))
    has_changed = changed_at is not None and changed_at >= last.begun_at
    return "window" if has_changed and last.begun_at <= at - WINDOW_EVERY else None


def _last_night(at: datetime) -> datetime:
    local = at.astimezone(CITY_ZONE)
    night = local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return night if night <= local else night - timedelta(days=1)
