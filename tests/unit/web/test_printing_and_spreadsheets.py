"""Sheets and workbooks: words arrive as they are, whatever they look like."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pypdfium2
import pytest

from civic_budget.web.printing import qr_drawing, render_pdf
from civic_budget.web.spreadsheets import Sheet, write_workbook

NASTY = '#panic("gone") $x$ *bold* <b> Żółć Їжак Ёлка'


def words_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def make_sheet(words: str) -> bytes:
    empty = dict.fromkeys(["contact", "issued", "how", "keep"], "")
    names = {"title": words, "city": "Kraków", "owner": words}
    return render_pdf("code_sheet", {"lang": "uk", "codes": ["1", "2"], **names, **empty})


def test_what_a_person_wrote_is_printed_and_never_run() -> None:
    content = make_sheet(NASTY)
    assert content.startswith(b"%PDF-")
    assert NASTY in words_of(content)


@pytest.mark.parametrize("odd", ["漢字", "한국", "ไทย", "💥❤️♿", "\U0001f1fa\U0001f1e6", "ꦗꦮ"])
def test_a_sign_that_no_typeface_has_holds_no_sheet_back(odd: str) -> None:
    assert "Парк Żółć" in words_of(make_sheet(f"Парк Żółć {odd}"))


def test_names_in_the_scripts_of_newcomers_are_printed_as_they_are() -> None:
    for name in ("გიორგი", "Գարեգին", "Nguyễn", "Ўладзімір", "Ґалаґан"):
        assert name in words_of(make_sheet(name))


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
