"""Figures by day: votes first counted on each day, exact for everybody, measured for one class."""

from __future__ import annotations

from collections.abc import Sequence

from babel.dates import format_date
from flask_babel import gettext

from civic_budget.statistics.estimate import Period
from civic_budget.statistics.figures.parts import Figure, Reading, number_column
from civic_budget.statistics.labels import class_name, say_estimate
from civic_budget.web.charts import Bar, day_columns
from civic_budget.web.locale import locale_code
from civic_budget.web.words import say_number


def day_figures(reading: Reading) -> list[Figure]:
    """Everybody by day, and the chosen class by day or week."""
    publication, code = reading.publication, reading.chosen
    everybody = _figure(
        reading,
        "days",
        gettext("Votes by day, all voters"),
        publication.by_day(),
        gettext("Exact numbers: each voter counts on the day of the first vote."),
    )
    by_day = publication.daily(code)
    margin = f"±{say_number(publication.catalogue.margin('V4'))}"
    if by_day:
        finding = gettext("The margin of one day is %(margin)s.", margin=margin)
    else:
        finding = gettext(
            "This group is too small for days, so each column is a week; read it as a shape, not "
            "as counts."
        )
    title = gettext("Votes by day: %(group)s", group=class_name(code))
    return [everybody, _figure(reading, "group-days", title, publication.by_day(code), finding)]


def _figure(
    reading: Reading, figure_id: str, title: str, periods: Sequence[Period], finding: str
) -> Figure:
    columns = [Bar(say_period(one), _height(one), say_estimate(one.estimate)) for one in periods]
    tallest = max(range(len(columns)), key=lambda n: columns[n].value or 0, default=0)
    drawing = day_columns(
        columns, chart_id=f"{figure_id}-plot", title=title, finding=finding, said=[tallest]
    )
    rows = [[say_period(one), say_estimate(one.estimate)] for one in periods]
    return Figure(
        figure_id,
        title,
        finding,
        drawing,
        [gettext("Day"), number_column(gettext("Voters"))],
        rows,
        reading.downloads("V4"),
    )


def _height(period: Period) -> float | None:
    return period.estimate.value


def say_period(period: Period) -> str:
    """A day, or the first and last day of a week: "1 Oct – 7 Oct"."""
    code = locale_code()
    locale = "en_GB" if code in {"en", "eo"} else code
    first, last = (format_date(day, "d MMM", locale=locale) for day in (period.first, period.last))
    return first if period.first == period.last else f"{first} – {last}"
