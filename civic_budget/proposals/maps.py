"""Maps: the districts of the catalogue, each cell a filter, and the places of one proposal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from markupsafe import Markup

from civic_budget.city.district_map import Look, draw_map, krakow_centres, steps_of
from civic_budget.city.place_map import SIDE, Frame, Pin, draw_places, frame_around
from civic_budget.editions.rules import district_of, scope_of
from civic_budget.proposals.rules import Place

FEWEST = 3
MOST_STEPS = 4


@dataclass(frozen=True)
class DistrictLine:
    """A district in the list beside the map."""

    roman: str
    name: str
    url: str
    count: str


@dataclass(frozen=True)
class DistrictMap:
    """The drawing (None when the city is too small to draw) and its twin as a list."""

    drawing: Markup | None
    districts: list[DistrictLine]


def draw_districts(
    counts: Mapping[str, int],
    names: Mapping[int, str],
    chosen: str,
    url_of: Callable[[str], str],
    points: Sequence[tuple[float, float]] = (),
) -> DistrictMap:
    """Map and list of the city's districts; counts by scope, names by number, addresses by scope.

    `points` are the places of the proposals in degrees.
    """
    numbers = {number: counts.get(scope_of(number), 0) for number in names}
    lines = [
        DistrictLine(*_parted(names[number]), url_of(scope_of(number)), str(numbers[number]))
        for number in sorted(names)
    ]
    centres = [centre for centre in krakow_centres() if centre.number in names]
    if len(centres) < FEWEST:
        return DistrictMap(None, lines)
    look = Look(
        links={number: url_of(scope_of(number)) for number in names},
        words={number: _said(names[number], count) for number, count in numbers.items()},
        steps=steps_of({n: c or None for n, c in numbers.items()}, _bounds(numbers)),
        chosen=district_of(chosen) if chosen else None,
        dots=points,
    )
    drawing = draw_map(
        centres,
        map_id="district-map",
        title=gettext("Proposals by district"),
        description=gettext("A schematic map. Choose a district to see its proposals only."),
        look=look,
    )
    return DistrictMap(drawing, lines)


@dataclass(frozen=True)
class PlaceMap:
    """A drawing of places, and the bounds in degrees by which a click on it is read."""

    drawing: Markup
    frame: Frame


def draw_place_map(
    names: Mapping[int, str], scope: str, places: Sequence[Place], *, is_open: bool = False
) -> PlaceMap | None:
    """The places of a proposal within its part of the city; None when there is nothing to draw.

    `is_open`: also without a point, for a map on which one is to be put.
    """
    centres = [centre for centre in krakow_centres() if centre.number in names]
    pins = [
        Pin(number, *place.point, place.words)
        for number, place in enumerate(places, 1)
        if place.point is not None
    ]
    if len(centres) < FEWEST or not (pins or is_open):
        return None
    district = district_of(scope)
    frame = frame_around(centres, district, [(pin.latitude, pin.longitude) for pin in pins])
    metres, _length = frame.bar()
    where = names.get(district, "") if district else gettext("the whole city")
    drawing = draw_places(
        centres,
        frame,
        pins,
        map_id="place-map",
        title=gettext("Map of the places: %(where)s", where=where),
        description=gettext("A schematic map: north is up, the numbers are those of the list."),
        bar=f"{metres // 1000} km" if metres >= 1000 else f"{metres} m",
        chosen=district,
    )
    return PlaceMap(drawing, frame)


# The stylesheet of pages does not reach paper: the same drawing in black ink and greys.
_INK = (
    "text{font-family:'Libertinus Serif';font-size:15px;text-anchor:middle;dominant-baseline:central}"
    ".cell path{fill:#eee;stroke:#fff;stroke-width:1}.here path{fill:#ddd}"
    ".river{fill:none;stroke:#9bb8d3;stroke-width:8}"
    ".pin circle{fill:#222;stroke:#fff;stroke-width:2}.pin text{fill:#fff;font-size:12px}"
    ".bar path{stroke:#000;stroke-width:2}.bar text{font-size:11px;text-anchor:start}"
)


def print_map(drawn: PlaceMap) -> str:
    """A map of places as an SVG that stands alone, for a printed sheet."""
    opening, rest = str(drawn.drawing).split(">", 1)
    frame = f'<rect width="{SIDE:.0f}" height="{SIDE:.0f}" fill="#f7f7f7"/>'
    return f'{opening} xmlns="http://www.w3.org/2000/svg"><style>{_INK}</style>{frame}{rest}'


def _bounds(numbers: Mapping[int, int]) -> list[float]:
    """Up to four bounds that cut the counts into steps of equal height."""
    most = max(numbers.values(), default=0)
    steps = min(MOST_STEPS, max(most - 1, 0))
    return [1 + most * step / (steps + 1) for step in range(1, steps + 1)]


def _said(name: str, count: int) -> str:
    words = ngettext("%(num)s proposal", "%(num)s proposals", count)
    return f"{name}: {words}"


def _parted(name: str) -> tuple[str, str]:
    roman, _space, rest = name.partition(" ")
    return roman, rest
