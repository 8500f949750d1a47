"""A slip for a visit at an assistance point, as a tagged PDF: where, when, in which language, what to bring."""

from __future__ import annotations

from flask_babel import gettext

from civic_budget.city.models import AssistancePoint
from civic_budget.web.locale import OWN_NAMES
from civic_budget.web.printing import render_pdf


def render_slip(point: AssistancePoint, *, language: str, reference: str) -> bytes:
    """The slip in the page's language; the reference is the reader's own, if they have one."""
    facts = [
        [gettext("Where"), f"{point.names.get(language) or point.names['pl']}, {point.address}"],
        [gettext("When"), point.hours.get(language) or point.hours["pl"]],
        [gettext("Phone"), point.phone],
        [gettext("We speak"), ", ".join(OWN_NAMES.get(code, code) for code in point.languages)],
        [
            gettext("Step-free access"),
            gettext("yes") if point.is_accessible else gettext("no, call us and we come down"),
        ],
        [gettext("Reference of your case"), reference or "R-________"],
    ]
    words = {
        "lang": language,
        "title": gettext("Your visit at an assistance point"),
        "city": gettext("Civic budget"),
        "facts": facts,
        "note": point.notes.get(language, ""),
        "bring_title": gettext("What to bring"),
        "bring": [
            gettext("Any document with your name and birth date; it may have expired."),
            gettext(
                "One document that shows that you live in Kraków: a bill, a letter from a school, "
                "clinic, employer, university or organisation, a lease, a certificate."
            ),
            gettext("This slip, on paper or on your phone."),
        ],
        "keep": gettext(
            "We only look at your documents and keep no copy. Nobody asks for a PESEL number, a visa "
            "or a residence permit. You need no appointment: come in the opening hours."
        ),
    }
    return render_pdf("slip", {name: _plain(value) for name, value in words.items()})


def _plain(value: object) -> object:
    return [_plain(each) for each in value] if isinstance(value, list) else str(value)
