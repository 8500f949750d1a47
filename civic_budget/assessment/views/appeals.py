"""Appeals: the author lodges one and follows it; the office sets the hearing, records, decides."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.assessment import policy, service
from civic_budget.assessment.forms import (
    AppealForm,
    DecideAppealForm,
    HearingForm,
    OpinionForm,
    WordsForm,
    words_form,
)
from civic_budget.assessment.labels import APPEAL_NAMES, say_reason
from civic_budget.assessment.queries import find_appeal, ties_of
from civic_budget.assessment.views.blueprint import assessment
from civic_budget.assessment.views.desk import Desk, attempt, desk_of, why_not
from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.decision import Denied, first_denied
from civic_budget.proposals import policy as proposals_policy
from civic_budget.proposals.labels import say_reason as say_proposal_reason
from civic_budget.proposals.queries import (
    ProposalFacts,
    find_last_decision,
    get_proposal,
    list_decisions,
    relations_of,
)
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing
from civic_budget.web.forms import Form
from civic_budget.web.locale import OWN_NAMES, current_language


@assessment.route("/my-proposals/<uuid:proposal_id>/appeal", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def appeal(proposal_id: UUID) -> ResponseReturnValue:
    """The author's reasons against a rejection, under the words of the rejection."""
    proposal = _own(proposal_id)
    edition = get_edition(reading(), proposal.edition_id)
    may = first_denied(
        proposals_policy.may_appeal(actor(), relations_of(proposal, edition, at=now())),
        policy.may_appeal_again(ties_of(reading(), actor(), proposal, at=now())),
    )
    if isinstance(may, Denied):
        flash(say_reason(may.reason) or say_proposal_reason(may.reason), "warning")
        return redirect(url_for("proposals.mine"))
    form = AppealForm()
    if form.validate_on_submit() and attempt(form, _lodge, form, proposal_id):
        return redirect(url_for("assessment.appeal_state", proposal_id=proposal_id))
    return render_template(
        "assessment/appeal.html",
        proposal=proposal,
        decision=find_last_decision(reading(), proposal_id),
        closes=edition.moment_of(Milestone.APPEALS_CLOSE),
        form=form,
    )


def _lodge(form: AppealForm, proposal_id: UUID) -> bool:
    with writing() as work:
        service.lodge_appeal(
            work,
            actor(),
            proposal_id=proposal_id,
            reasons=form.reasons.data,
            language=current_language(),
            at=now(),
        )
    return True


@assessment.get("/my-proposals/<uuid:proposal_id>/appeal/state")
@access(Audience.RESIDENT)
def appeal_state(proposal_id: UUID) -> ResponseReturnValue:
    """What happens with the author's appeal: hearing, opinion, decision."""
    proposal = _own(proposal_id)
    lodged = find_appeal(reading(), proposal_id)
    if lodged is None:
        abort(404)
    return render_template(
        "assessment/appeal_state.html",
        proposal=proposal,
        appeal=lodged,
        appeal_names=APPEAL_NAMES,
        decision=find_last_decision(reading(), proposal_id) if lodged.decided_at else None,
    )


def _own(proposal_id: UUID) -> ProposalFacts:
    proposal = get_proposal(reading(), proposal_id)
    if proposal.author_account != actor().account_id:
        abort(404)
    return proposal


@assessment.route("/office/assessment/<uuid:proposal_id>/appeal", methods=["GET", "POST"])
@access(Audience.COORDINATOR)
def appeal_desk(proposal_id: UUID) -> ResponseReturnValue:
    """The appeal on a coordinator's desk: hearing, opinion, decision; one form is sent at a time."""
    desk = desk_of(proposal_id)
    if find_appeal(reading(), proposal_id) is None:
        abort(404)
    forms = _forms(desk)
    sent = forms.get(request.form.get("deed", ""))
    if sent is not None and sent.validate_on_submit() and attempt(sent, _do, sent, proposal_id):
        flash(gettext("Saved."), "success")
        return redirect(url_for("assessment.appeal_desk", proposal_id=proposal_id))
    return render_template(
        "assessment/appeal_desk.html",
        desk=desk,
        proposal=desk.proposal,
        appeal=find_appeal(reading(), proposal_id),
        appeal_names=APPEAL_NAMES,
        decisions=list_decisions(reading(), proposal_id),
        forms=forms,
        form=sent,
        why_not_handle=why_not(desk.may_handle_appeal),
        why_not_decide=why_not(desk.may_decide_appeal),
        word_fields=[
            (n.removeprefix("words_"), forms["decide"][n])
            for n in forms["decide"].data
            if n.startswith("words_")
        ],
    )


def _forms(desk: Desk) -> dict[str, Form]:
    language = desk.proposal.language
    decide = words_form(DecideAppealForm, language, OWN_NAMES.get(language, language), {})
    return {"hearing": HearingForm(), "opinion": OpinionForm(), "decide": decide}


def _do(form: Form, proposal_id: UUID) -> bool:
    with writing() as work:
        if isinstance(form, HearingForm):
            service.set_hearing(
                work,
                actor(),
                proposal_id=proposal_id,
                hearing_at=form.day.data.replace(tzinfo=CITY_ZONE),
                place=form.place.data,
                at=now(),
            )
        elif isinstance(form, OpinionForm):
            service.record_opinion(
                work,
                actor(),
                proposal_id=proposal_id,
                opinion=form.opinion.data,
                is_for=form.is_for.data == "yes",
                at=now(),
            )
        else:
            assert isinstance(form, WordsForm)
            service.decide_appeal(
                work,
                actor(),
                proposal_id=proposal_id,
                is_granted=form["outcome"].data == "grant",
                words=form.words(),
                at=now(),
            )
    return True
