"""Which nationalities have rows of their own and which are counted with the rest of their region.

Decided from a public table of residents, or from the sealed noisy R1: never from exact counts.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from . import nationality
from .catalogue import Catalogue
from .errors import BadCatalogue, BadFile
from .ledger import Sealed

OTHER = "other"
MOST = 99_999_999
"""No city has more residents."""
REST = "rest:"


@dataclass(frozen=True)
class Residents:
    """A public table of residents by citizenship, from a register outside the platform.

    `geography` says which territory it covers; sources disagree, so each is named.
    """

    source: str
    as_of: date
    definition: str
    geography: str
    counts: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """The table as plain values, readable back by `residents_from_json`."""
        return {
            "source": self.source,
            "as_of": self.as_of.isoformat(),
            "definition": self.definition,
            "geography": self.geography,
            "counts": dict(sorted(self.counts.items())),
        }


@dataclass(frozen=True)
class ClassMap:
    """The classes of one edition, fixed for all its tables.

    `order`: own classes by code, then rests of regions, then `other`; Poland is not among them.
    `sizes` are the residents of the source, or the noisy registered.
    """

    of: Mapping[str, str]
    order: tuple[str, ...]
    sizes: Mapping[str, int]
    source: str

    def own(self) -> tuple[str, ...]:
        """The nationalities with rows of their own."""
        return tuple(code for code in self.order if code in self.of)

    def members(self, code: str) -> tuple[str, ...]:
        """The nationality codes counted in a class, in alphabetical order."""
        return tuple(sorted(nat for nat, cls in self.of.items() if cls == code))


def class_map(
    source: Sealed | Residents, catalogue: Catalogue, previous: ClassMap | None = None
) -> ClassMap:
    """The classes that follow from public or sealed numbers.

    A nationality has its own class from `k_class` persons, or from `hysteresis` of that if it had
    one in the previous edition; the rest of a region is a class when it holds `k_class` together;
    thin rests form `other`. Raises TypeError for anything that is neither sealed nor public.
    """
    sizes = _sizes(source, catalogue)
    had = set(previous.own()) if previous else set()
    lower = catalogue.k_class * catalogue.hysteresis
    of = {
        code: code
        for code in catalogue.foreign_codes()
        if code in catalogue.always_own
        or sizes[code] >= catalogue.k_class
        or (code in had and sizes[code] >= lower)
    }
    rest = [code for code in catalogue.foreign_codes() if code not in of]
    together: dict[str, int] = {}
    for code in rest:
        region = catalogue.regions[code]
        together[region] = together.get(region, 0) + sizes[code]
    for code in rest:
        region = catalogue.regions[code]
        of[code] = REST + region if together[region] >= catalogue.k_class else OTHER
    return ClassMap(of, _ordered(of), _together(of, sizes), _name(source))


def _sizes(source: Sealed | Residents, catalogue: Catalogue) -> dict[str, int]:
    if isinstance(source, Residents):
        return {code: source.counts.get(code, 0) for code in catalogue.foreign_codes()}
    if not isinstance(source, Sealed):
        raise TypeError("classes follow from a sealed table or a public one only")
    if source.dims != ("nat",):
        raise BadCatalogue(f"classes cannot follow from {source.table}")
    measured = {key[0]: value for key, value in source.cells()}
    return {code: measured[code] for code in catalogue.foreign_codes()}


def _name(source: Sealed | Residents) -> str:
    if isinstance(source, Sealed):
        return f"{source.table} of {source.edition}"
    return f"{source.source}, {source.as_of.isoformat()}"


def _ordered(of: Mapping[str, str]) -> tuple[str, ...]:
    classes = set(of.values())
    rests = sorted(cls for cls in classes if cls.startswith(REST))
    own = sorted(classes - set(rests) - {OTHER})
    return (*own, *rests, *([OTHER] if OTHER in classes else []))


def _together(of: Mapping[str, str], sizes: Mapping[str, int]) -> dict[str, int]:
    total: dict[str, int] = {}
    for code, cls in of.items():
        total[cls] = total.get(cls, 0) + sizes[code]
    return total


def residents_from_json(data: Mapping[str, Any]) -> Residents:
    """Read a table of residents from plain values; raises BadCatalogue when a part is missing."""
    try:
        counts = {str(code): int(count) for code, count in data["counts"].items()}
        as_of = data["as_of"]
        residents = Residents(
            source=str(data["source"]),
            as_of=as_of if isinstance(as_of, date) else date.fromisoformat(as_of),
            definition=str(data["definition"]),
            geography=str(data["geography"]),
            counts=counts,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadCatalogue(f"residents: {error!r}") from error
    for code, count in counts.items():
        if code not in nationality.REGION_OF:
            raise BadCatalogue(f"residents: {code!r} is not a nationality code")
        if not 0 <= count <= MOST:
            raise BadCatalogue(f"residents: {code} cannot be {count}")
    return residents


def load_residents(path: Path) -> Residents | None:
    """The `[residents]` part of a catalogue file, None when it has none.

    `counts` stand in the file, or `file` names a CSV beside it with the columns
    `nationality,residents`.
    """
    data = tomllib.loads(path.read_text(encoding="utf-8")).get("residents")
    if data is None:
        return None
    if "file" in data:
        data = {**data, "counts": read_counts(path.parent / str(data["file"]))}
    return residents_from_json(data)


def read_counts(path: Path) -> dict[str, int]:
    """Numbers by nationality from a CSV `nationality,residents`; raises BadFile with the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return parse_counts(file, path.name)
    except UnicodeDecodeError as error:
        raise BadFile(path.name, 0, "the file is not in UTF-8") from error


def parse_counts(lines: Iterable[str], name: str) -> dict[str, int]:
    """The same from its lines; `name` is told in BadFile. A code comes once, a number is not negative."""
    counts: dict[str, int] = {}
    rows = csv.DictReader(lines)
    if set(rows.fieldnames or ()) != {"nationality", "residents"}:
        raise BadFile(name, 1, "the columns must be nationality,residents")
    for row in _read(rows, name):
        code, number = row["nationality"], row["residents"] or ""
        if None in row:
            raise BadFile(name, rows.line_num, "more than two values: thousands take no comma")
        if not number.isascii() or not number.isdigit() or len(number) > len(str(MOST)):
            raise BadFile(name, rows.line_num, "not a whole number of residents")
        if code not in nationality.REGION_OF:
            raise BadFile(name, rows.line_num, "not a nationality code")
        if code in counts:
            raise BadFile(name, rows.line_num, "this nationality came before")
        counts[code] = int(number)
    return counts


def _read(rows: csv.DictReader[str], name: str) -> Iterator[dict[str | Any, Any]]:
    try:
        yield from rows
    except csv.Error as error:
        raise BadFile(name, rows.line_num + 1, str(error)) from error
