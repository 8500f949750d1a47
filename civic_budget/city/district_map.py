"""A schematic map of districts, drawn from their centres: cells, a rounded outline, the river.

Pure: centres and words go in, SVG comes out. No boundary file of anybody is used; a cell says "around here",
not where a boundary runs. Colours come from `data.css` by class.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, pi, sin
from pathlib import Path

from markupsafe import Markup

from civic_budget.city.projection import MARGIN, WIDTH, Projection

Point = tuple[float, float]
Polygon = list[Point]
Edge = tuple[Point, Point]

GAP = 2.0
SHORE = 8.0
ROUNDING = 13.0
BEND = 26.0
KRAKOW = Path(__file__).with_name("krakow_districts.csv")


@dataclass(frozen=True)
class Centre:
    """A district by its number and numeral, its centre in degrees, and its side of the river ("" when none)."""

    number: int
    roman: str
    name: str
    latitude: float
    longitude: float
    bank: str = ""


@dataclass(frozen=True)
class Cell:
    """A district on the drawing: the path of its outline, its corners, and where its numeral stands."""

    centre: Centre
    path: str
    x: float
    y: float
    corners: Sequence[Point] = ()


@dataclass(frozen=True)
class Drawing:
    """The geometry of a city: its cells in the order of the centres, the river's path, the height."""

    cells: Sequence[Cell]
    river: str
    height: float


@dataclass(frozen=True)
class Look:
    """What a map shows: addresses and spoken words by district, a step 1..5 or 0 (nothing), the chosen one.

    `dots` are places in degrees (latitude, longitude), drawn over the districts.
    """

    links: Mapping[int, str] = field(default_factory=dict)
    words: Mapping[int, str] = field(default_factory=dict)
    steps: Mapping[int, int] = field(default_factory=dict)
    chosen: int | None = None
    dots: Sequence[Point] = ()


def krakow_centres() -> list[Centre]:
    """The eighteen districts of Kraków, by number; centres are approximate and our own."""
    with KRAKOW.open(encoding="utf-8", newline="") as file:
        return [
            Centre(
                int(row["number"]),
                row["roman"],
                row["name"],
                float(row["latitude"]),
                float(row["longitude"]),
                row["bank"],
            )
            for row in csv.DictReader(file)
        ]


def draw_map(
    centres: Sequence[Centre],
    *,
    map_id: str,
    title: str,
    description: str,
    look: Look | None = None,
) -> Markup:
    """The map as SVG. With links each cell is one; without, the whole is a picture with a title."""
    look = look or Look()
    drawing = lay_out(centres)
    return Markup(
        '<svg class="map-drawing" id="{id}" viewBox="0 0 {w} {h}" role="{role}" '
        'aria-labelledby="{id}-title" aria-describedby="{id}-desc">'
        '<title id="{id}-title">{title}</title><desc id="{id}-desc">{desc}</desc>{river}{cells}{dots}</svg>'
    ).format(
        id=map_id,
        w=_short(WIDTH),
        h=_short(drawing.height),
        role="group" if look.links else "img",
        title=title,
        desc=description,
        river=Markup('<path class="river" d="{d}"/>').format(d=drawing.river)
        if drawing.river
        else "",
        cells=Markup("").join(_cell(cell, look) for cell in drawing.cells),
        dots=_dots(project(centres), look.dots),
    )


def _dots(scale: Projection, places: Sequence[Point]) -> Markup:
    """All dots as one path of round ends: a thousand of them stay light."""
    marks = sorted({_at(scale.place(latitude, longitude)) for latitude, longitude in places})
    path = "".join(f"M{mark}h0" for mark in marks)
    return Markup('<path class="dots" d="{d}"/>').format(d=path) if path else Markup("")


def steps_of(values: Mapping[int, float | None], bounds: Sequence[float]) -> dict[int, int]:
    """Which of the map's steps each value falls into: 1 below the first bound, one more for each bound reached.

    A value None gets 0: nothing to show. At most four bounds, ascending.
    """
    return {
        number: 0 if value is None else 1 + sum(value >= bound for bound in bounds)
        for number, value in values.items()
    }


