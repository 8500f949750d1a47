"""What the office's pages share: one proposal with its assessment and what the actor may do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from civic_budget.assessment import policy
from civic_budget.assessment.labels import say_reason, say_refusal
from civic_budget.assessment.policy import Ties
from civic_budget.assessment.queries import AssessmentFacts, get_assessment, ties_of
from civic_budget.kernel.decision import Decision, Denied
from civic_budget.kernel.errors import DomainError
from civic_budget.proposals.queries import ProposalFacts, get_proposal
from civic_budget.proposals.rules import ProposalState
from civic_budget.web.current import actor, now, reading
from civic_budget.web.forms import Form

Result = TypeVar("Result")


@dataclass(frozen=True)
class Desk:
    """A proposal on an officer's desk."""

    proposal: ProposalFacts
    assessment: AssessmentFacts
    ties: Ties

    @property
    def may_assess(self) -> Decision:
        """Whether the actor may fill in cards and decide."""
        return policy.may_assess(actor(), self.ties)

    @property
    def may_handle_appeal(self) -> Decision:
        """Whether the actor may set the hearing and record the opinion."""
        return policy.may_handle_appeal(actor(), self.ties)

    @property
    def may_decide_appeal(self) -> Decision:
        """Whether the actor may decide on the appeal."""
        return policy.may_decide_appeal(actor(), self.ties)

    @property
    def may_assign(self) -> Decision:
        """Whether the actor may give it to somebody."""
        return policy.may_assign(actor(), self.ties)


def desk_of(proposal_id: UUID) -> Desk:
    """A submitted proposal with its assessment; drafts are nobody's business."""
    proposal = get_proposal(reading(), proposal_id)
    if proposal.state is ProposalState.DRAFT:
        abort(404)
    return Desk(
        proposal,
        get_assessment(reading(), proposal_id),
        ties_of(reading(), actor(), proposal, at=now()),
    )


def why_not(decision: Decision) -> str:
    """The reason of a refusal in words; empty when it is allowed."""
    return say_reason(decision.reason) if isinstance(decision, Denied) else ""


def turn_back(desk: Desk, decision: Decision) -> ResponseReturnValue | None:
    """When the actor may not: say why and go back to the proposal."""
    if isinstance(decision, Denied):
        flash(why_not(decision), "warning")
        return redirect(url_for("assessment.case", proposal_id=desk.proposal.id))
    return None


def attempt(form: Form, deed: Callable[..., Result], *values: object) -> Result | None:
    """Do a deed; a refusal becomes a sentence on the form and None."""
    try:
        return deed(*values)
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return None
