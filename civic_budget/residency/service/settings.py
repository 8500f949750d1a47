"""The city's settings of residence: days, ages, shares and switches, each change in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from civic_budget.config import LANGUAGES
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import NotFound
from civic_budget.residency import policy
from civic_budget.residency.events import OptionChanged, SettingChanged
from civic_budget.residency.limits import Limits, Value, checked
from civic_budget.residency.models import ResidencyOption, ResidencySetting
from civic_budget.residency.options import (
    Option,
    check_catalogue,
    check_option,
    merged,
)
from civic_budget.residency.queries.options import list_options
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


def put_option(
    work: Work, actor: Actor, *, option: Option, at: datetime, is_new: bool = False
) -> None:
    """Change an entry of a list, or add one; it is offered from now on, and codes never go.

    Raises NotAllowed `not_a_settings_role`, and Conflict as `options.check_option` and
    `options.check_catalogue` do.
    """
    require(policy.may_set(actor))
    held = list_options(work.session, option.catalogue)
    known = {each.code for each in held}
    check_option(option, is_new=is_new, taken=known)
    if not is_new and option.code not in known:
        raise NotFound
    check_catalogue(merged(option.catalogue, (*(o for o in held if o.code != option.code), option)))
    words = {f"name_{code}": option.names.get(code, "").strip() for code in LANGUAGES}
    words |= {f"text_{code}": option.texts.get(code, "").strip() for code in LANGUAGES}
    work.session.merge(
        ResidencyOption(
            catalogue=option.catalogue.value,
            code=option.code,
            is_offered=option.is_offered,
            needs_landlord=option.needs_landlord,
            confirms_alone=option.confirms_alone,
            changed_at=at,
            changed_by=actor.account_id,
            **words,
        )
    )
    work.session.flush()
    work.publish(
        OptionChanged(
            catalogue=option.catalogue.value,
            code=option.code,
            is_offered=option.is_offered,
            at=at,
            by=actor.account_id,
        )
    )


def _differences(before: Limits, after: Limits) -> dict[str, tuple[Value, Value]]:
    old, new = asdict(before), asdict(after)
    return {name: (old[name], new[name]) for name in old if old[name] != new[name]}
