"""What an edition will be able to show, before anybody is counted: the smallest visible change.

Must not know any count: it needs the catalogue, the classes and how many districts and days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .catalogue import SEXES, Catalogue
from .classes import ClassMap
from .estimate import root_up, widened
from .precision import Precision, foreseen


@dataclass(frozen=True)
class Visible:
    """The smallest changes between two editions that chance does not explain, in voters.

    `size` is the class's public or noisy number; `margin` that of its voters in the city; the rest
    are changes: in the city, in one district, in one age and sex, in one week, in authors.
    """

    cls: str
    size: int
    margin: int
    city: int
    district: int
    age_sex: int
    week: int
    authors: int


def shape(catalogue: Catalogue, districts: int, channels: int, days: int) -> dict[str, int]:
    """How many codes each dimension has, from the numbers of districts, channels and days."""
    return {
        "district": districts,
        "channel": channels,
        "day": days,
        "age": len(catalogue.bands),
        "sex": len(SEXES),
    }


def plan(catalogue: Catalogue, classes: ClassMap, codes: Mapping[str, int]) -> list[Visible]:
    """For each class, in order, the smallest change two editions could show.

    `codes` as from `shape`; a dimension that nobody is in yet counts as one code. Both
    editions carry noise of their own, so a change must pass the root of both squared margins.
    """
    codes = {dim: max(1, count) for dim, count in codes.items()}
    members = {cls: len(classes.members(cls)) for cls in classes.order}
    voters = foreseen(catalogue, "voters", members, codes)
    authors = foreseen(catalogue, "authors", members, codes)
    rows = []
    for cls in classes.order:
        margin = _margin(catalogue, voters, cls, ())
        rows.append(
            Visible(
                cls=cls,
                size=classes.sizes[cls],
                margin=margin,
                city=_change(margin),
                district=_change(_margin(catalogue, voters, cls, ("district",))),
                age_sex=_change(_margin(catalogue, voters, cls, ("age", "sex"))),
                week=_change(_margin(catalogue, voters, cls, ("day",), min(7, codes["day"]))),
                authors=_change(_margin(catalogue, authors, cls, ())),
            )
        )
    return rows


def _margin(
    catalogue: Catalogue, agreed: Precision, cls: str, by: tuple[str, ...], cells: int = 1
) -> int:
    """The margin of one cell (or `cells` of them) of a class in the best table that has it."""
    found = []
    for name in agreed.sizes:
        table = catalogue.table(name)
        if by and (table.by != by or table.dims[0] != "class"):
            continue
        taken = cells if by else agreed.sizes[name][cls]
        if taken == 1:
            found.append(catalogue.margin(name))
            continue
        variance = agreed.variance_of(name, {cls: taken})
        found.append(widened(catalogue.margin(name), variance, table.eps))
    return min(found, default=0)


def _change(margin: int) -> int:
    return root_up(Fraction(2 * margin * margin)) + 1
