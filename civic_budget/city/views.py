"""Pages of the city itself: where somebody helps in person."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from civic_budget.city.queries import list_assistance_points
from civic_budget.web.access import Audience, access
from civic_budget.web.current import reading, settings
from civic_budget.web.locale import OWN_NAMES
from civic_budget.web.pages import NavItem

city = Blueprint("city", __name__)
blueprints = (city,)
navigation = (NavItem(lazy_gettext("Help near you"), "city.help_points"),)
footer = (
    NavItem(lazy_gettext("Guide"), "city.guide"),
    NavItem(lazy_gettext("Your data"), "city.privacy"),
    NavItem(lazy_gettext("Accessibility declaration"), "city.accessibility"),
)
DECLARED_ON = date(2026, 11, 23)


@city.get("/help")
@access(Audience.PUBLIC)
def help_points() -> ResponseReturnValue:
    """Points of assistance with their languages and hours."""
    return render_template(
        "city/help_points.html",
        points=list_assistance_points(reading()),
        language_names=OWN_NAMES,
    )


@city.get("/guide")
@access(Audience.PUBLIC)
def guide() -> ResponseReturnValue:
    """The whole road in plain words: who may take part, how it goes, how the vote stays secret."""
    return render_template("city/guide.html")


@city.get("/your-data")
@access(Audience.PUBLIC)
def privacy() -> ResponseReturnValue:
    """What is held, what for, for how long, and who never gets it."""
    return render_template("city/privacy.html")


@city.get("/accessibility")
@access(Audience.PUBLIC)
def accessibility() -> ResponseReturnValue:
    """The accessibility declaration with the ids that the ministry's template prescribes."""
    points = list_assistance_points(reading())
    return render_template(
        "city/accessibility.html",
        published_on=DECLARED_ON,
        contact_email=settings().mail_from,
        contact_phone=points[0].phone if points else "–",
    )
