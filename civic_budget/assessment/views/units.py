"""Units of the office: who works in them, opinions asked and given, proposals given back."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from civic_budget.accounts.queries import staff_name_of
from civic_budget.assessment import policy, service
from civic_budget.assessment.forms import AnswerForm, AskForm, HandBackForm, MembersForm
from civic_budget.assessment.queries import (
    department_names,
    get_opinion,
    list_assessors,
    list_members,
    list_open_opinions,
)
from civic_budget.assessment.rules import due_state, end_of_day
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.assessment.views.case import ask_form, own_departments, show_case
from civic_budget.assessment.views.desk import attempt, desk_of, why_not
from civic_budget.proposals.queries import get_proposal
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.locale import current_language


@assessment.post("/office/assessment/<uuid:proposal_id>/opinions")
@access(Audience.ASSESSOR)
def ask_opinion(proposal_id: UUID) -> ResponseReturnValue:
    """Ask another unit."""
    form = ask_form()
    if form.validate_on_submit() and attempt(form, _ask, form, proposal_id):
        flash(gettext("The unit is asked. Its people get a message."), "success")
        return redirect(url_for("assessment.case", proposal_id=proposal_id))
    return show_case(desk_of(proposal_id), form)


def _ask(form: AskForm, proposal_id: UUID) -> bool:
    with writing() as work:
        service.ask_opinion(
            work,
            actor(),
            proposal_id=proposal_id,
            department=form.department.data,
            question=form.question.data,
            due_at=end_of_day(form.due.data),
            at=now(),
        )
    return True


@assessment.post("/office/assessment/<uuid:proposal_id>/hand-back")
@access(Audience.ASSESSOR)
def hand_back(proposal_id: UUID) -> ResponseReturnValue:
    """Give a proposal back to the coordinators."""
    form = HandBackForm(prefix="back")
    if form.validate_on_submit() and attempt(form, _hand_back, form, proposal_id):
        flash(gettext("Given back. A coordinator gives it to somebody else."), "success")
        return redirect(url_for("assessment.queue"))
    return show_case(desk_of(proposal_id), form)


def _hand_back(form: HandBackForm, proposal_id: UUID) -> bool:
    with writing() as work:
        service.hand_back(work, actor(), proposal_id=proposal_id, reason=form.reason.data, at=now())
    return True


@assessment.get("/office/opinions")
@access(Audience.ASSESSOR)
def opinions() -> ResponseReturnValue:
    """What the reader's units were asked and have not answered, the most urgent first."""
    waiting = list_open_opinions(reading(), own_departments())
    return render_template(
        "assessment/opinions.html",
        rows=[(one, get_proposal(reading(), one.proposal_id)) for one in waiting],
        units=department_names(reading(), current_language()),
        due_state=lambda due_at: due_state(due_at, now()).value,
        has_unit=bool(own_departments()),
    )


@assessment.route("/office/opinions/<uuid:opinion_id>", methods=["GET", "POST"])
@access(Audience.ASSESSOR)
def opinion(opinion_id: UUID) -> ResponseReturnValue:
    """One question, and the unit's answer."""
    one = get_opinion(reading(), opinion_id)
    desk = desk_of(one.proposal_id)
    may = policy.may_answer_opinion(
        actor(), desk.ties, is_member=one.department in own_departments()
    )
    form = AnswerForm()
    if form.validate_on_submit() and attempt(form, _answer, form, opinion_id):
        flash(gettext("Thank you. The assessor sees the opinion."), "success")
        return redirect(url_for("assessment.opinions"))
    return render_template(
        "assessment/opinion.html",
        one=one,
        proposal=desk.proposal,
        words=desk.proposal.best_words("pl"),
        unit=department_names(reading(), current_language()).get(one.department, ""),
        form=form,
        why_not=why_not(may),
    )


def _answer(form: AnswerForm, opinion_id: UUID) -> bool:
    with writing() as work:
        service.answer_opinion(
            work,
            actor(),
            opinion_id=opinion_id,
            is_for=form.is_for.data == "yes",
            answer=form.answer.data,
            at=now(),
        )
    return True


@assessment.get("/office/units")
@access(Audience.COORDINATOR)
def units() -> ResponseReturnValue:
    """The units that assess, with their people."""
    names = department_names(reading(), current_language())
    rows = [
        (code, name, [staff_name_of(reading(), a) for a in list_members(reading(), code)])
        for code, name in names.items()
    ]
    return render_template("assessment/units.html", rows=rows)


@assessment.route("/office/units/<code>", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def unit(code: str) -> ResponseReturnValue:
    """Who works in one unit."""
    name = department_names(reading(), current_language()).get(code)
    if name is None:
        abort(404)
    form = MembersForm(data={"members": [str(a) for a in list_members(reading(), code)]})
    form.members.choices = [
        SelectChoice(str(c.account_id), c.name) for c in list_assessors(reading())
    ]
    if form.validate_on_submit() and attempt(form, _put_members, form, code):
        flash(gettext("Saved."), "success")
        return redirect(url_for("assessment.units"))
    return render_template("assessment/unit.html", name=name, form=form)


def _put_members(form: MembersForm, code: str) -> bool:
    with writing() as work:
        service.put_members(
            work,
            actor(),
            department=code,
            accounts=frozenset(UUID(chosen) for chosen in form.members.data or ()),
            at=now(),
        )
    return True
