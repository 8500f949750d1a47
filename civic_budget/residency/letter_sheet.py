"""Letters with a code as one tagged PDF: a page for each, in its reader's language, Polish beneath."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import force_locale, gettext

from civic_budget.residency.service import PrintedLetter
from civic_budget.web.printing import qr_drawing, render_pdf
from civic_budget.web.words import say_deadline

CITY = "31-000 Kraków"


def render_letters(letters: Sequence[PrintedLetter], *, language: str) -> bytes:
    """The batch; the document itself speaks the office's language, each page its reader's."""
    with force_locale(language):
        title = str(gettext("Letters with codes"))
    pages = [_page(letter) for letter in letters]
    return render_pdf("letters", {"lang": language, "title": title, "letters": pages})


def _page(letter: PrintedLetter) -> dict[str, object]:
    home = letter.address
    link = url_for(
        "residency.letter", reference=letter.reference, lang=letter.language, _external=True
    )
    house = f"{home.house}/{home.flat}" if home.flat else home.house
    return {
        "lang": letter.language,
        "to": [letter.name, f"{home.street} {house}".strip(), home.postcode or CITY],
        "qr": qr_drawing(link),
        "code": letter.code,
        "words": _words(letter, letter.language, link),
        "polish": _words(letter, "pl", link) if letter.language != "pl" else None,
    }


def _words(letter: PrintedLetter, language: str, link: str) -> dict[str, str]:
    with force_locale(language):
        words = {
            "heading": gettext("Your code for the civic budget"),
            "why": gettext(
                "You asked for this letter in case %(reference)s. Whoever reads it here lives here: "
                "that is what the code shows.",
                reference=letter.reference,
            ),
            "how": gettext(
                "Scan the square or open %(link)s, sign in and type the code until %(day)s.",
                link=link,
                day=say_deadline(letter.expires_at),
            ),
            "code_name": gettext("Code"),
            "qr_words": gettext("QR code that leads to the page where you type the code"),
            "not_you": gettext(
                "Did you not ask for it? Then somebody gave your address: throw the letter away and "
                "tell us at an assistance point."
            ),
        }
        return {name: str(value) for name, value in words.items()}
