"""Two groups side by side: every measure of both, and a sentence on what the difference is worth."""

from __future__ import annotations

from flask_babel import gettext

from civic_budget.statistics.estimate import Estimate, Rate, apart, difference
from civic_budget.statistics.figures.groups import on_paper
from civic_budget.statistics.figures.parts import (
    Figure,
    Reading,
    number_column,
    rate_plot,
    sentence_column,
)
from civic_budget.statistics.labels import (
    MEASURE_NAMES,
    class_name,
    say_difference,
    say_estimate,
    say_points,
    say_rate,
    say_worth,
    say_worth_of_rates,
)


def pair_figures(reading: Reading) -> list[Figure]:
    """The chosen class beside the other one: counts, then rates with their intervals."""
    both = (reading.chosen, reading.other)
    names = [class_name(code) for code in both]
    columns = [
        gettext("What is counted"),
        *(number_column(name) for name in names),
        number_column(gettext("Difference")),
        sentence_column(gettext("What it is worth")),
    ]
    rates = [_rates(reading, code) for code in both]
    rows = [_count_row(reading, measure, both) for measure in ("voters", "registered", "authors")]
    rows += [_rate_row(label, rates[0][label], rates[1][label]) for label in rates[0]]
    title = gettext("%(one)s and %(other)s", one=names[0], other=names[1])
    finding = _finding(reading, both, names)
    registered = gettext("Voters of the registered")
    plotted = [(name, found[registered]) for name, found in zip(names, rates, strict=True)]
    drawing = rate_plot("pair", title, finding, plotted)
    note = gettext("Drawn: %(what)s. All numbers stand in the table.", what=registered)
    return [Figure("pair", title, finding, drawing, columns, rows, reading.downloads("V1"), note)]


def _finding(reading: Reading, both: tuple[str, str], names: list[str]) -> str:
    one, other = (reading.publication.sum("voters", cls=code) for code in both)
    found = difference(one, other)
    if found is None:
        return str(gettext("One of the two numbers of voters is too small to be compared."))
    words: str = gettext(
        "%(one)s: %(first)s voters; %(other)s: %(second)s. The difference of %(change)s is "
        "%(worth)s.",
        one=names[0],
        first=say_estimate(one),
        other=names[1],
        second=say_estimate(other),
        change=say_difference(found),
        worth=say_worth(found),
    )
    return words


def _count_row(reading: Reading, measure: str, both: tuple[str, str]) -> list[str]:
    counts: list[Estimate] = [reading.publication.sum(measure, cls=code) for code in both]
    found = difference(*counts)
    return [
        str(MEASURE_NAMES[measure]),
        *(say_estimate(one) for one in counts),
        say_difference(found),
        say_worth(found),
    ]


def _rates(reading: Reading, code: str) -> dict[str, Rate | None]:
    return {
        gettext("Voters of the registered"): reading.publication.rate(cls=code),
        gettext("Share on paper"): on_paper(reading, code),
    }


def _rate_row(label: str, one: Rate | None, other: Rate | None) -> list[str]:
    worth = None if one is None or other is None else apart(one, other)
    return [
        label,
        say_rate(one),
        say_rate(other),
        say_points(one, other),
        say_worth_of_rates(worth),
    ]
