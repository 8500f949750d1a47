"""The city's settings of residence: days, ages, shares and switches, each change in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.residency import policy
from civic_budget.residency.events import SettingChanged
from civic_budget.residency.limits import Limits, Value, checked
from civic_budget.residency.models import ResidencySetting
from civic_budget.residency.queries.persons import get_limits
from civic_budget.storage.db import Work


def set_limits(work: Work, values: Mapping[str, Value]) -> None:
    """Set limits by the names of `limits.Limits` without a trail: for a city's first furnishing.

    Raises Conflict as `limits.checked` does.
    """
    checked(get_limits(work.session), values)
    for name, value in values.items():
        work.session.merge(ResidencySetting(name=name, value={"value": value}))
    work.session.flush()


def change_settings(
    work: Work, actor: Actor, *, values: Mapping[str, Value], at: datetime
) -> tuple[str, ...]:
    """Change settings from the office; returns the names of those that are otherwise now.

    They hold for whatever is computed from now on: a deadline that was told to somebody stays. Raises
    NotAllowed `not_a_settings_role`, and Conflict as `limits.checked` does.
    """
    require(policy.may_set(actor))
    before = get_limits(work.session)
    changed = _differences(before, checked(before, values))
    for name, (old, new) in changed.items():
        work.session.merge(ResidencySetting(name=name, value={"value": new}))
        work.publish(
            SettingChanged(name=name, before=str(old), after=str(new), at=at, by=actor.account_id)
        )
    return tuple(changed)


def _differences(before: Limits, after: Limits) -> dict[str, tuple[Value, Value]]:
    old, new = asdict(before), asdict(after)
    return {name: (old[name], new[name]) for name in old if old[name] != new[name]}
