"""What a city may set for residence: days, ages, shares and switches, with their bounds. Plain Python.

`Limits` holds the values in force; its field names are the names of the settings rows. Other rooms and
pages read deadlines and ages from here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum

from civic_budget.kernel.errors import Conflict

Value = int | bool | str
ADULT = 18
_SEED = re.compile(r"[\w .:/+-]{1,80}")


@dataclass(frozen=True)
class Limits:
    """What a city may set: days, years and shares. Names are those of its settings rows."""

    decide_days: int = 30
    answer_days: int = 14
    appeal_days: int = 14
    complaint_days: int = 14
    claim_hours: int = 8
    valid_years: int = 3
    renewal_months: int = 3
    posted_code_days: int = 30
    activation_code_days: int = 21
    guardian_youngest_age: int = 0
    hand_over_age: int = 13
    online_vote_age: int = 0
    evidence_days_after_decision: int = 30
    evidence_days_unfinished: int = 90
    statement_confirms: bool = False
    letter_confirms: bool = True
    register_confirms: bool = True
    register_questions: int = 6
    sample_permille: int = 40
    sample_seed: str = "0"
    great_age: int = 105
    crowd: int = 12
    minutes_statement: int = 3
    minutes_document: int = 6
    minutes_appeal: int = 20

    def with_settings(self, rows: Mapping[str, Value]) -> Limits:
        """These limits with the city's own values; unknown names are ignored."""
        known = {name: value for name, value in rows.items() if name in NAMES}
        return replace(self, **known) if known else self  # type: ignore[arg-type]

    def decide_by(self, submitted_at: datetime) -> datetime:
        """By when an officer decides."""
        return submitted_at + timedelta(days=self.decide_days)

    def answer_by(self, asked_at: datetime) -> datetime:
        """By when the person answers a request for more."""
        return asked_at + timedelta(days=self.answer_days)

    def appeal_by(self, refused_at: datetime) -> datetime:
        """Until when a refusal can be appealed."""
        return refused_at + timedelta(days=self.appeal_days)

    def complaint_by(self, received_at: datetime) -> datetime:
        """By when a complaint about somebody else's registration or vote is answered."""
        return received_at + timedelta(days=self.complaint_days)

    def valid_until(self, confirmed_at: datetime) -> datetime:
        """Until when a confirmation holds."""
        return confirmed_at + timedelta(days=365 * self.valid_years + self.valid_years // 4 + 1)

    def renewal_from(self, valid_until: datetime) -> datetime:
        """From when a confirmation that ends can be renewed with one tap; a month counts as 30 days."""
        return valid_until - timedelta(days=30 * self.renewal_months)

    def posted_code_until(self, posted_at: datetime) -> datetime:
        """Until when a code that was sent by post to an address can be typed in."""
        return posted_at + timedelta(days=self.posted_code_days)

    def activation_code_until(self, printed_at: datetime) -> datetime:
        """Until when the code on a desk's activation card opens the account."""
        return printed_at + timedelta(days=self.activation_code_days)

    def claim_until(self, claimed_at: datetime) -> datetime:
        """How long an officer's claim keeps others away."""
        return claimed_at + timedelta(hours=self.claim_hours)


STANDARD = Limits()
"""What holds where a city set nothing."""
NAMES = frozenset(field.name for field in fields(Limits))


class Group(StrEnum):
    """Settings that are set on one page."""

    DEADLINES = "deadlines"
    CONFIRMATION = "confirmation"
    CHECKS = "checks"
    GUARDIANS = "guardians"
    RETENTION = "retention"
    FORECAST = "forecast"


@dataclass(frozen=True)
class Bounds:
    """Where a number belongs, and from where to where it may go, both included."""

    group: Group
    lowest: int
    highest: int


BOUNDS: dict[str, Bounds] = {
    "decide_days": Bounds(Group.DEADLINES, 1, 90),
    "answer_days": Bounds(Group.DEADLINES, 7, 60),
    "appeal_days": Bounds(Group.DEADLINES, 7, 60),
    "complaint_days": Bounds(Group.DEADLINES, 1, 60),
    "posted_code_days": Bounds(Group.DEADLINES, 7, 120),
    "activation_code_days": Bounds(Group.DEADLINES, 1, 120),
    "claim_hours": Bounds(Group.DEADLINES, 1, 72),
    "valid_years": Bounds(Group.CONFIRMATION, 1, 10),
    "renewal_months": Bounds(Group.CONFIRMATION, 1, 12),
    "register_questions": Bounds(Group.CONFIRMATION, 1, 50),
    "sample_permille": Bounds(Group.CHECKS, 0, 1000),
    "great_age": Bounds(Group.CHECKS, 90, 120),
    "crowd": Bounds(Group.CHECKS, 3, 500),
    "guardian_youngest_age": Bounds(Group.GUARDIANS, 0, ADULT - 1),
    "hand_over_age": Bounds(Group.GUARDIANS, 1, ADULT),
    "online_vote_age": Bounds(Group.GUARDIANS, 0, ADULT),
    "evidence_days_after_decision": Bounds(Group.RETENTION, 0, 365),
    "evidence_days_unfinished": Bounds(Group.RETENTION, 30, 365),
    "minutes_statement": Bounds(Group.FORECAST, 1, 60),
    "minutes_document": Bounds(Group.FORECAST, 1, 120),
    "minutes_appeal": Bounds(Group.FORECAST, 1, 240),
}
SWITCHES: dict[str, Group] = {
    "statement_confirms": Group.CONFIRMATION,
    "letter_confirms": Group.CONFIRMATION,
    "register_confirms": Group.CONFIRMATION,
}
SEED = "sample_seed"


def names_in(group: Group) -> tuple[str, ...]:
    """The settings of a group, in the order of its page."""
    numbers = [name for name, bounds in BOUNDS.items() if bounds.group is group]
    switches = [name for name, where in SWITCHES.items() if where is group]
    return (*numbers, *switches, *((SEED,) if group is Group.CHECKS else ()))


def checked(limits: Limits, values: Mapping[str, Value]) -> Limits:
    """The limits with new values, if they make sense alone and together.

    Raises Conflict at the setting's own field: `out_of_bounds` (with `lowest`, `highest`), `bad_seed`,
    `unknown_setting`, `hand_over_too_young`, `documents_too_short`.
    """
    for name, value in values.items():
        _check_one(name, value)
    changed = limits.with_settings(values)
    if changed.hand_over_age <= changed.guardian_youngest_age:
        raise Conflict("hand_over_too_young", field="hand_over_age")
    if changed.evidence_days_unfinished < changed.decide_days + changed.answer_days:
        # Documents of a case that still waits would be deleted under the officer's hands.
        least = changed.decide_days + changed.answer_days
        raise Conflict("documents_too_short", field="evidence_days_unfinished", least=least)
    return changed


def _check_one(name: str, value: Value) -> None:
    if name in SWITCHES:
        if not isinstance(value, bool):
            raise Conflict("unknown_setting", field=name)
    elif name == SEED:
        if not isinstance(value, str) or not _SEED.fullmatch(value):
            raise Conflict("bad_seed", field=name)
    elif name in BOUNDS:
        bounds = BOUNDS[name]
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if not is_number or not bounds.lowest <= int(value) <= bounds.highest:
            raise Conflict(
                "out_of_bounds", field=name, lowest=bounds.lowest, highest=bounds.highest
            )
    else:
        raise Conflict("unknown_setting", name=name)
