"""The parts of every figure: what is read, bars ranked by size, axes, downloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from civic_budget.statistics.classes import Residents
from civic_budget.statistics.estimate import Estimate, Rate
from civic_budget.statistics.labels import class_name, say_estimate, say_share
from civic_budget.statistics.nationality import POLISH, UNKNOWN
from civic_budget.statistics.publish import Publication
from civic_budget.web.charts import Bar, Interval, interval_plot, ranked_bars
from civic_budget.web.words import say_number, say_percent

Column = Mapping[str, object]
Row = Sequence[object]


@dataclass(frozen=True)
class Reading:
    """An edition as a page reads it: its numbers, names of districts, addresses of its files.

    `chosen` is the class that the reader picked, one of the sealed ones, `other` a second one to set
    beside it; `before` the numbers of the edition before, if that is published, and `earlier` those of
    all public editions before, the latest first, by name.
    """

    publication: Publication
    districts: Mapping[int, str]
    file_url: Callable[[str], str]
    chosen: str = ""
    other: str = ""
    before: Publication | None = None
    names: tuple[str, str] = ("", "")
    earlier: Sequence[tuple[str, Publication]] = ()
    registers: Sequence[Residents] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes without those who gave no citizenship, the largest first."""
        measured = self.publication
        known = [code for code in measured.classes.order if code != UNKNOWN]
        return tuple(sorted(known, key=lambda code: (-size_of(measured, code), code)))

    def downloads(self, table: str) -> list[tuple[str, str]]:
        """A table as files: words and addresses."""
        if table not in {one.name for one in self.publication.tables}:
            return []
        return [
            (gettext("Table %(name)s as CSV", name=table), self.file_url(f"{table}.csv")),
            (gettext("as JSON"), self.file_url(f"{table}.json")),
            (gettext("as measured, for statisticians"), self.file_url(f"{table}.measured.csv")),
        ]


@dataclass(frozen=True)
class Figure:
    """A chart with its finding and its twin as a table."""

    id: str
    title: str
    finding: str
    drawing: Markup
    columns: Sequence[Column | str]
    rows: Sequence[Row]
    downloads: Sequence[tuple[str, str]] = ()
    note: str = ""
    map: Markup | None = None
    map_key: Sequence[tuple[str, str]] = ()


def size_of(publication: Publication, code: str, measure: str = "voters") -> int:
    """A class's displayed number, 0 when it is not displayed: for ranking alone."""
    return publication.sum(measure, cls=code).value or 0


def number_column(label: str) -> Column:
    """A column of numbers."""
    return {"label": label, "n": True}


def sentence_column(label: str) -> Column:
    """A column of sentences, which need room even where the table is scrolled."""
    return {"label": label, "long": True}


def ranked(pairs: Sequence[tuple[str, Estimate]]) -> list[tuple[str, Estimate]]:
    """The largest first, those too small to show last; those without a citizenship at the end."""

    def order(pair: tuple[str, Estimate]) -> tuple[bool, bool, int, str]:
        code, estimate = pair
        return (code == UNKNOWN, estimate.value is None, -(estimate.value or 0), class_name(code))

    return sorted(pairs, key=order)


def bars_of(pairs: Sequence[tuple[str, Estimate]]) -> list[Bar]:
    """A bar for each class; Poland is too large for the scale and stands in the table."""
    return [
        Bar(
            class_name(code),
            estimate.value,
            say_estimate(estimate),
            "m-rest" if code == UNKNOWN else "m1",
        )
        for code, estimate in pairs
        if code != POLISH
    ]


def bar_figure(
    figure_id: str,
    title: str,
    finding: str,
    pairs: Sequence[tuple[str, Estimate]],
    *,
    whole: Estimate,
    measure: str,
    downloads: Sequence[tuple[str, str]],
    note: str = "",
) -> Figure:
    """Ranked bars of one measure by citizenship, with the share of all as a column of the twin."""
    order = ranked(pairs)
    drawing = ranked_bars(
        bars_of(order), chart_id=f"{figure_id}-plot", title=title, finding=finding
    )
    rows = [[class_name(code), say_estimate(one), _share(one, whole)] for code, one in order]
    rows.append([gettext("All"), say_estimate(whole), ""])
    columns = [
        gettext("Citizenship or region"),
        number_column(measure),
        number_column(gettext("Share of all")),
    ]
    return Figure(figure_id, title, finding, drawing, columns, rows, downloads, note)


def _share(part: Estimate, whole: Estimate) -> str:
    if part.value is None or not whole.value:
        return "–"
    return say_percent(min(1.0, part.value / whole.value))


def rate_plot(
    figure_id: str,
    title: str,
    finding: str,
    rates: Sequence[tuple[str, Rate | None]],
    reference: tuple[float, str] | None = None,
) -> Markup:
    """Shares with their intervals on one axis from 0 to the least multiple of 10 % that holds all."""
    shown = [float(rate.high) for _, rate in rates if rate is not None]
    shown += [reference[0]] if reference else []
    tenths = min(10, max(1, int(max(shown, default=0.0) * 10 + 0.999)))
    step = 1 if tenths <= 4 else 2
    top = -(-tenths // step) * step
    ticks = [(place / 10, say_percent(place / 10, 0)) for place in range(0, min(top, 10) + 1, step)]
    intervals = [_interval(label, rate) for label, rate in rates]
    return interval_plot(
        intervals,
        chart_id=f"{figure_id}-plot",
        title=title,
        finding=finding,
        ticks=ticks,
        reference=reference,
    )


def count_plot(
    figure_id: str, title: str, finding: str, pairs: Sequence[tuple[str, Estimate]]
) -> Markup:
    """Numbers as dots on the lines of their margins, on one axis from 0; too small ones are hatched."""
    most = max((one.value + one.margin for _, one in pairs if one.value is not None), default=0)
    top = round_up(max(most, 10))
    intervals = [
        Interval(label, None, None, None, say_estimate(one))
        if one.value is None
        else Interval(
            label,
            max(0, one.value - one.margin),
            one.value,
            one.value + one.margin,
            say_estimate(one),
        )
        for label, one in pairs
    ]
    return interval_plot(
        intervals,
        chart_id=f"{figure_id}-plot",
        title=title,
        finding=finding,
        ticks=[(0, "0"), (top / 2, say_number(top // 2)), (top, say_number(top))],
    )


def round_up(number: int) -> int:
    """The next even number that reads well on an axis."""
    step = max(2, int("1" + "0" * (len(str(number)) - 1)) // 5 * 2)
    return -(-number // step) * step


def _interval(label: str, rate: Rate | None) -> Interval:
    if rate is None:
        return Interval(label, None, None, None, say_share(rate))
    return Interval(label, float(rate.low), float(rate.value), float(rate.high), say_share(rate))


def largest(pairs: Sequence[tuple[str, Estimate]], count: int = 3) -> str:
    """The largest groups said in one line: "Ukraine 3,012 ± 9; Belarus 976 ± 9"."""
    known = [
        (code, one)
        for code, one in ranked(pairs)
        if code not in {POLISH, UNKNOWN} and one.value is not None
    ]
    return "; ".join(f"{class_name(code)} {say_estimate(one)}" for code, one in known[:count])
