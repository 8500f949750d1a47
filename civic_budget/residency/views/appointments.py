"""Who works at which assistance point, and what was done there: administrators' pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from civic_budget.accounts.queries import list_accounts_with_role, staff_name_of
from civic_budget.city.queries import list_assistance_points
from civic_budget.kernel.actor import Role
from civic_budget.kernel.alphabet import alphabetic
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.residency import service
from civic_budget.residency.desk_events import DESK_DEEDS
from civic_budget.residency.desk_forms import AppointmentForm, read_day
from civic_budget.residency.desk_rules import AppointmentState, VisitReason
from civic_budget.residency.labels import say_refusal
from civic_budget.residency.labels.desk import (
    APPOINTMENT_STATES,
    DEED_NAMES,
    LOGGED_REASONS,
    SEARCH_MEANS,
)
from civic_budget.residency.labels.options import option_names
from civic_budget.residency.options import Catalogue
from civic_budget.residency.queries import list_options
from civic_budget.residency.queries.appointments import list_appointments
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.residency.views.desk_place import point_names
from civic_budget.storage import audit
from civic_budget.web.access import Audience, access
from civic_budget.web.cleaning import asked_page
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import locale_code

DEEDS_ON_A_PAGE = 50


@residency.get("/office/appointments")
@access(Audience.ADMINISTRATOR)
def appointments() -> ResponseReturnValue:
    """Who works where and until when; those over are kept below."""
    lines = list_appointments(reading(), at=now())
    current = [
        line for line in lines if line.state in {AppointmentState.RUNS, AppointmentState.TO_COME}
    ]
    return render_template(
        "residency/appointments.html",
        current=current,
        former=[line for line in lines if line not in current],
        without=_names_without({line.account_id for line in current}),
        point_names=point_names(),
        state_names=APPOINTMENT_STATES,
        runs=AppointmentState.RUNS,
        own=actor().account_id,
    )


@residency.route("/office/appointments/new", methods=["GET", "POST"])
@access(Audience.ADMINISTRATOR)
def new_appointment() -> ResponseReturnValue:
    """Appoint somebody to points for some time."""
    form = AppointmentForm()
    names = point_names()
    form.offer(
        _clerks(), {str(point.id): names[point.id] for point in list_assistance_points(reading())}
    )
    if form.validate_on_submit():
        made = attempt(form, _appoint, form)
        if made is not None:
            words = ngettext(
                "The appointment to %(num)s point is saved.",
                "The appointments to %(num)s points are saved.",
                made,
            )
            flash(words, "success")
            return redirect(url_for("residency.appointments"))
    return render_template("residency/appointment_new.html", form=form)


@residency.post("/office/appointments/<uuid:appointment_id>/end")
@access(Audience.ADMINISTRATOR)
def end_appointment(appointment_id: UUID) -> ResponseReturnValue:
    """End it now; records that are open there close."""
    try:
        with writing() as work:
            service.end_appointment(work, actor(), appointment_id=appointment_id, at=now())
    except DomainError as error:
        if error.code in {"form_expired", "not_found"}:
            raise
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("The appointment is ended. The desk is closed there at once."), "success")
    return redirect(url_for("residency.appointments"))


@residency.get("/office/desk-log")
@access(Audience.ADMINISTRATOR)
def desk_log() -> ResponseReturnValue:
    """What was done at desks, by whom and where: searches, looks, records opened. No names of people."""
    asked, points = request.args, point_names()
    point, by = _asked_id(asked, "point"), _asked_id(asked, "by")
    day = _asked_day(asked)
    page = asked_page()
    found = audit.list_entries(
        reading(),
        [deed.__name__ for deed in DESK_DEEDS],
        by=by,
        subjects={"point_id": str(point)} if point else {},
        since=_midnight(day) if day else None,
        until=_midnight(day + timedelta(days=1)) if day else None,
        skip=(page - 1) * DEEDS_ON_A_PAGE,
        limit=DEEDS_ON_A_PAGE + 1,
    )
    kept: dict[str, Any] = {name: asked[name] for name in ("point", "by", "day") if name in asked}
    return render_template(
        "residency/desk_log.html",
        entries=[(entry, _detail(entry.subjects)) for entry in found[:DEEDS_ON_A_PAGE]],
        page=page,
        pages=page + 1 if len(found) > DEEDS_ON_A_PAGE else page,
        page_url=lambda number: url_for("residency.desk_log", **kept, page=number),
        deed_names=DEED_NAMES,
        point_names={str(key): name for key, name in points.items()},
        names={entry.by: staff_name_of(reading(), entry.by) for entry in found if entry.by},
        points=[(str(key), name) for key, name in points.items()],
        people=list(_everybody().items()),
        asked=asked,
    )


def _clerks() -> dict[str, str]:
    return {
        str(account_id): staff_name_of(reading(), account_id)
        for account_id in list_accounts_with_role(reading(), Role.DESK, at=now())
    }


def _everybody() -> dict[str, str]:
    found: dict[str, str] = {}
    for role in (Role.DESK, Role.HELPDESK, Role.OFFICER):
        for account_id in list_accounts_with_role(reading(), role):
            found[str(account_id)] = staff_name_of(reading(), account_id)
    return dict(sorted(found.items(), key=lambda one: alphabetic(one[1], "pl")))


def _names_without(appointed: set[UUID]) -> list[str]:
    without = [name for account, name in _clerks().items() if UUID(account) not in appointed]
    return sorted(without, key=lambda name: alphabetic(name, "pl"))


def _appoint(form: AppointmentForm) -> int:
    first_on, last_on = form.read_days()
    points = form.read_points()
    with writing() as work:
        service.appoint(
            work,
            actor(),
            account_id=UUID(form.account.data),
            point_ids=points,
            first_on=first_on,
            last_on=last_on,
            at=now(),
        )
    return len(points)


def _detail(subjects: dict[str, str]) -> str:
    """What an entry says beside who, where and when, in words."""
    parts = []
    if "means" in subjects:
        parts += [str(SEARCH_MEANS.get(subjects["means"], "")), _say_found(subjects["found"])]
    elif "found" in subjects:
        parts.append(gettext("yes") if subjects["found"] == "True" else gettext("no"))
    if subjects.get("reason") in set(VisitReason):
        parts.append(str(LOGGED_REASONS[VisitReason(subjects["reason"])]))
    if "kind" in subjects:
        parts.append(_proof_names().get(subjects["kind"], ""))
    if "is_confirmed" in subjects:
        is_done = subjects["is_confirmed"] == "True"
        parts.append(gettext("confirmed") if is_done else gettext("passed on to the bureau"))
    return ", ".join(part for part in parts if part)


def _say_found(count: str) -> str:
    number = int(count)
    return str(ngettext("%(num)s record found", "%(num)s records found", number))


def _proof_names() -> dict[str, str]:
    return option_names(list_options(reading(), Catalogue.PROOF), locale_code())


def _asked_id(asked: MultiDict[str, str], name: str) -> UUID | None:
    try:
        return UUID(asked.get(name, ""))
    except ValueError:
        return None


def _asked_day(asked: MultiDict[str, str]) -> date | None:
    try:
        return read_day(asked.get("day"), "day")
    except Conflict:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CITY_ZONE).astimezone(UTC)
