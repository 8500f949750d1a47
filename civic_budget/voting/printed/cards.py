"""Numbered cards with their stubs, and identity slips: Polish first, a second language beneath.

The card's number is printed and nowhere kept; the two sheets have nothing in common.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask_babel import force_locale, gettext

from civic_budget.voting.choice import BallotRule, Kind
from civic_budget.voting.codes import in_fours, paper_code
from civic_budget.web.printing import qr_drawing, render_pdf
from civic_budget.web.words import say_day

POLISH = "pl"
Said = Sequence[tuple[str, str]]
"""The same thing in one language or two, each with its code: a screen reader speaks each as its own."""


@dataclass(frozen=True)
class CardList:
    """A list on a card: its scope, its name, its rule, the projects.

    Each project is its ballot number and its title: in Polish and the second language, as far as there
    are such words.
    """

    scope: str
    name: Said
    rule: BallotRule
    projects: Sequence[tuple[str, Said]]


def render_cards(
    serials: Sequence[str],
    lists: Sequence[CardList],
    *,
    district: Said,
    language: str,
    board_url: str,
) -> bytes:
    """The cards as one PDF/UA-1, a sheet each; the stub's codes lead to the lines on the board."""

    def card(serial: str) -> dict[str, object]:
        codes = [(one.name, in_fours(paper_code(one.scope, serial))) for one in lists]
        first = paper_code(lists[0].scope, serial)
        return {
            "serial": in_fours(serial),
            "qr": qr_drawing(serial),
            "codes": codes,
            "board": qr_drawing(f"{board_url}#{first}"),
        }

    both = partial(in_both, language=language)
    data = {
        "lang": POLISH,
        "second": language,
        **_heading(lambda: gettext("Ballot card"), language),
        "city": both(lambda: gettext("Civic budget")),
        "district": district,
        "number": both(lambda: gettext("Card number:").rstrip(": ")),
        "stamp": both(_stamp),
        "stub": both(lambda: gettext("Stub: tear off and keep")),
        "board": both(lambda: gettext("Address of the public board with your control code")),
        "how": _twice(_how, language),
        "keep": _twice(_keep, language),
        "lists": [
            {
                "name": one.name,
                "places": _places(one.rule, len(one.projects), language),
                "projects": one.projects,
            }
            for one in lists
        ],
        "cards": [card(serial) for serial in serials],
    }
    return render_pdf("paper_card", data)


def in_both(words: Callable[[], str], language: str) -> Said:
    """A label for the voter and for the clerk: in Polish, then in the second language if it differs."""
    said = list(zip((POLISH, language), _twice(words, language), strict=False))
    return said[:1] if said[0][1] == said[-1][1] else said


def _heading(words: Callable[[], str], language: str) -> dict[str, object]:
    """The sheet's title in the document's properties, and at the head of the sheet."""
    said = in_both(words, language)
    return {"title": " / ".join(word for _, word in said), "heading": said}


def _twice(words: Callable[[], str], language: str) -> list[str]:
    """In Polish, which is binding, and in the second language."""
    with force_locale(POLISH):
        said = [str(words())]
    if language != POLISH:
        with force_locale(language):
            said.append(str(words()))
    return said


def _stamp() -> str:
    return str(gettext("Place for the city's stamp"))


def _how() -> str:
    return str(
        gettext(
            "Write the numbers of the projects you choose into the boxes, one project in one box. "
            "Do not sign the card. Put it into the urn, folded, without the stub."
        )
    )


def _keep() -> str:
    return str(
        gettext(
            "With these codes you will find your vote on the public board after the results. Your "
            "vote counts without them; whoever holds them sees your choice."
        )
    )


def _places(rule: BallotRule, projects: int, language: str) -> list[Said]:
    """What stands beside each box."""
    _, most = rule.bounds(projects)
    if rule.kind is Kind.POINTS:
        return [_points(points, language) for points in rule.points[:most]]
    if rule.kind is Kind.CUMULATIVE:
        return [in_both(lambda: gettext("number and points"), language)] * most
    return [in_both(lambda: gettext("number"), language)] * most


def _points(points: int, language: str) -> Said:
    return in_both(lambda: gettext("%(points)s points", points=points), language)


@dataclass(frozen=True)
class SlipFacts:
    """Whom a slip names; empty for a blank one that is filled by hand."""

    name: str
    reference: str
    district: str
    point: str


def render_slip(facts: SlipFacts, *, language: str, at: datetime) -> bytes:
    """An identity slip as PDF/UA-1."""

    both = partial(in_both, language=language)
    data = {
        "lang": POLISH,
        "second": language,
        **_heading(lambda: gettext("Identity slip"), language),
        "city": both(lambda: gettext("Civic budget")),
        "qr": qr_drawing(facts.reference) if facts.reference else "",
        "reference": facts.reference,
        "how": _twice(_slip_how, language),
        "facts": [
            (both(lambda: gettext("Name")), _filled(facts.name)),
            (both(lambda: gettext("Number of the residence case")), _filled(facts.reference)),
            (both(lambda: gettext("District")), _filled(facts.district)),
            (both(lambda: gettext("Printed")), both(lambda: say_day(at.date()))),
        ],
        "statement_title": both(lambda: gettext("Statement")),
        "statement": _twice(_slip_statement, language),
        "day": both(lambda: gettext("Day")),
        "signature": both(lambda: gettext("Signature")),
        "question_title": both(lambda: gettext("A question that you need not answer")),
        "question": _twice(_slip_question, language),
        "answer": both(lambda: gettext("Citizenship")),
        "clerk_title": both(lambda: gettext("Filled in by the clerk")),
        "point": [(POLISH, facts.point)] if facts.point else both(lambda: gettext("Point")),
        "clerk": both(lambda: gettext("Signature of the clerk")),
    }
    return render_pdf("identity_slip", data)


def _filled(value: str) -> Said:
    """What is known of a person, or a line to write it on."""
    return [(POLISH, value or "…" * 20)]


def _slip_how() -> str:
    return str(
        gettext(
            "This slip says who voted. It never lies in one envelope with the ballot card and bears "
            "no number of it."
        )
    )


def _slip_statement() -> str:
    return str(
        gettext(
            "I live in this city. I vote once, online or on paper, and have not voted in this "
            "edition before."
        )
    )


def _slip_question() -> str:
    return str(
        gettext(
            "The city counts how people of different citizenships take part. Your answer changes "
            "nothing for your vote and is published in sums only."
        )
    )
