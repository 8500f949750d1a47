"""Counting people for the tables, and the exact totals that are public anyway.

Exact counts by nationality exist here in memory only: `release` adds noise before anything leaves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, product
from operator import itemgetter
from typing import Any, NamedTuple

from .catalogue import DIMS, NATIONAL, SEXES, Catalogue, days_between
from .errors import BadPerson, DuplicatePerson, NotInCatalogue
from .precision import fitted

ROW = ("nat", "district", "age", "sex", "channel", "day")
Key = tuple[str, ...]


class Person(NamedTuple):
    """One person as the release counts them; `pid` is any value that is unique to the person.

    `nationality` is the statistical one (`nationality.statistical_nationality`), `age` in whole
    years, `sex` F, M, X or empty. `channel` and `counted_on` are those of the person's first vote,
    never changed by a repeated or withdrawn one; both None for somebody who did not vote.
    """

    pid: Hashable
    nationality: str
    district: str
    age: int
    sex: str
    registered: bool
    author: bool
    channel: str | None
    counted_on: date | None


@dataclass(frozen=True)
class Frame:
    """The districts, channels and days of one edition, as published.

    `merged` says, for each district too small to stand alone, what it is counted with.
    """

    districts: tuple[str, ...]
    channels: tuple[str, ...]
    days: tuple[str, ...]
    merged: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PublicTotals:
    """Exact counts over all nationalities, public with the official results.

    A total below `small` is withheld (None): the row of Poland beside it would be as small.
    """

    small: int
    values: Mapping[tuple[str, Key, Key], int | None]

    def get(self, measure: str, dims: Key = (), key: Key = ()) -> int | None:
        """The total of one cell, None when it is withheld; raises NotInCatalogue when not there."""
        try:
            return self.values[(measure, dims, key)]
        except KeyError:
            raise NotInCatalogue(f"no public total of {measure} by {dims} for {key}") from None

    def cap(self, measure: str, dims: Key, key: Key) -> int:
        """The most that any part of this total can be."""
        value = self.get(measure, dims, key)
        return max(0, self.small - 1) if value is None else value


class Frozen:
    """Everybody counted once, at the moment the tables are drawn.

    `totals` and `frame` are public. Exact cells are for `release`, and for an attack that a person
    inside the city runs by hand with the truth beside it.
    """

    def __init__(
        self, catalogue: Catalogue, frame: Frame, totals: PublicTotals, counts: Mapping[str, Any]
    ) -> None:
        self.catalogue = catalogue
        self.frame = frame
        self.totals = totals
        self._counts = counts

    def exact(self, table: str, axes: Sequence[Key], class_of: Mapping[str, str]) -> list[int]:
        """The true counts of a table's cells, in the order of its axes; never to be stored."""
        cells: dict[Key, int] = defaultdict(int)
        by_class = self.catalogue.table(table).dims[0] == "class"
        for key, count in self._counts[table].items():
            nat = key[0]
            first = class_of.get(nat, nat) if by_class else nat
            cells[(first, *key[1:])] += count
        return [cells[key] for key in product(*axes)]


LONGEST_VOTE = 92
"""Days that a vote may take when the catalogue does not name them."""


