"""The office's queue, and one proposal with its cards, notes and people."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.accounts.queries import staff_name_of
from civic_budget.assessment import service
from civic_budget.assessment.forms import AssignForm, NoteForm
from civic_budget.assessment.labels import (
    APPEAL_NAMES,
    STAGE_NAMES,
    TAB_NAMES,
    VERDICT_KINDS,
    VERDICT_NAMES,
    say_refusal,
)
from civic_budget.assessment.queries import (
    QueueFilter,
    Tab,
    department_names,
    find_appeal,
    list_assessors,
    list_notes,
    list_queue,
)
from civic_budget.assessment.rules import Stage
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.assessment.views.desk import Desk, attempt, desk_of, why_not
from civic_budget.city.queries import district_names
from civic_budget.editions.queries import category_names, get_current_edition
from civic_budget.editions.rules import scope_of
from civic_budget.kernel.errors import DomainError
from civic_budget.proposals.labels import (
    DECISION_NAMES,
    FIELD_NAMES,
    STATE_KINDS,
    STATE_NAMES,
    say_scope,
)
from civic_budget.proposals.queries import list_decisions
from civic_budget.proposals.rules import TEXT_FIELDS
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import current_language


@assessment.get("/office/assessment")
@access(Audience.ASSESSOR)
def queue() -> ResponseReturnValue:
    """What waits for whom, by tabs, with counts."""
    edition = get_current_edition(reading(), at=now())
    names = district_names(reading())
    wanted = _wanted()
    page = list_queue(reading(), edition.id, wanted, page=request.args.get("page", 1, type=int))
    kept = {k: v for k, v in request.args.items() if k not in {"tab", "page", "lang"} and v}
    return render_template(
        "assessment/queue.html",
        edition=edition,
        found=page,
        wanted=wanted,
        is_mine="mine" in request.args,
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


def _wanted() -> QueueFilter:
    said = request.args
    tab = said.get("tab", "")
    return QueueFilter(
        tab=Tab(tab) if tab in set(Tab) else Tab.FORMAL,
        text=said.get("text", "").strip()[:100],
        scope=said.get("scope", ""),
        department=said.get("department", ""),
        assessor=actor().account_id if "mine" in said else None,
    )


def _queue_url(tab: Tab, kept: Mapping[str, object]) -> str:
    return url_for("assessment.queue", tab=tab.value, **kept)  # type: ignore[arg-type]


@assessment.get("/office/assessment/<uuid:proposal_id>")
@access(Audience.ASSESSOR)
def case(proposal_id: UUID) -> ResponseReturnValue:
    """One proposal: its words, its cards, its people, its notes, what may be done now."""
    return _case(desk_of(proposal_id), NoteForm(), None)


def _case(desk: Desk, note: NoteForm, refused: AssignForm | None) -> ResponseReturnValue:
    proposal, said = desk.proposal, desk.assessment
    names = district_names(reading())
    return render_template(
        "assessment/case.html",
        desk=desk,
        proposal=proposal,
        words=proposal.best_words("pl"),
        said=said,
        stages=[(stage, STAGE_NAMES[stage], said.verdict(stage)) for stage in Stage],
        verdict_names=VERDICT_NAMES,
        verdict_kinds=VERDICT_KINDS,
        why_not=why_not(desk.may_assess),
        decisions=list_decisions(reading(), proposal.id),
        decision_names=DECISION_NAMES,
        notes=list_notes(reading(), proposal.id),
        note=note,
        form=refused or (note if note.errors else None),
        assign=refused or _assign_form(desk),
        assessor_name=staff_name_of(reading(), said.assessor) if said.assessor else "",
        department_name=department_names(reading(), current_language()).get(
            said.department or "", ""
        ),
        appeal=find_appeal(reading(), proposal.id),
        appeal_names=APPEAL_NAMES,
        category=category_names(reading(), current_language()).get(proposal.category, ""),
        scope_name=say_scope(proposal.scope, names),
        text_fields=TEXT_FIELDS,
        field_names=FIELD_NAMES,
        state_names=STATE_NAMES,
        state_kinds=STATE_KINDS,
    )


def _assign_form(desk: Desk) -> AssignForm:
    said = desk.assessment
    form = AssignForm(
        data={
            "department": said.department or "",
            "assessor": str(said.assessor) if said.assessor else "",
        }
    )
    nobody = SelectChoice("", gettext("nobody yet"))
    departments = department_names(reading(), current_language())
    form.department.choices = [
        nobody,
        *(SelectChoice(code, name) for code, name in departments.items()),
    ]
    form.assessor.choices = [
        nobody,
        *(SelectChoice(str(c.account_id), c.name) for c in list_assessors(reading())),
    ]
    return form


@assessment.post("/office/assessment/<uuid:proposal_id>/assign")
@access(Audience.COORDINATOR)
def assign(proposal_id: UUID) -> ResponseReturnValue:
    """Give the proposal to a department and an assessor."""
    desk = desk_of(proposal_id)
    form = _assign_form(desk)
    if form.validate_on_submit() and attempt(form, _assign, form, proposal_id):
        flash(gettext("Saved."), "success")
        return redirect(url_for("assessment.case", proposal_id=proposal_id))
    return _case(desk, NoteForm(formdata=None), form)


def _assign(form: AssignForm, proposal_id: UUID) -> bool:
    with writing() as work:
        service.assign(
            work,
            actor(),
            proposal_id=proposal_id,
            department=form.department.data or None,
            assessor=UUID(form.assessor.data) if form.assessor.data else None,
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
    return _case(desk_of(proposal_id), form, None)


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
