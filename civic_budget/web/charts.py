"""Charts as SVG, drawn on the server: ranked bars, intervals, columns by day, small multiples.

Pure functions over words that are already translated. Text keeps its size at every width because marks are
placed in percent. Knows no room, no request, no colour: marks carry classes, `data.css` colours them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

ROW = 54
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
    rows = [_bar(bar, place * ROW, top, chart_id) for place, bar in enumerate(bars)]
    has_protected = any(bar.value is None for bar in bars)
    return _plot(rows, len(bars) * ROW - 8, chart_id, title, finding, hatch=has_protected)


def _bar(bar: Bar, y: int, top: float, chart_id: str) -> Markup:
    label = _row_words(y + 17, bar.label, bar.said, is_protected=bar.value is None) + Markup(
        '<rect class="track" x="0" y="{y}" width="100%" height="{h}" rx="7"/>'
    ).format(y=y + 26, h=MARK)
    if bar.value is None:
        return label + _hatched("0", y + 26, "100%", MARK, chart_id)
    width = max(0.0, min(bar.value / top, 1.0)) * 100
    return label + Markup(
        '<rect class="{mark}" x="0" y="{y}" width="{width}%" height="{h}" rx="{rx}"/>'
    ).format(mark=bar.mark, y=y + 26, width=_short(width), h=MARK, rx=7 if width > 3 else 2)


def _row_words(y: int, label: str, said: str, *, is_protected: bool) -> Markup:
    return Markup(
        '<text x="0" y="{y}">{label}</text>'
        '<text class="said{soft}" x="100%" y="{y}" text-anchor="end">{said}</text>'
    ).format(y=y, label=label, said=said, soft=" soft" if is_protected else "")


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
    foot = len(intervals) * ROW + 6
    rules = [_rule(value, low, high, "rule", words) for value, words in ticks]
    if reference is not None:
        rules.append(_rule(reference[0], low, high, "reference", reference[1]))
    ground = Markup("").join(rules)
    rows = [
        _interval(one, place * ROW, low, high, chart_id, ground)
        for place, one in enumerate(intervals)
    ]
    rows.append(_axis(ticks, foot))
    hatch = any(one.middle is None for one in intervals)
    return _plot(rows, foot + 22, chart_id, title, finding, hatch=hatch)


def _interval(
    one: Interval, y: int, low: float, high: float, chart_id: str, ground: Markup
) -> Markup:
    words = _row_words(y + 17, one.label, one.said, is_protected=one.middle is None)
    if one.low is None or one.middle is None or one.high is None:
        return words + _hatched("0", y + 28, "100%", 12, chart_id)
    at = [_short(_share(value, low, high)) for value in (one.low, one.middle, one.high)]
    return words + Markup(
        '<svg y="{y}" width="100%" height="18" class="lane">{ground}'
        '<line class="rule" x1="0" x2="100%" y1="9" y2="9"/>'
        '<line class="interval" x1="{a}%" x2="{c}%" y1="9" y2="9"/>'
        '<circle class="dot" cx="{b}%" cy="9" r="6.5"/></svg>'
    ).format(y=y + 25, ground=ground, a=at[0], b=at[1], c=at[2])


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
    foot = len(shifts) * ROW + 6
    ground = Markup("").join(_rule(value, low, high, "rule", words) for value, words in ticks)
    rows = [
        _shift(one, place * ROW, low, high, chart_id, ground) for place, one in enumerate(shifts)
    ]
    rows.append(_axis(ticks, foot))
    hatch = any(one.before is None or one.now is None for one in shifts)
    return _plot(rows, foot + 22, chart_id, title, finding, hatch=hatch)


def _shift(one: Shift, y: int, low: float, high: float, chart_id: str, ground: Markup) -> Markup:
    is_protected = one.before is None or one.now is None
    words = _row_words(y + 17, one.label, one.said, is_protected=is_protected)
    if one.before is None or one.now is None:
        return words + _hatched("0", y + 28, "100%", 12, chart_id)
    at = [_short(_share(value, low, high)) for value in (one.before, one.now)]
    return words + Markup(
        '<svg y="{y}" width="100%" height="18" class="lane">{ground}'
        '<line class="rule" x1="0" x2="100%" y1="9" y2="9"/>'
        '<line class="interval" x1="{a}%" x2="{b}%" y1="9" y2="9"/>'
        '<circle class="was" cx="{a}%" cy="9" r="5.5"/>'
        '<circle class="dot" cx="{b}%" cy="9" r="6.5"/></svg>'
    ).format(y=y + 25, ground=ground, a=at[0], b=at[1])


def _rule(value: float, low: float, high: float, kind: str, words: str) -> Markup:
    return Markup(
        '<line class="{kind}" x1="{x}%" x2="{x}%" y1="0" y2="18"><title>{words}</title></line>'
    ).format(kind=kind, x=_short(_share(value, low, high)), words=words)


def _axis(ticks: Sequence[tuple[float, str]], foot: int) -> Markup:
    low, high = ticks[0][0], ticks[-1][0]
    return Markup("").join(
        Markup(
            '<text class="axis-word" x="{x}%" y="{y}" text-anchor="{anchor}">{words}</text>'
        ).format(
            x=_short(_share(value, low, high)),
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
    return _plot(drawn, height + 52, chart_id, title, finding, hatch=hatch)


def _column(
    one: Bar, x: float, step: float, top: float, height: int, chart_id: str, is_said: bool
) -> Markup:
    gap = step * 0.14
    left, width = f"{_short(x + gap / 2)}%", f"{_short(step - gap)}%"
    if one.value is None:
        return _hatched(left, 24 + height // 2, width, height - height // 2, chart_id)
    tall = max(0.0, one.value / top) * height
    y = 24 + height - tall
    drawn = Markup(
        '<rect class="{mark}" x="{x}" y="{y}" width="{w}" height="{h}" rx="3">'
        "<title>{label}: {said}</title></rect>"
    ).format(
        mark=one.mark, x=left, y=_short(y), w=width, h=_short(tall), label=one.label, said=one.said
    )
    if not is_said:
        return drawn
    middle = x + step / 2
    anchor = "start" if middle < 3 else "end" if middle > 97 else "middle"
    return drawn + Markup(
        '<text class="said" x="{x}%" y="{y}" text-anchor="{anchor}">{said}</text>'
    ).format(x=_short(middle), y=_short(y - 7), anchor=anchor, said=one.said)


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
    return _plot([body], 90, chart_id, panel.label, panel.said)


def _small_columns(panel: Panel, top: float, chart_id: str) -> Markup:
    step = 100 / max(len(panel.values), 1)
    drawn = [
        _small_column(value, name, place * step, step, top, chart_id)
        for place, (value, name) in enumerate(zip(panel.values, panel.names, strict=True))
    ]
    drawn.append(Markup('<line class="base" x1="0" x2="100%" y1="60" y2="60"/>'))
    drawn.append(Markup('<text class="said" x="0" y="82">{said}</text>').format(said=panel.said))
    hatch = any(value is None for value in panel.values)
    return _plot(drawn, 90, chart_id, panel.label, panel.said, hatch=hatch)


def _small_column(
    value: float | None, name: str, x: float, step: float, top: float, chart_id: str
) -> Markup:
    left, width = f"{_short(x + step * 0.1)}%", f"{_short(step * 0.8)}%"
    if value is None:
        return _hatched(left, 46, width, 14, chart_id)
    tall = max(1.0, value / top * 54)
    return Markup(
        '<rect class="m1" x="{x}" y="{y}" width="{w}" height="{h}" rx="2"><title>{name}</title></rect>'
    ).format(x=left, y=_short(60 - tall), w=width, h=_short(tall), name=name)


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
    ).format(said=said, mark=mark, w=_short(max(0.0, min(share, 1.0)) * 100))


def _plot(
    body: Sequence[Markup],
    height: float,
    chart_id: str,
    title: str,
    finding: str,
    *,
    hatch: bool = False,
) -> Markup:
    return Markup(
        '<svg class="plot" id="{id}" role="img" aria-labelledby="{id}-title" '
        'aria-describedby="{id}-desc" width="100%" height="{height}">'
        '<title id="{id}-title">{title}</title><desc id="{id}-desc">{finding}</desc>'
        "{hatch}{body}</svg>"
    ).format(
        id=chart_id,
        height=_short(height),
        title=title,
        finding=finding,
        hatch=_hatch(chart_id) if hatch else "",
        body=Markup("").join(body),
    )


def _hatch(chart_id: str) -> Markup:
    return Markup(
        '<defs><pattern id="{id}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="hatch-ground" width="7" height="7"/>'
        '<line class="hatch-line" x1="0" x2="0" y1="0" y2="7"/></pattern></defs>'
    ).format(id=chart_id)


def _hatched(x: str, y: float, width: str, height: float, chart_id: str) -> Markup:
    return Markup(
        '<rect class="protected-mark" x="{x}" y="{y}" width="{w}" height="{h}" rx="6" '
        'fill="url(#{id}-hatch)"/>'
        '<rect class="hatch-edge" x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/>'
    ).format(x=x, y=y, w=width, h=height, id=chart_id)


def _share(value: float, low: float, high: float) -> float:
    return 0.0 if high == low else max(0.0, min((value - low) / (high - low), 1.0)) * 100


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_short(x)},{_short(y)}" for x, y in points)


def _short(number: float) -> str:
    """A coordinate without noise: two decimals, no trailing zeros."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
