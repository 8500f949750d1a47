"""A part of the city drawn close, with numbered pins: where a proposal should be. Plain Python.

The same schematic cells as on the map of districts; what lies within a frame is linear in degrees, so
that a click is read back with two multiplications.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from civic_budget.city.district_map import Cell, Centre, lay_out, project

SIDE = 320.0
"""The drawing is a square of this many units, and of as many pixels where a click must be read."""
PADDING = 0.07
LEAST_METRES = 2500.0
BARS = (100, 200, 500, 1000, 2000, 5000, 10_000)


@dataclass(frozen=True)
class Pin:
    """A numbered place, in degrees, with the words that name it."""

    number: int
    latitude: float
    longitude: float
    words: str = ""


@dataclass(frozen=True)
class Frame:
    """A square of the city's drawing: its corner, its side in drawing units and its bounds in degrees."""

    x: float
    y: float
    side: float
    north: float
    west: float
    south: float
    east: float
    metres: float

    def share(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a place lies in the frame: 0..1 from the west, 0..1 from the north."""
        across = (longitude - self.west) / (self.east - self.west)
        return across, (self.north - latitude) / (self.north - self.south)

    def place(self, across: float, down: float) -> tuple[float, float]:
        """Latitude and longitude at shares of the frame."""
        latitude = self.north - down * (self.north - self.south)
        return latitude, self.west + across * (self.east - self.west)

    def bar(self) -> tuple[int, float]:
        """A round number of metres for the scale, and its length in units of the drawing."""
        fitting = [metres for metres in BARS if metres <= self.metres / 4] or [BARS[0]]
        return fitting[-1], fitting[-1] / self.metres * SIDE


def frame_around(
    centres: Sequence[Centre], district: int | None, places: Iterable[tuple[float, float]] = ()
) -> Frame:
    """A square that shows a district and these places; without a district the places, or the whole city."""
    scale = project(centres)
    drawing = lay_out(centres)
    corners = [scale.place(latitude, longitude) for latitude, longitude in places]
    cell = next((c for c in drawing.cells if c.centre.number == district), None)
    if cell is not None:
        corners.extend(cell.corners)
    elif not corners:
        corners = [corner for c in drawing.cells for corner in c.corners]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    right, bottom = max(x for x, _ in corners), max(y for _, y in corners)
    side = max(right - left, bottom - top, LEAST_METRES / scale.metres_per_unit) * (1 + 2 * PADDING)
    x, y = (left + right - side) / 2, (top + bottom - side) / 2
    north, west = scale.degrees(x, y)
    south, east = scale.degrees(x + side, y + side)
    return Frame(x, y, side, north, west, south, east, side * scale.metres_per_unit)


def draw_places(
    centres: Sequence[Centre],
    frame: Frame,
    pins: Sequence[Pin],
    *,
    map_id: str,
    title: str,
    description: str,
    bar: str,
    chosen: int | None = None,
) -> Markup:
    """The map as SVG: a picture with a title and a description. `bar` says the length of the scale."""
    drawing = lay_out(centres)
    zoom = SIDE / frame.side
    near = [cell for cell in drawing.cells if _is_near(cell, frame)]
    _metres, length = frame.bar()
    return Markup(
        '<svg class="map-drawing close" id="{id}" viewBox="0 0 {side} {side}" role="img" '
        'aria-labelledby="{id}-title" aria-describedby="{id}-desc"><title id="{id}-title">{title}</title>'
        '<desc id="{id}-desc">{desc}</desc><g transform="scale({zoom:.4f}) translate({x:.2f} {y:.2f})">'
        "{river}{cells}</g>{names}"
        '<g class="bar"><path d="M12,{low}h{length:.1f}"/><text x="12" y="{words_at}">{bar}</text></g>'
        '<g class="pins">{pins}</g></svg>'
    ).format(
        id=map_id,
        side=int(SIDE),
        title=title,
        desc=description,
        zoom=zoom,
        x=-frame.x,
        y=-frame.y,
        river=_river(drawing.river),
        cells=Markup("").join(_cell(cell, chosen) for cell in near),
        names=Markup("").join(_numeral(cell, frame, zoom) for cell in near),
        low=int(SIDE) - 12,
        words_at=int(SIDE) - 24,
        length=length,
        bar=bar,
        pins=Markup("").join(_pin(pin, frame) for pin in pins),
    )


def _is_near(cell: Cell, frame: Frame) -> bool:
    across = [x for x, _ in cell.corners]
    down = [y for _, y in cell.corners]
    return (
        min(across) < frame.x + frame.side
        and max(across) > frame.x
        and min(down) < frame.y + frame.side
        and max(down) > frame.y
    )


def _river(path: str) -> Markup:
    return Markup('<path class="river" d="{d}"/>').format(d=path) if path else Markup("")


def _cell(cell: Cell, chosen: int | None) -> Markup:
    number = cell.centre.number
    kind = "here" if number == chosen else f"tone-{number % 3 + 1}"
    return Markup('<g class="cell {kind}"><path d="{d}"/></g>').format(kind=kind, d=cell.path)


def _numeral(cell: Cell, frame: Frame, zoom: float) -> Markup:
    x, y = (cell.x - frame.x) * zoom, (cell.y - frame.y) * zoom
    if not (12 < x < SIDE - 12 and 12 < y < SIDE - 12):
        return Markup("")
    return Markup('<text x="{x:.1f}" y="{y:.1f}" aria-hidden="true">{roman}</text>').format(
        x=x, y=y, roman=cell.centre.roman
    )


def _pin(pin: Pin, frame: Frame) -> Markup:
    across, down = frame.share(pin.latitude, pin.longitude)
    return Markup(
        '<g class="pin"><title>{words}</title><circle cx="{x:.1f}" cy="{y:.1f}" r="11"/>'
        '<text x="{x:.1f}" y="{y:.1f}">{number}</text></g>'
    ).format(
        words=f"{pin.number}. {pin.words}" if pin.words else str(pin.number),
        x=across * SIDE,
        y=down * SIDE,
        number=pin.number,
    )
