"""Files of people for matching: reading with every bad row named, writing the suspect pairs.

It must not know how people are compared.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TextIO

from civic_budget.residency.matching.batch import SuspectPair
from civic_budget.residency.matching.records import Address, Document, IdentityRecord

COLUMNS = (
    *("id", "given_names", "family_name", "birth_date"),
    *("document_kind", "document_country", "document_number"),
    *("street", "house", "flat", "postcode"),
)
PAIR_COLUMNS = ("id_a", "id_b", "score", "reasons")
OLDEST_BIRTH = date(1880, 1, 1)
"""Nobody alive was born earlier; such a date is a slip of the file."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: the line on which it begins (the header is line 1), and why."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


class UnreadablePeopleError(ValueError):
    """The file has bad rows; `rows` names each of them in the file's order."""

    def __init__(self, rows: Sequence[BadRow]) -> None:
        super().__init__("; ".join(str(row) for row in rows))
        self.rows = tuple(rows)


def read_people(file: TextIO, *, today: date) -> list[tuple[str, IdentityRecord]]:
    """The people of a CSV file (UTF-8, opened with newline=""), with their ids, in its order.

    Columns come in any order, others are passed over; semicolons may part them, as Polish
    spreadsheets do. Raises UnreadablePeopleError naming every bad row.
    """
    reader, columns = _opened(file)
    people: list[tuple[str, IdentityRecord]] = []
    bad: list[BadRow] = []
    first_line_of: dict[str, int] = {}
    for line, fields in _lines(reader, bad):
        if not any(field.strip() for field in fields):
            continue
        try:
            values = _values(fields, columns)
            person = _person(values, today)
            earlier = first_line_of.setdefault(values["id"], line)
            if earlier != line:
                raise ValueError(f"id {values['id']!r} is already on line {earlier}")
        except ValueError as problem:
            bad.append(BadRow(line, str(problem)))
        else:
            people.append((values["id"], person))
    if bad:
        raise UnreadablePeopleError(bad)
    return people


class _Reader(Protocol):
    """What `csv.reader` makes."""

    @property
    def line_num(self) -> int: ...
    def __next__(self) -> list[str]: ...


def _opened(file: TextIO) -> tuple[_Reader, list[str]]:
    try:
        header = file.readline().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnreadablePeopleError([BadRow(1, "the file is not in UTF-8")]) from error
    delimiter = ";" if header.count(";") > header.count(",") else ","
    columns = [
        name.strip().casefold() for name in next(csv.reader([header], delimiter=delimiter), [])
    ]
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        raise UnreadablePeopleError([BadRow(1, "missing columns: " + ", ".join(missing))])
    return csv.reader(file, delimiter=delimiter, strict=True), columns


def _lines(reader: _Reader, bad: list[BadRow]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; a break that ends reading becomes a bad row."""
    while True:
        line = reader.line_num + 2
        try:
            fields = next(reader)
        except StopIteration:
            return
        except UnicodeDecodeError:
            bad.append(BadRow(line, "from here on, the file is not in UTF-8"))
            return
        except csv.Error as error:
            bad.append(BadRow(line, f"the row cannot be read: {error}"))
            continue
        yield line, fields


def _values(fields: list[str], columns: list[str]) -> dict[str, str]:
    if len(fields) != len(columns):
        raise ValueError(f"{len(fields)} fields, where the header has {len(columns)}")
    values = {name: field.strip() for name, field in zip(columns, fields, strict=True)}
    if not values["id"]:
        raise ValueError("id is empty")
    return values


def _person(values: dict[str, str], today: date) -> IdentityRecord:
    if not values["given_names"] and not values["family_name"]:
        raise ValueError("given_names and family_name are both empty")
    document = None
    if values["document_number"]:
        document = Document(
            values["document_kind"], values["document_country"], values["document_number"]
        )
    address = None
    if values["street"]:
        address = Address(values["street"], values["house"], values["flat"], values["postcode"])
    return IdentityRecord(
        values["given_names"],
        values["family_name"],
        _birth(values["birth_date"], today),
        document,
        address,
    )


def _birth(written: str, today: date) -> date:
    try:
        born = date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"birth_date {written!r} is not a date like 1990-12-31") from None
    if len(written) != len("1990-12-31"):
        raise ValueError(f"birth_date {written!r} is not a date like 1990-12-31")
    if born > today:
        raise ValueError(f"birth_date {written} is in the future")
    if born < OLDEST_BIRTH:
        raise ValueError(f"birth_date {written} is before {OLDEST_BIRTH.year}")
    return born


def write_pairs(pairs: Iterable[SuspectPair], file: TextIO) -> None:
    """One row per pair: ids, points, and reasons as `code+points` parted by blanks.

    Ids are written as they were read: open the file as data, not as formulas.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(PAIR_COLUMNS)
    for pair in pairs:
        reasons = " ".join(f"{r.code}{r.points:+d}" for r in pair.comparison.reasons)
        writer.writerow((pair.id_a, pair.id_b, pair.comparison.score, reasons))
