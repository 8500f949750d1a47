"""Pages of the city itself: where somebody helps in person."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from civic_budget.city import service
from civic_budget.city.forms import PointForm, point_values
from civic_budget.city.labels import say_refusal
from civic_budget.city.queries import (
    district_names,
    find_point_by_key,
    get_point,
    list_assistance_points,
)
from civic_budget.city.slip import render_slip
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import DomainError, NotFound
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.locale import OWN_NAMES, locale_code
from civic_budget.web.pages import NavItem
from civic_budget.web.printing import pdf_response

city = Blueprint("city", __name__)
blueprints = (city,)
navigation = (
    NavItem(lazy_gettext("Help near you"), "city.help_points"),
    NavItem(
        lazy_gettext("Assistance points"), "city.points", roles=frozenset({Role.ADMINISTRATOR})
    ),
)
footer = (
    NavItem(lazy_gettext("Guide"), "city.guide"),
    NavItem(lazy_gettext("Your data"), "city.privacy"),
    NavItem(lazy_gettext("Accessibility declaration"), "city.accessibility"),
)
DECLARED_ON = date(2026, 11, 23)


@city.get("/help")
@access(Audience.PUBLIC)
def help_points() -> ResponseReturnValue:
    """Points of assistance with their languages and hours, the nearest to a chosen district first."""
    near = request.args.get("district", None, int)
    return render_template(
        "city/help_points.html",
        points=list_assistance_points(reading(), near=near),
        language_names=OWN_NAMES,
        districts=district_names(reading()),
        near=near,
        reference=_asked_reference(),
    )


@city.get("/help/<key>/slip.pdf")
@access(Audience.PUBLIC)
def slip(key: str) -> ResponseReturnValue:
    """A slip to take along: where, when, in which languages, what to bring."""
    point = find_point_by_key(reading(), key)
    if point is None:
        raise NotFound
    content = render_slip(point, language=locale_code(), reference=_asked_reference())
    return pdf_response(content, "visit.pdf")


def _asked_reference() -> str:
    """The reader's own reference, when a page of theirs brought it along; nothing else is printed."""
    said = request.args.get("reference", "")
    return said if re.fullmatch(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}", said) else ""


@city.get("/office/points")
@access(Audience.ADMINISTRATOR)
def points() -> ResponseReturnValue:
    """All assistance points, open and closed."""
    return render_template(
        "city/points.html",
        points=list_assistance_points(reading(), closed_too=True),
        districts=district_names(reading()),
        language_names=OWN_NAMES,
    )


@city.route("/office/points/new", methods=["GET", "POST"])
@access(Audience.ADMINISTRATOR)
def new_point() -> ResponseReturnValue:
    """Add a point."""
    return _point_page(PointForm(data={"is_active": True}), None)


@city.route("/office/points/<uuid:point_id>", methods=["GET", "POST"])
@access(Audience.ADMINISTRATOR)
def edit_point(point_id: UUID) -> ResponseReturnValue:
    """Change a point, open or close it."""
    return _point_page(PointForm(data=point_values(get_point(reading(), point_id))), point_id)


def _point_page(form: PointForm, point_id: UUID | None) -> ResponseReturnValue:
    form.offer_districts(district_names(reading()))
    if form.validate_on_submit():
        try:
            with writing() as work:
                service.put_point(
                    work,
                    actor(),
                    point_id=point_id,
                    version=form.read_version(),
                    words=form.read(),
                    at=now(),
                )
        except DomainError as error:
            form.refuse(error, say_refusal(error))
        else:
            flash(gettext("The point is saved."), "success")
            return redirect(url_for("city.points"))
    return render_template("city/point.html", form=form, is_new=point_id is None)


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
