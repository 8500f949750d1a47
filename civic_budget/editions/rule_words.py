"""A winner rule paragraph by paragraph, in the reader's language. Words only: it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from civic_budget.kernel.money import say_money
from civic_budget.selection import (
    BallotKind,
    Completion,
    Measure,
    Method,
    Misfit,
    Order,
    Rule,
    Threshold,
    TieStep,
    Utility,
)


class Paragraph(NamedTuple):
    """One paragraph: what it is about, and its sentences."""

    title: str
    text: str


_BALLOTS = {
    BallotKind.APPROVAL: _("Each marked project gets one vote."),
    BallotKind.CHOOSE_ONE: _("The one marked project gets one vote."),
    BallotKind.CUMULATIVE: _("Each project gets the points that the voter gives it."),
    BallotKind.POINTS: _("Each project gets the points that the voter gives it."),
}

_ORDERS = {
    Order.POINTS: _("The project with the most points comes first."),
    Order.VOTES: _("The project with the most votes comes first."),
    Order.POINTS_PER_COST: _("The project with the most points for each złoty comes first."),
}

_MISFITS = {
    Misfit.SKIP: _(
        "Going down the list, each project gets its money as long as it fits into what is left. One "
        "that costs more is passed over, and the next ones are looked at."
    ),
    Misfit.STOP: _(
        "Going down the list, each project gets its money. At the first one that costs more than is "
        "left, the list ends, even if a cheaper one further down would fit."
    ),
    Misfit.TOP_UP: _(
        "Going down the list, each project gets its money. The first one that costs more than is "
        "left still gets it if at least %(share)s of its cost is there; the rest comes from a "
        "reserve. Then the list ends."
    ),
}

_TIES = {
    TieStep.MORE_VOTES: _("the one with more votes"),
    TieStep.MORE_POINTS: _("the one with more points"),
    TieStep.MORE_FIRST_CHOICES: _("the one that more people put first"),
    TieStep.FEWER_VOTES: _("the one with fewer votes"),
    TieStep.LOWER_COST: _("the cheaper one"),
    TieStep.HIGHER_COST: _("the dearer one"),
}


def list_paragraphs(rules: Mapping[str, Rule]) -> list[Paragraph]:
    """The paragraphs of a rule; where district and city differ (thresholds) both are told."""
    rule = next(iter(rules.values()))
    paragraphs = [Paragraph(gettext("Counting"), _ballot(rule))]
    if rule.method is Method.EQUAL_SHARES:
        paragraphs += _equal_shares(rule)
    else:
        paragraphs += [
            Paragraph(gettext("Order"), str(_ORDERS[rule.order])),
            Paragraph(gettext("Who gets the money"), _misfit(rule)),
        ]
    paragraphs.append(Paragraph(gettext("Threshold"), _thresholds(rules)))
    paragraphs.append(
        Paragraph(
            gettext("Projects that exclude each other"),
            gettext("Of projects that exclude each other only the first one can win."),
        )
    )
    paragraphs.append(Paragraph(gettext("Equal projects"), _ties(rule)))
    paragraphs.append(
        Paragraph(
            gettext("Withdrawn projects"),
            gettext("A project that was withdrawn keeps its votes but gets no money."),
        )
    )
    return paragraphs


def _ballot(rule: Rule) -> str:
    if rule.ballot is BallotKind.ORDINAL:
        points = ", ".join(str(worth) for worth in rule.points)
        return str(
            gettext(
                "The project in the first place of a ballot gets the first of these points, the "
                "next place the next: %(points)s. The points of all ballots are added.",
                points=points,
            )
        )
    return str(_BALLOTS[rule.ballot])


def _misfit(rule: Rule) -> str:
    return str(_MISFITS[rule.misfit]) % {"share": _share(rule.top_up_share)}


def _thresholds(rules: Mapping[str, Rule]) -> str:
    said = {level: _threshold(rule.threshold) for level, rule in rules.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    names = {"district": gettext("In a district:"), "city": gettext("For the whole city:")}
    return " ".join(f"{names[level]} {words}" for level, words in said.items())


def _threshold(threshold: Threshold) -> str:
    parts = []
    if threshold.number:
        words = (
            gettext(
                "A project needs at least this many votes: %(number)s.", number=threshold.number
            )
            if threshold.measure is Measure.VOTES
            else gettext(
                "A project needs at least this many points: %(number)s.", number=threshold.number
            )
        )
        parts.append(str(words))
    if threshold.share is not None:
        parts.append(
            str(
                gettext(
                    "A project needs the marks of at least %(share)s of the ballots.",
                    share=_share(threshold.share),
                )
            )
        )
    return " ".join(parts) or str(gettext("There is none: every project on the list can win."))


def _ties(rule: Rule) -> str:
    steps = [str(_TIES[step]) for step in rule.ties]
    event = gettext(
        "Lots are drawn so that anybody can check them: the list is fixed and published first, the "
        "seed comes from a public event named before."
    )
    if rule.draw_event:
        event = f"{event} " + gettext("The event: %(event)s.", event=say_event(rule.draw_event))
    if not steps:
        return str(event)
    chain = gettext("Of equal projects this one comes first: %(steps)s.", steps="; ".join(steps))
    last = gettext("If they are still equal, lots are drawn.")
    return f"{chain} {last} {event}"


def say_event(event: str) -> str:
    """The public event that gives a draw's seed, in the reader's language where it is known."""
    return str(_DRAW_EVENTS.get(event) or event or "–")


_DRAW_EVENTS = {
    "the first Lotto draw after the vote was closed": _(
        "the first Lotto draw after the vote was closed"
    ),
}


def _equal_shares(rule: Rule) -> list[Paragraph]:
    chosen = rule.equal_shares
    worth = (
        gettext("A project is worth its cost to everybody who marked it.")
        if chosen.utility is Utility.COST
        else gettext("A project is worth the points that a voter gave it.")
    )
    first = gettext(
        "All voters get an equal share of the money. A project is bought when those who marked it "
        "can pay for it together; of several, the one that costs them least for what it is worth."
    )
    paragraphs = [Paragraph(gettext("Method of Equal Shares"), f"{first} {worth}")]
    if chosen.completion is not Completion.NONE:
        text = gettext(
            "When money is left, every voter's share is raised by %(step)s and the choice is made "
            "anew, for as long as the whole pool is enough.",
            step=say_money(chosen.step),
        )
        paragraphs.append(Paragraph(gettext("Money that is left"), str(text)))
    if chosen.floor is not None:
        text = gettext(
            "A dear project needs more support: its share of the voters must be at least its share "
            "of the money, divided by %(floor)s.",
            floor=str(chosen.floor),
        )
        paragraphs.append(Paragraph(gettext("Support for dear projects"), str(text)))
    if chosen.comparison:
        text = gettext(
            "The result is compared with a list ordered by votes. The one that more voters prefer "
            "counts."
        )
        paragraphs.append(Paragraph(gettext("Comparison"), str(text)))
    return paragraphs


def _share(share: Fraction) -> str:
    percent = share * 100
    exact = percent.denominator == 1
    return f"{percent.numerator}\u00a0%" if exact else f"{share.numerator}/{share.denominator}"
