"""Invented crowds, seeded noise and releases for the statistics tests: plain functions."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from civic_budget.statistics import release as releases
from civic_budget.statistics import synthetic
from civic_budget.statistics.catalogue import DEFAULT, Catalogue
from civic_budget.statistics.ledger import GENESIS, MemoryLedger, Sealed
from civic_budget.statistics.release import Release
from civic_budget.statistics.tabulate import Frozen, Person, freeze

AT = datetime(2026, 10, 20, 12, tzinfo=UTC)
DAY = date(2026, 10, 1)


def dice(seed: int) -> Callable[[int], int]:
    """A source of randomness that repeats itself, for tests alone."""
    return random.Random(seed).randrange


def person(pid: Hashable, nationality: str = "PL", **changes: Any) -> Person:
    """A registered voter aged 30 of district D1 who votes on the web."""
    plain: dict[str, Any] = {
        "pid": pid,
        "nationality": nationality,
        "district": "D1",
        "age": 30,
        "sex": "F",
        "registered": True,
        "author": False,
        "channel": "web",
        "counted_on": DAY,
    }
    return Person(**(plain | changes))


@cache
def city() -> Frozen:
    """The invented city of 90,000 registered people, counted."""
    return freeze(synthetic.people(synthetic.City(), 7), DEFAULT)


@cache
def town() -> Frozen:
    """A small invented town, for what needs many releases."""
    small = synthetic.City(people=6_000, districts=4, days=7)
    return freeze(synthetic.people(small, 11), DEFAULT)


def sealed(frozen: Frozen, seed: int = 1, catalogue: Catalogue | None = None) -> Release:
    """A release of a counted crowd with repeatable noise."""
    if catalogue is not None:
        frozen = Frozen(catalogue, frozen.frame, frozen.totals, frozen._counts)
    return releases.seal_edition(
        frozen, edition="2026", ledger=MemoryLedger(), archive=None, at=AT, below=dice(seed)
    )


def truth_of(release: Release, frozen: Frozen) -> dict[str, list[int]]:
    """The true counts behind every seal."""
    return {
        s.table: frozen.exact(s.table, s.axes, release.classes.of)
        for s in release.seals
        if s.table in frozen._counts
    }


def with_values(release: Release, table: str, values: Sequence[int]) -> Release:
    """The same release with other numbers in one table, its seals made good again."""
    seals = [replace(s, values=tuple(values)) if s.table == table else s for s in release.seals]
    return resealed(release, seals)


def resealed(release: Release, seals: Sequence[Sealed]) -> Release:
    """The same release with other seals, chained anew."""
    chain: list[Sealed] = []
    for seal in seals:
        chain.append(seal.chained(chain[-1].sha256 if chain else GENESIS))
    return replace(release, seals=tuple(chain))


def seal_of(release: Release, table: str) -> Sealed:
    """The seal of a table that is surely there."""
    found = release.seal_of(table)
    assert found is not None
    return found
