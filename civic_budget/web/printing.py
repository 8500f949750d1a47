"""Tagged PDFs (PDF/UA-1) from `templates/pdf/`, and QR codes to print on them.

A template gets everything that it says as data, translated already: nothing in a name or a text is ever
interpreted. `templates/pdf/frame.typ` holds what all sheets share.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from io import BytesIO

import segno
import typst
from flask import Response

from civic_budget.paths import TEMPLATES

PDF_TEMPLATES = TEMPLATES / "pdf"
PDF = "application/pdf"
MISSING = "□"
# Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic; Georgian; Vietnamese; punctuation to operators.
COVERED = ((0x20, 0x6FF), (0x10A0, 0x10FF), (0x1E00, 0x1EFF), (0x2000, 0x22FF), (0x25A1, 0x25A1))
EVERYWHERE = ((0x20, 0x17F), (0x400, 0x45F), (0x490, 0x491), (0x2010, 0x2026), (0x25A1, 0x25A1))


def render_pdf(template: str, data: Mapping[str, object]) -> bytes:
    """`templates/pdf/<template>.typ` with the data, which must hold `lang` and `title`, as PDF/UA-1.

    The data are whatever JSON can say; the template reads them with `frame.typ`. A sheet is set in the
    program's own typefaces, so it looks the same on every machine. For a name or a title in a script that
    they lack (PDF/UA refuses a missing sign) those of the machine are added, and where these lack it
    too a sign is printed as `MISSING`: somebody's letter is not held back by one character.
    """
    words = json.dumps(data, ensure_ascii=False)
    for said, has_own_only in ((words, True), (words, False), (_only(words, COVERED), True)):
        try:
            return _compile(template, said, has_own_only=has_own_only)
        except typst.TypstError as error:
            if not _is_sign_missing(error):
                raise
    return _compile(template, _only(words, EVERYWHERE), has_own_only=True)


def _compile(template: str, words: str, *, has_own_only: bool) -> bytes:
    return bytes(
        typst.compile(
            str(PDF_TEMPLATES / f"{template}.typ"),
            root=str(PDF_TEMPLATES),
            ignore_system_fonts=has_own_only,
            pdf_standards="ua-1",
            sys_inputs={"data": words},
        )
    )


def _is_sign_missing(error: Exception) -> bool:
    said = str(error)
    return "could not be displayed" in said or "disallowed codepoint" in said


def _only(words: str, ranges: Sequence[tuple[int, int]]) -> str:
    return "".join(
        sign if any(first <= ord(sign) <= last for first, last in ranges) else MISSING
        for sign in words
    )


def qr_drawing(text: str) -> str:
    """A QR code as SVG, for `qr()` of `frame.typ`."""
    target = BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="svg", border=2, xmldecl=False)
    return target.getvalue().decode()


def pdf_response(content: bytes, name: str) -> Response:
    """A PDF to download under an ASCII name, never kept by a cache."""
    answer = Response(content, mimetype=PDF)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
