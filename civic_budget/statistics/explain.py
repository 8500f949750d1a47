"""How the numbers of one release were made: the parameters that were really sealed.

Pages and the terminal say them in four languages.
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
