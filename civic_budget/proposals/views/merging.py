"""An author's page of a proposed merge: read both texts, say yes or no."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.kernel.decision import Decision, Denied
from civic_budget.proposals import policy, service
from civic_budget.proposals.forms import EmptyForm
from civic_budget.proposals.labels import FIELD_NAMES, MERGE_STATE_NAMES, say_reason
from civic_budget.proposals.merge_rules import MergeState
from civic_budget.proposals.queries import MergeFacts, find_merge_of
from civic_budget.proposals.views.blueprint import proposals
from civic_budget.proposals.views.own import attempt, own_proposal
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, writing


@proposals.route("/my-proposals/<uuid:proposal_id>/merge", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def merge(proposal_id: UUID) -> ResponseReturnValue:
    """The office's reason, all the texts side by side, and the author's answer."""
    own = own_proposal(proposal_id)
    found = find_merge_of(reading(), proposal_id)
    if found is None:
        abort(404)
    form = EmptyForm()
    is_answer = "agree" in request.form or "refuse" in request.form
    if is_answer and form.validate_on_submit():
        state = attempt(form, _answer, found.id, proposal_id, "agree" in request.form)
        if state is not None:
            flash(_said(state), "success")
            return redirect(url_for("proposals.mine"))
    may = _may_answer(found, proposal_id)
    return render_template(
        "proposals/merge.html",
        proposal=own.facts,
        merge=found,
        part=found.part_of(proposal_id),
        form=form,
        may_answer=bool(may),
        why_not=say_reason(may.reason) if isinstance(may, Denied) else "",
        field_names=FIELD_NAMES,
        merge_state_names=MERGE_STATE_NAMES,
    )


def _may_answer(found: MergeFacts, proposal_id: UUID) -> Decision:
    part = found.part_of(proposal_id)
    return policy.may_answer_merge(
        actor(),
        author_account=part.proposal.author_account,
        is_open=found.state is MergeState.PROPOSED and now() < found.answer_by,
        is_answered=part.agrees is not None,
    )


def _answer(merge_id: UUID, proposal_id: UUID, agrees: bool) -> MergeState:
    with writing() as work:
        return service.answer_merge(
            work, actor(), merge_id=merge_id, proposal_id=proposal_id, agrees=agrees, at=now()
        )


def _said(state: MergeState) -> str:
    words = {
        MergeState.AGREED: gettext("Everybody has agreed. The proposals are one now."),
        MergeState.REFUSED: gettext("Your proposal goes on alone. The office knows."),
    }
    return str(words.get(state, gettext("Thank you. The merge waits for the other authors.")))
