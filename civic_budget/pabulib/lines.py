"""Cutting the text of a `.pb` file into records of cells, each with its line number.

A record may span lines inside quotes. It must not know what the cells mean.
"""

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from civic_budget.pabulib.errors import PbError
from civic_budget.pabulib.model import Layout

BOM = b"\xef\xbb\xbf"
SECTIONS = ("META", "PROJECTS", "VOTES")


class Record(NamedTuple):
    """One record: the line it starts on (from 1), its cells, its text with the line end."""

    line: int
    cells: tuple[str, ...]
    raw: str


def decode(data: bytes) -> str:
    """The text without a byte order mark; `PbError` names the line of the first wrong byte."""
    try:
        return data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise PbError("not_utf8", data.count(b"\n", 0, wrong.start) + 1) from None


def records(text: str) -> Iterator[Record]:
    """Every record of the text that isn't blank, in order."""
    consumed: list[str] = []

    def lines() -> Iterator[str]:
        for physical in io.StringIO(text, newline=""):
            consumed.append(physical)
            yield physical

    rows = csv.reader(lines(), delimiter=";", strict=True)
    while True:
        start = rows.line_num + 1
        consumed.clear()
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as wrong:
            raise PbError("bad_quoting", start, detail=str(wrong)) from None
        if cells:
            yield Record(start, tuple(cells), "".join(consumed))


def plain(cells: tuple[str, ...]) -> str:
    """One record as a plain writer puts it: quotes only where a cell needs them."""
    return ";".join(_quoted(cell) for cell in cells)


def _quoted(cell: str) -> str:
    if any(mark in cell for mark in ';"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def section_of(record: Record) -> str | None:
    """The section that this record opens, if it is a section's title."""
    name = record.cells[0].strip().upper()
    return name if name in SECTIONS and not any(record.cells[1:]) else None


def layout_of(data: bytes, text: str, found: list[Record]) -> Layout:
    """How the file's bytes were laid out, for writing it back unchanged."""
    newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    final_newline = text.endswith("\n")
    last = len(found) - 1
    return Layout(
        bom=data.startswith(BOM),
        newline=newline,
        final_newline=final_newline,
        verbatim={
            record.cells: record.raw
            for position, record in enumerate(found)
            if (final_newline or position < last) and _is_unusual(record, newline)
        },
    )


def _is_unusual(record: Record, newline: str) -> bool:
    """Whether a plain writer would put other bytes for this record."""
    quoted = '"' in record.raw
    if not quoted and record.raw.endswith(newline) and newline == "\r\n":
        return False
    return plain(record.cells) + newline != record.raw
