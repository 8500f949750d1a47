"""Sheets and workbooks: words arrive as they are, whatever they look like."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pypdfium2

from civic_budget.web.printing import qr_drawing, render_pdf
from civic_budget.web.spreadsheets import Sheet, write_workbook

NASTY = '#panic("gone") $x$ *bold* <b> Żółć Їжак Ёлка'


def words_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_what_a_person_wrote_is_printed_and_never_run() -> None:
    data = {
        "lang": "uk",
        "title": NASTY,
        "city": "Kraków",
        "owner": NASTY,
        "contact": "",
        "issued": "",
        "how": "",
        "keep": "",
        "codes": ["1", "2"],
    }
    content = render_pdf("code_sheet", data)
    assert content.startswith(b"%PDF-")
    assert NASTY in words_of(content)


def test_a_code_to_scan_is_a_drawing_without_scripts() -> None:
    drawing = qr_drawing("https://example.org/uk/code#K7Q2")
    assert drawing.startswith("<svg")
    assert "<script" not in drawing


def test_a_cell_is_never_a_formula_and_equal_rows_give_equal_bytes() -> None:
    sheet = Sheet(
        "A/B: 1", ["name", "n", "day"], [["=1+1", 7, date(2026, 5, 1)], ["@x", None, None]]
    )
    content = write_workbook([sheet], title="Żółć")
    assert content == write_workbook([sheet], title="Żółć")
    with zipfile.ZipFile(BytesIO(content)) as book:
        cells = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in cells
    assert "=1+1" in texts