def _cell(cell: Cell, look: Look) -> Markup:
    number = cell.centre.number
    kind = _kind(number, look)
    words = look.words.get(number, f"{cell.centre.roman} {cell.centre.name}")
    body = Markup(
        '<title>{words}</title><path d="{d}"/><text x="{x}" y="{y}" aria-hidden="true">{roman}</text>'
    ).format(words=words, d=cell.path, x=_short(cell.x), y=_short(cell.y), roman=cell.centre.roman)
    link = look.links.get(number)
    if link is None:
        return Markup('<g class="cell {kind}">{body}</g>').format(kind=kind, body=body)
    current = Markup(' aria-current="true"') if number == look.chosen else ""
    return Markup('<a class="cell {kind}" href="{link}"{current}>{body}</a>').format(
        kind=kind, link=link, current=current, body=body
    )


def _kind(number: int, look: Look) -> str:
    if number == look.chosen:
        return "chosen"
    if not look.steps:
        return f"tone-{number % 3 + 1}"
    step = look.steps.get(number, 0)
    return f"step-{step}" if step else "none"


# Geometry -----------------------------------------------------------------------------------------


def lay_out(centres: Sequence[Centre]) -> Drawing:
    """Cells and river of these centres (at least three, not in one line)."""
    scale = project(centres)
    points = [scale.place(one.latitude, one.longitude) for one in centres]
    outline = _outline(points)
    cells: list[Cell] = []
    shores: list[Edge] = []
    for place, centre in enumerate(centres):
        whole = _voronoi_cell(place, points, outline)
        inner = whole
        for edge in _edges(whole):
            neighbour = _neighbour(place, points, edge)
            is_shore = neighbour is not None and _across(centre, centres[neighbour])
            if is_shore and centre.bank == "north":
                shores.append(edge)
            inner = _clip(inner, *_shifted(edge, _gap(neighbour, is_shore)))
        x, y = _centroid(inner)
        cells.append(Cell(centre, _rounded(inner), x, y, inner))
    return Drawing(cells, _river(shores, scale.height), scale.height)


def _across(one: Centre, other: Centre) -> bool:
    """Whether the river runs between two districts."""
    return bool(one.bank and other.bank) and one.bank != other.bank


def _gap(neighbour: int | None, is_shore: bool) -> float:
    if neighbour is None:
        return 0.0
    return SHORE if is_shore else GAP


def project(centres: Sequence[Centre]) -> Projection:
    """The projection of a drawing of these centres."""
    return Projection.around([(one.latitude, one.longitude) for one in centres])


def _outline(points: Sequence[Point]) -> Polygon:
    """A rounded shape around all centres: the hull of circles around them."""
    reach = MARGIN - 4
    circle = [(cos(pi * k / 20) * reach, sin(pi * k / 20) * reach) for k in range(40)]
    ordered = sorted({(x + dx, y + dy) for x, y in points for dx, dy in circle})
    return _half_hull(ordered) + _half_hull(ordered[::-1])


def _half_hull(ordered: Sequence[Point]) -> Polygon:
    """One half of a convex hull (Andrew's monotone chain)."""
    chain: Polygon = []
    for point in ordered:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain[:-1]


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _voronoi_cell(place: int, points: Sequence[Point], outline: Polygon) -> Polygon:
    """What of the outline is nearer to this centre than to any other."""
    own, cell = points[place], outline
    for other in (*points[:place], *points[place + 1 :]):
        middle = _middle(own, other)
        cell = _clip(cell, middle, (own[0] - other[0], own[1] - other[1]))
    return cell


def _clip(polygon: Polygon, on: Point, inward: Point) -> Polygon:
    """The part of a convex polygon on the inward side of a line (Sutherland and Hodgman)."""
    kept: Polygon = []
    for start, end in _edges(polygon):
        a = (start[0] - on[0]) * inward[0] + (start[1] - on[1]) * inward[1]
        b = (end[0] - on[0]) * inward[0] + (end[1] - on[1]) * inward[1]
        if a >= 0:
            kept.append(start)
        if a * b < 0:
            kept.append(_between(start, end, a / (a - b)))
    return kept


