"""Results for everybody: the edition, each pool, each project's own explanation."""

from __future__ import annotations

from textwrap import shorten

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from markupsafe import Markup

from civic_budget.editions.queries import EditionFacts, list_editions
from civic_budget.editions.rule_words import list_paragraphs, say_event
from civic_budget.kernel.errors import NotFound
from civic_budget.kernel.money import say_money
from civic_budget.results.explaining import cheapest_waiting, explain, nearest_losers
from civic_budget.results.labels import (
    ACT_STANDINGS,
    OUTCOME_KINDS,
    OUTCOME_NAMES,
    say_comparison,
    say_explanation,
    say_left,
    say_near_miss,
    say_tie,
)
from civic_budget.results.queries import ProjectLine, are_published, list_decided_editions
from civic_budget.results.views.blueprint import results
from civic_budget.results.views.showing import (
    Decided,
    EditionResults,
    draw_winners,
    load_results,
)
from civic_budget.results.views.words import edition_files, pool_files, say_acts
from civic_budget.selection import WINNING, DrawRecord, Order, Outcome, SelectionError
from civic_budget.web.access import Audience, access
from civic_budget.web.charts import Bar, ranked_bars
from civic_budget.web.current import now, reading
from civic_budget.web.locale import current_language
from civic_budget.web.words import say_number

BARS = 15
LONGEST_LABEL = 30  # what fits beside a value on a phone; the table has the whole title


def has_published_results() -> bool:
    """Whether the navigation offers results."""
    return bool(published_editions())


def published_editions() -> list[EditionFacts]:
    """Editions with public results, the latest first; training editions are left out."""
    decided = list_decided_editions(reading())
    if not decided:
        return []
    return [
        edition
        for edition in list_editions(reading())
        if edition.id in decided and not edition.is_training and are_published(edition, at=now())
    ]


@results.get("/results")
@access(Audience.PUBLIC)
def index() -> ResponseReturnValue:
    """The latest published results."""
    published = published_editions()
    if not published:
        raise NotFound("no_results_yet")
    return redirect(url_for("results.edition", slug=published[0].slug))


@results.get("/editions/<slug>/results")
@access(Audience.PUBLIC)
def edition(slug: str) -> ResponseReturnValue:
    """What was funded in the whole edition, by pool, with a map."""
    found = load_results(slug)
    drawing, districts = draw_winners(found)
    published = published_editions()
    return render_template(
        "results/edition.html",
        found=found,
        edition=found.edition,
        drawing=drawing,
        districts=districts,
        others=published,
        chip_items=[
            (
                e.name(current_language()),
                url_for("results.edition", slug=e.slug),
                e.slug == slug,
            )
            for e in published
        ],
        winners=sum(d.winners for d in found.scopes),
        spent=sum(d.facts.spent for d in found.scopes),
        left=sum(d.left for d in found.scopes),
        rows=[_scope_row(found, d) for d in found.scopes],
        acts=say_acts(found, found.followed[0]),
        files=edition_files(slug),
        needs_draw=[d for d in found.scopes if not d.facts.is_complete],
    )


def _scope_row(found: EditionResults, decided: Decided) -> list[object]:
    address = url_for("results.scope", slug=found.edition.slug, scope=decided.facts.scope)
    return [
        Markup('<a href="{}">{}</a>').format(address, decided.name),
        say_number(decided.facts.voters),
        say_number(decided.winners),
        say_money(decided.facts.budget),
        say_money(decided.facts.spent),
        say_money(decided.left),
    ]


@results.get("/editions/<slug>/results/<scope>")
@access(Audience.PUBLIC)
def scope(slug: str, scope: str) -> ResponseReturnValue:
    """One pool: the ranked list with every decision, near misses, ties and draws."""
    found = load_results(slug)
    decided = found.scope(scope)
    lines = decided.facts.lines
    return render_template(
        "results/scope.html",
        found=found,
        edition=found.edition,
        decided=decided,
        rows=[_line_row(found, decided, line) for line in lines],
        chart=_chart(found, decided),
        finding=_finding(decided),
        chart_rows=[[found.title(ln.reference).text, say_number(ln.points)] for ln in lines],
        misses=_misses(found, decided),
        draws=[_draw_shown(found, decided, record) for record in decided.protocol.draws],
        ties=_ties(found, decided),
        remained=say_left(decided.left, cheapest_waiting(decided.protocol)),
        comparison=say_comparison(decided.protocol.notes),
        paragraphs=list_paragraphs({"pool": decided.rule}),
        acts=say_acts(found, found.act_rows(scope)),
        left_after=say_money(found.left(scope)),
        files=pool_files(slug, scope),
    )


