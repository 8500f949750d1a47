"""QR codes as inline SVG without any inline style; the address they carry holds a code in its fragment."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def qr_drawing(address: str) -> Markup:
    """The drawing of an address: dark squares of class `qr-dark` on whatever stands behind."""
    code = segno.make_qr(address, error="m")
    size = code.symbol_size(border=0)[0]
    out = io.BytesIO()
    code.save(
        out, kind="svg", border=0, xmldecl=False, svgns=False, svgclass="qr-drawing",
        lineclass="qr-dark", omitsize=True, nl=False,
    )  # fmt: skip
    drawing = out.getvalue().decode()
    return Markup(drawing.replace("<svg", '<svg aria-hidden="true"', 1)) if size else Markup("")  # noqa: S704 - drawn here, from digits only
