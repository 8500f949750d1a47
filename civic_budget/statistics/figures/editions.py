"""Figures across editions: what changed since the edition before, and whether that is more than chance."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from civic_budget.statistics.estimate import Difference, Estimate, difference
from civic_budget.statistics.figures.drift import drift_figure
from civic_budget.statistics.figures.parts import (
    Figure,
    Reading,
    number_column,
    round_up,
    sentence_column,
)
from civic_budget.statistics.labels import class_name, say_difference, say_estimate, say_worth
from civic_budget.statistics.nationality import POLISH, UNKNOWN
from civic_budget.statistics.publish import Publication
from civic_budget.web.charts import Interval, Shift, before_and_now, interval_plot
from civic_budget.web.words import say_number

Change = tuple[str, Estimate, Estimate, Difference | None]


def comparison_figures(reading: Reading) -> list[Figure]:
    """Changes of voters and of registered residents by class; nothing without an edition before."""
    if reading.before is None:
        return []
    drift = drift_figure(reading, "voters", gettext("Voters of each group through the editions"))
    return [
        _before_and_now(reading, reading.before),
        _figure(reading, reading.before, "voters", "change-voters", gettext("Change of voters")),
        _figure(
            reading,
            reading.before,
            "registered",
            "change-registered",
            gettext("Change of registered residents"),
        ),
        *([drift] if drift else []),
    ]


def _before_and_now(reading: Reading, before: Publication) -> Figure:
    """Voters of each shared class before and now, on one axis; Poland stands in the table."""
    changes = [c for c in changes_of(reading.publication, before, "voters") if c[0] != POLISH]
    changes.sort(key=lambda change: -(change[1].value or 0))
    title = gettext("Voters before and now")
    finding = gettext(
        "A hollow dot is the edition %(before)s, a full one %(now)s.",
        before=reading.names[1],
        now=reading.names[0],
    )
    most = max((one.value or 0 for change in changes for one in change[1:3]), default=0)
    top = max(10, round_up(most))
    shifts = [
        Shift(
            class_name(code),
            earlier.value,
            now.value,
            gettext("too few persons")
            if found is None
            else f"{say_number(earlier.value or 0)} → {say_number(now.value or 0)}",
        )
        for code, now, earlier, found in changes
    ]
    drawing = before_and_now(
        shifts,
        chart_id="before-and-now-plot",
        title=title,
        finding=finding,
        ticks=[(0, "0"), (top / 2, say_number(top // 2)), (top, say_number(top))],
    )
    columns = [
        gettext("Citizenship or region"),
        number_column(reading.names[1]),
        number_column(reading.names[0]),
        sentence_column(gettext("What it is worth")),
    ]
    rows = [
        [class_name(code), say_estimate(earlier), say_estimate(now), say_worth(found)]
        for code, now, earlier, found in changes
    ]
    return Figure("before-and-now", title, finding, drawing, columns, rows)


def classes_apart(reading: Reading) -> list[str]:
    """Classes that only one of the two editions has: their members are counted elsewhere there."""
    if reading.before is None:
        return []
    now, before = (set(_told(one)) for one in (reading.publication, reading.before))
    return sorted(class_name(code) for code in now ^ before)


def _told(publication: Publication) -> list[str]:
    """Classes that mean the same persons in any edition: nationalities with rows of their own."""
    return [code for code in publication.classes.own() if code != UNKNOWN]


def changes_of(later: Publication, earlier: Publication, measure: str) -> list[Change]:
    """For Poland and each class of both editions: now, before, and what the difference is worth."""
    shared = [code for code in _told(later) if code in set(_told(earlier))]
    found = []
    for code in (POLISH, *shared, UNKNOWN):
        now, before = later.sum(measure, cls=code), earlier.sum(measure, cls=code)
        found.append((code, now, before, difference(now, before)))
    return found


def _figure(
    reading: Reading, before: Publication, measure: str, figure_id: str, title: str
) -> Figure:
    changes = changes_of(reading.publication, before, measure)
    clear = sum(change[3] is not None and change[3].worth == "larger" for change in changes)
    finding = ngettext(
        "%(num)s change is larger than its margin; the others may be chance.",
        "%(num)s changes are larger than their margins; the others may be chance.",
        clear,
    )
    foreign = [change for change in changes if change[0] != POLISH]
    reach = max((abs(c[3].value) + c[3].margin for c in foreign if c[3] is not None), default=0)
    reach = max(reach, 10)
    drawing = interval_plot(
        [_interval(change) for change in foreign],
        chart_id=f"{figure_id}-plot",
        title=title,
        finding=finding,
        ticks=[(-reach, f"−{say_number(reach)}"), (0, "0"), (reach, f"+{say_number(reach)}")],
        reference=(0, gettext("no change")),
    )
    rows = [
        [
            class_name(code),
            say_estimate(earlier),
            say_estimate(now),
            say_difference(change),
            say_worth(change),
        ]
        for code, now, earlier, change in changes
    ]
    columns = [
        gettext("Citizenship or region"),
        number_column(reading.names[1]),
        number_column(reading.names[0]),
        number_column(gettext("Change in persons")),
        sentence_column(gettext("What it is worth")),
    ]
    return Figure(figure_id, title, finding, drawing, columns, rows)


def _interval(change: Change) -> Interval:
    code, _now, _before, found = change
    if found is None:
        return Interval(class_name(code), None, None, None, gettext("too few persons"))
    low, high = found.value - found.margin, found.value + found.margin
    return Interval(class_name(code), low, found.value, high, say_difference(found))
