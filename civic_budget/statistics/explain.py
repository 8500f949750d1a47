"""How the numbers of one release were made, said with the parameters that were really sealed.

Plain English for the terminal; pages say the same in four languages from `parameters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from .noise import bound
from .release import FIRST, Release


@dataclass(frozen=True)
class Drawn:
    """One sealed table: what it cost, how far a cell may lie from the truth, when it was drawn."""

    table: str
    measure: str
    dims: tuple[str, ...]
    epoch: str
    eps: Fraction
    margin: int
    show_from: int
    cells: int
    sealed_at: datetime
    sha256: str


@dataclass(frozen=True)
class Parameters:
    """Everything a reader needs to judge a release.

    `poland` bounds the odds by which all tables together may favour Polish over foreign or back,
    as an exponent of e; between two foreign classes it is twice that.
    """

    edition: str
    tables: tuple[Drawn, ...]
    poland: Fraction
    allowed: Fraction
    reserve_left: Fraction
    k: int
    small: int
    own: tuple[str, ...]
    classes_from: str
    merged: tuple[tuple[str, str], ...]
    head: str


def parameters(release: Release) -> Parameters:
    """The parameters as sealed, not as the catalogue would have them."""
    catalogue = release.catalogue
    tables = tuple(
        Drawn(
            table=seal.table,
            measure=catalogue.table(seal.table).measure,
            dims=seal.dims,
            epoch=seal.epoch,
            eps=seal.eps,
            margin=bound(seal.eps),
            show_from=max(catalogue.k, bound(seal.eps)),
            cells=len(seal.values),
            sealed_at=seal.sealed_at,
            sha256=seal.sha256,
        )
        for seal in release.seals
    )
    later = sum((seal.eps for seal in release.seals if seal.epoch != FIRST), Fraction(0))
    return Parameters(
        edition=release.edition,
        tables=tables,
        poland=sum((seal.eps for seal in release.seals), Fraction(0)),
        allowed=catalogue.eps_edition,
        reserve_left=catalogue.reserve - later,
        k=catalogue.k,
        small=catalogue.small,
        own=release.classes.own(),
        classes_from=release.classes.source,
        merged=tuple(sorted(release.frame.merged.items())),
        head=release.seals[-1].sha256 if release.seals else "",
    )


def explain(release: Release) -> list[str]:
    """How these numbers were made, line by line, for a reader without training."""
    about = parameters(release)
    lines = [
        f"Edition {about.edition}: participation by nationality",
        "",
        "Each number is the true count plus a small random whole number, drawn once when the table",
        "was sealed. It is never drawn again and is not kept anywhere. Nobody can find out from",
        "these figures which nationality a particular participant has.",
        "The row PL is what remains of the exact public total, so all tables agree with the official",
        "results. Dual nationals with Polish citizenship count as Polish.",
        "",
        "table  cells  epsilon  margin (19 of 20)  shown from  counts",
    ]
    for drawn in about.tables:
        lines.append(
            f"{drawn.table:<5}  {drawn.cells:>5}  {float(drawn.eps):>7.3f}  "
            f"{'+-' + str(drawn.margin):>17}  {drawn.show_from:>10}  "
            f"{drawn.measure} by {', '.join(drawn.dims)}"
            + ("" if drawn.epoch == FIRST else f" (epoch {drawn.epoch})")
        )
    lines += [
        "",
        f"Together epsilon {float(about.poland):.3g} of {float(about.allowed):.3g};"
        f" {float(about.reserve_left):.3g} is left for a repeated round or a correction.",
        f"Rows of their own: {', '.join(about.own) or 'none'}"
        f" (from {about.classes_from}); others count with their region.",
        f"Numbers too small to be told from chance are shown as fewer than a limit, at least {about.k}.",
    ]
    lines += [f"District {small} is counted with {label}." for small, label in about.merged]
    return [*lines, f"Last seal: {about.head}"]
