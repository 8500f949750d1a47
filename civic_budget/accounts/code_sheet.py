"""The sheet of printed codes as a tagged PDF, in the language of the person who will keep it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, gettext

from civic_budget.web.printing import render_pdf
from civic_budget.web.words import say_day


@dataclass(frozen=True)
class CodeSheet:
    """For whom the codes are, in which language, and the codes themselves."""

    name: str
    contact: str
    language: str
    codes: Sequence[str]
    issued_at: datetime


def render_code_sheet(sheet: CodeSheet) -> bytes:
    """The sheet as PDF/UA-1. Names and codes go in as data, so nothing in them is interpreted."""
    with force_locale(sheet.language):
        words = {
            "lang": sheet.language,
            "title": str(gettext("One-time codes")),
            "city": str(gettext("Civic budget")),
            "owner": sheet.name,
            "contact": sheet.contact,
            "issued": str(gettext("Issued on %(day)s", day=say_day(sheet.issued_at.date()))),
            "how": str(
                gettext(
                    "After your password, type the next code that is not crossed out, then cross "
                    "it out. Each code works once."
                )
            ),
            "keep": str(
                gettext(
                    "Keep this sheet apart from your computer and show it to nobody. If you lose "
                    "it, tell an administrator at once: a new sheet makes this one void."
                )
            ),
            "codes": list(sheet.codes),
        }
    return render_pdf("code_sheet", words)
