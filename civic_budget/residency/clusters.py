"""What officers' words on pairs make of records: clusters are the connected components of accepted merges.

Plain Python. Nothing else makes a cluster, so the order in which words were said or taken back changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

Pair = tuple[UUID, UUID]


def components(merges: Iterable[Pair]) -> Sequence[frozenset[UUID]]:
    """The records that hang together by merges, each component once, by its smallest id."""
    parent: dict[UUID, UUID] = {}

    def root(person: UUID) -> UUID:
        parent.setdefault(person, person)
        while parent[person] != person:
            parent[person] = parent[parent[person]]
            person = parent[person]
        return person

    for one, other in merges:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    found: dict[UUID, set[UUID]] = {}
    for person in list(parent):
        found.setdefault(root(person), set()).add(person)
    return [frozenset(found[smallest]) for smallest in sorted(found)]


def component_of(person: UUID, merges: Iterable[Pair]) -> frozenset[UUID]:
    """Everybody who is one human with a record, itself among them."""
    return next((each for each in components(merges) if person in each), frozenset({person}))
