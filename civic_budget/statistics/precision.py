"""How well a measure will be known, from its tables' shape alone: variances, and what eight
editions wear down. Must not know any count.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from . import noise
from .catalogue import MEASURES, Catalogue, Table

_STEPS = 20


@dataclass(frozen=True)
class Precision:
    """The variances of one measure's linked tables.

    `variances[class]` of the class totals in the city; `spread[table]` of one measured cell;
    `sizes[table][class]` how many cells of the table make up the class.
    """

    variances: Mapping[str, Fraction]
    spread: Mapping[str, Fraction]
    sizes: Mapping[str, Mapping[str, int]]

    def variance_of(self, table: str, taken: Mapping[str, int]) -> Fraction:
        """The variance of a sum of one table's cells; `taken[class]` says how many of each class.

        Cells of one class lean on its total, which all tables of the measure determine together.
        """
        cell = self.spread[table]
        parts = (self._part(cell, table, cls, count) for cls, count in taken.items())
        return sum(parts, Fraction(0))

    def _part(self, cell: Fraction, table: str, cls: str, count: int) -> Fraction:
        size = self.sizes[table][cls]
        share = Fraction(count, size)
        return cell * count * (1 - share) + self.variances[cls] * share * share

    def narrowest(self, table: str, draws: int) -> tuple[float, str]:
        """The narrowest 95 % interval of one cell after `draws` draws of it, and its class."""
        widths = (
            (2 * 1.96 * math.sqrt(self.variance_of(table, {cls: 1}) / draws), cls)
            for cls, size in self.sizes[table].items()
            if size
        )
        return min(widths, default=(math.inf, ""))


def foreseen(
    catalogue: Catalogue, measure: str, members: Mapping[str, int], shape: Mapping[str, int]
) -> Precision:
    """The variances a release will have, before there is one.

    `members[class]` says how many nationalities a class holds, `shape[dimension]` how many codes
    a dimension has, each at least one.
    """
    tables = catalogue.of(measure)
    spread = {t.name: noise.variance(t.eps) for t in tables}
    sizes = {t.name: {cls: _size(t, members[cls], shape) for cls in members} for t in tables}
    weights = {
        cls: sum((1 / (sizes[t.name][cls] * spread[t.name]) for t in tables), Fraction(0))
        for cls in members
    }
    return Precision({cls: 1 / w for cls, w in weights.items() if w}, spread, sizes)


def _size(table: Table, members: int, shape: Mapping[str, int]) -> int:
    first = members if table.dims[0] == "nat" else 1
    return first * prod(shape[dim] for dim in table.by)


def fitted(catalogue: Catalogue, shape: Mapping[str, int]) -> Catalogue:
    """The same catalogue, with less epsilon where a city is too small for it.

    With few districts the linked tables determine one cell together so well that the horizon's
    editions would bring it within `p`. All prices of such a measure are lowered by the same
    twentieths until they do not. Depends on the number of districts, channels and days alone.
    """
    for measure in MEASURES:
        tables = catalogue.of(measure)
        if any(not shape[dim] for table in tables for dim in table.by):
            continue
        for step in range(_STEPS):
            lower = {t.name: t.eps * Fraction(_STEPS - step, _STEPS) for t in tables}
            priced = replace(
                catalogue,
                tables=tuple(
                    replace(t, eps=lower[t.name]) if t.name in lower else t
                    for t in catalogue.tables
                ),
            )
            if _lasts(priced, measure, shape):
                catalogue = priced
                break
    return catalogue


def _lasts(catalogue: Catalogue, measure: str, shape: Mapping[str, int]) -> bool:
    """Whether the horizon leaves every cell of a one-nationality class wide enough (rule A2)."""
    known = foreseen(catalogue, measure, {"own": 1}, shape)
    return all(known.narrowest(table, catalogue.horizon)[0] >= catalogue.p for table in known.sizes)
