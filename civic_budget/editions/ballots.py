"""How an edition's ballot is filled, as plain data that the voting room understands. Plain Python.

A rule holds for both lists; `levels` may say other numbers for one of them (`city`, `district`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from civic_budget.kernel.errors import Conflict

LEVELS = ("district", "city")
KINDS = ("points", "approval", "one", "cumulative")
ORDERS = ("drawn", "shuffled")
ON_DUPLICATE = ("paper_wins", "void_all", "drawn")
MOST_POINTS = 20
MOST_TO_DIVIDE = 1000


@dataclass(frozen=True, kw_only=True)
class BallotSetting:
    """How a ballot is filled.

    `points` is the vector of a points ballot, first place first; `total` what a voter divides on a
    cumulative one. `city_minimum` and `city_maximum` are for the city's list alone. `required` names
    the lists that a voter must fill; `order` is that of the drawn numbers, or a stable random one of
    each voter; `on_duplicate` says what becomes of two envelopes of one human.
    """

    kind: str
    points: Sequence[int] = ()
    minimum: int = 1
    maximum: int | None = None
    total: int | None = None
    city_minimum: int | None = None
    city_maximum: int | None = None
    required: Sequence[str] = field(default=LEVELS)
    order: str = "drawn"
    on_duplicate: str = "paper_wins"

    def as_data(self) -> dict[str, Any]:
        """The rule as the edition keeps it; raises Conflict at the field that contradicts another."""
        self._check_points()
        most = len(self.points) if self.kind == "points" else self.maximum
        _check_bounds(self.minimum, most, "minimum")
        city = self._city(most)
        data: dict[str, Any] = {
            "kind": self.kind,
            "points": list(self.points) if self.kind == "points" else [],
            "minimum": self.minimum,
            "maximum": most,
            "required": [level for level in LEVELS if level in self.required],
            "order": self.order,
            "on_duplicate": self.on_duplicate,
        }
        if self.kind == "cumulative":
            data["sum"] = self.total
        if city:
            data["levels"] = {"city": city}
        return data

    def _check_points(self) -> None:
        if self.kind == "points":
            if not 0 < len(self.points) <= MOST_POINTS:
                raise Conflict("points_missing", field="points")
            if list(self.points) != sorted(self.points, reverse=True) or self.points[-1] < 1:
                raise Conflict("points_not_descending", field="points")
        if self.kind == "cumulative" and not 0 < (self.total or 0) <= MOST_TO_DIVIDE:
            raise Conflict("total_missing", field="total")

    def _city(self, most: int | None) -> dict[str, int]:
        if self.kind in {"points", "one"}:
            return {}
        given = {"minimum": self.city_minimum, "maximum": self.city_maximum}
        city = {name: number for name, number in given.items() if number is not None}
        fewest = city.get("minimum", self.minimum)
        _check_bounds(fewest, city.get("maximum", most), "city_minimum")
        return city


def _check_bounds(fewest: int, most: int | None, at_field: str) -> None:
    if most is not None and fewest > most:
        raise Conflict("minimum_above_maximum", field=at_field)


def level_rule(rule: Mapping[str, Any], level: str) -> dict[str, Any]:
    """The rule of one list: what holds for all, with that list's own numbers."""
    own = rule.get("levels", {}).get(level, {})
    return {**{name: value for name, value in rule.items() if name != "levels"}, **own}


def is_required(rule: Mapping[str, Any], level: str) -> bool:
    """Whether a voter who has this list must fill it; a rule that says nothing asks for every list."""
    required = rule.get("required", True)
    return level in required if isinstance(required, list) else bool(required)
