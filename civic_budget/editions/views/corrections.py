"""Corrections of a public edition: the differences are shown before a second person signs them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts.queries import staff_name_of
from civic_budget.city.queries import district_names
from civic_budget.editions import policy, service
from civic_budget.editions.drafts import DraftFacts, get_draft, list_corrections
from civic_budget.editions.forms import EmptyForm, correction_form, typed_pools
from civic_budget.editions.labels import LANGUAGE_NAMES, say_scope
from civic_budget.editions.rules import Milestone, city_time, read_city_time
from civic_budget.editions.side_dates import SideDate
from civic_budget.editions.views.blueprint import editions
from civic_budget.editions.views.office import attempt
from civic_budget.editions.views.public import describe_changes
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import Form

FAR = datetime.max.replace(tzinfo=UTC)


@editions.get("/office/editions/<slug>/corrections")
@access(Audience.STAFF)
def corrections(slug: str) -> ResponseReturnValue:
    """All corrections with their differences; the open one waits for its second person."""
    return _list_page(get_draft(reading(), slug), EmptyForm())


@editions.route("/office/editions/<slug>/corrections/new", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def correct(slug: str) -> ResponseReturnValue:
    """Propose what should differ, and why."""
    draft = get_draft(reading(), slug)
    districts = district_names(reading())
    scopes = [pool.scope for pool in draft.pools]
    held: dict[str, Any] = {m.value: city_time(t) for m, t in draft.moments.items()}
    held |= {d.value: city_time(t) for d, t in draft.side_dates.items()}
    form: Any = correction_form(scopes, districts)(data={**held, **typed_pools(draft.pools)})
    if form.validate_on_submit():
        done, _ = attempt(form, lambda: _propose(draft, form))
        if done:
            flash(gettext("The correction waits for the signature of a second person."), "success")
            return redirect(url_for("editions.corrections", slug=slug))
    return render_template(
        "editions/correct.html",
        draft=draft,
        training=draft.is_training,
        form=form,
        milestones=[m.value for m in Milestone if draft.moments[m] > now()],
        side_dates=[d.value for d in SideDate if draft.side_dates.get(d, FAR) > now()],
        scopes=[(scope, say_scope(scope, districts)) for scope in scopes],
        are_pools_open=now() < draft.moments[Milestone.LIST_PUBLISHED],
        codes=list(LANGUAGE_NAMES),
    )


def _propose(draft: DraftFacts, form: Any) -> int:
    typed = {m: form[m.value].data for m in Milestone}
    # The form knows minutes: a moment counts as moved only when its typed minute differs.
    moments = {
        m: read_city_time(value, m)
        for m, value in typed.items()
        if value is not None and value.replace(second=0) != city_time(draft.moments[m])
    }
    sides = {
        d: moment
        for d, moment in form.read_side_dates().items()
        if d.value in request.form
        and (city_time(moment) if moment else None) != _typed_now(draft.side_dates.get(d))
    }
    pools = form.read_pools()
    with writing() as work:
        return service.propose_correction(
            work,
            actor(),
            edition_id=draft.id,
            moments=moments,
            pools=pools,
            side_dates=sides,
            reasons=form.read_reasons(),
            at=now(),
        )


def _typed_now(moment: datetime | None) -> datetime | None:
    return city_time(moment) if moment else None


@editions.post("/office/editions/<slug>/corrections/<int:number>")
@access(Audience.STAFF)
def answer(slug: str, number: int) -> ResponseReturnValue:
    """Sign or decline a correction."""
    draft = get_draft(reading(), slug)
    form = EmptyForm()
    sign = request.form.get("answer") == "sign"
    if form.validate_on_submit():
        done, _ = attempt(form, lambda: _answer(draft.id, number, sign))
        if done:
            said = gettext("The correction holds.") if sign else gettext("Nothing was changed.")
            flash(said, "success")
            return redirect(url_for("editions.corrections", slug=slug))
    return _list_page(draft, form)


def _answer(edition_id: UUID, number: int, sign: bool) -> None:
    with writing() as work:
        service.answer_correction(
            work, actor(), edition_id=edition_id, number=number, sign=sign, at=now()
        )


def _list_page(draft: DraftFacts, form: Form) -> ResponseReturnValue:
    districts = district_names(reading())
    rows = []
    for one in list_corrections(reading(), draft.id):
        people = [staff_name_of(reading(), by) for by in (one.proposed_by, one.given_by) if by]
        may = {
            sign: bool(
                policy.may_answer_correction(actor(), proposed_by=one.proposed_by, sign=sign)
            )
            for sign in (True, False)
        }
        rows.append((one, describe_changes(one, districts), people, may))
    return render_template(
        "editions/corrections.html",
        draft=draft,
        training=draft.is_training,
        form=form,
        rows=rows,
        may_propose=bool(policy.may_propose_correction(actor(), is_published=draft.is_published)),
    )