class _Rows:
    """Turns a person into the codes of a row, refusing what cannot be counted."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._codes = frozenset(catalogue.codes)
        self._districts = frozenset(catalogue.districts)
        self._channels = frozenset(catalogue.channels)
        self._days = frozenset(catalogue.days)
        self._bands: dict[int, str] = {}
        self._iso: dict[date, str] = {}
        self._names = {*catalogue.districts, *catalogue.channels}
        self._catalogue = catalogue

    def row(self, person: Person) -> Key:
        """The person's codes, in the order of ROW; channel and day empty without a vote."""
        if person.nationality not in self._codes:
            raise BadPerson(f"nationality {person.nationality!r} is not in the list")
        if not person.district or (self._districts and person.district not in self._districts):
            raise BadPerson(f"district {person.district!r} is not in the list")
        self._check_name("district", person.district)
        if person.sex not in {*SEXES, ""}:
            raise BadPerson(f"sex {person.sex!r} is not F, M, X or empty")
        sex = person.sex or "X"
        return (
            person.nationality,
            person.district,
            self._band(person.age),
            sex,
            *self._vote(person),
        )

    def _band(self, age: int) -> str:
        if age not in self._bands:
            try:
                self._bands[age] = self._catalogue.band_of(age)
            except ValueError as error:
                raise BadPerson(str(error)) from None
        return self._bands[age]

    def _vote(self, person: Person) -> tuple[str, str]:
        channel, day = person.channel, person.counted_on
        if channel is None and day is None:
            return ("", "")
        if channel is None or day is None:
            raise BadPerson("a vote needs both a channel and the day it was first counted")
        if not channel or (self._channels and channel not in self._channels):
            raise BadPerson(f"channel {channel!r} is not in the list")
        if self._days and day not in self._days:
            raise BadPerson(f"{day.isoformat()} is not a day of the vote")
        self._check_name("channel", channel)
        if day not in self._iso:
            self._check_span(day)
            self._iso[day] = day.isoformat()
        return (channel, self._iso[day])

    def _check_name(self, column: str, name: str) -> None:
        """A name becomes a cell's key in published files: no blanks around it, no formula, no join."""
        if name in self._names:
            return
        if not name.isprintable() or not name[0].isalnum() or name != name.strip() or "+" in name:
            raise BadPerson(
                f"{column} {name[:40]!r} must begin with a letter or digit, without + or blanks around"
            )
        self._names.add(name)

    def _check_span(self, day: date) -> None:
        """One mistyped year would make a table of a million empty days."""
        if self._days:
            return
        for other in self._iso:
            if abs((day - other).days) >= LONGEST_VOTE:
                raise BadPerson(
                    f"{day.isoformat()} and {other.isoformat()} are not days of one vote of at most "
                    f"{LONGEST_VOTE} days"
                )


Getter = Callable[[Key], Any]


def freeze(people: Iterable[Person], catalogue: Catalogue) -> Frozen:
    """Count everybody once, in one pass; raises BadPerson or DuplicatePerson at the first bad one.

    Paper voters without an account come with `registered` False. Nothing about single persons is
    kept. The result's catalogue has less epsilon in a city of very few districts (`fitted`).
    """
    counts: dict[str, defaultdict[Any, int]] = {t.name: defaultdict(int) for t in catalogue.tables}
    # The district is counted for every measure, with or without a table: small ones are merged.
    sizes: dict[str, defaultdict[Any, int]] = {
        m: defaultdict(int) for m in ("registered", "voters")
    }
    plan: dict[str, list[tuple[Getter, defaultdict[Any, int]]]] = defaultdict(list)
    for table in catalogue.tables:
        indexes = [0, *(ROW.index(dim) for dim in table.by)]
        plan[table.measure].append((itemgetter(*indexes), counts[table.name]))
    for measure, by_district in sizes.items():
        plan[measure].append((itemgetter(ROW.index("district")), by_district))
    _count(people, _Rows(catalogue), plan)
    frame = _frame(catalogue, counts, sizes)
    merged = {t.name: _merged(counts[t.name], t.by, frame) for t in catalogue.tables}
    catalogue = fitted(catalogue, shape(catalogue, frame))
    return Frozen(catalogue, frame, _totals(catalogue, frame, merged), merged)


def _count(
    people: Iterable[Person],
    rows: _Rows,
    plan: Mapping[str, list[tuple[Getter, defaultdict[Any, int]]]],
) -> None:
    seen: set[Hashable] = set()
    registered, authors, voters = (plan.get(m, []) for m in ("registered", "authors", "voters"))
    for person in people:
        if person.pid in seen:
            raise DuplicatePerson(f"person {person.pid!r} comes twice")
        seen.add(person.pid)
        row = rows.row(person)
        if person.registered:
            for getter, cells in registered:
                cells[getter(row)] += 1
        if person.author:
            for getter, cells in authors:
                cells[getter(row)] += 1
        if person.channel is not None:
            for getter, cells in voters:
                cells[getter(row)] += 1


