"""Officers answer complaints; a desk writes one down and says yes or no to "has anybody registered as me?"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts.queries import staff_name_of
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import service
from civic_budget.residency.complaint_forms import AnswerForm, AsMeForm, DeskComplaintForm
from civic_budget.residency.complaint_rules import (
    COMPLAINT,
    OPEN_COMPLAINTS,
    ComplaintAction,
    ComplaintKind,
)
from civic_budget.residency.forms import EmptyForm
from civic_budget.residency.labels import say_in, say_refusal
from civic_budget.residency.labels.complaints import (
    COMPLAINT_STATE_KINDS,
    COMPLAINT_STATE_NAMES,
    DRAFTS,
    KIND_NAMES,
    UNKNOWN_DRAFT,
)
from civic_budget.residency.queries import find_last_case, get_visit, list_suspects, standing_of
from civic_budget.residency.queries.complaints import (
    ComplaintFacts,
    get_complaint,
    list_complaints,
)
from civic_budget.residency.rules import Standing
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.residency.views.desk import count_search
from civic_budget.residency.views.desk_place import place_today, point_today
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.pages import Waiting


@residency.get("/office/complaints")
@access(Audience.OFFICER)
def office_complaints() -> ResponseReturnValue:
    """Complaints, the nearest deadline first; or those that ended."""
    is_open = request.args.get("tab") != "ended"
    return render_template(
        "residency/office_complaints.html",
        lines=list_complaints(reading(), is_open=is_open),
        is_open=is_open,
        officer=actor().account_id,
        kind_names=KIND_NAMES,
        state_names=COMPLAINT_STATE_NAMES,
        state_kinds=COMPLAINT_STATE_KINDS,
    )


def waiting_complaints() -> Waiting:
    """How many complaints are not answered yet and by when the first is due."""
    waiting = list_complaints(reading(), is_open=True)
    return Waiting(len(waiting), waiting[0].due_at if waiting else None)


@residency.get("/office/complaints/<uuid:complaint_id>")
@access(Audience.OFFICER)
def office_complaint(complaint_id: UUID) -> ResponseReturnValue:
    """A complaint: its words open for the officer who took it."""
    return _page(get_complaint(reading(), complaint_id), None)


@residency.post("/office/complaints/<uuid:complaint_id>/take")
@access(Audience.OFFICER)
def take_complaint(complaint_id: UUID) -> ResponseReturnValue:
    """Begin to work on it."""
    return _do(service.take_complaint, complaint_id)


@residency.post("/office/complaints/<uuid:complaint_id>/release")
@access(Audience.OFFICER)
def release_complaint(complaint_id: UUID) -> ResponseReturnValue:
    """Give it back."""
    return _do(service.release_complaint, complaint_id)


@residency.post("/office/complaints/<uuid:complaint_id>/answer")
@access(Audience.OFFICER)
def answer_complaint(complaint_id: UUID) -> ResponseReturnValue:
    """Answer in the person's language; an empty sentence is drafted first."""
    facts = get_complaint(reading(), complaint_id)
    form = _answer_form(facts)
    if "draft" in request.form and form.action.data:
        form.sentence.data = _draft(facts, form.action.data)
    elif form.validate_on_submit() and attempt(form, _answer, facts, form):
        flash(gettext("The answer is sent to the person."), "success")
        return redirect(url_for("residency.office_complaints"))
    return _page(get_complaint(reading(), complaint_id), form)


@residency.route("/office/desk/<uuid:visit_id>/complaint", methods=["GET", "POST"])
@access(Audience.DESK)
def visit_complaint(visit_id: UUID) -> ResponseReturnValue:
    """Write down what the person at the desk complains about."""
    visit = get_visit(reading(), visit_id, at=now())
    if visit.officer != actor().account_id:
        abort(404)
    form = DeskComplaintForm()
    if form.validate_on_submit():
        reference = attempt(form, _file_at_desk, visit_id, form)
        if reference is not None:
            flash(
                gettext(
                    "The complaint has the reference %(reference)s. Write it down for the person.",
                    reference=reference,
                ),
                "success",
            )
            return redirect(url_for("residency.visit", visit_id=visit_id))
    return render_template("residency/desk_complaint.html", form=form, visit_id=visit_id)


