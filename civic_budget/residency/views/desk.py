"""The desk: find the person who stands there, or take an application down. The record is in `visits`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_budget.accounts.attempts import DAY, QUARTER, count_try
from civic_budget.city.queries import district_names, list_street_names
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import service
from civic_budget.residency.desk_forms import ApplicationForm, FindForm
from civic_budget.residency.desk_rules import SEARCHES_A_DAY, SEARCHES_A_QUARTER, VisitReason
from civic_budget.residency.labels import STATE_NAMES
from civic_budget.residency.queries.cases import find_last_case
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.residency.views.desk_place import place_today, point_today
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing


@residency.route("/office/desk", methods=["GET", "POST"])
@access(Audience.DESK)
def desk() -> ResponseReturnValue:
    """Find one person, by a whole number or a whole name with birth date, and open the record."""
    here = place_today()
    if here is None and request.method == "GET":
        return redirect(url_for("residency.desk_place"))
    form = FindForm()
    found: Sequence[UUID] = ()
    if form.validate_on_submit():
        found = attempt(form, _search, form) or ()
        if len(found) == 1:
            visit_id = attempt(form, _open, found[0], form)
            if visit_id is not None:
                return redirect(url_for("residency.visit", visit_id=visit_id))
    cases = [find_last_case(reading(), person_id) for person_id in found] if len(found) > 1 else []
    return render_template(
        "residency/desk.html",
        form=form,
        here=here,
        several=[case for case in cases if case is not None],
        state_names=STATE_NAMES,
    )


@residency.route("/office/desk/new", methods=["GET", "POST"])
@access(Audience.DESK)
def desk_new() -> ResponseReturnValue:
    """Register somebody who stands at the desk."""
    here = place_today()
    if here is None and request.method == "GET":
        return redirect(url_for("residency.desk_place"))
    form = ApplicationForm()
    form.offer_districts(district_names(reading()))
    if form.validate_on_submit():
        visit_id = attempt(form, _register, form)
        if visit_id is not None:
            return redirect(url_for("residency.visit", visit_id=visit_id))
    return render_template(
        "residency/desk_application.html",
        form=form,
        here=here,
        streets=list_street_names(reading()),
        back_url=url_for("residency.desk"),
    )


def count_search() -> None:
    """Count a search of this officer in a transaction of its own: a failed one counts too."""
    subject = str(actor().account_id)
    with writing() as work:
        count_try(work, "desk-search", subject, limit=SEARCHES_A_QUARTER, at=now(), window=QUARTER)
        count_try(work, "desk-search a day", subject, limit=SEARCHES_A_DAY, at=now(), window=DAY)


def _search(form: FindForm) -> Sequence[UUID]:
    number = (form.number.data or "").strip()
    names = [(form.given_names.data or "").strip(), (form.family_name.data or "").strip()]
    if not number and not (any(names) and form.year.data):
        raise Conflict("search_needs_all", field="number")
    count_search()
    point = point_today()
    with writing() as work:
        if number:
            found = service.search_by_number(work, actor(), number=number, point_id=point, at=now())
        else:
            found = service.search_by_name(
                work,
                actor(),
                given_names=names[0],
                family_name=names[1],
                born_on=form.read_birth_date(),
                point_id=point,
                at=now(),
            )
    if not found:
        raise Conflict("nobody_found", field="number" if number else "given_names")
    return found


def _open(person_id: UUID, form: FindForm) -> UUID:
    point = point_today()
    with writing() as work:
        return service.open_visit(
            work,
            actor(),
            person_id=person_id,
            reason=VisitReason(form.reason.data),
            point_id=point,
            at=now(),
        )


def _register(form: ApplicationForm) -> UUID:
    point = point_today()
    with writing() as work:
        return service.register_at_desk(
            work,
            actor(),
            identity=form.read_identity(),
            address=form.read_address(),
            sex=form.sex.data or None,
            language=form.language.data,
            point_id=point,
            document=form.read_document(),
            at=now(),
        )
