"""How a ballot is filled: numbers that contradict each other are told at their field."""

from __future__ import annotations

from typing import Any

import pytest

from civic_budget.editions.ballots import BallotSetting, is_required, level_rule
from civic_budget.kernel.errors import Conflict


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"kind": "points"}, "points_missing", "points"),
        ({"kind": "points", "points": [1, 2]}, "points_not_descending", "points"),
        ({"kind": "points", "points": [2, 0]}, "points_not_descending", "points"),
        ({"kind": "points", "points": [2, 1], "minimum": 3}, "minimum_above_maximum", "minimum"),
        ({"kind": "cumulative"}, "total_missing", "total"),
        ({"kind": "approval", "minimum": 4, "maximum": 3}, "minimum_above_maximum", "minimum"),
        (
            {"kind": "approval", "maximum": 5, "city_minimum": 6},
            "minimum_above_maximum",
            "city_minimum",
        ),
        (
            {"kind": "approval", "minimum": 3, "maximum": 5, "city_maximum": 2},
            "minimum_above_maximum",
            "city_minimum",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_field(
    said: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Conflict) as refused:
        BallotSetting(**said).as_data()
    assert (refused.value.code, refused.value.field) == (code, field)


def test_each_list_has_its_own_numbers() -> None:
    rule = BallotSetting(
        kind="approval", minimum=1, maximum=15, city_maximum=10, required=["city"]
    ).as_data()
    assert level_rule(rule, "district")["maximum"] == 15
    assert level_rule(rule, "city")["maximum"] == 10
    assert level_rule(rule, "city")["minimum"] == 1
    assert "levels" not in level_rule(rule, "city")
    assert [is_required(rule, level) for level in ("district", "city")] == [False, True]


def test_an_older_rule_asks_for_every_list() -> None:
    assert is_required({"kind": "points"}, "district")
    assert not is_required({"kind": "points", "required": False}, "district")


def test_points_take_as_many_projects_as_there_are_points() -> None:
    rule = BallotSetting(kind="points", points=[3, 2, 1], maximum=9, city_maximum=1).as_data()
    assert rule["maximum"] == 3
    assert "levels" not in rule
