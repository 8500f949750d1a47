"""Ballots that give a past edition's projects exactly the points that were published. Pure.

A points ballot is an order of three projects, worth 3, 2 and 1. Wanted are the sums only; the
ballots behind them were never published, so these are invented.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from itertools import permutations

VECTOR = (3, 2, 1)
PLACES = range(len(VECTOR))
Table = dict[str, list[int]]
# A trade keeps a project's points: a 3 for a 2 and a 1, and two 2s for a 3 and a 1.
SPLIT, SPREAD = (-1, 1, 1), (-1, 2, -1)


class NotPossible(ValueError):
    """No ballots of this kind give these points."""


def ballots_for(points: Mapping[str, int], seed: int = 2025) -> Counter[tuple[str, ...]]:
    """Order of three projects → how many ballots say so; the sums are exactly `points`.

    Raises NotPossible when the points don't add up to whole ballots, or one project has more than
    three points from every ballot.
    """
    voters, rest = divmod(sum(points.values()), sum(VECTOR))
    if rest or len(points) < len(VECTOR) or max(points.values()) > VECTOR[0] * voters:
        raise NotPossible(f"{sum(points.values())} points of {len(points)} projects")
    table = _spread_over_places(points, voters)
    return _dealt(table, voters, random.Random(seed))  # noqa: S311 - invented ballots, no secret


def _spread_over_places(points: Mapping[str, int], voters: int) -> Table:
    """How often each project stands first, second and third: every column adds up to the voters."""
    table = {}
    for project, score in points.items():
        whole, rest = divmod(score, sum(VECTOR))
        table[project] = [whole, whole, whole + rest]
    _balance(table, voters)
    _relieve(table, voters)
    columns = [sum(row[place] for row in table.values()) for place in PLACES]
    misfits = any(min(row) < 0 or sum(row) > voters for row in table.values())
    if misfits or columns != [voters] * len(VECTOR):
        raise NotPossible("a project has too many or too few points")
    return table


def _balance(table: Table, voters: int) -> None:
    """Trade within the strongest projects until first, second and third places are as many as ballots."""
    first, second, _ = (voters - sum(row[place] for row in table.values()) for place in PLACES)
    spreads = first + second
    strongest = max(table, key=lambda project: sum(table[project]))
    _trade(table[strongest], SPREAD, spreads)
    _trade(table[strongest], SPLIT, -(first + spreads))


def _relieve(table: Table, voters: int) -> None:
    """A project stands on a ballot once: who has more places than ballots joins a 2 and a 1 to a 3."""
    for row in table.values():
        excess = sum(row) - voters
        if excess > 0:
            _trade(row, SPLIT, -excess)
            _give_away(table, voters, excess)


def _give_away(table: Table, voters: int, places: int) -> None:
    """The others split as many of their 3s, so that the columns stay full; the weakest room first."""
    for row in sorted(table.values(), key=sum):
        moved = max(0, min(places, voters - sum(row), row[0]))
        _trade(row, SPLIT, moved)
        places -= moved


def _trade(row: list[int], trade: tuple[int, int, int], times: int) -> None:
    for place in PLACES:
        row[place] += trade[place] * times


def _dealt(table: Table, voters: int, draw: random.Random) -> Counter[tuple[str, ...]]:
    """Deal the places out as ballots without a project twice (König: it always comes out even).

    A project that stands on every ballot still to be dealt must be on the next one.
    """
    left = {project: list(row) for project, row in table.items()}
    found: Counter[tuple[str, ...]] = Counter()
    while voters:
        full = {project for project, row in left.items() if sum(row) == voters}
        open_orders = [
            order
            for order in permutations(left, len(VECTOR))
            if full.issubset(order) and all(left[p][i] for i, p in enumerate(order))
        ]
        order = draw.choice(open_orders)
        most = min(left[project][place] for place, project in enumerate(order))
        slack = [voters - sum(row) for project, row in left.items() if project not in order]
        number = draw.randint(1, max(1, min([most, *slack])))
        for place, project in enumerate(order):
            left[project][place] -= number
        found[order] += number
        voters -= number
    return found
