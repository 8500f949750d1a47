"""Drawing the noise and sealing the tables, once. The only place where exact counts meet noise.

Must not know where seals are stored or how they are shown: it is given two ledgers.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import partial

from .catalogue import Catalogue, Table
from .classes import ClassMap, Residents, class_map
from .errors import AlreadySealed, ArchiveDisagrees, BadCatalogue, BudgetExceeded
from .ledger import Ledger, Sealed
from .noise import Below, discrete_laplace
from .tabulate import Frame, Frozen, Key, Person, PublicTotals, axis, freeze

FIRST = "1"
"""The epoch of the ordinary tables; later ones are paid from the reserve."""


@dataclass(frozen=True)
class Release:
    """All that is public about one edition: from it every page and file follows."""

    edition: str
    catalogue: Catalogue
    frame: Frame
    classes: ClassMap
    totals: PublicTotals
    seals: tuple[Sealed, ...]
    residents: Residents | None = None

    def seal_of(self, table: str) -> Sealed | None:
        """The ordinary seal of a table, None while it is not drawn."""
        return next((s for s in self.seals if (s.table, s.epoch) == (table, FIRST)), None)


def measure(
    exact: Sequence[int], eps: Fraction, below: Below = secrets.randbelow
) -> tuple[int, ...]:
    """True counts plus noise for every cell, empty ones too.

    The noise is not seeded, not stored and cannot be drawn again.
    """
    return tuple(count + discrete_laplace(eps, below) for count in exact)


def check_may_seal(
    edition: str,
    table: Table,
    eps: Fraction,
    *,
    epoch: str,
    catalogue: Catalogue,
    ledger: Ledger,
    archive: Ledger | None,
) -> None:
    """Refuse a draw before it happens.

    Raises ArchiveDisagrees when archive and ledger end differently (a restored backup: see
    `ledger.restore`), AlreadySealed for a second draw, BudgetExceeded for more epsilon than is
    left.
    """
    if archive is not None and archive.head() != ledger.head():
        raise ArchiveDisagrees("the archive and the ledger do not end with the same seal")
    sealed = ledger.tables(edition)
    if any(s.key == (edition, table.name, epoch) for s in sealed):
        raise AlreadySealed(f"{table.name} of {edition} is sealed already")
    if epoch == FIRST and eps != table.eps:
        raise BudgetExceeded(f"{table.name} has epsilon {table.eps} in the catalogue, not {eps}")
    later = sum((s.eps for s in sealed if s.epoch != FIRST), eps if epoch != FIRST else Fraction(0))
    if later > catalogue.reserve:
        raise BudgetExceeded("the reserve for repeated tables is used up")
    if sum((s.eps for s in sealed), eps) > catalogue.eps_edition:
        raise BudgetExceeded(f"edition {edition} has no epsilon left for {table.name}")


def seal(
    frozen: Frozen,
    name: str,
    *,
    edition: str,
    classes: ClassMap | None,
    ledger: Ledger,
    archive: Ledger | None,
    at: datetime,
    epoch: str = FIRST,
    eps: Fraction | None = None,
    below: Below = secrets.randbelow,
) -> Sealed:
    """Draw one table and write its seal to the ledger, then to the archive.

    `classes` is needed for tables by class, `eps` for a later epoch, paid from the reserve. If the
    ledger's transaction is lost afterwards, `ledger.restore` brings the draw back from the archive.
    """
    catalogue = frozen.catalogue
    table = catalogue.table(name)
    price = table.eps if eps is None else eps
    check_may_seal(
        edition, table, price, epoch=epoch, catalogue=catalogue, ledger=ledger, archive=archive
    )
    axes = _axes(frozen, table, classes)
    exact = frozen.exact(name, axes, classes.of if classes else {})
    sealed = Sealed(
        edition=edition,
        table=name,
        epoch=epoch,
        dims=table.dims,
        axes=axes,
        values=measure(exact, price, below),
        eps=price,
        catalogue=catalogue.digest(),
        sealed_at=at,
    ).chained(ledger.head())
    for keeper in filter(None, (ledger, archive)):
        keeper.append(sealed)
    return sealed


def _axes(frozen: Frozen, table: Table, classes: ClassMap | None) -> tuple[Key, ...]:
    rest = tuple(axis(frozen.catalogue, frozen.frame, dim) for dim in table.by)
    if table.dims[0] == "nat":
        return (frozen.catalogue.foreign_codes(), *rest)
    if classes is None:
        raise BadCatalogue(f"{table.name} is by class, and the classes are not known yet")
    return (classes.order, *rest)


def seal_edition(
    frozen: Frozen,
    *,
    edition: str,
    ledger: Ledger,
    archive: Ledger | None,
    at: datetime,
    residents: Residents | None = None,
    previous: ClassMap | None = None,
    only: Collection[str] | None = None,
    below: Below = secrets.randbelow,
) -> Release:
    """Seal every table of the catalogue, or those in `only`, and return all that may be published.

    Classes follow from `residents` or, without it, from the sealed table of all registered by
    nationality, which is then drawn first. `previous` are the last edition's classes.
    Raises as `check_may_seal`.
    """
    basis = _basis(frozen.catalogue) if residents is None else None
    names = [t.name for t in frozen.catalogue.tables if only is None or t.name in only]
    names.sort(key=lambda name: name != basis)
    classes = class_map(residents, frozen.catalogue, previous) if residents else None
    if basis and (drawn := _drawn(ledger, edition, basis)):
        classes = class_map(drawn, frozen.catalogue, previous)
    draw = partial(seal, edition=edition, ledger=ledger, archive=archive, at=at, below=below)
    for name in names:
        sealed = draw(frozen, name, classes=classes)
        if name == basis:
            classes = class_map(sealed, frozen.catalogue, previous)
    if classes is None:
        raise BadCatalogue("no table tells the classes")
    seals = ledger.tables(edition)
    return Release(
        edition, frozen.catalogue, frozen.frame, classes, frozen.totals, seals, residents
    )


def _basis(catalogue: Catalogue) -> str:
    for table in catalogue.of("registered"):
        if table.dims == ("nat",):
            return table.name
    raise BadCatalogue("without a table of residents the catalogue needs registered by nationality")


def _drawn(ledger: Ledger, edition: str, name: str) -> Sealed | None:
    found = (s for s in ledger.tables(edition) if (s.table, s.epoch) == (name, FIRST))
    return next(found, None)


def release(
    people: Iterable[Person],
    *,
    edition: str,
    catalogue: Catalogue,
    ledger: Ledger,
    archive: Ledger | None,
    at: datetime,
    residents: Residents | None = None,
    previous: ClassMap | None = None,
    below: Below = secrets.randbelow,
) -> Release:
    """Count everybody and seal the whole catalogue in one go; raises as `freeze` and `seal`."""
    return seal_edition(
        freeze(people, catalogue),
        edition=edition,
        ledger=ledger,
        archive=archive,
        at=at,
        residents=residents,
        previous=previous,
        below=below,
    )
