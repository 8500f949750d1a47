"""Reading a city's street list from CSV: every bad line is named with its reason. Plain Python.

Columns: `district, street, numbers_from, numbers_to, parity` and, if wished, `kind` (street or place).
A street that crosses a border has a line for each stretch. Others, as `postcode`, are passed over.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from civic_budget.city.addresses import Parity, Stretch, fold_street

COLUMNS = ("district", "street")
KINDS = ("street", "place")
LONGEST_NAME = 120
LAST_NUMBER = 9999


@dataclass(frozen=True)
class Problem:
    """A line that cannot be taken over: its number in the file, a code, and what it says."""

    line: int
    code: str
    said: str = ""


@dataclass(frozen=True)
class ListedStreet:
    """A street or place of the list with all its stretches."""

    name: str
    is_place: bool
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class StreetList:
    """What a file holds; with problems nothing of it may be written."""

    streets: tuple[ListedStreet, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Line:
    number: int
    name: str
    is_place: bool
    stretch: Stretch


def read_street_list(content: bytes, *, districts: Collection[int]) -> StreetList:
    """Read a whole file (UTF-8, commas or semicolons); problems are in the order of their lines."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return StreetList((), (Problem(1, "not_utf8"),))
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") else ",")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        return StreetList((), (Problem(1, "no_column", ", ".join(missing)),))
    lines: list[_Line] = []
    problems: list[Problem] = []
    for row in reader:
        if not any(str(value or "").strip() for value in row.values()):
            continue
        try:
            lines.append(_read(row, reader.line_num, districts))
        except _BadLineError as bad:
            problems.append(Problem(reader.line_num, bad.code, bad.said))
    if not lines and not problems:
        problems.append(Problem(1, "no_lines"))
    by_street: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        by_street[fold_street(line.name)].append(line)
    for same in by_street.values():
        problems.extend(_clashes(same))
    streets = tuple(
        ListedStreet(same[0].name, same[0].is_place, tuple(line.stretch for line in same))
        for same in by_street.values()
    )
    return StreetList(streets, tuple(sorted(problems, key=lambda problem: problem.line)))


class _BadLineError(Exception):
    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.code, self.said = code, said


def _read(row: Mapping[str, str | None], line: int, districts: Collection[int]) -> _Line:
    cells = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
    name, kind = cells["street"], cells.get("kind", "").lower() or "street"
    if not fold_street(name):
        raise _BadLineError("no_street")
    if len(name) > LONGEST_NAME:
        raise _BadLineError("long_street", name[:40])
    if kind not in KINDS:
        raise _BadLineError("unknown_kind", kind)
    district = _number(cells["district"])
    if district is None or district not in districts:
        raise _BadLineError("unknown_district", cells["district"])
    return _Line(line, name, kind == "place", _stretch(district, cells))


def _stretch(district: int, cells: Mapping[str, str]) -> Stretch:
    said = {name: cells.get(name, "") for name in ("numbers_from", "numbers_to")}
    for number in said.values():
        if number and _number(number) is None:
            raise _BadLineError("bad_number", number)
    first, last = _number(said["numbers_from"]) or 1, _number(said["numbers_to"])
    if last is not None and last < first:
        raise _BadLineError("numbers_reversed", f"{first}–{last}")
    parity = cells.get("parity", "").lower() or "both"
    if parity not in {each.value for each in Parity}:
        raise _BadLineError("unknown_parity", parity)
    return Stretch(district, first, last, Parity(parity))


def _number(said: str) -> int | None:
    if not said.isascii() or not said.isdigit():
        return None
    number = int(said)
    return number if 1 <= number <= LAST_NUMBER else None


def _clashes(same: list[_Line]) -> Iterator[Problem]:
    """Lines of one street that say two things of one house."""
    for place, line in enumerate(same):
        for earlier in same[:place]:
            if line.is_place != earlier.is_place:
                yield Problem(line.number, "two_kinds", str(earlier.number))
                break
            if _overlap(line.stretch, earlier.stretch):
                yield Problem(line.number, "overlaps", str(earlier.number))
                break


def _overlap(one: Stretch, other: Stretch) -> bool:
    if Parity.BOTH not in {one.parity, other.parity} and one.parity is not other.parity:
        return False
    first = max(one.first, other.first)
    last = min(one.last or LAST_NUMBER, other.last or LAST_NUMBER)
    return any(one.covers(n) and other.covers(n) for n in range(first, min(last, first + 1) + 1))
