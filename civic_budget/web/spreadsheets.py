"""Workbooks (XLSX) for people who open tables in an office program; CSV stays the form to compute with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO

import xlsxwriter
from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | date | None
WIDEST, LONGEST_NAME = 60, 31
_BORN = datetime(2000, 1, 1, tzinfo=UTC).replace(
    tzinfo=None
)  # one moment for all: same data, same bytes


@dataclass(frozen=True)
class Sheet:
    """One table: the tab's name, a header, rows in its order."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def write_workbook(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """The sheets as one workbook with a frozen, filtered header row.

    Text is written as text: a cell that begins with `=` is never a formula. Equal input gives equal bytes.
    """
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"title": title, "created": _BORN})
    bold = book.add_format({"bold": True, "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        page = book.add_worksheet(_tab(sheet.name))
        page.freeze_panes(1, 0)
        page.write_row(0, 0, sheet.header, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                page.write(number, column, cell, *([day] if isinstance(cell, date) else []))
        if sheet.header:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.header) - 1)
            page.autofit(WIDEST * 7)
    book.close()
    return target.getvalue()


def workbook_response(content: bytes, name: str) -> Response:
    """A workbook to download under an ASCII name."""
    answer = Response(content, mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _tab(name: str) -> str:
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in name)[:LONGEST_NAME]
