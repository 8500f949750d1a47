"""Figures over all public editions: how each class moved, with what the whole move is worth."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from civic_budget.statistics.estimate import Difference, Estimate, difference
from civic_budget.statistics.figures.parts import Figure, Reading, number_column, sentence_column
from civic_budget.statistics.labels import class_name, say_difference, say_estimate, say_worth
from civic_budget.statistics.nationality import POLISH, UNKNOWN
from civic_budget.statistics.publish import Publication
from civic_budget.web.charts import Panel, small_multiples

Row = tuple[str, list[Estimate | None]]


def drift_figure(reading: Reading, measure: str, title: str) -> Figure | None:
    """Each class through all editions, oldest first; None while there are fewer than two.

    A class that had no rows of its own in an edition has a gap there: its members were counted with
    their region, so nothing is comparable.
    """
    series = [*reversed(reading.earlier), (reading.names[0], reading.publication)]
    if len(series) < 2:
        return None
    rows = [(code, _through(code, [one for _, one in series], measure)) for code in _codes(reading)]
    clear = sum(_worth(found) == "larger" for _, found in rows)
    finding = ngettext(
        "From the first of these editions to the last, %(num)s group moved by more than the margin.",
        "From the first of these editions to the last, %(num)s groups moved by more than the margin.",
        clear,
    )
    figure_id = f"drift-{measure}"
    panels = [
        Panel(class_name(code), _relative(found), say_difference(_drift(found)))
        for code, found in rows
        if _drift(found) is not None
    ]
    columns = [
        gettext("Citizenship or region"),
        *(number_column(name) for name, _ in series),
        number_column(gettext("Drift")),
        sentence_column(gettext("What it is worth")),
    ]
    return Figure(
        figure_id,
        title,
        finding,
        small_multiples(panels, chart_id=f"{figure_id}-plot", title=title, finding=finding),
        columns,
        [_row(code, found) for code, found in rows],
        note=gettext(
            "Each line is drawn against the group's own largest number; gaps are editions in which "
            "the group had no rows of its own or was too small to show."
        ),
    )


def _codes(reading: Reading) -> list[str]:
    own = set(reading.publication.classes.own())
    return [POLISH, *(code for code in reading.classes if code in own), UNKNOWN]


def _through(code: str, editions: list[Publication], measure: str) -> list[Estimate | None]:
    return [
        one.sum(measure, cls=code) if code in {POLISH, UNKNOWN, *one.classes.own()} else None
        for one in editions
    ]


def _drift(found: list[Estimate | None]) -> Difference | None:
    known = [one for one in found if one is not None and one.value is not None]
    return difference(known[-1], known[0]) if len(known) > 1 else None


def _worth(found: list[Estimate | None]) -> str:
    drift = _drift(found)
    return drift.worth if drift else ""


def _relative(found: list[Estimate | None]) -> list[float | None]:
    values = [None if one is None else one.value for one in found]
    top = max((value for value in values if value is not None), default=0) or 1
    return [None if value is None else value / top for value in values]


def _row(code: str, found: list[Estimate | None]) -> list[str]:
    drift = _drift(found)
    said = ["–" if one is None else say_estimate(one) for one in found]
    return [class_name(code), *said, say_difference(drift), say_worth(drift)]
