"""Differences between a published edition and what it should become. Plain Python.

A change is data: the setting's code, its value before and after (moments as ISO text in UTC, money
in grosze). It must not know who signs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic_budget.editions.rules import Calendar, Milestone, PoolFacts
from civic_budget.editions.side_dates import SideDate, find_misplaced
from civic_budget.kernel.errors import Conflict

POOL_FIELDS = ("money", "min_cost", "max_cost", "signatures")


@dataclass(frozen=True)
class Change:
    """One difference: `milestone:voting_closes`, `side:cards_due`, or `pool:d08:max_cost`."""

    setting: str
    before: str | int
    after: str | int

    @property
    def milestone(self) -> Milestone | None:
        """The moment that is moved, if it is one."""
        kind, _, code = self.setting.partition(":")
        return Milestone(code) if kind == "milestone" else None

    @property
    def side(self) -> SideDate | None:
        """The further day that is moved, if it is one; an empty value means that it is left open."""
        kind, _, code = self.setting.partition(":")
        return SideDate(code) if kind == "side" else None

    @property
    def pool(self) -> tuple[str, str]:
        """The scope of the pool and the field that changes."""
        _, scope, field = self.setting.split(":")
        return scope, field


def as_data(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes as they are stored."""
    return [{"setting": c.setting, "before": c.before, "after": c.after} for c in changes]


def from_data(data: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Stored changes."""
    return tuple(Change(c["setting"], c["before"], c["after"]) for c in data)


def moved_moments(
    calendar: Calendar, wanted: Mapping[Milestone, datetime], *, at: datetime
) -> list[Change]:
    """The moments that differ; raises Conflict at the field when one may not be moved.

    What has passed stays, and nothing is moved into the past: people have relied on it.
    """
    changes = []
    for milestone in Milestone:
        before, after = calendar.moments[milestone], wanted.get(milestone)
        if after is None or after == before:
            continue
        if before <= at:
            raise Conflict("moment_has_passed", field=milestone.value)
        if after <= at:
            raise Conflict("moved_into_past", field=milestone.value)
        changes.append(
            Change(f"milestone:{milestone.value}", before.isoformat(), after.isoformat())
        )
    ordered = [wanted.get(m) or calendar.moments[m] for m in Milestone]
    for previous, following, milestone in zip(
        ordered, ordered[1:], list(Milestone)[1:], strict=False
    ):
        if following < previous:
            raise Conflict("phases_overlap", field=milestone.value)
    return changes


def moved_side_dates(
    held: Mapping[SideDate, datetime],
    wanted: Mapping[SideDate, datetime | None],
    moments: Mapping[Milestone, datetime],
    *,
    at: datetime,
) -> list[Change]:
    """The further days that differ (None: left open); what has passed stays, and each keeps its place."""
    changes = []
    for date, after in wanted.items():
        before = held.get(date)
        if after == before:
            continue
        if before is not None and before <= at:
            raise Conflict("moment_has_passed", field=date.value)
        if after is not None and after <= at:
            raise Conflict("moved_into_past", field=date.value)
        said = [moment.isoformat() if moment else "" for moment in (before, after)]
        changes.append(Change(f"side:{date.value}", *said))
    merged = {d: m for d, m in {**held, **wanted}.items() if m is not None}
    for date, _crossed in find_misplaced(moments, merged):
        raise Conflict("side_date_misplaced", field=date.value)
    return changes


def changed_pools(
    pools: Sequence[PoolFacts], wanted: Sequence[PoolFacts], *, is_list_public: bool
) -> list[Change]:
    """The amounts and limits that differ; raises Conflict once the list for the vote is public."""
    by_scope = {pool.scope: pool for pool in wanted}
    changes = []
    for pool in pools:
        after = by_scope.get(pool.scope)
        if after is None:
            continue
        for field in POOL_FIELDS:
            was, becomes = getattr(pool, field), getattr(after, field)
            if was != becomes:
                changes.append(Change(f"pool:{pool.scope}:{field}", was, becomes))
    if changes and is_list_public:
        raise Conflict("list_is_public")
    return changes
