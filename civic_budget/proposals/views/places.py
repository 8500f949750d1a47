"""The section of places: words, rows of points and addresses, and a map on which a click puts a point.

Without scripts the map is a button with a picture: the browser sends where it was clicked, and the page
comes back with the point in its row. `static/js/place-map.js` does the same without a reload.
"""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from civic_budget.city.queries import district_names
from civic_budget.editions.rules import CITY_WIDE, district_of, scope_of
from civic_budget.proposals import service
from civic_budget.proposals.labels import say_scope
from civic_budget.proposals.maps import PlaceMap, draw_place_map
from civic_budget.proposals.place_forms import PlaceForm, write_point
from civic_budget.proposals.rules import MOST_PLACES
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import OwnProposal, own_proposal, turn_back
from civic_budget.proposals.views.section_page import answer_section, show_section
from civic_budget.storage.db import Work
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading
from civic_budget.web.locale import is_language_switch

SIDES = (320, 560)
"""The two widths in pixels at which the map is shown: the name of the button tells which was clicked."""


@proposals.route("/my-proposals/<uuid:proposal_id>/place", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def section_place(proposal_id: UUID) -> ResponseReturnValue:
    """Where it should be."""
    own = own_proposal(proposal_id)
    form = _form(own)
    if request.method == "POST" and not is_language_switch() and _changed_rows(form):
        return turn_back(own) or show_section(own, "place", form, _map(own, form))

    def save(work: Work) -> None:
        words = form.place.data or ""
        service.save_details(work, actor(), proposal_id=proposal_id, place=words, at=now())
        service.save_places(work, actor(), proposal_id=proposal_id, places=form.rows(), at=now())

    return answer_section(own, "place", form, save, _map(own, form))


def _form(own: OwnProposal) -> PlaceForm:
    rows = [
        {"words": place.words, "point": write_point(*place.point) if place.point else ""}
        for place in own.facts.places
    ]
    spare = [{"words": "", "point": ""}] if len(rows) < MOST_PLACES else []
    form = PlaceForm(
        data={"place": own.facts.place, "places": [*rows, *spare], "near": own.facts.scope}
    )
    names = district_names(reading())
    scopes = [CITY_WIDE, *map(scope_of, sorted(names))]
    form.near.choices = [SelectChoice(scope, say_scope(scope, names)) for scope in scopes]
    if form.near.data not in scopes:
        form.near.data = own.facts.scope
    return form


def _changed_rows(form: PlaceForm) -> bool:
    """Whether a button only changed the rows or the map; nothing is saved then, and nothing is lost."""
    point = _clicked(form.frame.data or "")
    if point is not None:
        form.add(point)
        return True
    if "add_row" in request.form:
        form.add()
        return True
    if "remove" in request.form:
        form.drop(request.form["remove"])
        return True
    return "look" in request.form


def _clicked(frame: str) -> str | None:
    """Where the map was clicked, as coordinates; None when it was not, or by the Enter key."""
    try:
        north, west, south, east = map(float, frame.split(","))
        for side in SIDES:
            across = int(request.form.get(f"map_{side}.x", "0"))
            down = int(request.form.get(f"map_{side}.y", "0"))
            if across > 0 or down > 0:
                latitude = north - down / side * (north - south)
                return write_point(latitude, west + across / side * (east - west))
    except ValueError:
        return None
    return None


def _map(own: OwnProposal, form: PlaceForm) -> dict[str, object]:
    names = district_names(reading())
    places = [entry.form.place() for entry in form.places]
    near = form.near.data or own.facts.scope
    drawn: PlaceMap | None = draw_place_map(names, near, places, is_open=True)
    frame = drawn.frame if drawn else None
    return {
        "map": drawn,
        "bounds": f"{frame.north:.6f},{frame.west:.6f},{frame.south:.6f},{frame.east:.6f}"
        if frame
        else "",
        "sides": SIDES,
        "most": MOST_PLACES,
        "is_district": district_of(own.facts.scope) is not None,
    }
