"""What may be read about an edition: its tables, sums of one table's cells, rates, differences.

Everything follows from the sealed numbers and the public totals; there is nothing else to ask.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import product

from .catalogue import Catalogue, Table
from .classes import ClassMap, Residents
from .errors import NotInCatalogue
from .estimate import Difference, Estimate, Period, Rate, difference, ratio, widened
from .nationality import POLISH, UNKNOWN
from .reconcile import Reconciled, reconcile
from .release import FIRST, Release
from .tabulate import Frame, Key, axis

__all__ = ["Difference", "Estimate", "Period", "Publication", "Rate", "difference"]

Wanted = str | Collection[str]


class Publication:
    """One edition as published. Building it costs a moment; keep it until a new seal."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self._drawn = {s.table: s for s in release.seals if s.epoch == FIRST}
        self._reconciled = cache(self._reconcile)

    @property
    def catalogue(self) -> Catalogue:
        """The tables and their prices."""
        return self.release.catalogue

    @property
    def classes(self) -> ClassMap:
        """The nationalities with rows of their own, and the rests."""
        return self.release.classes

    @property
    def frame(self) -> Frame:
        """The districts, channels and days of the tables."""
        return self.release.frame

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that are sealed, in the catalogue's order."""
        return tuple(t for t in self.catalogue.tables if t.name in self._drawn)

    def _reconcile(self, measure: str) -> Reconciled:
        return reconcile(self.release, measure)

    # -- whole tables ----------------------------------------------------------------------------

    def table(self, name: str) -> list[tuple[Key, Estimate]]:
        """The rows of one table: its keys in the order of `Table.dims`, Poland first.

        A table by nationality lists the nationalities that may be named, then each class with what
        is left of it. Raises NotInCatalogue for a table that is not sealed.
        """
        table = self._sealed(name)
        rests = list(product(*(axis(self.catalogue, self.frame, dim) for dim in table.by)))
        rows = []
        for label, members in self._labels(table):
            for rest in rests:
                where = dict(zip(table.by, ((code,) for code in rest), strict=True))
                rows.append(((label, *rest), self._estimate(table, members, where)))
        return rows

    def _labels(self, table: Table) -> Iterator[tuple[str, frozenset[str]]]:
        yield POLISH, frozenset({POLISH})
        if table.dims[0] == "class":
            yield from ((cls, frozenset({cls})) for cls in self.classes.order)
            return
        named = self.named(table.name)
        yield from ((code, frozenset({code})) for code in named)
        for cls in self.classes.order:
            if left := frozenset(self.classes.members(cls)) - set(named):
                yield cls, left

    def named(self, table: str) -> tuple[str, ...]:
        """The nationalities that a table by nationality names, in alphabetical order.

        Own classes always; others when the sealed numbers add up to `Catalogue.named_from`.
        """
        sealed = self._drawn[self._sealed(table).name]
        measured: dict[str, int] = {}
        for key, value in sealed.cells():
            measured[key[0]] = measured.get(key[0], 0) + value
        cells = len(sealed.values) // len(sealed.axes[0])
        limit = self.catalogue.named_from(table, cells)
        own = set(self.classes.own())
        return tuple(sorted(c for c, value in measured.items() if c in own or value >= limit))

    def _sealed(self, name: str) -> Table:
        if name not in self._drawn:
            raise NotInCatalogue(f"there is no sealed table {name!r}")
        return self.catalogue.table(name)

    # -- sums ------------------------------------------------------------------------------------

    def sum(
        self, measure: str, *, nat: Wanted | None = None, cls: Wanted | None = None, **where: Wanted
    ) -> Estimate:
        """How many persons, as a sum of the cells of one table.

        `nat` takes nationality codes, `cls` classes (both may hold PL), `where` codes of district,
        age, sex, channel or day; a collection adds up. Without nationality the number is the exact
        public total. Raises NotInCatalogue when no single table holds the combination.
        """
        if nat is not None and cls is not None:
            raise NotInCatalogue("ask for nationalities or for classes, not both")
        wanted = {dim: _codes(codes) for dim, codes in where.items()}
        for dim, codes in wanted.items():
            known = self._axis(dim)
            if bad := sorted(set(codes) - set(known)):
                raise NotInCatalogue(f"{bad[0]!r} is not a {dim}")
        if nat is None and cls is None:
            return self._total(measure, wanted)
        members = frozenset(_codes(nat if nat is not None else cls or ()))
        found = [
            (estimate.margin, table.name, estimate)
            for table in self.tables
            if table.measure == measure and set(wanted) <= set(table.by)
            if (taken := self._fitting(table, members, by_class=nat is None)) is not None
            for estimate in [self._estimate(table, taken, wanted)]
        ]
        if not found:
            raise NotInCatalogue(f"no table holds {measure} for {sorted(members)} by {set(wanted)}")
        return min(found, key=lambda item: item[:2])[2]

    def _axis(self, dim: str) -> Key:
        try:
            return axis(self.catalogue, self.frame, dim)
        except KeyError:
            raise NotInCatalogue(f"{dim!r} is not a dimension") from None

    def _fitting(
        self, table: Table, members: frozenset[str], *, by_class: bool
    ) -> frozenset[str] | None:
        """The same persons in the table's first dimension; None: it can't tell them."""
        foreign = members - {POLISH}
        poland = members & {POLISH}
        if by_class:
            if bad := sorted(foreign - set(self.classes.order)):
                raise NotInCatalogue(f"{bad[0]!r} is not a class of this edition")
            if table.dims[0] == "class":
                return members
            return poland | {code for cls in foreign for code in self.classes.members(cls)}
        if bad := sorted(foreign - set(self.catalogue.foreign_codes())):
            raise NotInCatalogue(f"{bad[0]!r} is not a nationality")
        if table.dims[0] == "nat":
            return members
        wanted = {self.classes.of[code] for code in foreign}
        if {code for cls in wanted for code in self.classes.members(cls)} != foreign:
            return None
        return poland | wanted

    def _total(self, measure: str, wanted: Mapping[str, Key]) -> Estimate:
        for table in self.tables:
            if table.measure == measure and set(wanted) <= set(table.by):
                value, most = self._public(table, wanted)
                if value is None:
                    return Estimate(None, most + 1, 0, True)
                return Estimate(value, None, 0, True)
        raise NotInCatalogue(f"no public total of {measure} by {set(wanted)}")

    def _public(self, table: Table, wanted: Mapping[str, Key]) -> tuple[int | None, int]:
        """The exact total, None when a part is withheld; and the most it can be."""
        dims = tuple(dim for dim in table.by if dim in wanted)
        keys = list(product(*(wanted[dim] for dim in dims)))
        totals = self.release.totals
        parts = [totals.get(table.measure, dims, key) for key in keys]
        most = sum(totals.cap(table.measure, dims, key) for key in keys)
        known = [part for part in parts if part is not None]
        return (sum(known) if len(known) == len(parts) else None), most

    def _estimate(
        self, table: Table, members: frozenset[str], wanted: Mapping[str, Key]
    ) -> Estimate:
        """The displayed sum over `members`, in the words of the table's first dimension.

        Poland is what remains of the public total once everybody else is taken away.
        """
        first = self._drawn[table.name].axes[0]
        poland = POLISH in members
        taken = [code for code in first if (code in members) != poland]
        value, variance, cells = self._measured(table, taken, wanted)
        margin = self._margin(table, variance, cells)
        if poland:
            total, most = self._public(table, wanted)
            if total is None:
                return Estimate(None, most + 1, margin, False)
            value = max(0, total - value)
        show = max(self.catalogue.k, margin, self._naming(table, members))
        if value < show:
            return Estimate(None, show, margin, False)
        return Estimate(value, None, margin, False)

    def _measured(
        self, table: Table, taken: Sequence[str], wanted: Mapping[str, Key]
    ) -> tuple[int, Fraction, int]:
        """The reconciled sum, its variance and how many cells it adds up."""
        agreed = self._reconciled(table.measure)
        cells = agreed.cells[table.name]
        rests = list(product(*(wanted.get(dim) or self._axis(dim) for dim in table.by)))
        count: dict[str, int] = {}
        value = 0
        for code in taken:
            value += sum(cells[(code, *rest)] for rest in rests)
            cls = self.classes.of.get(code, code)
            count[cls] = count.get(cls, 0) + len(rests)
        return value, agreed.variance_of(table.name, count), len(taken) * len(rests)

    def _margin(self, table: Table, variance: Fraction, cells: int) -> int:
        if cells == 1:
            return self.catalogue.margin(table.name)
        return widened(self.catalogue.margin(table.name), variance, table.eps)

    def _naming(self, table: Table, members: frozenset[str]) -> int:
        """Below this a single nationality without an own class is not told from none."""
        if table.dims[0] != "nat" or len(members) != 1 or POLISH in members:
            return 0
        (code,) = members
        if code in self.named(table.name):
            return 0
        cells = len(self._drawn[table.name].values) // len(self._drawn[table.name].axes[0])
        return self.catalogue.named_from(table.name, cells)

    # -- what pages show -------------------------------------------------------------------------

    def rate(
        self, *, nat: Wanted | None = None, cls: Wanted | None = None, **where: Wanted
    ) -> Rate | None:
        """Voters of the registered; None when too few are registered or voted to say.

        Never the turnout of all citizens of a country who live in the city: people register in
        order to vote. Raises NotInCatalogue as `sum`.
        """
        voters = self.sum("voters", nat=nat, cls=cls, **where)
        registered = self.sum("registered", nat=nat, cls=cls, **where)
        if voters.value is None or registered.value is None:
            return None
        if registered.value < self.catalogue.rate_from:
            return None
        return ratio(voters, registered)

    def share(
        self, measure: str, *, nat: Wanted | None = None, cls: Wanted | None = None, **where: Wanted
    ) -> Rate | None:
        """What part of all voters (registered, authors) a nationality or class makes up.

        The whole is an exact public total. None when the number is not displayed.
        """
        part = self.sum(measure, nat=nat, cls=cls, **where)
        whole = self.sum(measure, **where)
        return None if part.value is None or not whole.value else ratio(part, whole)

    def non_response(self) -> dict[str, Rate | None]:
        """The share of voters who gave no nationality, by channel; the key "" is all of them.

        None: too few to say.
        """
        shares = {"": self.share("voters", nat=UNKNOWN)}
        for channel in self.frame.channels:
            shares[channel] = self.share("voters", nat=UNKNOWN, channel=channel)
        return shares

    def against(self, cls: str, outside: Sequence[Residents]) -> Rate | None:
        """Voters of a class against residents counted by registers outside the platform.

        From the largest denominator (low) to the smallest (high), since registers disagree; `value`
        uses their mean. None without a denominator, or when the number is not displayed.
        """
        voters = self.sum("voters", cls=cls)
        members = self.classes.members(cls)
        counts = [sum(table.counts.get(code, 0) for code in members) for table in outside]
        counts = [count for count in counts if count]
        if voters.value is None or not counts:
            return None
        one = Fraction(1)
        return Rate(
            min(one, Fraction(voters.value * len(counts), sum(counts))),
            Fraction(max(0, voters.value - voters.margin), max(counts)),
            min(one, Fraction(voters.value + voters.margin, min(counts))),
        )

    def daily(self, cls: str) -> bool:
        """Whether a class is large enough to be shown by day; others are shown by week."""
        registered = self.sum("registered", cls=cls).value
        return registered is not None and registered >= self.catalogue.daily_from

    def by_day(self, cls: str | None = None) -> list[Period]:
        """Votes first counted in each day or, for a small class, in each seven days; flows.

        `cls` None: everybody, exact. The last week may be shorter.
        """
        step = 1 if cls is None or self.daily(cls) else 7
        days = self.frame.days
        periods = []
        for start in range(0, len(days), step):
            part = days[start : start + step]
            estimate = self.sum("voters", cls=cls, day=part)
            first, last = date.fromisoformat(part[0]), date.fromisoformat(part[-1])
            periods.append(Period(first, last, estimate))
        return periods


def _codes(wanted: Wanted) -> Key:
    return (wanted,) if isinstance(wanted, str) else tuple(dict.fromkeys(wanted))
