"""Cutting the text of a `.pb` file into records of cells, each with its line number.

A record may span lines inside quotes. It must not know what the cells mean.
"""

import csv
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from civic_budget.pabulib.errors import PbError
from civic_budget.pabulib.model import Layout

BOM = b"\xef\xbb\xbf"
SECTIONS = ("META", "PROJECTS", "VOTES")
LINE_ENDS = ("\n", "\r")


class Record(NamedTuple):
    """One record: the line it starts on (from 1), its cells, its text with the line end.

    The text begins with the blank lines before it. Blank lines at the end of a file are a last
    record without cells.
    """

    line: int
    cells: tuple[str, ...]
    raw: str


def decode(data: bytes) -> str:
    """The text without a byte order mark; `PbError` names the line of the first wrong byte."""
    try:
        return data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise PbError("not_utf8", data.count(b"\n", 0, wrong.start) + 1) from None


def records(lines: Iterable[str]) -> Iterator[Record]:
    """Every record, in order, from lines that keep their ends; nothing is read ahead."""
    consumed: list[str] = []

    def noted() -> Iterator[str]:
        for line in lines:
            consumed.append(line)
            yield line

    rows = csv.reader(noted(), delimiter=";", strict=True)
    while True:
        start = rows.line_num + 1
        try:
            cells = next(rows, None)
        except csv.Error as wrong:
            raise PbError("bad_quoting", start, detail=str(wrong)) from None
        if cells is None:
            if consumed:
                yield Record(start - 1, (), "".join(consumed))
            return
        if cells:
            yield Record(start, tuple(cells), "".join(consumed))
            consumed.clear()


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


class Seen:
    """How a file's bytes are laid out, noted record by record, for writing it back unchanged."""

    def __init__(self, data: bytes, text: str) -> None:
        self.bom = data.startswith(BOM)
        self.newline = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
        self.final_newline = text.endswith(LINE_ENDS)
        self.verbatim: dict[tuple[str, ...], str] = {}
        self.tail = ""

    def note(self, cells: tuple[str, ...], raw: str) -> None:
        """Keep the text of a record that a plain writer would put otherwise.

        `cells` are what a writer will be given for it: the head joins what stands after a key.
        """
        if not cells:
            self.tail = raw
            return
        ended = raw if raw.endswith(LINE_ENDS) else raw + self.newline
        is_bare = '"' not in raw and raw.count(";") == len(cells) - 1
        if is_bare and ended == ";".join(cells) + self.newline:
            return
        if plain(cells) + self.newline != ended:
            self.verbatim[cells] = ended

    def layout(self) -> Layout:
        """What was noted."""
        return Layout(self.bom, self.newline, self.final_newline, self.verbatim, self.tail)
