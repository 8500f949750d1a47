"""Drawings of `charts` and of the district map as pictures that stand alone: for sheets on paper.

A page colours drawings by its style sheet and stretches them to its width; a picture brings both along.
Knows no room and no request.
"""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from markupsafe import Markup

WIDE, SMALL = 900, 210
"""How many pixels a chart, and one of several small ones, are drawn wide before they are scaled."""

STYLE = """
text { font-family: 'Libertinus Serif'; font-size: 17px; fill: #16181d; }
.axis-word, .soft { fill: #55585f; font-size: 15px; }
.said { font-weight: 700; } .said.soft { font-weight: 400; }
.track, .hatch-ground { fill: #eceef3; }
.rule, .base { stroke: #b9bdc7; stroke-width: 1; }
.reference { stroke: #55585f; stroke-width: 1.5; stroke-dasharray: 2 3; }
.m1 { fill: #2b4a9e; } .m2 { fill: #b4571d; } .m3 { fill: #1f7a5a; } .m4 { fill: #7d3c98; }
.m-rest { fill: #8b909c; }
.interval { stroke: #9fb0dc; stroke-width: 5; stroke-linecap: round; }
.line { fill: none; stroke: #2b4a9e; stroke-width: 1.6; } .area { fill: #dfe5f5; }
.dot { fill: #2b4a9e; stroke: #ffffff; stroke-width: 2; }
.was { fill: #ffffff; stroke: #2b4a9e; stroke-width: 2; }
.hatch-line { stroke: #8b909c; stroke-width: 1.5; }
.hatch-edge { fill: none; stroke: #8b909c; stroke-width: 1; stroke-dasharray: 3 3; }
.river { fill: none; stroke: #9cc7e8; stroke-width: 8; }
.map-drawing text { font-size: 19px; text-anchor: middle; }
.cell path { fill: #dfe5f5; }
.step-1 path, rect.step-1 { fill: #e6ebf7; } .step-2 path, rect.step-2 { fill: #c3cfed; }
.step-3 path, rect.step-3 { fill: #96a9dc; } .step-4 path, rect.step-4 { fill: #5f79c2; }
.step-5 path, rect.step-5 { fill: #2b4a9e; }
.step-4 text, .step-5 text { fill: #ffffff; }
.none path { fill: #f1f1f1; }
"""


@dataclass(frozen=True)
class Picture:
    """One picture as SVG, what it shows for those who do not see it, and its caption among small ones."""

    svg: str
    words: str
    caption: str = ""


def pictures_of(drawing: Markup) -> list[Picture]:
    """The pictures of a drawing: one, several of a long one, or one for each of small multiples."""
    root = ET.fromstring(f"<all>{drawing}</all>")  # noqa: S314 - the program's own drawing
    several = root.findall(".//figure")
    if several:
        return [_picture(one.find("svg"), SMALL, one.findtext("figcaption", "")) for one in several]
    pieces = root.findall("svg")
    for piece in pieces[1:]:
        # Hatching is defined in the first piece alone: on a page one definition serves them all.
        piece[:0] = [copy.deepcopy(one) for one in pieces[0].findall("defs")]
    return [_picture(piece, WIDE) for piece in pieces]


def key_picture(step: str) -> str:
    """The square that stands before the words of a map's step."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16">'
        f'<style>{STYLE}</style><rect class="{step}" width="16" height="16"/></svg>'
    )


def _picture(svg: ET.Element | None, width: int, caption: str = "") -> Picture:
    assert svg is not None
    svg.set("xmlns", "http://www.w3.org/2000/svg")
    if svg.get("viewBox") is None:
        svg.set("width", str(width))
    words = [svg.findtext("title", ""), svg.findtext("desc", "")]
    style = ET.Element("style")
    style.text = STYLE
    svg.insert(0, style)
    return Picture(ET.tostring(svg, encoding="unicode"), ". ".join(filter(None, words)), caption)
