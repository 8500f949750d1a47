"""The linear-programming attacker: the range that published numbers leave to a hidden count.

Needs highspy (the `attack` extra), loaded only when used. Must not know how tables are made.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import import_module
from typing import Any

from . import noise
from .errors import StatisticsError
from .release import FIRST, Release
from .tabulate import Key

_SURE = Fraction(999, 1000)
"""All noises of a measure together stay within the assumed bounds this often."""


class Infeasible(StatisticsError):
    """No true counts fit the published numbers: the noise is larger than declared."""


class NoSolver(StatisticsError):
    """highspy is not installed."""


@dataclass
class System:
    """What an attacker knows: counts between bounds, and sums of counts between bounds."""

    bounds: dict[Hashable, tuple[float, float]] = field(default_factory=dict)
    rows: list[tuple[dict[Hashable, float], float, float]] = field(default_factory=list)

    def cell(self, name: Hashable, low: float, high: float = math.inf) -> None:
        """A count and its bounds."""
        self.bounds[name] = (low, high)

    def known_sum(
        self, names: Iterable[Hashable], low: float, high: float, less: Hashable | None = None
    ) -> None:
        """The sum of some counts, minus the count `less` when given, lies between bounds."""
        row = dict.fromkeys(names, 1.0)
        if less is not None:
            row[less] = -1.0
        self.rows.append((row, low, high))


def intervals(
    system: System, targets: Sequence[Hashable], enough: float = math.inf
) -> dict[Hashable, tuple[float, float]]:
    """The smallest and largest value of each target that fits everything known.

    A target whose values seen so far are `enough` apart is not computed further. Raises Infeasible
    when nothing fits, NoSolver without highspy.
    """
    solver, place = _solver(system)
    lowest = [math.inf] * len(place)
    highest = [-math.inf] * len(place)

    def solve() -> None:
        solver.run()
        # HiGHS reports a failed run only through its status.
        if solver.modelStatusToString(solver.getModelStatus()) != "Optimal":
            raise Infeasible("no counts fit the published numbers")
        for n, value in enumerate(solver.getSolution().col_value):
            lowest[n] = min(lowest[n], value)
            highest[n] = max(highest[n], value)

    solve()
    for target in targets:
        n = place[target]
        for direction in (1.0, -1.0):
            if highest[n] - lowest[n] < enough - 1e-6:
                solver.changeColCost(n, direction)
                solve()
        solver.changeColCost(n, 0.0)
    return {target: (lowest[place[target]], highest[place[target]]) for target in targets}


def _solver(system: System) -> tuple[Any, dict[Hashable, int]]:
    try:
        import numpy as np

        highspy: Any = import_module("highspy")
    except ImportError as error:
        raise NoSolver("the linear-programming attack needs the package highspy") from error
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("presolve", "off"), ("threads", 1)):
        solver.setOptionValue(option, value)
    place = {name: n for n, name in enumerate(system.bounds)}
    low, high = zip(*system.bounds.values(), strict=True)
    solver.addVars(len(place), np.array(low, float), np.array(high, float))
    for row, least, most in system.rows:
        indexes = np.array([place[name] for name in row], np.int32)
        solver.addRow(least, most, len(row), indexes, np.array(list(row.values()), float))
    return solver, place


def known_of(release: Release, measure: str) -> System:
    """What a release tells about one measure: noisy numbers within bounds, exact public totals."""
    system = System()
    seals = [
        seal
        for seal in release.seals
        if any(t.name == seal.table for t in release.catalogue.of(measure))
    ]
    cells = sum(len(seal.values) for seal in seals)
    for cls in release.classes.order if seals else ():
        system.cell(cls, 0)
    for seal in seals:
        reach = noise.bound(seal.eps, _SURE, cells)
        rows: dict[str, list[Hashable]] = {}
        columns: dict[Key, list[Hashable]] = {}
        for key, value in seal.cells():
            name = (seal.table, key)
            # A repeated table narrows the same true cell.
            low, high = system.bounds.get(name, (0, math.inf))
            system.cell(name, max(low, value - reach, 0), min(high, max(value + reach, 0)))
            rows.setdefault(release.classes.of.get(key[0], key[0]), []).append(name)
            columns.setdefault(key[1:], []).append(name)
        for cls, names in rows.items():
            system.known_sum(names, 0, 0, less=cls)
        for rest, names in columns.items():
            total = release.totals.cap(measure, seal.dims[1:], rest)
            system.known_sum(names, 0, total)
    if any(low > high for low, high in system.bounds.values()):
        raise Infeasible("two publications of a table contradict each other")
    return system


def narrow_cells(
    release: Release, measure: str, exact: Mapping[str, Sequence[int]]
) -> dict[tuple[str, Key], float]:
    """The cells with a true count below k that are known within less than p, and how closely."""
    catalogue = release.catalogue
    targets: list[Hashable] = [
        (seal.table, key)
        for seal in release.seals
        if seal.table in {t.name for t in catalogue.of(measure)} and seal.epoch == FIRST
        for (key, _), true in zip(seal.cells(), exact[seal.table], strict=True)
        if true < catalogue.k
    ]
    if not targets:
        return {}
    found = intervals(known_of(release, measure), targets, catalogue.p)
    return {
        name: high - low  # type: ignore[misc]
        for name, (low, high) in found.items()
        if high - low < catalogue.p - 1e-6
    }
