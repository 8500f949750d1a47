"""Invented proofs of residence as PDF and PNG files, the kind that people photograph and upload.

Each is marked as an invention. Knows neither the vault nor cases.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO

import typst
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from civic_budget.demo import content
from civic_budget.demo.content.records import Person

_PAGE = """
#set page(paper: "a4", margin: 2.5cm)
#set text(size: 11pt, lang: "pl")
#align(right)[Kraków, {day}]
#v(1.2cm)
#text(size: 18pt, weight: "bold")[{title}]
#v(0.6cm)
#table(columns: (5cm, 1fr), inset: 8pt, stroke: 0.5pt + luma(60%),
  [Imię i nazwisko], [{name}],
  [Adres], [{address}],
  [Data wystawienia], [{day}],
)
#v(0.8cm)
{body}
#v(2cm)
#line(length: 6cm, stroke: 0.5pt)
#text(size: 9pt)[podpis]
#v(1fr)
#align(center)[#text(size: 8pt, fill: luma(45%))[Dokument pokazowy: osoby, adresy i podmioty są zmyślone.]]
"""
_BODY = (
    "Zaświadcza się, że wyżej wymieniona osoba mieszka pod wskazanym adresem. Dokument wydano na "
    "prośbę osoby zainteresowanej, do przedstawienia w sprawie udziału w budżecie obywatelskim."
)
PHOTO_SIZE = (1240, 1754)


def proof_for(person: Person, day: date, *, city: str = "Kraków") -> tuple[bytes, str]:
    """A proof of the person's kind with name and address, and a file name: PDF, or a soft photo."""
    kind = next(k for k in content.proof_kinds() if k.key == person.proof_kind)
    address = f"{person.street} {person.number}, {city}"
    name = f"{person.given_names} {person.family_name}"
    if kind.key in {"bill_transfer", "utility_bill"}:
        return _photo(kind.name.pl, name, address, day), f"{kind.key}.png"
    source = _PAGE.format(
        title=_plain(kind.name.pl), name=_plain(name), address=_plain(address), day=day, body=_BODY
    )
    return typst.compile(source.encode()), f"{kind.key}.pdf"


def _photo(title: str, name: str, address: str, day: date) -> bytes:
    """A slightly turned, slightly soft picture of a paper on a table."""
    paper = Image.new("RGB", PHOTO_SIZE, "white")
    draw = ImageDraw.Draw(paper)
    large, small = ImageFont.load_default(52), ImageFont.load_default(34)
    draw.multiline_text((110, 120), _wrapped(title, 34), font=large, fill="black", spacing=14)
    lines = (name, address, f"{day}", "", "PLN 184,20", "", "DOKUMENT POKAZOWY")
    for number, line in enumerate(lines):
        draw.text((110, 420 + 78 * number), line, font=small, fill=(25, 25, 25))
    for row in range(12):
        draw.line((110, 1100 + 42 * row, 1130, 1100 + 42 * row), fill=(205, 205, 205), width=2)
    turned = paper.rotate(1.6, expand=True, fillcolor=(96, 88, 80))
    out = BytesIO()
    turned.filter(ImageFilter.GaussianBlur(0.7)).save(out, "PNG")
    return out.getvalue()


def _wrapped(text: str, width: int) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Text in which typst finds nothing to interpret."""
    return "".join(f"\\{letter}" if letter in "#$*_@`<>\\[]~" else letter for letter in text)
