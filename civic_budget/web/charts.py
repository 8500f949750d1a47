"""Charts as SVG, drawn on the server: ranked bars, intervals, columns by day, small multiples.

Pure functions over words that are already translated. Text keeps its size at every width because marks are
placed in percent. Knows no room, no request, no colour: marks carry classes, `data.css` colours them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from civic_budget.web.chart_marks import hatched, percent, plot, short
from civic_budget.web.chart_rows import FITS, Row, stacked, width_of

MARK = 14


@dataclass(frozen=True)
class Bar:
    """A row: its label, its value (None: protected) and the value as it is said to the reader."""

    label: str
    value: float | None
    said: str
    mark: str = "m1"


@dataclass(frozen=True)
class Interval:
    """An estimate with its margin, in the same unit (None: protected)."""

    label: str
    low: float | None
    middle: float | None
    high: float | None
    said: str


@dataclass(frozen=True)
class Shift:
    """A row that moved: where it was and where it is now (None: protected), and the move as it is said."""

    label: str
    before: float | None
    now: float | None
    said: str


@dataclass(frozen=True)
class Panel:
    """One small chart of several: its caption, its series (None: protected) and the last value said.

    `names` says what each value of the series is, for charts of columns.
    """

    label: str
    values: Sequence[float | None]
    said: str
    names: Sequence[str] = ()


def ranked_bars(
    bars: Sequence[Bar], *, chart_id: str, title: str, finding: str, top: float | None = None
) -> Markup:
    """Horizontal bars under their labels, in the order given; a protected one is hatched.

    `top` is the value of a full bar, by default the largest.
    """
    top = top or max((bar.value for bar in bars if bar.value is not None), default=0.0) or 1.0
    rows = [
        Row(bar.label, bar.said, _bar(bar, top, chart_id), is_protected=bar.value is None)
        for bar in bars
    ]
    return _plots(rows, chart_id, title, finding)


def _bar(bar: Bar, top: float, chart_id: str) -> Markup:
    track = Markup('<rect class="track" x="0" y="26" width="100%" height="{h}" rx="7"/>')
    if bar.value is None:
        return track.format(h=MARK) + hatched("0", 26, "100%", MARK, chart_id)
    width = max(0.0, min(bar.value / top, 1.0)) * 100
    return track.format(h=MARK) + Markup(
        '<rect class="{mark}" x="0" y="26" width="{width}%" height="{h}" rx="{rx}"/>'
    ).format(mark=bar.mark, width=short(width), h=MARK, rx=7 if width > 3 else 2)


def interval_plot(
    intervals: Sequence[Interval],
    *,
    chart_id: str,
    title: str,
    finding: str,
    ticks: Sequence[tuple[float, str]],
    reference: tuple[float, str] | None = None,
) -> Markup:
    """A dot for each estimate on the line of its margin, above a common axis.

    `ticks` are (value, words), ascending, and span the axis; `reference` is dashed, e.g. the city's mean.
    """
    low, high = ticks[0][0], ticks[-1][0]
    rules = [_rule(value, low, high, "rule", words) for value, words in ticks]
    if reference is not None:
        rules.append(_rule(reference[0], low, high, "reference", reference[1]))
    ground = Markup("").join(rules)
    rows = [
        Row(
            one.label,
            one.said,
            _interval(one, low, high, chart_id, ground),
            is_protected=one.middle is None,
        )
        for one in intervals
    ]
    return _plots(rows, chart_id, title, finding, ticks)


def _interval(one: Interval, low: float, high: float, chart_id: str, ground: Markup) -> Markup:
    if one.low is None or one.middle is None or one.high is None:
        return hatched("0", 28, "100%", 12, chart_id)
    at = [short(percent(value, low, high)) for value in (one.low, one.middle, one.high)]
    return Markup(
        '<svg y="25" width="100%" height="18" class="lane">{ground}'
        '<line class="rule" x1="0" x2="100%" y1="9" y2="9"/>'
        '<line class="interval" x1="{a}%" x2="{c}%" y1="9" y2="9"/>'
        '<circle class="dot" cx="{b}%" cy="9" r="6.5"/></svg>'
    ).format(ground=ground, a=at[0], b=at[1], c=at[2])


def before_and_now(
    shifts: Sequence[Shift],
    *,
    chart_id: str,
    title: str,
    finding: str,
    ticks: Sequence[tuple[float, str]],
) -> Markup:
    """A hollow dot where each row was, a full one where it is now, on one axis; `ticks` span the axis."""
    low, high = ticks[0][0], ticks[-1][0]
    ground = Markup("").join(_rule(value, low, high, "rule", words) for value, words in ticks)
    rows = [
        Row(
            one.label,
            one.said,
            _shift(one, low, high, chart_id, ground),
            is_protected=one.before is None or one.now is None,
        )
        for one in shifts
    ]
    return _plots(rows, chart_id, title, finding, ticks)


def _shift(one: Shift, low: float, high: float, chart_id: str, ground: Markup) -> Markup:
    if one.before is None or one.now is None:
        return hatched("0", 28, "100%", 12, chart_id)
    at = [short(percent(value, low, high)) for value in (one.before, one.now)]
    return Markup(
        '<svg y="25" width="100%" height="18" class="lane">{ground}'
        '<line class="rule" x1="0" x2="100%" y1="9" y2="9"/>'
        '<line class="interval" x1="{a}%" x2="{b}%" y1="9" y2="9"/>'
        '<circle class="was" cx="{a}%" cy="9" r="5.5"/>'
        '<circle class="dot" cx="{b}%" cy="9" r="6.5"/></svg>'
    ).format(ground=ground, a=at[0], b=at[1])


def _rule(value: float, low: float, high: float, kind: str, words: str) -> Markup:
    return Markup(
        '<line class="{kind}" x1="{x}%" x2="{x}%" y1="0" y2="18"><title>{words}</title></line>'
    ).format(kind=kind, x=short(percent(value, low, high)), words=words)


def _axis(ticks: Sequence[tuple[float, str]], foot: int) -> Markup:
    low, high = ticks[0][0], ticks[-1][0]
    return Markup("").join(
        Markup(
            '<text class="axis-word" x="{x}%" y="{y}" text-anchor="{anchor}">{words}</text>'
        ).format(
            x=short(percent(value, low, high)),
            y=foot + 12,
            anchor="start" if place == 0 else "end" if place == len(ticks) - 1 else "middle",
            words=words,
        )
        for place, (value, words) in enumerate(ticks)
    )


def day_columns(
    columns: Sequence[Bar],
    *,
    chart_id: str,
    title: str,
    finding: str,
    said: Sequence[int] = (),
    height: int = 180,
) -> Markup:
    """A column for each day in order; labels under the first and the last, values over the days in `said`.

    Every column has a tooltip with its day and value.
    """
    top = max((one.value for one in columns if one.value is not None), default=0.0) or 1.0
    step = 100 / max(len(columns), 1)
    drawn = [
        _column(one, place * step, step, top, height, chart_id, place in said)
        for place, one in enumerate(columns)
    ]
    drawn.append(
        Markup('<line class="base" x1="0" x2="100%" y1="{y}" y2="{y}"/>').format(y=height + 24)
    )
    if columns:
        ends = ((columns[0].label, "0", "start"), (columns[-1].label, "100%", "end"))
        drawn += [
            Markup(
                '<text class="axis-word" x="{x}" y="{y}" text-anchor="{anchor}">{words}</text>'
            ).format(x=x, y=height + 44, anchor=anchor, words=words)
            for words, x, anchor in ends[: 1 if len(columns) == 1 else 2]
        ]
    hatch = any(one.value is None for one in columns)
    return plot(drawn, height + 52, chart_id, title, finding, hatch=hatch)


def _column(
    one: Bar, x: float, step: float, top: float, height: int, chart_id: str, is_said: bool
) -> Markup:
    gap = step * 0.14
    left, width = f"{short(x + gap / 2)}%", f"{short(step - gap)}%"
    if one.value is None:
        return hatched(left, 24 + height // 2, width, height - height // 2, chart_id)
    tall = max(0.0, one.value / top) * height
    y = 24 + height - tall
    drawn = Markup(
        '<rect class="{mark}" x="{x}" y="{y}" width="{w}" height="{h}" rx="3">'
        "<title>{label}: {said}</title></rect>"
    ).format(
        mark=one.mark, x=left, y=short(y), w=width, h=short(tall), label=one.label, said=one.said
    )
    if not is_said:
        return drawn
    middle = x + step / 2
    half = width_of(one.said, is_bold=True) / 2 / FITS * 100
    anchor = "start" if middle < half else "end" if middle > 100 - half else "middle"
    middle = {"start": x + gap / 2, "end": x + step - gap / 2}.get(anchor, middle)
    return drawn + Markup(
        '<text class="said" x="{x}%" y="{y}" text-anchor="{anchor}">{said}</text>'
    ).format(x=short(middle), y=short(y - 7), anchor=anchor, said=one.said)


def small_multiples(
    panels: Sequence[Panel], *, chart_id: str, title: str, finding: str, columns: bool = False
) -> Markup:
    """Small lines (or columns) on one common scale, a figure each, in the order given; gaps where protected."""
    draw = _small_columns if columns else _panel
    top = max((v for panel in panels for v in panel.values if v is not None), default=0.0) or 1.0
    drawn = [
        Markup('<figure class="multiple"><figcaption>{label}</figcaption>{svg}</figure>').format(
            label=panel.label, svg=draw(panel, top, f"{chart_id}-{place}")
        )
        for place, panel in enumerate(panels)
    ]
    return Markup(
        '<div class="multiples" id="{id}" role="group" aria-label="{title}">'
        '<p class="vh">{finding}</p>{body}</div>'
    ).format(id=chart_id, title=title, finding=finding, body=Markup("").join(drawn))


def _panel(panel: Panel, top: float, chart_id: str) -> Markup:
    points = [
        None
        if value is None
        else (100 * place / max(len(panel.values) - 1, 1), 56 - 50 * value / top)
        for place, value in enumerate(panel.values)
    ]
    lines = Markup("").join(
        Markup(
            '<polygon class="area" points="{a}"/><polyline class="line" points="{b}" {keep}/>'
        ).format(
            a=_points([(run[0][0], 56.0), *run, (run[-1][0], 56.0)]),
            b=_points(run),
            keep=Markup('vector-effect="non-scaling-stroke"'),
        )
        for run in _runs(points)
    )
    body = Markup(
        '<svg viewBox="0 0 100 60" preserveAspectRatio="none" width="100%" height="64" y="0">{lines}'
        '<line class="base" x1="0" x2="100" y1="56" y2="56" {keep}/></svg>'
        '<text class="said" x="0" y="84">{said}</text>'
    ).format(lines=lines, keep=Markup('vector-effect="non-scaling-stroke"'), said=panel.said)
    return plot([body], 90, chart_id, panel.label, panel.said)


def _small_columns(panel: Panel, top: float, chart_id: str) -> Markup:
    step = 100 / max(len(panel.values), 1)
    drawn = [
        _small_column(value, name, place * step, step, top, chart_id)
        for place, (value, name) in enumerate(zip(panel.values, panel.names, strict=True))
    ]
    drawn.append(Markup('<line class="base" x1="0" x2="100%" y1="60" y2="60"/>'))
    drawn.append(Markup('<text class="said" x="0" y="82">{said}</text>').format(said=panel.said))
    hatch = any(value is None for value in panel.values)
    return plot(drawn, 90, chart_id, panel.label, panel.said, hatch=hatch)


def _small_column(
    value: float | None, name: str, x: float, step: float, top: float, chart_id: str
) -> Markup:
    left, width = f"{short(x + step * 0.1)}%", f"{short(step * 0.8)}%"
    if value is None:
        return hatched(left, 46, width, 14, chart_id)
    tall = max(1.0, value / top * 54)
    return Markup(
        '<rect class="m1" x="{x}" y="{y}" width="{w}" height="{h}" rx="2"><title>{name}</title></rect>'
    ).format(x=left, y=short(60 - tall), w=width, h=short(tall), name=name)


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = []
    for before, point in pairwise([None, *points]):
        if point is None:
            continue
        if before is None:
            runs.append([])
        runs[-1].append(point)
    return runs


def share_bar(share: float, *, said: str, mark: str = "m1") -> Markup:
    """A small bar for a table's cell or a list: `share` in 0..1, `said` for those who do not see it."""
    return Markup(
        '<svg class="plot small-bar" role="img" aria-label="{said}" width="96" height="10">'
        '<rect class="track" width="100%" height="100%" rx="5"/>'
        '<rect class="{mark}" width="{w}%" height="100%" rx="5"/></svg>'
    ).format(said=said, mark=mark, w=short(max(0.0, min(share, 1.0)) * 100))


def _plots(
    rows: Sequence[Row],
    chart_id: str,
    title: str,
    finding: str,
    ticks: Sequence[tuple[float, str]] = (),
) -> Markup:
    """Rows over their axis; many rows go on in further drawings, which the first one speaks for."""
    drawings = []
    for place, (drawn, foot) in enumerate(stacked(rows)):
        body = [*drawn, _axis(ticks, foot + 6)] if ticks else drawn
        height = foot + 28 if ticks else max(foot - 8, 0)
        if place == 0:
            hatch = any(row.is_protected for row in rows)
            drawings.append(plot(body, height, chart_id, title, finding, hatch=hatch))
            continue
        drawings.append(
            Markup(
                '<svg class="plot" aria-hidden="true" width="100%" height="{h}">{body}</svg>'
            ).format(h=height, body=Markup("").join(body))
        )
    return Markup("").join(drawings)


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{short(x)},{short(y)}" for x, y in points)
