"""Making the noisy tables agree: one total per class, no negative numbers, the same sums.

Works on published numbers only, exactly and without chance, so anyone can repeat it from the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from . import noise
from .precision import Precision
from .release import FIRST, Release
from .tabulate import Key

Cells = dict[Key, int]


@dataclass(frozen=True)
class Reconciled(Precision):
    """The tables of one measure after agreement.

    `cells[table][key]` with the sealed keys, `totals[class]` of the city.
    """

    cells: Mapping[str, Cells]
    totals: Mapping[str, int]


def project(values: Mapping[Key, int], total: int, caps: Mapping[Key, int]) -> Cells:
    """The nearest numbers between 0 and their caps that add up to `total`, as whole numbers.

    Least squares: one constant is taken from every cell and the result cut at 0 and at its cap.
    Leftover units go to the largest remainders, then the largest values, then by key, so the order
    of the input never matters. When the caps hold less than `total`, every cell is at its cap.
    """
    total = max(0, min(total, sum(caps[key] for key in values)))
    level = _level(values, total, caps)
    cut = {k: min(max(v - level, Fraction(0)), Fraction(caps[k])) for k, v in values.items()}
    cells = {key: int(value) for key, value in cut.items()}
    left = total - sum(cells.values())
    order = sorted(cut, key=lambda k: (cells[k] - cut[k], -values[k], k))
    for key in order[:left]:
        cells[key] += 1
    return cells


def _level(values: Mapping[Key, int], total: int, caps: Mapping[Key, int]) -> Fraction:
    """The constant to take from every cell: exact, by halving over the turning points."""
    points = sorted(set(values.values()) | {v - caps[k] for k, v in values.items()})
    if not points:
        return Fraction(0)

    def remaining(level: int) -> int:
        return sum(min(max(v - level, 0), caps[k]) for k, v in values.items())

    low, high = 0, len(points) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if remaining(points[middle]) >= total:
            low = middle
        else:
            high = middle
    start, end = points[low], points[high]
    most, least = remaining(start), remaining(end)
    if most == least:
        return Fraction(start)
    return start + Fraction((most - total) * (end - start), most - least)


def reconcile(release: Release, measure: str) -> Reconciled:
    """Bring all sealed tables of a measure to the same class totals (generalised least squares).

    A class total is the average of the tables' own sums, each weighted by how few noisy cells it
    adds up; then every table's row is projected on that total.
    """
    seals = {s.table: s for s in release.seals if s.epoch == FIRST}
    tables = [t for t in release.catalogue.of(measure) if t.name in seals]
    rows = {t.name: _rows(release, seals[t.name].cells()) for t in tables}
    spread = {t.name: noise.variance(t.eps) for t in tables}
    city = release.totals.cap(measure, (), ()) if tables else 0
    totals: dict[str, int] = {}
    variances: dict[str, Fraction] = {}
    cells: dict[str, Cells] = {t.name: {} for t in tables}
    for cls in release.classes.order if tables else ():
        parts = [(rows[t.name][cls], spread[t.name]) for t in tables if rows[t.name].get(cls)]
        total, variances[cls] = _best(parts)
        totals[cls] = max(0, min(round(total), city))
        for table in tables:
            row = rows[table.name].get(cls, {})
            caps = {k: release.totals.cap(measure, table.by, k[1:]) for k in row}
            cells[table.name].update(project(row, totals[cls], caps))
    sizes = {name: {cls: len(row) for cls, row in by.items()} for name, by in rows.items()}
    return Reconciled(variances, spread, sizes, cells, totals)


def _rows(release: Release, cells: Iterable[tuple[Key, int]]) -> dict[str, Cells]:
    """The measured cells by class; a nationality's cells belong to its class's row."""
    rows: dict[str, Cells] = {}
    for key, value in cells:
        cls = release.classes.of.get(key[0], key[0])
        rows.setdefault(cls, {})[key] = value
    return rows


def _best(parts: Sequence[tuple[Cells, Fraction]]) -> tuple[Fraction, Fraction]:
    """The best linear estimate of a class's total from its tables, and its variance.

    Without any cell (a measure that nobody is counted in) the total is nought for certain.
    """
    if not parts:
        return Fraction(0), Fraction(0)
    weights = [1 / (len(row) * spread) for row, spread in parts]
    weighted = sum(
        (weight * sum(row.values()) for weight, (row, _) in zip(weights, parts, strict=True)),
        Fraction(0),
    )
    weight = sum(weights, Fraction(0))
    return weighted / weight, 1 / weight
