"""Words of results: what was decided, why, in sentences that anybody understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext, lazy_gettext, ngettext

from civic_budget.kernel.errors import DomainError
from civic_budget.kernel.money import say_money
from civic_budget.results.acts import ActKind
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
ACT_DEEDS = {
    ActKind.APPROVED: lazy_gettext("The list of winners is approved"),
    ActKind.WITHDRAWN: lazy_gettext("A winner is withdrawn by its author"),
    ActKind.NOT_BUILT: lazy_gettext("A winner cannot be built"),
    ActKind.GRANTED: lazy_gettext("A project gets money that stayed in its pool"),
}
ACT_STANDINGS = {
    ActKind.WITHDRAWN: lazy_gettext("Withdrawn after the vote"),
    ActKind.NOT_BUILT: lazy_gettext("Won, but cannot be built"),
    ActKind.GRANTED: lazy_gettext("Got money later, by an act"),
}
REASON_LANGUAGES = {
    "pl": lazy_gettext("Why, in Polish"),
    "en": lazy_gettext("Why, in English"),
    "uk": lazy_gettext("Why, in Ukrainian"),
    "ru": lazy_gettext("Why, in Russian"),
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
                "With %(count)s more vote it would surely have won.",
                "With %(count)s more votes it would surely have won.",
                missing,
                count=say_number(missing),
            )
        )
    return str(
        ngettext(
            "With %(count)s more point it would surely have won.",
            "With %(count)s more points it would surely have won.",
            missing,
            count=say_number(missing),
        )
    )


def _outcome_sentence(found: Explanation, title_of: Callable[[str], str]) -> str:
    row = found.row
    if found.by_equal_shares and row.outcome in (Outcome.SELECTED, Outcome.NO_MONEY):
        return _shares_sentence(found)
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
            "Only one of several projects for the same thing can win, and another one won before: "
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


def _shares_sentence(found: Explanation) -> str:
    """Equal Shares: those who chose a project pay for it together, or cannot."""
    share = say_money(int(found.endowment or 0))
    if found.row.won:
        return str(
            gettext(
                "It won: the people who chose it paid for it together. Every voter had the same "
                "share of the money, %(share)s.",
                share=share,
            )
        )
    return str(
        gettext(
            "Every voter had the same share of the money, %(share)s. When it was tried, the people "
            "who chose it had too little left of their shares to pay for it together.",
            share=share,
        )
    )


def say_left(left: int, cheapest: int | None) -> str:
    """What stayed in a pool and why it funded nothing more."""
    if not left:
        return str(gettext("Nothing stayed in the pool."))
    if cheapest is None:
        return str(
            gettext(
                "%(left)s stayed in the pool: no project lacked only money.", left=say_money(left)
            )
        )
    return str(
        gettext(
            "%(left)s stayed in the pool. The cheapest project that lacked only money costs "
            "%(cost)s.",
            left=say_money(left),
            cost=say_money(cheapest),
        )
    )


def say_comparison(notes: Mapping[str, int]) -> str:
    """How many voters prefer Equal Shares, and how many the list ordered by votes."""
    if "prefer_equal_shares" not in notes:
        return ""
    return str(
        gettext(
            "Compared with a list ordered by votes: voters who get more from equal shares: "
            "%(shares)s, from the list: %(listed)s. What more voters prefer counts.",
            shares=say_number(notes["prefer_equal_shares"]),
            listed=say_number(notes["prefer_greedy"]),
        )
    )


def say_tie(tie: Tie, own: str, title_of: Callable[[str], str]) -> str:
    """With whom a project was equal, and what put them in order."""
    others = "; ".join(title_of(project) for project in tie.projects if project != own)
    equal = gettext("It was exactly equal with: %(titles)s.", titles=others)
    return f"{equal} {TIE_STEPS.get(tie.settled_by, TIE_STEPS[''])}"


def say_near_miss(title: str, missing: int, *, counts_votes: bool = False) -> str:
    """A project that missed by little."""
    said = say_number(missing)
    words = (
        ngettext("%(count)s vote missing", "%(count)s votes missing", missing, count=said)
        if counts_votes
        else ngettext("%(count)s point missing", "%(count)s points missing", missing, count=said)
    )
    return f"{title}: {words}"


def say_refusal(error: DomainError) -> str:
    """What to tell a member whom a deed on results refused."""
    words = {
        "no_draw_needed": gettext("No draw is outstanding."),
        "seed_missing": gettext("Write what the event gave, exactly as it was published."),
        "source_missing": gettext(
            "Say where anybody can look up the outcome of the event, or the witnesses' protocol."
        ),
        "seed_and_order": gettext("Write either what the event gave or the order, not both."),
        "drawn_twice": gettext(
            "%(project)s stands twice in the order.", project=error.details.get("project", "")
        ),
        "order_incomplete": gettext(
            "%(project)s is equal too: draw its lot as well and write it in the order.",
            project=error.details.get("project", ""),
        ),
        "not_the_commission": gettext("Only the commission can do this."),
        "no_results_yet": gettext("There is nothing to publish: the round is not opened yet."),
        "board_not_written": gettext(
            "The board's files could not be written, so nothing was published. Let somebody look after the "
            "disk of the server, then press again."
        ),
        "act_waits": gettext("Another act waits for its second person. Sign or decline it first."),
        "already_approved": gettext("The list of winners is approved already."),
        "draw_outstanding": gettext(
            "A draw is outstanding. Enter it first: the list is not whole."
        ),
        "not_approved_yet": gettext("First the mayor approves the list of winners."),
        "project_unknown": gettext("Choose the project that the act is about."),
        "not_funded": gettext("This project has no money that it could lose."),
        "already_funded": gettext("This project has its money already."),
        "was_withdrawn": gettext("This project was withdrawn. It cannot get money."),
        "too_little_left": gettext(
            "Only %(left)s is left in its pool.",
            left=say_money(int(str(error.details.get("left", 0)))),
        ),
        "title_missing": gettext("Write its kind, number and who issued it."),
        "act_in_the_future": gettext("This day is still to come. Write the day of the act."),
        "reason_missing": gettext("Give the reason in Polish: it is the binding one."),
        "needs_second_person": gettext("Another member of the commission has to sign."),
        "not_public_yet": gettext(
            "An act on one project tells its result. Sign it once the results are public."
        ),
        "act_answered": gettext("This act has been answered already."),
        "act_outdated": gettext(
            "The winners have changed since. Take the act back, write it anew."
        ),
    }
    return str(words.get(error.code) or gettext("This could not be done. Please try again."))
