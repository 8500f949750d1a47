"""The front page, the list of editions, and each edition: calendar, money, rules with their sources."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from civic_budget.city.district_map import Look, draw_map, krakow_centres
from civic_budget.city.queries import district_names
from civic_budget.editions.declared import declared_rules
from civic_budget.editions.drafts import CorrectionFacts, list_corrections, list_sources
from civic_budget.editions.labels import (
    MILESTONE_NAMES,
    PHASE_NAMES,
    PROOF_KINDS,
    SIDE_DATE_NAMES,
    say_ballot,
    say_change,
    say_scope,
    say_setting,
    say_value,
)
from civic_budget.editions.queries import (
    EditionFacts,
    find_current_edition,
    get_edition_by_slug,
    list_edition_names,
)
from civic_budget.editions.rule_words import list_paragraphs
from civic_budget.editions.rules import Milestone, scope_of
from civic_budget.editions.views.blueprint import editions
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading
from civic_budget.web.locale import locale_code
from civic_budget.web.words import say_deadline

FEWEST_ON_MAP = 3


@editions.get("/")
@access(Audience.PUBLIC)
def home() -> ResponseReturnValue:
    """The first page that anybody sees."""
    edition = find_current_edition(reading(), at=now())
    coming = edition.calendar.next_milestone(now()) if edition else None
    return render_template(
        "editions/home.html",
        edition=edition,
        phase=edition.phase(now()) if edition else None,
        coming=coming,
        phase_names=PHASE_NAMES,
        milestone_names=MILESTONE_NAMES,
        city_map=_draw_city(),
    )


@editions.get("/editions")
@access(Audience.PUBLIC)
def browse() -> ResponseReturnValue:
    """All public editions, the latest first."""
    return render_template("editions/browse.html", names=list_edition_names(reading(), at=now()))


@editions.get("/editions/<slug>")
@access(Audience.PUBLIC)
def show(slug: str) -> ResponseReturnValue:
    """An edition: its calendar, money, rules in words with their sources, corrections."""
    edition = get_edition_by_slug(reading(), slug)
    districts = district_names(reading())
    rules = declared_rules(edition.selection_rule)
    introduction, language = edition.text("introduction", locale_code())
    return render_template(
        "editions/show.html",
        edition=edition,
        training=edition.is_training,
        phase=PHASE_NAMES[edition.phase(now())],
        introduction=introduction,
        introduction_language=language,
        calendar=_calendar(edition, now()),
        pools=[(say_scope(pool.scope, districts), pool) for pool in edition.pools],
        asks_signatures=any(pool.signatures for pool in edition.pools),
        ballot=say_ballot(edition.ballot_rule) if edition.ballot_rule else "",
        paragraphs=list_paragraphs(rules) if rules else [],
        proofs=[PROOF_KINDS[kind] for kind in edition.accepted_proofs if kind in PROOF_KINDS],
        sources=[
            (say_setting(source.setting, districts), source)
            for source in list_sources(reading(), edition.id).values()
        ],
        corrections=[
            (one, describe_changes(one, districts))
            for one in list_corrections(reading(), edition.id)
            if one.is_signed
        ],
    )


def describe_changes(
    correction: CorrectionFacts, districts: dict[int, str]
) -> list[tuple[str, str, str]]:
    """What a correction changes: the setting, how it was, how it becomes, in words."""
    rows = []
    for change in correction.changes:
        if change.milestone is not None or change.side is not None:
            before, after = (
                say_deadline(datetime.fromisoformat(str(value))) if value else gettext("not set")
                for value in (change.before, change.after)
            )
        else:
            before, after = say_value(change, change.before), say_value(change, change.after)
        rows.append((say_change(change, districts), before, after))
    return rows


def _calendar(edition: EditionFacts, at: datetime) -> list[dict[str, str]]:
    """The known moments as a timeline; the next one is marked."""
    coming = edition.calendar.next_milestone(at)
    known = [
        (edition.moment_of(m), str(MILESTONE_NAMES[m]), coming == (m, edition.moment_of(m)))
        for m in Milestone
        if edition.knows(m)
    ]
    known += [(t, str(SIDE_DATE_NAMES[d]), False) for d, t in edition.side_dates.items()]
    return [
        {
            "when": say_deadline(moment),
            "what": words,
            "state": "done" if moment <= at else "current" if is_next else "",
        }
        for moment, words, is_next in sorted(known, key=lambda one: one[0])
    ]


def _draw_city() -> Markup | None:
    """The city's districts, each leading to its proposals; None for a city too small to draw."""
    names = district_names(reading())
    centres = [centre for centre in krakow_centres() if centre.number in names]
    if len(centres) < FEWEST_ON_MAP:
        return None
    links = {n: url_for("proposals.catalogue", scope=scope_of(n)) for n in names}
    return draw_map(
        centres,
        map_id="city-map",
        title=gettext("The districts of the city"),
        description=gettext("Each district leads to its proposals."),
        look=Look(links=links, words=names),
    )
