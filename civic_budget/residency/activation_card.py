"""The activation card as a tagged PDF, in the language of the person who takes it home."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import force_locale, gettext

from civic_budget.accounts.service import IssuedCard
from civic_budget.web.printing import qr_drawing, render_pdf
from civic_budget.web.words import say_deadline


@dataclass(frozen=True)
class CardSheet:
    """For whom, in which language, what is on it, and whom to ask."""

    name: str
    language: str
    card: IssuedCard
    help_line: str


def render_card(sheet: CardSheet) -> bytes:
    """The card as PDF/UA-1; its address leads to the page where it is used."""
    card, language = sheet.card, sheet.language
    scan = url_for(
        "accounts.scan_card", card=card.number, code=card.code, lang=language, _external=True
    )
    page = url_for("accounts.activate", lang=language, _external=True)
    with force_locale(language):
        words = {
            "lang": language,
            "title": gettext("Your card for the civic budget"),
            "city": gettext("Civic budget"),
            "owner": sheet.name,
            "scan": gettext("Point your phone’s camera here"),
            "qr": qr_drawing(scan),
            "qr_words": gettext("QR code that leads to the page where you open your account"),
            "facts": [
                [gettext("Card number"), card.number],
                [gettext("Code"), card.code],
                [gettext("The code works until"), say_deadline(card.expires_at)],
            ],
            "steps": [
                gettext("Scan the square, or open %(page)s.", page=page),
                gettext("Check the card number and the code, and choose a password."),
                gettext("From then on sign in with the card number and your password."),
            ],
            "keep": gettext(
                "Whoever has this sheet can open your account until you have. Open it soon, show "
                "the sheet to nobody and keep the card number: it is your name for signing in."
            ),
            "foot": sheet.help_line,
        }
        words = {
            name: str(value) if not isinstance(value, list) else value
            for name, value in words.items()
        }
    return render_pdf("activation_card", words)
