"""Rules are declared as data: shipped for six cities, loadable from TOML, refused with a reason."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from civic_budget.selection import (
    BallotKind,
    Completion,
    Measure,
    Method,
    Misfit,
    Order,
    SelectionError,
    Threshold,
    TieStep,
    Utility,
    load_preset,
    parse_rule,
    preset_for,
    preset_names,
    rule_from,
    rule_to,
)
from civic_budget.selection.presets import CITIES


def test_six_cities_are_shipped_and_say_where_they_come_from() -> None:
    assert preset_names() == (
        "gdynia",
        "katowice",
        "krakow",
        "swiecie",
        "warszawa",
        "wieliczka",
    )
    for name in preset_names():
        rule = load_preset(name)
        assert rule.name == name
        assert rule.source and rule.draw_event
    assert set(CITIES.values()) == set(preset_names())
    assert preset_for("Kraków") == "krakow"
    assert preset_for("Atlantis") is None


def test_krakow() -> None:
    rule = load_preset("krakow")

    assert (rule.ballot, rule.points) == (BallotKind.ORDINAL, (3, 2, 1))
    assert (rule.method, rule.order, rule.misfit) == (Method.GREEDY, Order.POINTS, Misfit.SKIP)
    assert rule.threshold == Threshold()


@pytest.mark.parametrize(
    ("name", "level", "number"),
    [("warszawa", "district", 50), ("warszawa", "city", 100), ("katowice", "city", 200)],
)
def test_thresholds_depend_on_the_level(name: str, level: str, number: int) -> None:
    assert load_preset(name, level=level).threshold == Threshold(Measure.VOTES, number)


def test_every_parameter_can_be_declared() -> None:
    rule = parse_rule(
        """
        name = "all"
        ballot = "cumulative"
        points = [5, 1]
        method = "equal-shares"
        order = "points-per-cost"
        misfit = "top-up"
        top_up_share = "80/100"
        ties = ["more-votes", "lower-cost", "draw"]
        draw_event = "dice"
        source = ["here"]
        [threshold]
        measure = "points"
        number = 7
        share = "0.02"
        [equal_shares]
        utility = "points"
        completion = "add1-exhaustive"
        step = 50
        floor = "1/3"
        comparison = true
        """
    )

    assert rule.top_up_share == Fraction(4, 5)
    assert rule.ties == (TieStep.MORE_VOTES, TieStep.LOWER_COST)
    assert rule.threshold == Threshold(Measure.POINTS, 7, Fraction(1, 50))
    assert rule.equal_shares.completion is Completion.ADD1_EXHAUSTIVE
    assert (rule.equal_shares.utility, rule.equal_shares.floor) == (Utility.POINTS, Fraction(1, 3))
    assert rule_from(rule_to(rule)) == rule


@pytest.mark.parametrize("name", preset_names())
def test_presets_survive_as_plain_values(name: str) -> None:
    rule = load_preset(name)

    assert rule_from(rule_to(rule)) == rule


BASE = 'name = "x"\nballot = "approval"\n'


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ('ballot = "approval"', "rule_key_missing", "name"),
        ('name = "x"', "rule_key_missing", "ballot"),
        ('name = "x"\nballot = "ordinal"', "rule_key_missing", "points"),
        (BASE + 'colour = "red"', "rule_key_unknown", "colour"),
        (BASE + 'misfit = "shrug"', "rule_value", "misfit"),
        (BASE + "points = [3, -1]", "rule_value", "points"),
        (BASE + 'points = "321"', "rule_value", "points"),
        (BASE + "top_up_share = 0.8", "rule_value", "top_up_share"),
        (BASE + 'top_up_share = "1/0"', "rule_value", "top_up_share"),
        (BASE + 'ties = ["draw", "more-votes"]', "rule_value", "ties"),
        (BASE + "threshold = 5", "rule_value", "threshold"),
        (BASE + "[threshold]\nnumber = -5", "rule_value", "number"),
        (BASE + "[threshold]\nnumber = true", "rule_value", "number"),
        (BASE + "[threshold]\nminimum = 5", "rule_key_unknown", "minimum"),
        (BASE + "[equal_shares]\nstep = 0", "rule_value", "step"),
        (BASE + "levels = 3", "rule_value", "levels"),
        ("name = ", "rule_value", "TOML"),
    ],
)
def test_a_wrong_rule_is_refused_by_key(text: str, code: str, key: str) -> None:
    with pytest.raises(SelectionError) as caught:
        parse_rule(text)

    assert (caught.value.code, caught.value.values["key"]) == (code, key)


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(SelectionError, match="no preset named atlantis"):
        load_preset("atlantis")


def test_the_winner_rules_need_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, civic_budget.selection, civic_budget.pabulib;"
        "own = {name.partition('.')[0] for name in sys.modules} - {'__main__', 'civic_budget'};"
        "print(sorted(n for n in own - sys.stdlib_module_names if not n.startswith('_')))"
    )
    root = Path(__file__).resolve().parents[3]
    found = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=root, capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "[]"
