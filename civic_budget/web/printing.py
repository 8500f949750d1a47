"""Tagged PDFs (PDF/UA-1) from `templates/pdf/`, and QR codes to print on them.

A template gets everything that it says as data, translated already: nothing in a name or a text is ever
interpreted. `templates/pdf/frame.typ` holds what all sheets share.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO

import segno
import typst
from flask import Response

from civic_budget.paths import TEMPLATES

PDF_TEMPLATES = TEMPLATES / "pdf"
PDF = "application/pdf"


def render_pdf(template: str, data: Mapping[str, object]) -> bytes:
    """`templates/pdf/<template>.typ` with the data, which must hold `lang` and `title`, as PDF/UA-1.

    The data are whatever JSON can say; the template reads them with `frame.typ`. Only the program's own
    typefaces are used, so a sheet looks the same on every machine.
    """
    return bytes(
        typst.compile(
            str(PDF_TEMPLATES / f"{template}.typ"),
            root=str(PDF_TEMPLATES),
            ignore_system_fonts=True,
            pdf_standards="ua-1",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
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
