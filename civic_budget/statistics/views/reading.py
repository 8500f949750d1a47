"""Public pages of participation by citizenship: one page a question, the same numbers for everybody.

Nothing is open before the results are; analysts read these same pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext
from markupsafe import Markup

from civic_budget.city.queries import district_names
from civic_budget.editions.queries import EditionFacts
from civic_budget.statistics import figures, labels
from civic_budget.statistics import plan as plans
from civic_budget.statistics.catalogue import Table
from civic_budget.statistics.explain import parameters
from civic_budget.statistics.figures import Figure, Reading
from civic_budget.statistics.figures.editions import classes_apart
from civic_budget.statistics.figures.groups import foreign
from civic_budget.statistics.nationality import POLISH, UNKNOWN
from civic_budget.statistics.outreach_queries import list_targets
from civic_budget.statistics.publish import Publication
from civic_budget.statistics.queries import (
    find_release,
    get_publication,
    get_published_edition,
    list_published,
    list_registers,
)
from civic_budget.statistics.tabulate import shape
from civic_budget.statistics.views.blueprint import statistics
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading
from civic_budget.web.locale import locale_code
from civic_budget.web.words import say_number

EDITIONS = 7
"""So many editions before the present one are drawn; with it the eight of the protection's horizon."""


@dataclass(frozen=True)
class Question:
    """A page: its name in the address, its title, its figures.

    The reader `picks` so many classes; targets of `measure` stand beside the figures.
    """

    slug: str
    title: LazyString
    draw: Callable[[Reading], Sequence[Figure]]
    picks: int = 0
    measure: str = ""


QUESTIONS: tuple[Question, ...] = (
    Question("voted", lazy_gettext("Who voted"), figures.voted_figures, 0, "voters"),
    Question("rates", lazy_gettext("How many of the registered voted"), figures.rate_figures),
    Question("districts", lazy_gettext("Where voters live"), figures.district_figures, 1),
    Question("ages", lazy_gettext("Age and sex of voters"), figures.age_figures, 1),
    Question("channels", lazy_gettext("On paper or online"), figures.channel_figures),
    Question("days", lazy_gettext("On which days people voted"), figures.day_figures, 1),
    Question(
        "registered", lazy_gettext("Who registered"), figures.registered_figures, 0, "registered"
    ),
    Question("proposed", lazy_gettext("Who proposed"), figures.proposed_figures, 0, "authors"),
    Question("groups", lazy_gettext("Two groups side by side"), figures.pair_figures, 2),
    Question(
        "comparison", lazy_gettext("Compared with the edition before"), figures.comparison_figures
    ),
)
BY_SLUG = {question.slug: question for question in QUESTIONS}


@statistics.get("/participation")
@access(Audience.PUBLIC)
def index() -> ResponseReturnValue:
    """The latest public edition, or word that there is none yet."""
    published = list_published(reading(), at=now())
    if not published:
        return render_template("statistics/none.html")
    return redirect(url_for("statistics.overview", slug=published[0].slug))


@statistics.get("/participation/<slug>")
@access(Audience.PUBLIC)
def overview(slug: str) -> ResponseReturnValue:
    """The edition at a glance, and the way to every question."""
    edition = get_published_edition(reading(), slug, at=now())
    read = reading_of(edition)
    return render_template(
        "statistics/overview.html",
        figure=figures.voted_figures(read)[0],
        totals={m: read.publication.sum(m) for m in ("registered", "voters", "authors")},
        foreign=foreign(read, "voters"),
        release=find_release(reading(), edition.id),
        file_url=read.file_url,
        files=[_files(read, table) for table in read.publication.tables],
        **_shared(edition, read),
    )


@statistics.get("/participation/<slug>/<any({}):question>".format(",".join(BY_SLUG)))
@access(Audience.PUBLIC)
def question(slug: str, question: str) -> ResponseReturnValue:
    """One question's figures; `class` picks one of the sealed classes."""
    edition = get_published_edition(reading(), slug, at=now())
    asked = BY_SLUG[question]
    read = reading_of(edition, picks=asked.picks)
    return render_template(
        "statistics/question.html",
        question=asked,
        figures=asked.draw(read),
        apart=classes_apart(read) if asked.slug == "comparison" else [],
        planned=_planned(read.publication) if asked.slug == "comparison" else [],
        before=read.before,
        options=[(code, labels.class_name(code)) for code in _pickable(read, asked.picks)],
        picks=asked.picks,
        read=read,
        targets=_targets(edition, read, asked.measure),
        **_shared(edition, read),
    )


