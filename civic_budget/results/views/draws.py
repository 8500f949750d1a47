"""How lots are drawn, for everybody to read, print and redo; the hashes are public before the vote."""

from __future__ import annotations

from collections.abc import Sequence

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
from civic_budget.web.locale import current_language
from civic_budget.web.printing import pdf_response, render_pdf
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
        steps=_steps(lists),
        paper=_paper(),
        rows=[_row(slug, one, say_scope(one.scope, names)) for one in lists],
    )


@results.get("/editions/<slug>/draw.pdf")
@access(Audience.PUBLIC)
def draw_sheet(slug: str) -> ResponseReturnValue:
    """The whole procedure on paper: what is read aloud before lots are drawn before witnesses."""
    edition = get_edition_by_slug(reading(), slug)
    lists = _lists(edition)
    names = district_names(reading())
    language = current_language()
    data = {
        "lang": language,
        "caption": edition.name(language),
        "title": gettext("When projects are equal: the draw"),
        "lead": gettext(
            "Lots are drawn only when the order of exactly equal projects decides who gets money. "
            "Nobody can steer the draw, and anybody can repeat it."
        ),
        "steps": _steps(lists),
        "program_title": gettext("Repeat it yourself"),
        "program_words": gettext(
            "Save a pool's list as frozen-list.txt, write the seed and the numbers of the equal "
            "projects, and run these lines. Nothing of this website is needed."
        ),
        "program": TEN_LINES,
        "paper_title": gettext("On paper, before witnesses"),
        "paper": _paper(),
        "lists_title": gettext("Lists and their hashes"),
        "no_lists": gettext(
            "The lists and their hashes stand here as soon as the list of projects is fixed for "
            "the vote."
        ),
        "rows": [
            {
                "name": say_scope(one.scope, names),
                "projects": gettext("projects: %(count)s", count=say_number(one.projects)),
                "hash": one.commitment,
            }
            for one in lists
        ],
    }
    return pdf_response(render_pdf("draw", data), f"{slug}-draw.pdf")


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


def _steps(lists: Sequence[DrawList]) -> list[str]:
    """What happens, in its order."""
    events = sorted({say_event(one.event) for one in lists if one.event})
    seed = (
        gettext(
            "The seed is what a public event gives that nobody controls: %(event)s.",
            event="; ".join(events),
        )
        if events
        else gettext(
            "The seed is what a public event gives that nobody controls. The commission names it "
            "before the vote."
        )
    )
    return [
        gettext(
            "Before the vote the list of projects of each pool is fixed, and its hash (SHA-256) "
            "stands below. From then on nothing in it can change unnoticed."
        ),
        seed,
        gettext(
            "After the event the commission enters what it gave and where anybody can look it up. "
            "Until then the protocol says that a draw is needed and stops there."
        ),
        gettext(
            "Each equal project gets the SHA-256 of “hash|seed|number”. The project with the "
            "smallest one is drawn first."
        ),
    ]


def _paper() -> str:
    return str(
        gettext(
            "On paper: write the numbers on equal slips, let somebody uninvolved draw them before "
            "witnesses, and sign a protocol of the order. The commission enters the order and says "
            "where the protocol can be read."
        )
    )


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
