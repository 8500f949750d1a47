"""Numbered cards with their stubs, and identity slips: Polish first, a second language beneath.

The card's number is printed and nowhere kept; the two sheets have nothing in common.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, gettext

from civic_budget.voting.choice import BallotRule, Kind
from civic_budget.voting.codes import in_fours, paper_code
from civic_budget.web.printing import qr_drawing, render_pdf
from civic_budget.web.words import say_day

POLISH = "pl"


@dataclass(frozen=True)
class CardList:
    """A list on a card: its scope, its name, its rule, ballot numbers with titles."""

    scope: str
    name: str
    rule: BallotRule
    projects: Sequence[tuple[str, str]]


def render_cards(
    serials: Sequence[str],
    lists: Sequence[CardList],
    *,
    district: str,
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

    with force_locale(language):
        data = {
            "lang": language,
            "title": str(gettext("Ballot card")),
            "city": str(gettext("Civic budget")),
            "district": district,
            "number": str(gettext("Card number:")),
            "stamp": _twice(_stamp, language),
            "stub": str(gettext("Stub: tear off and keep")),
            "board": str(gettext("Address of the public board with your control code")),
            "how": _twice(_how, language),
            "keep": _twice(_keep, language),
            "lists": [
                {
                    "name": one.name,
                    "places": _places(one.rule, len(one.projects)),
                    "projects": one.projects,
                }
                for one in lists
            ],
            "cards": [card(serial) for serial in serials],
        }
    return render_pdf("paper_card", data)


def _twice(words: Callable[[], str], language: str) -> list[str]:
    """In Polish, which is binding, and in the second language."""
    with force_locale(POLISH):
        said = [words()]
    if language != POLISH:
        with force_locale(language):
            said.append(words())
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


def _places(rule: BallotRule, projects: int) -> list[str]:
    _, most = rule.bounds(projects)
    if rule.kind is Kind.POINTS:
        return [str(gettext("%(points)s points", points=points)) for points in rule.points[:most]]
    if rule.kind is Kind.CUMULATIVE:
        return [str(gettext("number and points")) for _ in range(most)]
    return [str(gettext("number")) for _ in range(most)]


@dataclass(frozen=True)
class SlipFacts:
    """Whom a slip names; empty for a blank one that is filled by hand."""

    name: str
    reference: str
    district: str
    point: str


def render_slip(facts: SlipFacts, *, language: str, at: datetime) -> bytes:
    """An identity slip as PDF/UA-1."""
    with force_locale(language):
        data = {
            "lang": language,
            "title": str(gettext("Identity slip")),
            "city": str(gettext("Civic budget")),
            "qr": qr_drawing(facts.reference) if facts.reference else "",
            "reference": facts.reference,
            "how": _twice(_slip_how, language),
            "facts": [
                (str(gettext("Name")), facts.name or "…" * 20),
                (str(gettext("Number of the residence case")), facts.reference or "…" * 20),
                (str(gettext("District")), facts.district or "…" * 20),
                (str(gettext("Printed")), say_day(at.date())),
            ],
            "statement_title": str(gettext("Statement")),
            "statement": _twice(_slip_statement, language),
            "day": str(gettext("Day")),
            "signature": str(gettext("Signature")),
            "question_title": str(gettext("A question that you need not answer")),
            "question": _twice(_slip_question, language),
            "answer": str(gettext("Citizenship")),
            "clerk_title": str(gettext("Filled in by the clerk")),
            "point": facts.point or str(gettext("Point")),
            "clerk": str(gettext("Signature of the clerk")),
        }
    return render_pdf("identity_slip", data)


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