@statistics.get("/participation/<slug>/method")
@access(Audience.PUBLIC)
def method(slug: str) -> ResponseReturnValue:
    """How these numbers are made, for a member of the council."""
    edition = get_published_edition(reading(), slug, at=now())
    read = reading_of(edition)
    return render_template(
        "statistics/method.html",
        about=parameters(read.publication.release),
        **_shared(edition, read),
    )


@statistics.get("/participation/<slug>/technical")
@access(Audience.PUBLIC)
def technical(slug: str) -> ResponseReturnValue:
    """The note for statisticians, with the parameters actually sealed."""
    edition = get_published_edition(reading(), slug, at=now())
    read = reading_of(edition)
    return render_template(
        "statistics/technical.html",
        about=parameters(read.publication.release),
        classes_rows=[
            [labels.class_name(code), _members(read.publication, code)]
            for code in read.publication.classes.order
        ],
        residents=read.publication.release.residents,
        **_shared(edition, read),
    )


def _targets(edition: EditionFacts, read: Reading, measure: str) -> list[list[str]]:
    """What the city hoped for beside what came, in words; groups that are not sealed are left out."""
    rows = []
    known = {POLISH, *read.publication.classes.order}
    for one in list_targets(reading(), edition.id):
        if one.measure != measure or (one.group and one.group not in known):
            continue
        reached = read.publication.sum(measure, cls=one.group or None)
        rows.append(
            [
                labels.class_name(one.group) if one.group else str(gettext("Everybody")),
                "–" if one.target is None else say_number(one.target),
                labels.say_estimate(reached),
                labels.say_target(one.target, reached),
                one.note,
            ]
        )
    return rows


def reading_of(edition: EditionFacts, *, picks: int = 0) -> Reading:
    """An edition's numbers for a page; the classes in the address must be sealed ones (404)."""
    session = reading()
    earlier = _earlier(edition)
    read = Reading(
        publication=get_publication(session, edition.id),
        districts=district_names(session),
        file_url=lambda name: url_for("participation_data.file", slug=edition.slug, name=name),
        before=earlier[0][1] if earlier else None,
        names=(str(edition.year), earlier[0][0] if earlier else ""),
        earlier=earlier,
        registers=list_registers(session),
    )
    choice = _pickable(read, picks)
    asked = [request.args.get("class", ""), request.args.get("with", "")][:picks]
    if any(code and code not in choice for code in asked):
        abort(404)
    chosen, other = (
        code or choice[min(place, len(choice) - 1)]
        for place, code in enumerate((*asked, "", "")[:2])
    )
    return replace(read, chosen=chosen, other=other)


def _pickable(read: Reading, picks: int) -> list[str]:
    """The classes a reader may choose from; two are set beside each other with Poland too."""
    known = list(read.classes) or [UNKNOWN]
    return [*known, POLISH] if picks != 1 else known


def _earlier(edition: EditionFacts) -> list[tuple[str, Publication]]:
    """The public editions of earlier years, the latest first."""
    names = [one for one in list_published(reading(), at=now()) if one.year < edition.year]
    return [(str(one.year), get_publication(reading(), one.id)) for one in names[:EDITIONS]]


def _shared(edition: EditionFacts, read: Reading) -> dict[str, object]:
    """What every page of an edition has: the non-response that leads it, words, the questions."""
    return {
        "edition": edition,
        "editions": list_published(reading(), at=now()),
        "questions": QUESTIONS,
        "silent": read.publication.non_response(),
        "silent_count": read.publication.sum("voters", cls=UNKNOWN),
        "labels": labels,
        "language": locale_code(),
    }


def _files(read: Reading, table: Table) -> list[str]:
    """A table's line in the list of files: its name, what it counts, where it is."""
    what = ", ".join(str(labels.DIMENSION_NAMES[dim]) for dim in table.dims)
    endings = ("csv", "json", "measured.csv", "csv-metadata.json")
    links = Markup(" · ").join(
        Markup('<a href="{url}" translate="no">{ending}</a>').format(
            url=read.file_url(f"{table.name}.{ending}"), ending=ending
        )
        for ending in endings
    )
    return [table.name, f"{labels.MEASURE_NAMES[table.measure]}: {what}", links]


def _planned(publication: Publication) -> list[tuple[str, plans.Visible]]:
    """The smallest changes that the next edition can show, by class."""
    codes = shape(publication.catalogue, publication.frame)
    rows = plans.plan(publication.catalogue, publication.classes, codes)
    return [(labels.class_name(row.cls), row) for row in rows]


def _members(publication: Publication, code: str) -> str:
    return ", ".join(labels.nationality_name(one) for one in publication.classes.members(code))
