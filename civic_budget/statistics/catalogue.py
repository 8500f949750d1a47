"""The closed list of tables about nationality and their price in epsilon. Must not know any person.

Adding a table means taking epsilon from another one: a visible, reviewable trade.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, cast

from . import nationality, noise
from .errors import BadCatalogue

Measure = Literal["registered", "authors", "voters"]
MEASURES: tuple[Measure, ...] = ("registered", "authors", "voters")
NATIONAL = ("nat", "class")
DIMS = (*NATIONAL, "district", "age", "sex", "channel", "day")
SEXES = ("F", "M", "X")
"""X: another or not given; the two are not told apart in any table."""


@dataclass(frozen=True)
class Table:
    """One table: whom it counts, by what, and how much epsilon its cells spend."""

    name: str
    measure: Measure
    dims: tuple[str, ...]
    eps: Fraction

    @property
    def by(self) -> tuple[str, ...]:
        """The dimensions besides nationality, in order."""
        return self.dims[1:]


@dataclass(frozen=True)
class AgeBand:
    """Ages from `first` to `last` whole years, both included; `last` None: and older."""

    first: int
    last: int | None

    @property
    def code(self) -> str:
        """`25-34`, or `65+` for the open band."""
        return f"{self.first}+" if self.last is None else f"{self.first}-{self.last}"


def _tables() -> tuple[Table, ...]:
    def table(name: str, measure: Measure, dims: str, eps: str) -> Table:
        return Table(name, measure, tuple(dims.split()), Fraction(eps))

    return (
        table("R1", "registered", "nat", "0.15"),
        table("R2", "registered", "class district", "0.15"),
        table("R3", "registered", "class age sex", "0.15"),
        table("A1", "authors", "nat", "0.25"),
        table("V1", "voters", "nat channel", "0.35"),
        table("V2", "voters", "class district", "0.35"),
        table("V3", "voters", "class age sex", "0.30"),
        table("V4", "voters", "class day", "0.10"),
    )


def _bands(*firsts: int) -> tuple[AgeBand, ...]:
    lasts = [first - 1 for first in firsts[1:]]
    return tuple(AgeBand(a, b) for a, b in zip(firsts, [*lasts, None], strict=True))


@dataclass(frozen=True)
class Catalogue:
    """Everything that is decided before anybody is counted; its digest stands in every seal.

    Empty `districts`, `channels` or `days` are taken from the exact public totals.
    """

    tables: tuple[Table, ...] = field(default_factory=_tables)
    codes: tuple[str, ...] = nationality.CODES
    regions: Mapping[str, str] = field(default_factory=lambda: dict(nationality.REGION_OF))
    bands: tuple[AgeBand, ...] = _bands(0, 16, 25, 35, 45, 55, 65)
    districts: tuple[str, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    always_own: tuple[str, ...] = (nationality.UNKNOWN,)
    k: int = 10
    p: int = 5
    k_class: int = 200
    hysteresis: Fraction = Fraction(4, 5)
    horizon: int = 8
    small: int = 50
    rate_from: int = 100
    daily_from: int = 1000
    eps_edition: Fraction = Fraction(2)
    reserve: Fraction = Fraction(1, 5)

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise BadCatalogue(problem)

    def table(self, name: str) -> Table:
        """The table of that name; raises BadCatalogue when there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise BadCatalogue(f"there is no table {name!r} in the catalogue")

    def of(self, measure: str) -> tuple[Table, ...]:
        """The tables that count `measure`, in the catalogue's order."""
        return tuple(table for table in self.tables if table.measure == measure)

    def foreign_codes(self) -> tuple[str, ...]:
        """Every code that is measured: all but Poland, which is never measured."""
        return tuple(code for code in self.codes if code != nationality.POLISH)

    def margin(self, table: str, level: Fraction = Fraction(19, 20)) -> int:
        """How far one cell may lie from the truth, in persons, 19 times out of 20."""
        return noise.bound(self.table(table).eps, level)

    def show_from(self, table: str) -> int:
        """The smallest number displayed; what is smaller is shown as "fewer than" it."""
        return max(self.k, self.margin(table))

    def named_from(self, table: str, cells: int = 1) -> int:
        """The measured number from which a nationality without a class of its own is named.

        Chosen so that in twenty editions one nationality with nobody at all is named by chance.
        """
        return noise.one_sided(self.table(table).eps, Fraction(1, 5000), cells)

    def band_of(self, age: int) -> str:
        """The code of the band an age falls in; raises ValueError outside all bands."""
        for band in self.bands:
            if band.first <= age and (band.last is None or age <= band.last):
                return band.code
        raise ValueError(f"age {age} is outside the catalogue's bands")

    def as_json(self) -> dict[str, Any]:
        """The catalogue as plain values, readable back by `from_json`."""
        return {
            "tables": [
                {"name": t.name, "measure": t.measure, "dims": list(t.dims), "eps": str(t.eps)}
                for t in self.tables
            ],
            "codes": list(self.codes),
            "regions": {code: self.regions[code] for code in self.codes},
            "bands": [[b.first, b.last] for b in self.bands],
            "districts": list(self.districts),
            "merged": dict(self.merged),
            "channels": list(self.channels),
            "days": [day.isoformat() for day in self.days],
            "always_own": list(self.always_own),
            **{name: getattr(self, name) for name in _WHOLE},
            **{name: str(getattr(self, name)) for name in _RATIONAL},
        }

    def digest(self) -> str:
        """SHA-256 over the catalogue's canonical JSON, in hex."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def strict(self) -> Catalogue:
        """The strict profile: every epsilon halved, so every margin about doubled."""
        tables = tuple(replace(table, eps=table.eps / 2) for table in self.tables)
        return replace(
            self, tables=tables, eps_edition=self.eps_edition / 2, reserve=self.reserve / 2
        )


_WHOLE = ("k", "p", "k_class", "horizon", "small", "rate_from", "daily_from")
_RATIONAL = ("hysteresis", "eps_edition", "reserve")


def _problems(catalogue: Catalogue) -> list[str]:
    found = [p for table in catalogue.tables for p in _problems_of(table)]
    names = [table.name for table in catalogue.tables]
    if len(set(names)) != len(names):
        found.append("two tables share a name")
    spent = sum((table.eps for table in catalogue.tables), catalogue.reserve)
    if spent > catalogue.eps_edition:
        found.append(
            f"tables and reserve spend epsilon {float(spent):.4g},"
            f" the edition has {float(catalogue.eps_edition):.4g}"
        )
    if set(catalogue.codes) - set(catalogue.regions):
        found.append("a nationality code has no region")
    found += [f"{c!r} is not a code" for c in catalogue.always_own if c not in catalogue.codes]
    firsts = [band.first for band in catalogue.bands]
    if firsts != sorted(set(firsts)) or catalogue.bands != _bands(*firsts):
        found.append("the age bands must follow each other without gaps, the last one open")
    return found


def _problems_of(table: Table) -> list[str]:
    found = []
    if table.measure not in MEASURES:
        found.append(f"{table.name}: {table.measure!r} is not counted here")
    if not table.dims or table.dims[0] not in NATIONAL:
        found.append(f"{table.name}: the first dimension must be nat or class")
    if any(dim not in DIMS or dim in NATIONAL for dim in table.by):
        found.append(f"{table.name}: unknown dimension")
    elif list(table.by) != sorted(set(table.by), key=DIMS.index):
        found.append(f"{table.name}: the dimensions must come in the order {', '.join(DIMS)}")
    if not isinstance(table.eps, Fraction) or table.eps <= 0:
        found.append(f"{table.name}: epsilon must be a positive fraction")
    return found


def _day(text: Any) -> date:
    return text if isinstance(text, date) else date.fromisoformat(str(text))


def _rational(value: Any) -> Fraction:
    if isinstance(value, float):
        raise BadCatalogue(f'{value} must be written in quotes, as "{value}", to be exact')
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError) as error:
        raise BadCatalogue(f"{value!r} is not a fraction") from error


def from_json(data: Mapping[str, Any]) -> Catalogue:
    """Read a catalogue from plain values; names left out keep their defaults.

    Raises BadCatalogue for anything unknown or malformed. Epsilons are text ("0.35" or "7/20").
    """
    known = set(Catalogue.__dataclass_fields__)
    if unknown := sorted(set(data) - known):
        raise BadCatalogue(f"unknown setting {unknown[0]!r}")
    given: dict[str, Any] = {}
    try:
        for name, value in data.items():
            given[name] = _read(name, value)
    except (KeyError, TypeError, ValueError) as error:
        raise BadCatalogue(f"{name}: {error}") from error
    return Catalogue(**given)


def _read(name: str, value: Any) -> Any:
    if name == "tables":
        return tuple(
            Table(
                str(row["name"]),
                cast(Measure, row["measure"]),
                tuple(row["dims"]),
                _rational(row["eps"]),
            )
            for row in value
        )
    if name in _RATIONAL:
        return _rational(value)
    if name in _WHOLE:
        return _whole(value)
    return _READERS.get(name, _texts)(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value)


def _mapping(value: Any) -> dict[str, str]:
    return {str(key): str(text) for key, text in value.items()}


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a whole number is expected")
    return value


def _read_bands(value: Any) -> tuple[AgeBand, ...]:
    """Bands by their first years: `[0, 16, 25]`, or with last years, `[[0, 15], [16, 24], ...]`."""
    return _bands(*(int(row[0] if isinstance(row, list) else row) for row in value))


def _read_days(value: Any) -> tuple[date, ...]:
    return days_between(_day(value[0]), _day(value[-1])) if value else ()


_READERS = {
    "bands": _read_bands,
    "days": _read_days,
    "regions": _mapping,
    "merged": _mapping,
}


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Every day from `first` to `last`, both included."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def load(path: Path) -> Catalogue:
    """Read a catalogue from a TOML file; the table `[residents]` is left to `classes`."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    data.pop("residents", None)
    return from_json(data)


DEFAULT = Catalogue()
