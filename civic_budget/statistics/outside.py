"""Questions outside the catalogue: is there a table already, and what would one more cost? Pure.

Answers from published numbers alone, so an answer tells nothing that is not public.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from . import noise
from .catalogue import Catalogue
from .nationality import UNKNOWN
from .publish import Publication
from .tabulate import axis

BY = ("district", "age", "sex", "channel", "day")


@dataclass(frozen=True)
class Cost:
    """What one more table would cost.

    `cells` it would have, about `persons` of them in an average cell; with `margin` as good as the
    best present table of the measure it spends `eps`, taken evenly from all: there `margin` grows
    to `widened`.
    """

    cells: int
    persons: int
    eps: Fraction
    table: str
    margin: int
    widened: int


@dataclass(frozen=True)
class Verdict:
    """`tables` that answer already; none: what a new one would cost, None when it cannot be said."""

    tables: tuple[str, ...]
    cost: Cost | None


def judge(publication: Publication, measure: str, by: Collection[str]) -> Verdict:
    """Whether a table of the catalogue tells this measure by these dimensions, else the cost."""
    wanted = set(by)
    tables = tuple(
        t.name for t in publication.tables if t.measure == measure and wanted <= set(t.by)
    )
    if tables:
        return Verdict(tables, None)
    return Verdict((), _cost(publication, measure, wanted))


def _cost(publication: Publication, measure: str, by: set[str]) -> Cost | None:
    catalogue = publication.catalogue
    tables = catalogue.of(measure)
    if not tables:
        return None
    best = max(tables, key=lambda table: table.eps)
    codes = [code for code in publication.classes.order if code != UNKNOWN]
    cells = len(codes) * prod(len(axis(catalogue, publication.frame, dim)) for dim in sorted(by))
    whole = publication.sum(measure, cls=codes).value or 0
    return Cost(
        cells=cells,
        persons=round(whole / cells) if cells else 0,
        eps=best.eps,
        table=best.name,
        margin=catalogue.margin(best.name),
        widened=_widened(catalogue, best.eps),
    )


def _widened(catalogue: Catalogue, eps: Fraction) -> int:
    """The margin of a table of `eps` once every table gave its part for one more of the same."""
    spent = sum((table.eps for table in catalogue.tables), Fraction(0))
    return noise.bound(eps * (spent - eps) / spent) if spent > eps else noise.bound(eps / 2)