def _seen(catalogue: Catalogue, counts: Mapping[str, Mapping[Any, int]], dim: str) -> set[str]:
    found: set[str] = set()
    for table in catalogue.tables:
        if dim in table.by:
            place = 1 + table.by.index(dim)
            found |= {key[place] for key in counts[table.name]}
    return found


def _frame(
    catalogue: Catalogue,
    counts: Mapping[str, Mapping[Any, int]],
    sizes: Mapping[str, Mapping[Any, int]],
) -> Frame:
    named = catalogue.districts or {d for by_district in sizes.values() for d in by_district}
    districts, merged = _districts(catalogue, sorted(named), sizes)
    days = catalogue.days
    if not days and (seen := sorted(_seen(catalogue, counts, "day"))):
        days = days_between(date.fromisoformat(seen[0]), date.fromisoformat(seen[-1]))
    channels = catalogue.channels or tuple(sorted(_seen(catalogue, counts, "channel")))
    return Frame(districts, channels, tuple(day.isoformat() for day in days), merged)


def _districts(
    catalogue: Catalogue, named: Sequence[str], sizes: Mapping[str, Mapping[Any, int]]
) -> tuple[Key, dict[str, str]]:
    """The published districts: neighbours joined by the catalogue, then whatever is still small.

    Decided from public totals alone. The smallest one joins the next smallest until none is below
    `small`, or the city is one district.
    """
    groups: dict[str, set[str]] = defaultdict(set)
    for district in named:
        groups[catalogue.merged.get(district, district)].add(district)
    kinds = [by_district for by_district in sizes.values() if sum(by_district.values())]

    def size(label: str) -> int:
        return min((sum(kind.get(d, 0) for d in groups[label]) for kind in kinds), default=0)

    while len(groups) > 1:
        order = sorted(groups, key=lambda label: (size(label), label))
        if size(order[0]) >= catalogue.small:
            break
        joined = groups[order[0]] | groups[order[1]]
        del groups[order[0]], groups[order[1]]
        groups["+".join(sorted(joined))] = joined
    merged = {d: label for label, group in groups.items() for d in group if d != label}
    return tuple(sorted(groups)), merged


def _merged(counts: Mapping[Any, int], by: Key, frame: Frame) -> dict[Key, int]:
    """The same counts with keys as tuples and small districts under their common name."""
    place = 1 + by.index("district") if "district" in by else None
    cells: dict[Key, int] = defaultdict(int)
    for raw, count in counts.items():
        key = (raw,) if isinstance(raw, str) else tuple(raw)
        if place is not None:
            district = frame.merged.get(key[place], key[place])
            key = (*key[:place], district, *key[place + 1 :])
        cells[key] += count
    return cells


def axis(catalogue: Catalogue, frame: Frame, dim: str) -> Key:
    """The codes of one dimension besides nationality, in the order of the tables."""
    if dim == "age":
        return tuple(band.code for band in catalogue.bands)
    return {
        "sex": SEXES,
        "district": frame.districts,
        "channel": frame.channels,
        "day": frame.days,
    }[dim]


def shape(catalogue: Catalogue, frame: Frame) -> dict[str, int]:
    """How many codes each dimension besides nationality has."""
    dims = (dim for dim in DIMS if dim not in NATIONAL)
    return {dim: len(axis(catalogue, frame, dim)) for dim in dims}


def _totals(
    catalogue: Catalogue, frame: Frame, counts: Mapping[str, Mapping[Key, int]]
) -> PublicTotals:
    values: dict[tuple[str, Key, Key], int | None] = {}
    for table in catalogue.tables:
        for size in range(len(table.by) + 1):
            for dims in combinations(table.by, size):
                places = [1 + table.by.index(dim) for dim in dims]
                sums: dict[Key, int] = defaultdict(int)
                for cell, count in counts[table.name].items():
                    sums[tuple(cell[place] for place in places)] += count
                for key in product(*(axis(catalogue, frame, dim) for dim in dims)):
                    total = sums[key]
                    values[(table.measure, dims, key)] = None if total < catalogue.small else total
    return PublicTotals(catalogue.small, values)
