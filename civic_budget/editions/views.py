"""The front page: what this is, that no PESEL is needed, what is going on now and where to start."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from civic_budget.city.district_map import Look, draw_map, krakow_centres
from civic_budget.city.queries import district_names
from civic_budget.editions.labels import MILESTONE_NAMES, PHASE_NAMES
from civic_budget.editions.queries import find_current_edition
from civic_budget.editions.rules import scope_of
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading

editions = Blueprint("editions", __name__)
blueprints = (editions,)
FEWEST_ON_MAP = 3


@editions.get("/")
@access(Audience.PUBLIC)
def home() -> ResponseReturnValue:
    """The first page that anybody sees."""
    edition = find_current_edition(reading(), at=now())
    coming = edition.calendar.next_milestone(now()) if edition else None
    return render_template(
        "editions/home.html",
        edition=edition,
        phase=edition.phase(now()) if edition else None,
        coming=coming,
        phase_names=PHASE_NAMES,
        milestone_names=MILESTONE_NAMES,
        city_map=_draw_city(),
    )


def _draw_city() -> Markup | None:
    """The city's districts, each leading to its proposals; None for a city too small to draw."""
    names = district_names(reading())
    centres = [centre for centre in krakow_centres() if centre.number in names]
    if len(centres) < FEWEST_ON_MAP:
        return None
    links = {n: url_for("proposals.catalogue", scope=scope_of(n)) for n in names}
    return draw_map(
        centres,
        map_id="city-map",
        title=gettext("The districts of the city"),
        description=gettext("Each district leads to its proposals."),
        look=Look(links=links, words=names),
    )
