"""Clusters are connected components: the same for every order of merges."""

from __future__ import annotations

from itertools import permutations
from uuid import UUID

from civic_budget.residency.clusters import component_of, components

A, B, C, D, E = (UUID(int=number) for number in range(1, 6))


def test_components_are_the_same_in_every_order_and_direction() -> None:
    merges = [(A, B), (D, C), (B, E)]
    expected = [frozenset({A, B, E}), frozenset({C, D})]
    for order in permutations(merges):
        assert components(order) == expected
        assert components([(other, one) for one, other in order]) == expected


def test_a_circle_is_one_component_and_nobody_is_one_of_their_own() -> None:
    assert components([(A, B), (B, C), (C, A)]) == [frozenset({A, B, C})]
    assert components([]) == []
    assert component_of(A, [(B, C)]) == {A}
    assert component_of(C, [(A, B), (B, C)]) == {A, B, C}
