"""Neighbours through the grid: exactly those that comparing all pairs would find."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from civic_budget.proposals.nearness import Point, distance, find_near

PLACES = st.lists(
    st.tuples(
        st.floats(50.0, 50.004, allow_nan=False),
        st.floats(19.9, 19.906, allow_nan=False),
        st.integers(0, 12),
    ),
    max_size=25,
)


@given(PLACES)
def test_the_grid_finds_what_comparing_all_pairs_finds(
    places: list[tuple[float, float, int]],
) -> None:
    points = [Point(UUID(int=number), lat, lon) for lat, lon, number in places]
    found = find_near(points, within=120)
    slow = {
        (a.proposal_id, b.proposal_id)
        for a in points
        for b in points
        if a.proposal_id < b.proposal_id and distance(a, b) <= 120
    }
    assert {(pair.first, pair.second) for pair in found} == slow
    assert [pair.metres for pair in found] == sorted(pair.metres for pair in found)


def test_metres_are_metres() -> None:
    wawel, rynek = Point(UUID(int=1), 50.0540, 19.9354), Point(UUID(int=2), 50.0617, 19.9373)
    assert 860 < distance(wawel, rynek) < 880
