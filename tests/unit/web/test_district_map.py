"""The district map: every district once, in its place, with the river between the banks."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from civic_budget.city.district_map import (
    Centre,
    Look,
    draw_map,
    krakow_centres,
    lay_out,
    steps_of,
)

WORDS = {"map_id": "map", "title": "Districts", "description": "Eighteen districts."}
Point = tuple[float, float]


def _corners(path: str) -> list[Point]:
    """Points of the path in order; enough of an outline to tell inside from outside."""
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", path)]


def _holds(path: str, point: Point) -> bool:
    corners, inside = _corners(path), False
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (ay > point[1]) != (by > point[1]) and point[0] < ax + (bx - ax) * (point[1] - ay) / (
            by - ay
        ):
            inside = not inside
    return inside


def test_krakow_has_its_eighteen_districts() -> None:
    centres = krakow_centres()
    assert [one.number for one in centres] == list(range(1, 19))
    assert (centres[7].roman, centres[7].name) == ("VIII", "Dębniki")
    assert {one.bank for one in centres} == {"north", "south"}


def test_each_numeral_stands_in_its_own_cell_only() -> None:
    cells = lay_out(krakow_centres()).cells
    for cell in cells:
        holders = [other for other in cells if _holds(other.path, (cell.x, cell.y))]
        assert holders == [cell]


def test_north_is_up_and_east_is_right() -> None:
    by_name = {cell.centre.name: cell for cell in lay_out(krakow_centres()).cells}
    assert by_name["Prądnik Biały"].y < by_name["Stare Miasto"].y < by_name["Swoszowice"].y
    assert by_name["Zwierzyniec"].x < by_name["Stare Miasto"].x < by_name["Nowa Huta"].x


def test_the_river_runs_from_west_to_east_between_the_banks() -> None:
    drawing = lay_out(krakow_centres())
    course = _corners(drawing.river)
    assert course[0][0] < 0
    assert course[-1][0] > 720
    for cell in drawing.cells:
        assert not any(_holds(cell.path, point) for point in course)


def test_a_city_without_a_river_has_none() -> None:
    centres = [Centre(n, str(n), str(n), 50 + n % 2, 20 + n) for n in range(1, 5)]
    assert lay_out(centres).river == ""
    assert "river" not in draw_map(centres, **WORDS)


def test_a_map_with_links_is_a_group_of_named_links() -> None:
    look = Look(links={1: "/pl/districts/1"}, words={1: "I Stare Miasto: 12"}, chosen=2)
    root = ElementTree.fromstring(draw_map(krakow_centres(), look=look, **WORDS))
    assert root.attrib["role"] == "group"
    links = list(root.iter("a"))
    assert [link.attrib["href"] for link in links] == ["/pl/districts/1"]
    title = links[0].find("title")
    assert title is not None
    assert title.text == "I Stare Miasto: 12"
    assert [one.attrib["class"] for one in root.iter("g")].count("cell chosen") == 1


def test_a_map_without_links_is_one_picture() -> None:
    root = ElementTree.fromstring(draw_map(krakow_centres(), **WORDS))
    assert root.attrib["role"] == "img"
    assert root.findtext("title") == "Districts"
    assert "style=" not in draw_map(krakow_centres(), **WORDS)


def test_values_fall_into_steps() -> None:
    steps = steps_of({1: 0, 2: 12, 3: 47.9, 4: 48, 5: None}, [12, 24, 36, 48])
    assert steps == {1: 1, 2: 2, 3: 4, 4: 5, 5: 0}
    drawing = draw_map(krakow_centres(), look=Look(steps=steps), **WORDS)
    assert drawing.count('class="cell step-5"') == 1
    assert drawing.count('class="cell none"') == 14
