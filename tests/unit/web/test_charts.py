"""Charts say in words what they show, draw protected cells as protected, and need no inline style."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from civic_budget.web.chart_prints import pictures_of
from civic_budget.web.chart_rows import FITS, LINE, ROW, lines_of, width_of
from civic_budget.web.charts import (
    Bar,
    Interval,
    Panel,
    Shift,
    before_and_now,
    day_columns,
    interval_plot,
    ranked_bars,
    share_bar,
    small_multiples,
)

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {"chart_id": "votes", "title": "Votes", "finding": "Most were cast on the last day."}
BARS = [Bar("Poland", 400, "400"), Bar("India", 100, "100"), Bar("Nauru", None, "fewer than 10")]


def _parse(drawing: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(
        str(drawing).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


def _bars() -> Markup:
    return ranked_bars(BARS, **WORDS)


def _intervals() -> Markup:
    rows = [Interval("Ukraine", 30, 35, 40, "35 %"), Interval("Nauru", None, None, None, "–")]
    return interval_plot(rows, ticks=[(0, "0"), (50, "50")], reference=(25, "city 25"), **WORDS)


def _columns() -> Markup:
    return day_columns(BARS, said=[0], **WORDS)


CHARTS = [_bars, _intervals, _columns]


@pytest.mark.parametrize("draw", CHARTS)
def test_a_chart_is_a_picture_with_title_and_finding(draw: Callable[[], Markup]) -> None:
    root = _parse(draw())
    assert root.attrib["role"] == "img"
    by_id = {one.attrib["id"]: one.text for one in root.iter() if "id" in one.attrib}
    assert by_id[root.attrib["aria-labelledby"]] == "Votes"
    assert by_id[root.attrib["aria-describedby"]] == "Most were cast on the last day."


@pytest.mark.parametrize("draw", CHARTS)
def test_a_protected_cell_is_hatched_and_has_no_mark(draw: Callable[[], Markup]) -> None:
    root = _parse(draw())
    hatched = [one for one in root.iter() if one.attrib.get("class") == "protected-mark"]
    assert [one.attrib["fill"] for one in hatched] == ["url(#votes-hatch)"]
    assert root.find(f".//{SVG}pattern[@id='votes-hatch']") is not None


@pytest.mark.parametrize("draw", [*CHARTS, lambda: share_bar(0.4, said="40 %")])
def test_no_inline_style_or_script(draw: Callable[[], Markup]) -> None:
    drawing = str(draw())
    assert "style=" not in drawing
    assert "<script" not in drawing
    assert " on" not in drawing.replace(" on the", "")


def test_bars_are_in_proportion_and_in_the_given_order() -> None:
    root = _parse(_bars())
    marks = [one for one in root.iter(f"{SVG}rect") if one.attrib.get("class") == "m1"]
    assert [mark.attrib["width"] for mark in marks] == ["100%", "25%"]
    labels = [one.text for one in root.iter(f"{SVG}text")]
    assert labels == ["Poland", "400", "India", "100", "Nauru", "fewer than 10"]


def test_without_protected_values_there_is_no_hatch() -> None:
    assert "hatch" not in ranked_bars(BARS[:2], **WORDS)


def test_an_interval_spans_its_margin() -> None:
    root = _parse(_intervals())
    line = root.find(f".//{SVG}line[@class='interval']")
    dot = root.find(f".//{SVG}circle")
    assert line is not None
    assert dot is not None
    assert (line.attrib["x1"], dot.attrib["cx"], line.attrib["x2"]) == ("60%", "70%", "80%")


def test_words_are_escaped() -> None:
    drawing = ranked_bars([Bar("<b>&", 1, "<i>")], **{**WORDS, "title": "<u>"})
    assert "<b>" not in drawing
    assert "&lt;b&gt;&amp;" in drawing
    assert "<u>" not in drawing


def test_small_multiples_share_one_scale_and_break_at_protected_values() -> None:
    drawing = small_multiples(
        [Panel("I", [10, 20], "20"), Panel("II", [5, None, 10, 10], "10")], **WORDS
    )
    assert drawing.count("<figure") == 2
    assert 'points="0,31 100,6"' in drawing  # 20 is the top of the common scale
    assert drawing.count('class="line"') == 3  # one run, and two around the gap


def test_nothing_to_show_is_still_a_chart() -> None:
    assert 'role="img"' in ranked_bars([], **WORDS)
    assert 'role="img"' in day_columns([], **WORDS)


def test_a_share_is_said_and_bounded() -> None:
    assert 'width="100%" height="100%" rx="5"/></svg>' in share_bar(1.7, said="all")
    assert 'aria-label="all"' in share_bar(1.7, said="all")


def test_a_move_is_drawn_from_a_hollow_dot_to_a_full_one_and_a_protected_one_is_hatched():
    shifts = [Shift("A", 10, 30, "10 → 30"), Shift("B", None, 5, "too few persons")]
    drawn = before_and_now(
        shifts, chart_id="m", title="t", finding="f", ticks=[(0, "0"), (40, "40")]
    )
    assert 'class="was" cx="25%"' in drawn
    assert 'class="dot" cx="75%"' in drawn
    assert drawn.count("hatch-edge") == 1


def test_a_drawing_becomes_pictures_that_stand_alone():
    panels = [Panel("A & B", [1, None], "1 ± 9", ["x", "y"]), Panel("C", [3, 4], "4", ["x", "y"])]
    drawn = small_multiples(panels, chart_id="p", title="t", finding="f", columns=True)
    pictures = pictures_of(drawn)
    assert [one.caption for one in pictures] == ["A & B", "C"]
    assert all('xmlns="http://www.w3.org/2000/svg"' in one.svg for one in pictures)
    assert pictures[0].words == "A & B. 1 ± 9"


def test_a_chart_longer_than_a_sheet_goes_on_in_further_drawings():
    bars = [Bar(f"row {n}", n if n < 40 else None, str(n)) for n in range(1, 41)]
    drawn = ranked_bars(bars, chart_id="b", title="t", finding="f")
    assert drawn.count('role="img"') == drawn.count('id="b"') == 1
    pieces = [ElementTree.fromstring(one.svg) for one in pictures_of(drawn)]
    heights = [float(one.attrib["height"]) for one in pieces]
    assert heights == [18 * ROW - 8, 18 * ROW - 8, 4 * ROW - 8]
    assert [len(one.findall(f".//{SVG}pattern")) for one in pieces] == [1, 1, 1]


def test_words_that_do_not_fit_beside_each_other_go_below():
    short = lines_of("Грузія", "1 234 ± 9")
    assert short.count == 1
    long = lines_of("Інші: Близький Схід, Північна Африка", "надто мало, щоб сказати")
    assert not long.is_beside
    assert all(width_of(line) <= FITS for line in (*long.label, *long.said))
    bars = [Bar("Інші: Близький Схід, Північна Африка", 3, "надто мало, щоб сказати")] * 2
    rows = _parse(ranked_bars(bars, **WORDS)).findall(f"{SVG}svg")
    assert [row.attrib["y"] for row in rows] == ["0", str(ROW + LINE * (long.count - 1))]
