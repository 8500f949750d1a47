"""The office's queue, and small deeds on one proposal: assign, note, step aside."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.assessment import service
from civic_budget.assessment.forms import AssignForm, NoteForm
from civic_budget.assessment.labels import (
    TAB_NAMES,
    VERDICT_KINDS,
    VERDICT_NAMES,
    say_refusal,
)
from civic_budget.assessment.queries import (
    QueueFilter,
    Tab,
    department_names,
    list_assessors,
    list_open_opinions,
    list_queue,
)
from civic_budget.assessment.queries.queue import count_open
from civic_budget.assessment.rules import due_state, end_of_day
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.assessment.views.case import assign_form, own_departments, show_case
from civic_budget.assessment.views.desk import attempt, desk_of
from civic_budget.city.queries import district_names
from civic_budget.editions.queries import (
    find_current_edition,
    get_current_edition,
    get_edition_by_slug,
)
from civic_budget.editions.rules import scope_of
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import DomainError
from civic_budget.proposals.labels import (
    STATE_KINDS,
    STATE_NAMES,
    say_scope,
)
from civic_budget.web.access import Audience, access
from civic_budget.web.cleaning import asked_page
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import current_language
from civic_budget.web.pages import Waiting


@assessment.get("/office/assessment")
@access(Audience.ASSESSOR)
def queue() -> ResponseReturnValue:
    """What waits for whom, by tabs, with counts."""
    slug = request.args.get("edition", "")
    edition = (
        get_edition_by_slug(reading(), slug) if slug else get_current_edition(reading(), at=now())
    )
    names = district_names(reading())
    wanted = _wanted()
    page = list_queue(reading(), edition.id, wanted, page=asked_page())
    kept = {k: v for k, v in request.args.items() if k not in {"tab", "page", "lang"} and v}
    return render_template(
        "assessment/queue.html",
        edition=edition,
        found=page,
        wanted=wanted,
        is_mine="mine" in request.args,
        is_overdue=wanted.overdue_at is not None,
        due_state=lambda due_at: due_state(due_at, now()).value,
        opinions=len(list_open_opinions(reading(), own_departments())),
        tabs=[
            (TAB_NAMES[tab], page.counts[tab], _queue_url(tab, kept), tab is wanted.tab)
            for tab in Tab
        ],
        page_url=lambda number: _queue_url(wanted.tab, {**kept, "page": number}),
        scopes=[(s, say_scope(s, names)) for s in ("city", *map(scope_of, sorted(names)))],
        departments=department_names(reading(), current_language()),
        colleagues={c.account_id: c.name for c in list_assessors(reading())},
        scope_name=lambda scope: say_scope(scope, names),
        state_names=STATE_NAMES,
        state_kinds=STATE_KINDS,
        verdict_names=VERDICT_NAMES,
        verdict_kinds=VERDICT_KINDS,
    )


def waiting_assessments() -> Waiting | None:
    """What waits for an assessor (their own) or a coordinator (everything) in the present edition."""
    edition = find_current_edition(reading(), at=now())
    if edition is None:
        return None
    own = None if actor().has(Role.COORDINATOR) else actor().account_id
    return Waiting(*count_open(reading(), edition.id, own))


def _wanted() -> QueueFilter:
    said = request.args
    tab = said.get("tab", "")
    return QueueFilter(
        tab=Tab(tab) if tab in set(Tab) else Tab.FORMAL,
        text=said.get("text", "").strip()[:100],
        scope=said.get("scope", ""),
        department=said.get("department", ""),
        assessor=actor().account_id if "mine" in said else None,
        overdue_at=now() if "overdue" in said else None,
    )


def _queue_url(tab: Tab, kept: Mapping[str, object]) -> str:
    return url_for("assessment.queue", tab=tab.value, **kept)  # type: ignore[arg-type]


@assessment.post("/office/assessment/<uuid:proposal_id>/assign")
@access(Audience.COORDINATOR)
def assign(proposal_id: UUID) -> ResponseReturnValue:
    """Give the proposal to a department and an assessor."""
    desk = desk_of(proposal_id)
    form = assign_form(desk)
    if form.validate_on_submit() and attempt(form, _assign, form, proposal_id):
        flash(gettext("Saved."), "success")
        return redirect(url_for("assessment.case", proposal_id=proposal_id))
    return show_case(desk, form)


def _assign(form: AssignForm, proposal_id: UUID) -> bool:
    with writing() as work:
        service.assign(
            work,
            actor(),
            proposal_id=proposal_id,
            department=form.department.data or None,
            assessor=UUID(form.assessor.data) if form.assessor.data else None,
            due_at=end_of_day(form.due.data) if form.due.data else None,
            at=now(),
        )
    return True


@assessment.post("/office/assessment/<uuid:proposal_id>/notes")
@access(Audience.ASSESSOR)
def add_note(proposal_id: UUID) -> ResponseReturnValue:
    """Leave a note for colleagues."""
    form = NoteForm()
    if form.validate_on_submit() and attempt(form, _add_note, form, proposal_id):
        flash(gettext("The note is added."), "success")
        return redirect(url_for("assessment.case", proposal_id=proposal_id))
    return show_case(desk_of(proposal_id), form)


def _add_note(form: NoteForm, proposal_id: UUID) -> bool:
    with writing() as work:
        service.add_note(work, actor(), proposal_id=proposal_id, text=form.text.data, at=now())
    return True


@assessment.post("/office/assessment/<uuid:proposal_id>/interest")
@access(Audience.ASSESSOR)
def declare_interest(proposal_id: UUID) -> ResponseReturnValue:
    """Step aside: somebody else judges this proposal."""
    try:
        with writing() as work:
            service.declare_interest(work, actor(), proposal_id=proposal_id, at=now())
    except DomainError as error:
        flash(say_refusal(error), "warning")
    else:
        flash(gettext("You stepped aside. Somebody else judges this proposal."), "success")
    return redirect(url_for("assessment.case", proposal_id=proposal_id))