def _neighbour(place: int, points: Sequence[Point], edge: Edge) -> int | None:
    """The district beyond an edge; None beyond the outline."""
    middle = _middle(*edge)
    own = _distance(points[place], middle)
    others = [(_distance(point, middle), n) for n, point in enumerate(points) if n != place]
    nearest, number = min(others)
    return number if abs(nearest - own) < 0.01 else None


def _shifted(edge: Edge, gap: float) -> tuple[Point, Point]:
    """An edge's line moved inward (polygons run so that inside is on the left of an edge)."""
    (ax, ay), (bx, by) = edge
    length = hypot(bx - ax, by - ay) or 1.0
    inward = (-(by - ay) / length, (bx - ax) / length)
    return (ax + inward[0] * gap, ay + inward[1] * gap), inward


def _rounded(polygon: Polygon) -> str:
    """A closed path with its sharp corners rounded; gentle bends of the outline stay as they are."""
    parts: list[str] = []
    for place, corner in enumerate(polygon):
        before, after = polygon[place - 1], polygon[(place + 1) % len(polygon)]
        a = min(ROUNDING, _distance(before, corner) * 0.5)
        b = min(ROUNDING, _distance(corner, after) * 0.5)
        enter = _between(corner, before, a / (_distance(before, corner) or 1.0))
        leave = _between(corner, after, b / (_distance(corner, after) or 1.0))
        parts.append(f"{'L' if parts else 'M'}{_at(enter)}Q{_at(corner)} {_at(leave)}")
    return "".join(parts) + "Z"


def _river(shores: Sequence[Edge], height: float) -> str:
    """The river as one smooth line along the shores, from edge to edge of the drawing."""
    if not shores:
        return ""
    course = _chain(shores)
    first, last = course[0], course[-1]
    course = [(-10.0, min(first[1] + 30, height)), *course, (WIDTH + 10, min(last[1] + 22, height))]
    parts = [f"M{_at(course[0])}"]
    for before, bend, after in zip(course, course[1:], course[2:], strict=False):
        enter = _between(bend, before, min(BEND / _distance(bend, before), 0.5))
        leave = _between(bend, after, min(BEND / _distance(bend, after), 0.5))
        parts.append(f"L{_at(enter)}Q{_at(bend)} {_at(leave)}")
    return "".join(parts) + f"L{_at(course[-1])}"


def _chain(shores: Sequence[Edge]) -> Polygon:
    """The shores put end to end, from the west to the east."""
    left = [tuple(sorted(edge)) for edge in shores]
    chain: Polygon = list(left.pop(left.index(min(left))))
    while left:
        end = chain[-1]
        nearest = min(left, key=lambda edge: min(_distance(end, point) for point in edge))
        left.remove(nearest)
        chain.append(max(nearest, key=lambda point: _distance(end, point)))
    return chain


def _centroid(polygon: Polygon) -> Point:
    doubled = [(a[0] * b[1] - b[0] * a[1], a, b) for a, b in _edges(polygon)]
    area = sum(cross for cross, _, _ in doubled) or 1.0
    x = sum(cross * (a[0] + b[0]) for cross, a, b in doubled) / (3 * area)
    y = sum(cross * (a[1] + b[1]) for cross, a, b in doubled) / (3 * area)
    return x, y


def _edges(polygon: Polygon) -> list[Edge]:
    return list(zip(polygon, polygon[1:] + polygon[:1], strict=True))


def _middle(a: Point, b: Point) -> Point:
    return _between(a, b, 0.5)


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _distance(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _at(point: Point) -> str:
    return f"{_short(point[0])},{_short(point[1])}"


def _short(number: float) -> str:
    """A coordinate without noise: one decimal, no trailing zero."""
    return f"{number:.1f}".removesuffix(".0")
