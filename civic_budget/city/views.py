"""Pages of the city itself: where somebody helps in person."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from civic_budget.city.queries import list_assistance_points
from civic_budget.web.access import Audience, access
from civic_budget.web.current import reading
from civic_budget.web.locale import OWN_NAMES
from civic_budget.web.pages import NavItem

city = Blueprint("city", __name__)
blueprints = (city,)
navigation = (NavItem(lazy_gettext("Help near you"), "city.help_points"),)


@city.get("/help")
@access(Audience.PUBLIC)
def help_points() -> ResponseReturnValue:
    """Points of assistance with their languages and hours."""
    return render_template(
        "city/help_points.html",
        points=list_assistance_points(reading()),
        language_names=OWN_NAMES,
    )
