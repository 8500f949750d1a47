"""Words of results: what was decided, why, in sentences that anybody understands."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext, lazy_gettext, ngettext

from civic_budget.kernel.errors import DomainError
from civic_budget.kernel.money import say_money
from civic_budget.results.explaining import Explanation
from civic_budget.selection import Outcome, Tie
from civic_budget.web.words import say_number

OUTCOME_NAMES = {
    Outcome.SELECTED: lazy_gettext("Won"),
    Outcome.TOPPED_UP: lazy_gettext("Won, with money from the reserve"),
    Outcome.RESTORED: lazy_gettext("Won with money that was left elsewhere"),
    Outcome.NO_MONEY: lazy_gettext("Not enough money left"),
    Outcome.BELOW_THRESHOLD: lazy_gettext("Too little support"),
    Outcome.EXCLUDED: lazy_gettext("Excluded by another project"),
    Outcome.WITHDRAWN: lazy_gettext("Withdrawn"),
    Outcome.NOT_REACHED: lazy_gettext("Its turn did not come"),
    Outcome.UNDECIDED: lazy_gettext("A draw has to decide"),
}
OUTCOME_KINDS = {
    Outcome.SELECTED: "ok",
    Outcome.TOPPED_UP: "ok",
    Outcome.RESTORED: "ok",
    Outcome.UNDECIDED: "warn",
}
TIE_STEPS = {
    "draw": lazy_gettext("Lots decided between them."),
    "irrelevant": lazy_gettext("Their order changes nothing, so no draw was needed."),
    "": lazy_gettext("A draw has to decide between them."),
    "more-points": lazy_gettext("More points decided between them."),
    "more-first-choices": lazy_gettext("More first places decided between them."),
    "fewer-votes": lazy_gettext("Fewer ballots with more points each decided between them."),
    "lower-cost": lazy_gettext("The lower cost decided between them."),
    "higher-cost": lazy_gettext("The higher cost decided between them."),
}


def say_explanation(found: Explanation, title_of: Callable[[str], str]) -> list[str]:
    """Sentences that explain one project's result, the most important first."""
    row = found.row
    said = [_outcome_sentence(found, title_of)]
    if found.winning_cost is not None and found.winning_cost > 0:
        said.append(
            gettext(
                "It would have won at a cost of %(money)s or less.",
                money=say_money(found.winning_cost),
            )
        )
    if found.support_missing:
        said.append(_support_sentence(found.support_missing, found.counts_votes))
    if row.tie is not None:
        said.append(say_tie(row.tie, row.project, title_of))
    return said


def _support_sentence(missing: int, counts_votes: bool) -> str:
    if counts_votes:
        return str(
            ngettext(
                "With %(num)s more vote it would surely have won.",
                "With %(num)s more votes it would surely have won.",
                missing,
            )
        )
    return str(
        ngettext(
            "With %(num)s more point it would surely have won.",
            "With %(num)s more points it would surely have won.",
            missing,
        )
    )


def _outcome_sentence(found: Explanation, title_of: Callable[[str], str]) -> str:
    row = found.row
    left, cost = say_money(row.left_before), say_money(row.cost)
    words = {
        Outcome.SELECTED: gettext(
            "It won: when its turn came, %(left)s was left, and it costs %(cost)s.",
            left=left,
            cost=cost,
        ),
        Outcome.TOPPED_UP: gettext(
            "It won: %(left)s was left, it costs %(cost)s, and %(reserve)s came from the reserve.",
            left=left,
            cost=cost,
            reserve=say_money(row.reserve),
        ),
        Outcome.RESTORED: gettext("It won later, with money that was left in another pool."),
        Outcome.NO_MONEY: gettext(
            "When its turn came, %(left)s was left, but it costs %(cost)s: %(missing)s too little.",
            left=left,
            cost=cost,
            missing=say_money(found.money_missing or 0),
        ),
        Outcome.BELOW_THRESHOLD: gettext(
            "The rule asks for more support than it got, so it could not win."
        ),
        Outcome.EXCLUDED: gettext(
            "Only one of several projects for the same thing can win, and another one stood higher: "
            "%(title)s.",
            title=title_of(row.excluded_by) if row.excluded_by else "–",
        ),
        Outcome.WITHDRAWN: gettext("It was withdrawn, so it could not win."),
        Outcome.NOT_REACHED: gettext("The rule stopped before its turn came."),
        Outcome.UNDECIDED: gettext(
            "It has exactly as many points as others, and only a draw can decide."
        ),
    }
    return str(words[row.outcome])


def say_tie(tie: Tie, own: str, title_of: Callable[[str], str]) -> str:
    """With whom a project was equal, and what put them in order."""
    others = "; ".join(title_of(project) for project in tie.projects if project != own)
    equal = gettext("It was exactly equal with: %(titles)s.", titles=others)
    return f"{equal} {TIE_STEPS.get(tie.settled_by, TIE_STEPS[''])}"


def say_near_miss(title: str, missing: int) -> str:
    """A project that missed by little."""
    words = ngettext(
        "%(count)s point missing",
        "%(count)s points missing",
        missing,
        count=say_number(missing),
    )
    return f"{title}: {words}"


def say_refusal(error: DomainError) -> str:
    """What to tell a member whom a deed on results refused."""
    words = {
        "no_draw_needed": gettext("No draw is outstanding."),
        "seed_missing": gettext("Write what the event gave, exactly as it was published."),
        "source_missing": gettext("Say where anybody can look the outcome of the event up."),
        "not_the_commission": gettext("Only the commission can do this."),
        "no_results_yet": gettext("There is nothing to publish: the round is not opened yet."),
    }
    return str(words.get(error.code) or gettext("This could not be done. Please try again."))
