"""The office's figures and the forecast of hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from civic_budget.editions.queries import find_current_edition, list_editions
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.clock import city_day
from civic_budget.residency.forecast import (
    SEASON,
    Forecast,
    Hindsight,
    Shape,
    look_ahead,
    look_back,
    measured_profile,
    profile_of,
)
from civic_budget.residency.labels import ROAD_NAMES
from civic_budget.residency.labels.options import option_names
from civic_budget.residency.limits import Limits
from civic_budget.residency.options import Catalogue
from civic_budget.residency.queries import get_limits, list_options
from civic_budget.residency.queries.figures import (
    OfficeFigures,
    arrivals_by_day,
    get_figures,
    mix_of_roads,
)
from civic_budget.residency.views.blueprint import residency
from civic_budget.web.access import Audience, access
from civic_budget.web.charts import Bar, day_columns
from civic_budget.web.current import now, reading
from civic_budget.web.locale import locale_code
from civic_budget.web.words import say_day, say_number, say_percent

YEAR = timedelta(days=365)
WORKING_HOURS = 6
"""Hours of a working day that go into cases; the rest is mail, telephone and rest."""


@residency.get("/office/residence-figures")
@access(Audience.OFFICE_FIGURES)
def office_figures() -> ResponseReturnValue:
    """What waits, what was decided, why refused, how appeals ended, and hours to come."""
    limits = get_limits(reading())
    figures = get_figures(reading(), limits, since=now() - YEAR, at=now())
    outlook = _outlook(figures, limits)
    ahead = outlook.likely if outlook else None
    return render_template(
        "residency/figures.html",
        figures=figures,
        key_figures=_key_figures(figures),
        per_day=figures.decided_per_day,
        per_day_chart=_per_day(figures),
        refusals=_refusals(figures),
        roads=[(ROAD_NAMES[road], count) for road, count in figures.waiting_by_road.items()],
        upheld=_share(figures.appeals_allowed, figures.appeals_decided),
        ahead=ahead,
        ahead_rows=_rows(ahead) if ahead else [],
        people=_people(ahead) if ahead else 0,
        shape_rows=_shape_rows(outlook) if outlook else [],
        hindsight=outlook.hindsight if outlook else None,
        limits=limits,
    )


def _key_figures(figures: OfficeFigures) -> list[tuple[str, str]]:
    oldest = figures.oldest
    return [
        (say_number(figures.waiting), gettext("wait for the office")),
        (say_day(city_day(oldest)) if oldest else "–", gettext("oldest that waits was sent")),
        (say_number(figures.overdue), gettext("past the deadline")),
        (say_number(figures.asked), gettext("wait for the person’s answer")),
        (say_number(round(figures.backlog_hours)), gettext("hours of work in what waits")),
    ]


def _per_day(figures: OfficeFigures) -> Markup:
    days = figures.decided_per_day
    return day_columns(
        [Bar(say_day(day), count, say_number(count)) for day, count in days],
        chart_id="decided",
        title=gettext("Decided each day"),
        finding=gettext("Confirmations, refusals and appeals, the last 14 days."),
        said=[max(range(len(days)), key=lambda place: days[place][1])],
    )


def _refusals(figures: OfficeFigures) -> list[list[Any]]:
    names = option_names(list_options(reading(), Catalogue.REFUSAL), locale_code())
    return [[names.get(code, code), say_number(count)] for code, count in figures.refusals]


def _share(part: int, whole: int) -> str:
    return say_percent(part / whole) if whole else ""


@dataclass(frozen=True)
class Outlook:
    """The forecast, what other ways of coming would bring, and how it fared so far."""

    likely: Forecast
    shapes: Mapping[Shape, Forecast]
    hindsight: Hindsight | None


def _outlook(figures: OfficeFigures, limits: Limits) -> Outlook | None:
    """The outlook until the present edition's vote closes; None when it is over or not set."""
    edition = find_current_edition(reading(), at=now())
    if edition is None:
        return None
    closes, today = _closing_day(edition.moment_of(Milestone.VOTING_CLOSES)), city_day(now())
    if closes <= today:
        return None
    profile, last_total = _last_round(edition.year)
    arrivals = arrivals_by_day(reading(), closed_on=closes)
    ahead = partial(
        look_ahead,
        arrivals=arrivals,
        mix=mix_of_roads(reading(), since=today - timedelta(days=SEASON)),
        backlog_hours=figures.backlog_hours,
        closes_on=closes,
        today=today,
        limits=limits,
        last_total=last_total,
    )
    return Outlook(
        ahead(profile=profile),
        {shape: ahead(profile=profile_of(shape)) for shape in Shape},
        look_back(arrivals=arrivals, closes_on=closes, today=today, profile=profile),
    )


def _last_round(year: int) -> tuple[tuple[float, ...] | None, int | None]:
    """Profile and total of the last real round before a year, if people registered for it here."""
    past = [
        edition
        for edition in list_editions(reading())
        if edition.year < year and not edition.is_training and not edition.is_imported
    ]
    for edition in sorted(past, key=lambda each: -each.year):
        closed = _closing_day(edition.moment_of(Milestone.VOTING_CLOSES))
        arrivals = arrivals_by_day(reading(), closed_on=closed)
        profile = measured_profile(arrivals, closed)
        if profile is not None:
            return profile, sum(arrivals.values())
    return None, None


def _closing_day(closes_at: datetime) -> date:
    """The last day of the vote: one that closes at midnight ends on the day before."""
    return city_day(closes_at - timedelta(seconds=1))


def _rows(ahead: Forecast) -> list[list[Any]]:
    return [
        [say_day(each.day), say_number(round(each.cases)), say_number(round(each.hours, 1))]
        for each in ahead.days
    ]


def _shape_rows(outlook: Outlook) -> list[list[Any]]:
    names = {
        Shape.EVEN: gettext("the same number each day"),
        Shape.RUSH: gettext("half of all in the last three days"),
        Shape.LAST_DAY: gettext("half of all on the last day"),
    }
    return [
        [
            names[shape],
            say_number(round(sum(day.cases for day in one.days))),
            say_number(round(one.hours)),
        ]
        for shape, one in outlook.shapes.items()
    ]


def _people(ahead: Forecast) -> int:
    """Officers that the busiest day needs, if nothing is to be left over."""
    busiest = ahead.busiest
    return -(-round(busiest.hours * 10) // (WORKING_HOURS * 10)) if busiest else 0
