"""How lots are drawn, for everybody to read, print and redo; the hashes are public before the vote."""

from __future__ import annotations

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import EditionFacts, get_edition_by_slug
from civic_budget.editions.rule_words import say_event
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.errors import NotFound
from civic_budget.results.drawing import TEN_LINES, DrawList, draw_lists
from civic_budget.results.views.blueprint import results
from civic_budget.results.views.showing import say_scope
from civic_budget.voting.queries import find_round_of_edition
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading
from civic_budget.web.words import say_number


@results.get("/editions/<slug>/draw")
@access(Audience.PUBLIC)
def draw_procedure(slug: str) -> ResponseReturnValue:
    """The procedure step by step, ten lines of Python, each pool's list and its hash."""
    edition = get_edition_by_slug(reading(), slug)
    lists = _lists(edition)
    names = district_names(reading())
    return render_template(
        "results/draw.html",
        edition=edition,
        program=TEN_LINES,
        events=sorted({say_event(one.event) for one in lists if one.event}),
        rows=[_row(slug, one, say_scope(one.scope, names)) for one in lists],
    )


@results.get("/editions/<slug>/draw/<scope>.txt")
@access(Audience.PUBLIC)
def draw_list(slug: str, scope: str) -> ResponseReturnValue:
    """A pool's frozen list, byte for byte what was hashed."""
    lists = _lists(get_edition_by_slug(reading(), slug))
    found = next((one for one in lists if one.scope == scope), None)
    if found is None:
        raise NotFound("no_such_pool")
    answer = Response(found.text.encode(), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-{scope}-draw.txt"'
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def _lists(edition: EditionFacts) -> list[DrawList]:
    """The lists, once the list of projects is public and fixed for the vote."""
    found = find_round_of_edition(reading(), edition.id)
    if found is None or now() < edition.moment_of(Milestone.LIST_PUBLISHED):
        return []
    return draw_lists(found.frozen)


def _row(slug: str, one: DrawList, name: str) -> list[object]:
    address = url_for("results.draw_list", slug=slug, scope=one.scope)
    return [
        name,
        say_number(one.projects),
        Markup('<a href="{}" download>{}</a>').format(address, gettext("List")),
        Markup('<code class="hash" translate="no">{}</code>').format(one.commitment),
    ]
