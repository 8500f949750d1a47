"""Proposals that lie near one another, found through a grid: no proposal is compared with all. Plain Python.

Each point falls into a square of the grid as wide as the distance looked for; what is near can only lie
in the same square or in one of its eight neighbours.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

METRES_PER_DEGREE = 111_320.0
NEAR = 150.0
"""Metres within which two proposals may be about the same place; a person decides whether they are."""


@dataclass(frozen=True)
class Point:
    """Where a proposal is, in degrees; a proposal may have several points."""

    proposal_id: UUID
    latitude: float
    longitude: float


@dataclass(frozen=True)
class NearPair:
    """Two proposals and the shortest distance between their points, in metres; `first` < `second`."""

    first: UUID
    second: UUID
    metres: float


def find_near(points: Iterable[Point], *, within: float = NEAR) -> list[NearPair]:
    """The pairs of proposals at most `within` metres apart, the nearest first, each pair once."""
    grid: dict[tuple[int, int], list[Point]] = defaultdict(list)
    shortest: dict[tuple[UUID, UUID], float] = {}
    for point in points:
        row, column = _square(point, within)
        for other in _around(grid, row, column):
            if other.proposal_id == point.proposal_id:
                continue
            metres = distance(point, other)
            if metres <= within:
                low, high = sorted((point.proposal_id, other.proposal_id))
                shortest[low, high] = min(metres, shortest.get((low, high), math.inf))
        grid[row, column].append(point)
    pairs = [NearPair(first, second, metres) for (first, second), metres in shortest.items()]
    return sorted(pairs, key=lambda pair: (pair.metres, pair.first, pair.second))


def distance(one: Point, other: Point) -> float:
    """Metres between two points; flat earth, exact to millimetres within a city."""
    middle = math.radians((one.latitude + other.latitude) / 2)
    north = (one.latitude - other.latitude) * METRES_PER_DEGREE
    east = (one.longitude - other.longitude) * METRES_PER_DEGREE * math.cos(middle)
    return math.hypot(north, east)


def _square(point: Point, width: float) -> tuple[int, int]:
    # Longitudes are scaled by the smallest cosine of the country, so that a square is never narrower
    # than `width`: a near point is always in a neighbouring square.
    row = math.floor(point.latitude * METRES_PER_DEGREE / width)
    return row, math.floor(point.longitude * METRES_PER_DEGREE * _NARROWEST / width)


_NARROWEST = math.cos(math.radians(55.0))
"""The whole of Poland lies south of 55° N: there a degree of longitude is shortest."""


def _around(grid: dict[tuple[int, int], list[Point]], row: int, column: int) -> Iterator[Point]:
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            yield from grid.get((row + down, column + right), ())