def _line_row(found: EditionResults, decided: Decided, line: ProjectLine) -> list[object]:
    outcome = Outcome(line.outcome)
    own = url_for("results.project", slug=found.edition.slug, reference=line.reference)
    title = found.title(line.reference)
    lang = Markup(' lang="{}"').format(title.lang) if title.lang else ""
    return [
        line.rank,
        Markup('<a href="{}"{}>{}</a> <small class="soft">{}</small>').format(
            own, lang, title.text, line.reference
        ),
        _tags(found, line, outcome),
        say_number(line.points),
        say_number(line.votes),
        say_money(line.cost),
        say_money(line.left_after),
    ]


def _tags(found: EditionResults, line: ProjectLine, outcome: Outcome) -> Markup:
    """What was decided, and what an act changed later."""
    tag = Markup('<span class="tag {}">{}</span>')
    said = [tag.format(OUTCOME_KINDS.get(outcome, ""), OUTCOME_NAMES[outcome])]
    last = found.last_act(line.reference)
    if last is not None:
        said.append(tag.format("warn", ACT_STANDINGS[last.act.kind]))
    return Markup(" ").join(said)


def _chart(found: EditionResults, decided: Decided) -> Markup:
    bars = [
        Bar(
            f"{line.rank}. {shorten(found.title(line.reference).text, LONGEST_LABEL, placeholder='…')}",
            float(line.points),
            say_number(line.points),
            "m1" if line.outcome in WINNING else "m-rest",
        )
        for line in decided.facts.lines[:BARS]
    ]
    return ranked_bars(bars, chart_id="points", title=gettext("Points"), finding=_finding(decided))


def _finding(decided: Decided) -> str:
    return str(
        ngettext(
            "%(num)s project won; %(left)s stayed in the pool.",
            "%(num)s projects won; %(left)s stayed in the pool.",
            decided.winners,
            left=say_money(decided.left),
        )
    )


def _misses(found: EditionResults, decided: Decided) -> list[str]:
    try:
        misses = nearest_losers(decided.protocol, decided.projects, decided.rule)
    except (SelectionError, KeyError):
        return []
    by_votes = decided.rule.order is Order.VOTES
    return [
        say_near_miss(found.title(reference).text, missing, counts_votes=by_votes)
        for reference, missing in misses
    ]


def _ties(found: EditionResults, decided: Decided) -> list[str]:
    """Each tie once, in words."""
    seen: dict[tuple[str, ...], str] = {}
    for row in decided.protocol.decisions:
        if row.tie is not None and row.tie.projects not in seen:
            first = row.tie.projects[0]
            said = say_tie(row.tie, first, lambda reference: found.title(reference).text)
            seen[row.tie.projects] = f"{found.title(first).text}. {said}"
    return list(seen.values())


def _draw_shown(found: EditionResults, decided: Decided, record: DrawRecord) -> dict[str, object]:
    return {
        "titles": [found.title(project).text for project in record.projects],
        "event": say_event(record.event),
        "commitment": record.commitment,
        "text": record.frozen_list,
        "seed": record.seed,
        "source": decided.facts.seed_source or "–",
        "order": [found.title(project).text for project in record.order or ()],
    }


@results.get("/editions/<slug>/results/project/<path:reference>")
@access(Audience.PUBLIC)
def project(slug: str, reference: str) -> ResponseReturnValue:
    """Why one project won or did not."""
    found = load_results(slug)
    for decided in found.scopes:
        line = next((ln for ln in decided.facts.lines if ln.reference == reference), None)
        if line is not None:
            return _show_project(found, decided, line)
    raise NotFound("no_such_project")


def _show_project(found: EditionResults, decided: Decided, line: ProjectLine) -> str:
    explained = explain(decided.protocol, decided.projects, decided.rule, line.reference)
    sentences = say_explanation(explained, lambda reference: found.title(reference).text)
    outcome = Outcome(line.outcome)
    last = found.last_act(line.reference)
    return render_template(
        "results/project.html",
        found=found,
        edition=found.edition,
        decided=decided,
        line=line,
        title=found.title(line.reference),
        outcome=OUTCOME_NAMES[outcome],
        outcome_kind=OUTCOME_KINDS.get(outcome, ""),
        sentences=sentences,
        standing=ACT_STANDINGS[last.act.kind] if last else "",
        acts=say_acts(found, [r for r in found.followed[0] if r.act.reference == line.reference]),
        draws=[
            _draw_shown(found, decided, record)
            for record in decided.protocol.draws
            if line.reference in record.projects
        ],
        takers=[
            [row.rank, found.title(row.project).html, say_number(row.points), say_money(row.cost)]
            for row in explained.takers
        ],
    )
