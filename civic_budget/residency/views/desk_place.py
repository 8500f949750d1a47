"""Where somebody at a desk works today: taken from their appointments, chosen when there are several."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.city.queries import get_point, list_assistance_points
from civic_budget.kernel.actor import Role
from civic_budget.kernel.clock import city_day
from civic_budget.residency.desk_forms import PlaceForm
from civic_budget.residency.desk_rules import AppointmentState
from civic_budget.residency.labels.desk import APPOINTMENT_STATES
from civic_budget.residency.queries.appointments import list_appointments, places_of
from civic_budget.residency.views.blueprint import residency
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading
from civic_budget.web.locale import current_language

CHOSEN = "desk_place"
BUREAU = "bureau"


@dataclass(frozen=True)
class Place:
    """Where somebody works today; without a point: in the bureau."""

    point_id: UUID | None
    name: str
    has_choice: bool


@residency.route("/office/desk/place", methods=["GET", "POST"])
@access(Audience.DESK)
def desk_place() -> ResponseReturnValue:
    """Choose where one works today; or read why the desk is closed."""
    offered = offered_places()
    if not offered:
        return render_template(
            "residency/desk_closed.html",
            appointments=list_appointments(reading(), at=now(), account_id=actor().account_id),
            point_names=point_names(),
            open_points={point.id for point in list_assistance_points(reading())},
            state_names=APPOINTMENT_STATES,
            runs=AppointmentState.RUNS,
        )
    form = PlaceForm()
    form.offer(offered)
    here = place_today()
    if form.validate_on_submit():
        session[CHOSEN] = [city_day(now()).isoformat(), form.place.data]
        return redirect(url_for("residency.desk"))
    if not form.is_submitted() and here is not None:
        form.place.data = str(here.point_id or BUREAU)
    return render_template("residency/desk_place.html", form=form)


def place_today() -> Place | None:
    """Where this member of staff works today; None: not chosen yet, or nowhere.

    A choice holds for its day, and only as long as the appointment does.
    """
    offered = offered_places()
    chosen = _chosen()
    if len(offered) == 1 and BUREAU not in offered:
        chosen = next(iter(offered))
    if BUREAU in offered and chosen not in offered:
        chosen = BUREAU
    if chosen not in offered:
        return None
    point_id = None if chosen == BUREAU else UUID(chosen)
    return Place(point_id, offered[chosen], len(offered) > 1)


def point_today() -> UUID | None:
    """The point of today for a deed; the deed itself says why not when there is none."""
    here = place_today()
    return here.point_id if here else None


def offered_places() -> dict[str, str]:
    """Where this member of staff may work today: points by id with their names, and the bureau."""
    places = places_of(reading(), actor(), at=now())
    is_officer = actor().has(Role.OFFICER)
    names = point_names()
    offered = {BUREAU: gettext("In the bureau")} if is_officer else {}
    for point in list_assistance_points(reading()):
        if is_officer or point.id in places.appointed:
            offered[str(point.id)] = names[point.id]
    return offered


def point_names() -> dict[UUID, str]:
    """All points, closed ones too, in the reader's language."""
    language = current_language()
    return {
        point.id: str(point.names.get(language) or point.key)
        for point in list_assistance_points(reading(), closed_too=True)
    }


def place_name(point_id: UUID | None) -> str:
    """A point in the reader's language; the bureau for none."""
    if point_id is None:
        return str(gettext("In the bureau"))
    point = get_point(reading(), point_id)
    return str(point.names.get(current_language()) or point.key)


def _chosen() -> str:
    day, chosen = session.get(CHOSEN) or ("", "")
    return str(chosen) if day == city_day(now()).isoformat() else ""
