"""The shape of a printed protocol or procedure: sections of facts, tables and sentences, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from flask_babel import gettext

from civic_budget.web.locale import current_language
from civic_budget.web.printing import render_pdf


@dataclass(frozen=True)
class Section:
    """A part of a sheet: a heading, then what there is of facts, sentences and a table."""

    heading: str
    facts: Sequence[tuple[str, str]] = ()
    words: Sequence[str] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    numbered: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """A whole sheet, its words translated already; `signers` get a line each."""

    title: str
    lead: str
    sections: Sequence[Section]
    signers: Sequence[str] = field(default_factory=tuple)
    notice: str = ""


def render_sheet(sheet: Sheet) -> bytes:
    """The sheet as PDF/UA-1 in the reader's language."""
    data = {
        **asdict(sheet),
        "lang": current_language(),
        "city": str(gettext("Civic budget")),
        "signatures": str(gettext("Signatures")),
        "place": str(gettext("Place and day")),
    }
    return render_pdf("round_protocol", data)
