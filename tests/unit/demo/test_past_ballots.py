"""Invented ballots of the past edition give exactly the published points and winners."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from civic_budget.demo import content
from civic_budget.demo.filling.past import decide, pools_of, reference_of
from civic_budget.demo.past_ballots import NotPossible, ballots_for

PAST = content.past_edition()


def points_of(ballots: Counter[tuple[str, ...]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for order, number in ballots.items():
        for project, worth in zip(order, (3, 2, 1), strict=True):
            found[project] += worth * number
    return found


@pytest.mark.parametrize("scope", list(pools_of(PAST)))
def test_points_and_winners_are_those_of_the_content(scope: str) -> None:
    projects = pools_of(PAST)[scope]
    wanted = {reference_of(PAST, project): project.points for project in projects}
    ballots = ballots_for(wanted)
    assert points_of(ballots) == wanted
    assert all(len(set(order)) == 3 for order in ballots)
    protocol, _ = decide(PAST, scope, projects, ballots)
    winners = {reference_of(PAST, project) for project in projects if project.selected}
    assert set(protocol.winners) == winners
    assert protocol.voters * 6 == sum(wanted.values())


@pytest.mark.parametrize("seed", range(12))
def test_sums_of_plausible_ballots_can_be_dealt_again(seed: int) -> None:
    draw = random.Random(seed)
    names = [f"P{number}" for number in range(draw.randint(4, 8))]
    cast: Counter[tuple[str, ...]] = Counter()
    for _ in range(2000):
        marked = sorted(names, key=lambda name: draw.random() * (3 + names.index(name)))
        cast[tuple(marked[:3])] += 1
    again = ballots_for(points_of(cast))
    assert points_of(again) == points_of(cast)
    assert again.total() == 2000
    assert all(len(set(order)) == 3 for order in again)


@pytest.mark.parametrize(
    "points",
    [
        {"a": 3, "b": 2, "c": 2},
        {"a": 6, "b": 6},
        {"a": 20, "b": 2, "c": 1, "d": 1},
        {"a": 180, "b": 179, "c": 1},
    ],
    ids=["no whole ballots", "too few projects", "more than three a ballot", "too uneven"],
)
def test_points_that_no_ballots_give_are_refused(points: dict[str, int]) -> None:
    with pytest.raises(NotPossible):
        ballots_for(points)
