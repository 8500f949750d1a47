"""Lots are needed only where they matter, and anyone can draw them again."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from civic_budget.results.drawing import TEN_LINES
from civic_budget.selection import (
    Draw,
    Outcome,
    Project,
    SelectionError,
    TieStep,
    commitment_of,
    drawn_order,
    frozen_list,
    protocol_to,
    select,
)
from tests.unit.pabulib.samples import ROOT
from tests.unit.selection.elections import APPROVAL, ballots_of, projects_of

EVENT = "Lotto of 7 November"
RULE = replace(APPROVAL, draw_event=EVENT)
EQUAL = ballots_of("a", "b", "c")


def test_without_a_seed_the_protocol_stops_and_says_what_to_do() -> None:
    protocol = select(projects_of(a=60, b=60, c=30), ballots_of("a*2", "b*2", "c"), RULE, 100)

    assert not protocol.is_complete
    assert protocol.winners == ()
    assert {row.outcome for row in protocol.decisions} == {Outcome.UNDECIDED}
    draw = protocol.draws[0]
    assert (draw.projects, draw.event, draw.order) == (("a", "b"), EVENT, None)
    assert draw.frozen_list == (
        "civic-budget draw list, version 1\n"
        "rule: test\n"
        "event: Lotto of 7 November\n"
        "budget: 100\n"
        "a;60\nb;60\nc;30\n"
    )
    assert draw.commitment == hashlib.sha256(draw.frozen_list.encode()).hexdigest()


def test_what_was_certain_before_the_tie_stays_decided() -> None:
    ballots = ballots_of("a*3", "b*2", "c*2")
    protocol = select(projects_of(a=60, b=30, c=30), ballots, RULE, 100)

    assert [row.outcome.value for row in protocol.decisions] == ["selected"] + ["undecided"] * 2


@pytest.mark.parametrize("budget", [180, 59, 0])
def test_no_lots_when_all_fit_or_none(budget: int) -> None:
    protocol = select(projects_of(a=60, b=60, c=60), EQUAL, RULE, budget)

    assert protocol.is_complete
    assert protocol.draws == ()
    tie = protocol.decisions[0].tie
    assert tie is not None
    assert tie.settled_by == "irrelevant"


def test_no_lots_for_the_one_that_cannot_be_paid_anyway() -> None:
    protocol = select(projects_of(a=60, b=600, c=40), EQUAL, RULE, 100)

    assert protocol.winners == ("a", "c")
    assert protocol.is_complete


def test_lots_between_rivals_of_one_group_although_all_could_be_paid() -> None:
    group = frozenset({"square"})
    projects = [Project("a", 10, groups=group), Project("b", 10, groups=group)]

    assert not select(projects, ballots_of("a", "b"), RULE, 100).is_complete


def test_the_draw_by_hand() -> None:
    """What docs/selection.md tells a citizen to type gives the same order."""
    projects = projects_of(a=60, b=60, c=60)
    protocol = select(projects, EQUAL, RULE, 100, draw=Draw(seed="4 8 15 16 23 42"))
    text = protocol.draws[0].frozen_list

    commitment = hashlib.sha256(text.encode()).hexdigest()
    lots = {}
    for project in "abc":
        lot = f"{commitment}|4 8 15 16 23 42|{project}"
        lots[hashlib.sha256(lot.encode()).hexdigest()] = project
    by_hand = tuple(lots[lot] for lot in sorted(lots))

    assert protocol.draws[0].order == by_hand
    assert protocol.winners == by_hand[:1]
    assert drawn_order("abc", commitment, "4 8 15 16 23 42") == by_hand
    assert [row.tie.settled_by for row in protocol.decisions if row.tie] == ["draw"] * 3


def test_the_hash_binds_rule_event_money_and_costs() -> None:
    projects = projects_of(a=60, b=60)
    base = frozen_list(projects, rule="r", event="e", budget=1)
    others = [
        frozen_list(projects, rule="s", event="e", budget=1),
        frozen_list(projects, rule="r", event="f", budget=1),
        frozen_list(projects, rule="r", event="e", budget=2),
        frozen_list(projects_of(a=60, b=61), rule="r", event="e", budget=1),
        frozen_list(projects_of(a=60), rule="r", event="e", budget=1),
    ]

    assert len({commitment_of(text) for text in [base, *others]}) == 6
    assert frozen_list(projects[::-1], rule="r", event="e", budget=1) == base


def test_every_project_is_drawn_first_about_equally_often() -> None:
    first = [drawn_order("abcd", "0" * 64, str(seed))[0] for seed in range(2000)]

    assert all(440 <= first.count(project) <= 560 for project in "abcd")


def test_an_order_drawn_before_witnesses_counts() -> None:
    projects = projects_of(a=60, b=60, c=60)
    protocol = select(projects, EQUAL, RULE, 130, draw=Draw(order=("c", "a", "b")))

    assert protocol.winners == ("c", "a")
    with pytest.raises(SelectionError) as caught:
        select(projects, EQUAL, RULE, 130, draw=Draw(order=("c", "a")))
    assert caught.value.values == {"project": "b"}


@pytest.mark.parametrize(
    ("step", "winner"),
    [
        (TieStep.LOWER_COST, "a"),
        (TieStep.HIGHER_COST, "b"),
        (TieStep.MORE_VOTES, "b"),
        (TieStep.FEWER_VOTES, "a"),
        (TieStep.MORE_FIRST_CHOICES, "a"),
    ],
)
def test_each_step_of_the_chain(step: TieStep, winner: str) -> None:
    """Three points each: `a` from one first place, `b` from two lower ones."""
    rule = replace(RULE, ballot=RULE.ballot.ORDINAL, points=(3, 2, 1), ties=(step,))
    projects = [*projects_of(a=60, b=70), Project("c", 0), Project("d", 0)]
    ballots = ballots_of("a", "cb", "cdb")
    protocol = select(projects, ballots, rule, 80)

    assert {row.project: row.points for row in protocol.decisions}["b"] == 3
    assert winner in protocol.winners
    tie = protocol.row_of("b").tie
    assert tie is not None
    assert tie.settled_by == step


def test_plain_values_hold_everything_needed_to_redo_the_draw() -> None:
    data = protocol_to(select(projects_of(a=60, b=60), ballots_of("a", "b"), RULE, 100))

    assert data["complete"] is False
    assert data["draws"][0]["frozen_list"].endswith("a;60\nb;60\n")
    assert data["draws"][0]["order"] is None
    assert data["protocol"][0]["tie"] == {"projects": ["a", "b"], "settled_by": ""}
    assert Fraction(1, 2) not in data.values()


def test_the_ten_lines_of_the_documentation_give_the_same_order(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "selection.md").read_text(encoding="utf-8")
    script = next(block for block in text.split("```python\n")[1:] if "hashlib" in block)
    assert script.partition("```")[0] == TEN_LINES  # what the page about draws shows
    seed = "4 8 15 16 23 42"
    projects = projects_of(a=60, b=60, c=10)
    ballots = ballots_of("a*2", "b*2", "c")
    protocol = select(projects, ballots, RULE, 100, draw=Draw(seed=seed))
    (tmp_path / "frozen-list.txt").write_text(protocol.draws[0].frozen_list)
    printed = subprocess.run(
        [sys.executable, "-I", "-c", script.partition("```")[0]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    order = tuple(line.split()[0] for line in printed.splitlines())
    assert order == protocol.draws[0].order
    assert len(script.partition("```")[0].strip().splitlines()) <= 12