@residency.route("/office/desk/as-me", methods=["GET", "POST"])
@access(Audience.DESK)
def desk_as_me() -> ResponseReturnValue:
    """Whether anybody registered as the person who stands here: yes or no, nothing else."""
    here = place_today()
    if here is None and request.method == "GET":
        return redirect(url_for("residency.desk_place"))
    form = AsMeForm()
    found = attempt(form, _ask, form) if form.validate_on_submit() else None
    return render_template("residency/desk_as_me.html", form=form, found=found, here=here)


def _page(facts: ComplaintFacts, refused: AnswerForm | None) -> str:
    line = facts.line
    is_mine = line.taken_by is not None and line.taken_by == actor().account_id
    person_id = facts.person_id if is_mine else None
    suspects = list_suspects(reading(), person_id) if person_id else []
    own_case = find_last_case(reading(), person_id) if person_id else None
    return render_template(
        "residency/office_complaint.html",
        form=refused or (_answer_form(facts) if is_mine else EmptyForm()),
        facts=facts,
        line=line,
        is_mine=is_mine,
        is_open=line.state in OPEN_COMPLAINTS,
        taken_by=staff_name_of(reading(), line.taken_by) if line.taken_by else "",
        is_identified=is_identified(facts),
        own_reference=own_case.reference if own_case else "",
        others=[suspect.reference for suspect in suspects if suspect.reference],
        actions={action.value for action in COMPLAINT.actions_from(line.state)},
        kind_names=KIND_NAMES,
        state_name=COMPLAINT_STATE_NAMES[line.state],
        state_kind=COMPLAINT_STATE_KINDS.get(line.state, ""),
    )


def _answer_form(facts: ComplaintFacts) -> AnswerForm:
    form = AnswerForm()
    form.offer(facts.line.kind)
    return form


def _draft(facts: ComplaintFacts, action: str) -> str:
    known = {each.value for each in ComplaintAction}
    words = DRAFTS.get((facts.line.kind, ComplaintAction(action))) if action in known else None
    if words and facts.line.kind is ComplaintKind.REGISTRATION and not is_identified(facts):
        words = UNKNOWN_DRAFT
    return say_in(facts.language, words) if words else ""


def is_identified(facts: ComplaintFacts) -> bool:
    """Whether we know who complains: a desk took it down, or their own residence is confirmed."""
    if facts.person_id is None:
        return False
    by_desk = facts.account_id is None
    return by_desk or standing_of(reading(), facts.person_id, at=now()) is Standing.CONFIRMED


def _answer(facts: ComplaintFacts, form: AnswerForm) -> bool:
    with writing() as work:
        service.answer_complaint(
            work,
            actor(),
            complaint_id=facts.line.id,
            action=ComplaintAction(form.action.data),
            answer=form.sentence.data,
            check=form.check.data or "",
            at=now(),
        )
    return True


def _file_at_desk(visit_id: UUID, form: DeskComplaintForm) -> str:
    visit = get_visit(reading(), visit_id, at=now())
    language = visit.case.language if visit.case else "pl"
    with writing() as work:
        return service.file_at_desk(
            work,
            actor(),
            visit_id=visit_id,
            kind=ComplaintKind(form.kind.data),
            words=form.words.data or "",
            language=language,
            at=now(),
        )


def _ask(form: AsMeForm) -> bool:
    born_on = form.read_birth_date()
    count_search()
    point = point_today()
    with writing() as work:
        return service.answer_at_desk(
            work,
            actor(),
            given_names=form.given_names.data,
            family_name=form.family_name.data or "",
            born_on=born_on,
            point_id=point,
            at=now(),
        )


def _do(deed: Callable[..., Any], complaint_id: UUID) -> ResponseReturnValue:
    try:
        with writing() as work:
            deed(work, actor(), complaint_id=complaint_id, at=now())
    except DomainError as error:
        if error.code in {"form_expired", "not_found"}:
            raise
        flash(say_refusal(error), "warning")
    return redirect(url_for("residency.office_complaint", complaint_id=complaint_id))
