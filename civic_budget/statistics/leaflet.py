"""The leaflet of a campaign: what, how, the address as a QR code and in letters; one sheet a language."""

from __future__ import annotations

from flask_babel import gettext

from civic_budget.web.printing import qr_drawing, render_pdf


def render_leaflet(*, address: str, shown_address: str, code: str, language: str) -> bytes:
    """One A4 sheet as PDF/UA-1, in the language of the page."""
    data = {
        "lang": language,
        "title": str(gettext("You live here. You decide too.")),
        "city": str(gettext("Civic budget")),
        "lead": str(
            gettext(
                "Residents of Kraków choose what the city builds and does for them. You need no "
                "Polish citizenship and no PESEL number."
            )
        ),
        "steps_title": str(gettext("How to take part")),
        "steps": [
            str(gettext("Scan the code or type the address. It works on any phone.")),
            str(gettext("Tell who you are and where you live; there are several ways to show it.")),
            str(gettext("Propose a project, and vote when the voting is open.")),
        ],
        "privacy": str(
            gettext(
                "The code counts how many people came by this sheet. It does not know who you are, and "
                "your citizenship is not asked for it."
            )
        ),
        "address": shown_address,
        "code": code,
        "qr": qr_drawing(address),
        "qr_words": str(gettext("QR code of the address %(address)s", address=shown_address)),
    }
    return render_pdf("leaflet", data)
