"""Words for phases, milestones, settings, findings, refusals of an edition, and how ballots are marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from civic_budget.editions.checking import Finding, Section
from civic_budget.editions.corrections import Change
from civic_budget.editions.rules import CITY_WIDE, Milestone, Phase, district_of
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.errors import DomainError
from civic_budget.kernel.money import say_money

PHASE_NAMES = {
    Phase.PREPARATION: _("Preparation"),
    Phase.SUBMISSION: _("Proposals are being submitted"),
    Phase.ASSESSMENT: _("Proposals are being assessed"),
    Phase.BEFORE_VOTING: _("The list for the vote is ready"),
    Phase.VOTING: _("Voting is open"),
    Phase.VERIFICATION: _("Votes are being verified"),
    Phase.RESULTS: _("The results are published"),
}

MILESTONE_NAMES = {
    Milestone.SUBMISSION_OPENS: _("Submission of proposals opens"),
    Milestone.SUBMISSION_CLOSES: _("Submission of proposals closes"),
    Milestone.ASSESSMENT_PUBLISHED: _("The city publishes its assessment"),
    Milestone.APPEALS_CLOSE: _("Last day to appeal"),
    Milestone.LIST_PUBLISHED: _("The list for the vote is published"),
    Milestone.WITHDRAWAL_CLOSES: _("Last day for authors to withdraw"),
    Milestone.VOTING_OPENS: _("Voting opens"),
    Milestone.VOTING_CLOSES: _("Voting closes"),
    Milestone.RESULTS_PUBLISHED: _("The results are published"),
}

SIDE_DATE_NAMES = {
    SideDate.SUPPORT_LISTS_DUE: _("Lists of supporters are due"),
    SideDate.PAPER_PROPOSALS_UNTIL: _("Proposals on paper are taken until"),
    SideDate.EDITING_CLOSES: _("Last day for authors to edit"),
    SideDate.CARDS_DUE: _("Assessment cards are due"),
    SideDate.HEARINGS_END: _("Last day of hearings"),
    SideDate.APPEALS_DECIDED: _("Appeals are decided"),
    SideDate.POINTS_PUBLISHED: _("The list of voting points is published"),
    SideDate.PAPER_VOTES_KEYED: _("Paper votes are keyed in until"),
    SideDate.APPROVED: _("Projects are approved for implementation"),
}

SECTION_NAMES = {
    Section.CALENDAR: _("Calendar"),
    Section.POOLS: _("Money and limits"),
    Section.CATEGORIES: _("Categories"),
    Section.BALLOT: _("Ballot"),
    Section.SELECTION: _("Rule for choosing winners"),
    Section.TEXTS: _("Name and texts"),
    Section.SOURCES: _("Sources"),
}

SETTING_NAMES = {
    "calendar": _("Calendar"),
    "pools": _("Money and limits"),
    "categories": _("Categories"),
    "ballot": _("Ballot"),
    "selection": _("Rule for choosing winners"),
    "proofs": _("Proofs of residence"),
}

POOL_FIELD_NAMES = {
    "money": _("Money"),
    "min_cost": _("Least cost of a proposal"),
    "max_cost": _("Highest cost of a proposal"),
    "signatures": _("Supporters needed"),
}

KIND_NAMES = {
    "points": _("Projects in order, with points"),
    "approval": _("Projects that one supports"),
    "one": _("One project"),
    "cumulative": _("Points divided freely"),
}

LIST_NAMES = {"district": _("The list of the district"), "city": _("The list of the city")}

ORDER_NAMES = {
    "drawn": _("By the drawn numbers, the same for everybody"),
    "shuffled": _("Shuffled for each voter, always the same for one voter"),
}

DUPLICATE_NAMES = {
    "paper_wins": _("The paper vote counts, the other is taken out"),
    "void_all": _("All are taken out"),
    "drawn": _("One is drawn by lot, the others are taken out"),
}

PROOF_KINDS = {
    "statement": _("A signed statement"),
    "document": _("A document"),
    "letter": _("A letter with a code to the address"),
    "register": _("A list that knows the person, such as a university’s"),
    "desk": _("A document shown at an assistance point, which is always possible"),
}

LANGUAGE_NAMES = {
    "pl": _("Polish"),
    "en": _("English"),
    "uk": _("Ukrainian"),
    "ru": _("Russian"),
}


def say_scope(scope: str, districts: Mapping[int, str]) -> str:
    """A pool by name: the whole city, or "VIII Dębniki"."""
    number = district_of(scope)
    if scope == CITY_WIDE or number is None:
        return str(gettext("the whole city"))
    return districts.get(number, scope)


def say_setting(setting: str, districts: Mapping[int, str]) -> str:
    """The name of a setting that may have a source: a page, a moment or a pool."""
    kind, _sep, code = setting.partition(":")
    if kind == "milestone":
        return str(MILESTONE_NAMES[Milestone(code)])
    if kind == "side":
        return str(SIDE_DATE_NAMES[SideDate(code)])
    if kind == "pool":
        return f"{SETTING_NAMES['pools']}: {say_scope(code, districts)}"
    return str(SETTING_NAMES[setting])


def say_change(change: Change, districts: Mapping[int, str]) -> str:
    """What a correction changes."""
    if change.milestone is not None:
        return str(MILESTONE_NAMES[change.milestone])
    if change.side is not None:
        return str(SIDE_DATE_NAMES[change.side])
    scope, field = change.pool
    return f"{say_scope(scope, districts)}: {POOL_FIELD_NAMES[field]}"


def say_ballot(rule: Mapping[str, Any]) -> str:
    """How a ballot is marked, in one or two sentences."""
    fewest, most = int(rule.get("minimum", 1)), rule.get("maximum")
    kind = rule.get("kind")
    if kind == "points":
        points = ", ".join(str(worth) for worth in rule.get("points", []))
        said = gettext(
            "On each list one marks projects in order; the points for the first, the second and "
            "so on are: %(points)s.",
            points=points,
        )
    elif kind == "approval":
        said = gettext("On each list one marks the projects that one supports.")
    elif kind == "one":
        return str(gettext("On each list one marks one project."))
    else:
        said = ngettext(
            "On each list one gives %(num)s point to projects.",
            "On each list one divides %(num)s points among projects as one likes.",
            int(rule.get("sum", 0)),
        )
    if most is None:
        bounds = gettext("At least: %(fewest)s.", fewest=fewest)
    elif fewest == most:
        bounds = gettext(
            "Exactly this many: %(count)s. Where a list is shorter, all of it.", count=most
        )
    else:
        bounds = gettext("At least: %(fewest)s, at most: %(most)s.", fewest=fewest, most=most)
    return f"{said} {bounds}"


def say_finding(finding: Finding, districts: Mapping[int, str]) -> str:
    """What the check found, as a sentence."""
    values: dict[str, Any] = dict(finding.values)
    if "scope" in values:
        values["pool"] = say_scope(str(values["scope"]), districts)
    if "side" in values:
        values["side"] = str(SIDE_DATE_NAMES[SideDate(str(values["side"]))])
    for name in ("milestone", "earlier"):
        if name in values:
            values[name] = str(MILESTONE_NAMES[Milestone(str(values[name]))])
    if "language" in values:
        values["language"] = str(LANGUAGE_NAMES[str(values["language"])])
    return str(_FINDINGS[finding.code]) % values


_FINDINGS = {
    "moment_missing": _("Not set yet: %(milestone)s."),
    "phases_overlap": _("Phases overlap: “%(milestone)s” is before “%(earlier)s”."),
    "side_date_misplaced": _("“%(side)s” does not fit “%(milestone)s”."),
    "phase_empty": _("This phase lasts no time at all: %(milestone)s."),
    "opening_has_passed": _("The moment when submission opens has already passed."),
    "appeal_short": _("Authors have less than seven days to appeal."),
    "voting_short": _("Voting lasts less than seven days."),
    "no_pools": _("No pool has any money yet."),
    "pool_missing": _("No money is set for: %(pool)s. Residents could not propose there."),
    "pool_without_money": _("A pool without money: %(pool)s."),
    "max_above_pool": _("A proposal could cost more than there is: %(pool)s."),
    "min_above_max": _("The least cost is above the highest: %(pool)s."),
    "max_missing": _("The highest cost of a proposal is not set: %(pool)s."),
    "residents_unknown": _(
        "The number of residents is not known, so the limit of signatures cannot be checked: "
        "%(pool)s."
    ),
    "too_many_signatures": _(
        "%(pool)s: %(signatures)s signatures are asked for; the law allows one for every "
        "thousand residents, which is %(limit)s."
    ),
    "ballot_missing": _("It is not set how a ballot is marked."),
    "points_missing": _("The points of a ballot are not set."),
    "points_not_descending": _("Points must fall from place to place, down to at least 1."),
    "points_and_maximum": _("There are not as many points as projects that may be marked."),
    "minimum_above_maximum": _("More projects must be marked than may be marked."),
    "rule_missing": _("The rule for choosing winners is not set."),
    "rule_unsigned": _("The rule for choosing winners is not signed by two people."),
    "rule_and_ballot": _("The rule counts other ballots than those that are handed out."),
    "no_categories": _("There is no category."),
    "year_taken": _("Another edition is already public for the year %(year)s."),
    "name_missing": _("The name is missing in this language: %(language)s."),
    "introduction_missing": _("The introduction is missing in this language: %(language)s."),
    "no_proofs": _("No proof of residence is accepted."),
    "sources_missing": _("Settings without a source: %(count)s."),
}

_REFUSALS = {
    "not_an_amount": _("Write an amount in złoty, for example 12 500 or 12500,50."),
    "incomplete": _("The edition has faults that must be mended first."),
    "published": _("The edition is public: only a correction that two people sign changes it."),
    "not_published": _("The edition is not public yet: change its settings directly."),
    "side_date_misplaced": _("This day does not fit the calendar: look at the days around it."),
    "round_holds_its_times": _(
        "The vote is running: its times are moved by the commission on the page of the round, with "
        "the reason told in public. The calendar follows by itself."
    ),
    "not_a_coordinator": _("Coordinators do this."),
    "not_an_administrator": _("An administrator does this."),
    "not_a_signer": _("Coordinators and administrators sign."),
    "needs_second_person": _("A second person must sign: you proposed this yourself."),
    "already_signed": _("You have signed this rule already."),
    "bad_slug": _("Use small letters without marks, digits and hyphens, for example 2027."),
    "slug_taken": _("Another edition has this address."),
    "bad_year": _("Write the year with four digits."),
    "no_such_time": _("The clocks go forward then: this hour does not exist."),
    "moment_has_passed": _("This moment has passed and can no longer be moved."),
    "moved_into_past": _("A moment cannot be moved into the past."),
    "phases_overlap": _("This would be before the moment that comes first. Check the order."),
    "list_is_public": _("The list for the vote is public: amounts and limits stay."),
    "correction_waits": _("Another correction waits for the second person. Finish it first."),
    "correction_answered": _("This correction has been answered already."),
    "nothing_differs": _("Nothing differs from what is public."),
    "reason_missing": _("Say in Polish why: everybody will read it."),
    "outdated": _("The edition has changed since. Decline this and propose it anew."),
    "polish_name_missing": _("The Polish name is needed: it is the binding one."),
    "bad_link": _("Write the whole address, beginning with https://"),
    "pool_without_money": _("Write an amount above zero, or leave the row empty."),
    "max_above_pool": _("A proposal could cost more than there is."),
    "min_above_max": _("The least cost is above the highest."),
    "max_missing": _("Say how much a proposal may cost at most."),
    "points_missing": _("Write the points, for example 3, 2, 1."),
    "points_not_descending": _("Points must fall from place to place, down to at least 1."),
    "total_missing": _("Write how many points each voter divides."),
    "minimum_above_maximum": _("More projects must be marked than may be marked."),
    "bad_code": _("Use small letters, digits and hyphens."),
    "no_dry_run": _("Choose an earlier edition and look at what the rule gives there."),
}


def say_refusal(error: DomainError) -> str:
    """What to tell a person whom a deed on editions refused."""
    words = _REFUSALS.get(error.code)
    return str(words or gettext("This could not be done. Please try again."))


def say_value(setting: Change, value: str | int) -> str:
    """An amount or a count of a correction (moments are said by the page)."""
    _scope, field = setting.pool
    return str(value) if field == "signatures" else say_money(int(value))
