"""A city's rule for choosing winners, as declared data: frozen, loadable from TOML.

It says what to do, never does it. It must not know projects or ballots.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from civic_budget.selection.model import SelectionError


class BallotKind(StrEnum):
    """What a voter writes down."""

    ORDINAL = "ordinal"
    APPROVAL = "approval"
    CHOOSE_ONE = "choose-one"
    CUMULATIVE = "cumulative"
    POINTS = "points"


class Method(StrEnum):
    """Walking down a list, or giving every voter an equal share of the money."""

    GREEDY = "greedy"
    EQUAL_SHARES = "equal-shares"


class Measure(StrEnum):
    """What is counted: points, or ballots that name the project."""

    POINTS = "points"
    VOTES = "votes"


class Order(StrEnum):
    """What puts one project above another on the list."""

    POINTS = "points"
    VOTES = "votes"
    POINTS_PER_COST = "points-per-cost"


class Misfit(StrEnum):
    """What happens at a project that costs more than is left."""

    SKIP = "skip"
    STOP = "stop"
    TOP_UP = "top-up"


class TieStep(StrEnum):
    """What puts one of two equal projects first; after the last step comes the draw."""

    MORE_VOTES = "more-votes"
    MORE_POINTS = "more-points"
    MORE_FIRST_CHOICES = "more-first-choices"
    FEWER_VOTES = "fewer-votes"
    LOWER_COST = "lower-cost"
    HIGHER_COST = "higher-cost"


class Utility(StrEnum):
    """What a funded project is worth to a voter in Equal Shares: its points, or points × cost."""

    COST = "cost"
    POINTS = "points"


class Completion(StrEnum):
    """How Equal Shares goes on when money is left.

    Add1 gives every voter one more unit and starts again: `ADD1` until a result would overspend,
    `ADD1_EXHAUSTIVE` already when no unfunded project fits any more (the textbook's stop).
    """

    NONE = "none"
    ADD1 = "add1"
    ADD1_EXHAUSTIVE = "add1-exhaustive"


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a project needs in order to win at all: a number, or a share of valid ballots."""

    measure: Measure = Measure.VOTES
    number: int = 0
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class EqualShares:
    """Parameters of the Method of Equal Shares.

    `step` is Add1's unit in grosze. `floor` k asks votes / ballots ≥ cost / (k × budget). With
    `comparison`, the greedy result is taken when more voters prefer it.
    """

    utility: Utility = Utility.COST
    completion: Completion = Completion.ADD1
    step: int = 100
    floor: Fraction | None = None
    comparison: bool = False

    def __post_init__(self) -> None:
        """Refuse a unit with which Add1 would never end."""
        if self.step <= 0:
            raise SelectionError("rule_value", key="step", value=self.step)


@dataclass(frozen=True, slots=True)
class Rule:
    """One declared rule; `points` is the vector of an ordinal ballot, best place first."""

    name: str
    ballot: BallotKind
    points: tuple[int, ...] = ()
    method: Method = Method.GREEDY
    order: Order = Order.POINTS
    misfit: Misfit = Misfit.SKIP
    top_up_share: Fraction = Fraction(4, 5)
    threshold: Threshold = Threshold()
    ties: tuple[TieStep, ...] = ()
    draw_event: str = ""
    equal_shares: EqualShares = EqualShares()
    source: tuple[str, ...] = ()


def parse_rule(text: str, *, level: str | None = None) -> Rule:
    """Read a rule from TOML; `level` picks a table `[levels.<level>]` whose keys override.

    Raises `SelectionError` naming the key that is missing, unknown or impossible.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise SelectionError("rule_value", key="TOML", value=str(wrong)) from None
    levels = table.pop("levels", {})
    if not isinstance(levels, dict):
        raise SelectionError("rule_value", key="levels", value=str(levels))
    chosen: Mapping[str, Any] = levels.get(level, {})
    return rule_from(_merged(table, chosen))


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        known = merged.get(key)
        deep = isinstance(value, dict) and isinstance(known, dict)
        merged[key] = _merged(merged[key], value) if deep else value
    return merged


def rule_from(table: Mapping[str, Any]) -> Rule:
    """Build a rule from plain values as TOML gives them; raises `SelectionError`."""
    for key in ("name", "ballot"):
        if key not in table:
            raise SelectionError("rule_key_missing", key=key)
    values = _values(Rule(name="", ballot=BallotKind.APPROVAL), table)
    rule = Rule(**values)
    if rule.ballot is BallotKind.ORDINAL and not rule.points:
        raise SelectionError("rule_key_missing", key="points")
    return rule


def rule_to(rule: Rule) -> dict[str, Any]:
    """The rule as plain values that `rule_from` reads back (for files and manifests)."""
    return {key: value for key, value in _plain(rule).items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, Rule | Threshold | EqualShares):
        table = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {key: entry for key, entry in table.items() if entry is not None}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    return value


def _values(default: Rule | Threshold | EqualShares, table: Mapping[str, Any]) -> dict[str, Any]:
    """Convert each given value to the type that the default of its field has."""
    known = {field.name for field in fields(default)}
    for key in table:
        if key not in known:
            raise SelectionError("rule_key_unknown", key=key)
    return {key: _value(key, value, getattr(default, key)) for key, value in table.items()}


_TIES_END = "draw"


def _value(key: str, value: Any, default: Any) -> Any:
    try:
        if isinstance(default, Threshold | EqualShares):
            return _nested(key, value, default)
        if key == "ties":
            steps = value[:-1] if value and value[-1] == _TIES_END else value
            return tuple(TieStep(step) for step in steps)
        return _scalar(key, value, default)
    except (ValueError, TypeError, ZeroDivisionError, AttributeError) as wrong:
        if isinstance(wrong, SelectionError):
            raise
        raise SelectionError("rule_value", key=key, value=str(value)) from None


def _nested(key: str, value: Any, default: Threshold | EqualShares) -> Threshold | EqualShares:
    if not isinstance(value, dict):
        raise SelectionError("rule_value", key=key, value=str(value))
    return replace(default, **_values(default, value))


def _scalar(key: str, value: Any, default: Any) -> Any:
    if isinstance(default, StrEnum):
        return type(default)(value)
    if key in ("share", "floor", "top_up_share"):
        return _share(value)
    if key in ("points", "source"):
        entry_type = int if key == "points" else str
        if not isinstance(value, list | tuple) or any(type(v) is not entry_type for v in value):
            raise ValueError(key)
        if key == "points" and any(entry < 0 for entry in value):
            raise ValueError(key)
        return tuple(value)
    if type(value) is not type(default) or (isinstance(value, int) and value < 0):
        raise ValueError(key)
    return value


def _share(value: Any) -> Fraction:
    """A share is written as text ("4/5", "0.8") or a whole number: floats would not be exact."""
    if isinstance(value, float | bool):
        raise TypeError(value)
    share = Fraction(value)
    if share <= 0:
        raise ValueError(value)
    return share
