"""Reading a city's street list from CSV: every bad line is named with its reason. Plain Python.

Columns: `district, street, numbers_from, numbers_to, parity` and, if wished, `kind` (street or place).
A street that crosses a border has a line for each stretch. Others, as `postcode`, are passed over.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from civic_budget.city.addresses import Parity, Stretch, fold_street

COLUMNS = ("district", "street")
ALL_COLUMNS = ("district", "street", "numbers_from", "numbers_to", "parity", "kind")
KINDS = ("street", "place")
_FORMULA = tuple("=+-@\t\r")
LONGEST_NAME = 120
LAST_NUMBER = 9999
MOST_LINES = 20_000
MOST_STRETCHES = 200
"""More lines of one street than any street has: comparing each with each must stay quick."""


@dataclass(frozen=True)
class Problem:
    """A line that cannot be taken over: its number in the file, a code, and what it says."""

    line: int
    code: str
    said: str = ""
    street: str = ""


@dataclass(frozen=True)
class ListedStreet:
    """A street or place of the list with all its stretches, and the lines of the file that name them."""

    name: str
    is_place: bool
    stretches: tuple[Stretch, ...]
    lines: tuple[int, ...] = ()


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
    # Old programs end lines with a lone CR: newline=None understands all three endings.
    source = io.StringIO(text, newline=None)
    reader = csv.DictReader(source, delimiter=";" if head.count(";") else ",")
    lines: list[_Line] = []
    problems: list[Problem] = []
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            return StreetList((), (Problem(1, "no_column", ", ".join(missing)),))
        _read_lines(reader, districts, lines, problems)
    except csv.Error:
        problems.append(Problem(reader.line_num, "broken_line"))
    if not lines and not problems:
        problems.append(Problem(1, "no_lines"))
    by_street: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        by_street[fold_street(line.name)].append(line)
    for same in by_street.values():
        problems.extend(_clashes(same))
    return StreetList(
        tuple(_gather(same) for same in by_street.values()),
        tuple(sorted(problems, key=lambda problem: problem.line)),
    )


def _read_lines(
    reader: csv.DictReader[str],
    districts: Collection[int],
    lines: list[_Line],
    problems: list[Problem],
) -> None:
    for row in reader:
        if len(lines) + len(problems) >= MOST_LINES:
            problems.append(Problem(reader.line_num, "too_many_lines", str(MOST_LINES)))
            return
        if not any(str(value or "").strip() for value in row.values()):
            continue
        try:
            lines.append(_read(row, reader.line_num, districts))
        except _BadLineError as bad:
            name = " ".join((row["street"] or "").split())[:LONGEST_NAME]
            problems.append(Problem(reader.line_num, bad.code, bad.said, name))


def _gather(same: list[_Line]) -> ListedStreet:
    return ListedStreet(
        same[0].name,
        same[0].is_place,
        tuple(line.stretch for line in same),
        tuple(line.number for line in same),
    )


def write_street_list(streets: Iterable[ListedStreet]) -> str:
    """A list in the form that `read_street_list` reads, a line for each stretch."""
    return write_table(
        ALL_COLUMNS,
        [
            (
                str(part.district),
                street.name,
                str(part.first) if part.first > 1 or part.last else "",
                str(part.last or ""),
                "" if part.parity is Parity.BOTH else part.parity.value,
                "place" if street.is_place else "street",
            )
            for street in streets
            for part in street.stretches
        ],
    )


def write_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV for people's office programs: a cell that would be read as a formula is written as text."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(head)
    writer.writerows([f"'{cell}" if cell[:1] in _FORMULA else cell for cell in row] for row in rows)
    return target.getvalue()


class _BadLineError(Exception):
    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.code, self.said = code, said


def _read(row: Mapping[str, str | None], line: int, districts: Collection[int]) -> _Line:
    cells = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
    name, kind = cells["street"], cells.get("kind", "").lower() or "street"
    if not fold_street(name):
        raise _BadLineError("no_street")
    if not name.isprintable():
        raise _BadLineError("odd_letters")
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
    if len(same) > MOST_STRETCHES:
        last = same[MOST_STRETCHES]
        yield Problem(last.number, "too_many_stretches", str(MOST_STRETCHES), last.name)
        return
    for place, line in enumerate(same):
        for earlier in same[:place]:
            if line.is_place != earlier.is_place:
                yield Problem(line.number, "two_kinds", str(earlier.number), line.name)
                break
            if _overlap(line.stretch, earlier.stretch) and not _is_open(line, earlier):
                yield Problem(line.number, "overlaps", str(earlier.number), line.name)
                break


def _is_open(one: _Line, other: _Line) -> bool:
    """Whether two lines give a whole street to two districts: whoever lives there says in which."""
    are_whole = all(line.stretch == Stretch(line.stretch.district) for line in (one, other))
    return are_whole and one.stretch.district != other.stretch.district


def _overlap(one: Stretch, other: Stretch) -> bool:
    if Parity.BOTH not in {one.parity, other.parity} and one.parity is not other.parity:
        return False
    first = max(one.first, other.first)
    last = min(one.last or LAST_NUMBER, other.last or LAST_NUMBER)
    return any(one.covers(n) and other.covers(n) for n in range(first, min(last, first + 1) + 1))
