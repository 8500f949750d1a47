"""Pages of the city itself: where somebody helps in person, the street list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from civic_budget.city import service
from civic_budget.city.forms import PointForm, StreetFileForm, point_values
from civic_budget.city.importing import apply_upload, discard_upload, hold_upload, plan_import
from civic_budget.city.labels import say_refusal
from civic_budget.city.queries import (
    district_names,
    find_point_by_key,
    get_point,
    get_upload,
    list_assistance_points,
    list_streets,
)
from civic_budget.city.slip import render_slip
from civic_budget.city.street_changes import Change, ReportLine, StreetPlan, fingerprint
from civic_budget.city.street_labels import (
    CHANGE_TAGS,
    CHANGES,
    say_numbers,
    say_problem,
    say_stretches,
)
from civic_budget.city.street_list import write_street_list, write_table
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import Conflict, DomainError, NotFound
from civic_budget.web.access import Audience, access
from civic_budget.web.cleaning import asked_number, asked_page
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
    NavItem(lazy_gettext("Street list"), "city.streets", roles=frozenset({Role.ADMINISTRATOR})),
)
footer = (
    NavItem(lazy_gettext("Guide"), "city.guide"),
    NavItem(lazy_gettext("Your data"), "city.privacy"),
    NavItem(lazy_gettext("Accessibility declaration"), "city.accessibility"),
)
LINES_ON_A_PAGE = 100
DECLARED_ON = date(2026, 11, 23)


@city.get("/help")
@access(Audience.PUBLIC)
def help_points() -> ResponseReturnValue:
    """Points of assistance with their languages and hours, the nearest to a chosen district first."""
    near = asked_number("district")
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


@city.route("/office/streets", methods=["GET", "POST"])
@access(Audience.ADMINISTRATOR)
def streets() -> ResponseReturnValue:
    """The list in use in figures, to download, and a file to be compared with it."""
    form = StreetFileForm()
    if form.validate_on_submit():
        try:
            with writing() as work:
                upload_id = hold_upload(
                    work,
                    actor(),
                    content=form.read_file(),
                    only_these=bool(form.only_these.data),
                    at=now(),
                )
        except DomainError as error:
            form.refuse(error, say_refusal(error))
        else:
            return redirect(url_for("city.street_changes", upload_id=upload_id))
    listed = list_streets(reading())
    return render_template(
        "city/streets.html",
        form=form,
        places=sum(street.is_place for street in listed),
        streets=sum(not street.is_place for street in listed),
        shared=sum(len({part.district for part in street.stretches}) > 1 for street in listed),
    )


@city.get("/office/streets/list.csv")
@access(Audience.ADMINISTRATOR)
def street_file() -> ResponseReturnValue:
    """The list in use, in the form that the import reads: change it and send it back."""
    return _csv_response(write_street_list(list_streets(reading())), "streets.csv")


@city.get("/office/streets/<uuid:upload_id>")
@access(Audience.ADMINISTRATOR)
def street_changes(upload_id: UUID) -> ResponseReturnValue:
    """What a file would change, line by line, before anything is written."""
    upload = get_upload(reading(), upload_id, account_id=actor().account_id)
    plan = plan_import(reading(), upload.content, only_these=upload.only_these)
    kind = request.args.get("kind", "")
    shown = _lines_of_kind(plan, kind)
    pages = max(1, -(-len(shown) // LINES_ON_A_PAGE))
    page = min(asked_page(), pages)
    return render_template(
        "city/street_changes.html",
        upload=upload,
        plan=plan,
        counts=plan.counts(),
        lines=shown[(page - 1) * LINES_ON_A_PAGE : page * LINES_ON_A_PAGE],
        kind=kind,
        page=page,
        pages=pages,
        page_url=lambda number: url_for(
            "city.street_changes", upload_id=upload_id, kind=kind or None, page=number
        ),
        seen=fingerprint(list_streets(reading())),
        districts=district_names(reading()),
        changes=CHANGES,
        tags=CHANGE_TAGS,
        say_problem=say_problem,
        say_numbers=say_numbers,
        say_stretches=say_stretches,
    )


@city.get("/office/streets/<uuid:upload_id>/report.csv")
@access(Audience.ADMINISTRATOR)
def street_report(upload_id: UUID) -> ResponseReturnValue:
    """The whole report in the reader's language, a line for each line of the file."""
    upload = get_upload(reading(), upload_id, account_id=actor().account_id)
    plan = plan_import(reading(), upload.content, only_these=upload.only_these)
    return _csv_response(_report(plan, district_names(reading())), "street-report.csv")


@city.post("/office/streets/<uuid:upload_id>/apply")
@access(Audience.ADMINISTRATOR)
def apply_streets(upload_id: UUID) -> ResponseReturnValue:
    """Take the file over as it was shown."""
    try:
        with writing() as work:
            plan = apply_upload(
                work, actor(), upload_id=upload_id, seen=request.form.get("seen", ""), at=now()
            )
    except Conflict as error:
        flash(say_refusal(error), "warning")
        return redirect(url_for("city.street_changes", upload_id=upload_id))
    flash(
        gettext(
            "The street list is changed. New: %(new)s, changed: %(changed)s, removed: %(removed)s.",
            new=len(plan.added),
            changed=len(plan.changed),
            removed=len(plan.removed),
        ),
        "success",
    )
    return redirect(url_for("city.streets"))


@city.post("/office/streets/<uuid:upload_id>/discard")
@access(Audience.ADMINISTRATOR)
def discard_streets(upload_id: UUID) -> ResponseReturnValue:
    """Throw the file away; the list in use stays."""
    with writing() as work:
        discard_upload(work, actor(), upload_id=upload_id)
    flash(gettext("The file is thrown away. The street list is as it was."), "success")
    return redirect(url_for("city.streets"))


def _lines_of_kind(plan: StreetPlan, kind: str) -> list[ReportLine]:
    """Lines of one kind; without a kind all but those that stay as before."""
    if kind in list(Change):
        return [line for line in plan.report if line.change == kind]
    return [line for line in plan.report if line.change is not Change.SAME]


def _report(plan: StreetPlan, districts: Mapping[int, str]) -> str:
    head = (
        gettext("Line"),
        gettext("Street or place"),
        gettext("What happens"),
        gettext("In the file"),
        gettext("In use now"),
        gettext("What is wrong"),
    )
    rows = [
        (
            str(line.line or ""),
            line.name,
            str(CHANGES[line.change]),
            say_stretches([line.stretch], districts) if line.stretch else "",
            say_stretches(line.before.stretches, districts) if line.before else "",
            say_problem(line.problem) if line.problem else "",
        )
        for line in plan.report
    ]
    return write_table(head, rows)


def _csv_response(text: str, name: str) -> Response:
    # The mark at the beginning tells office programs that Polish and Cyrillic letters follow.
    answer = Response("\ufeff" + text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


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
