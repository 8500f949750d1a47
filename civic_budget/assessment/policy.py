"""Who may assess, decide and hear appeals: role ∧ no interest ∧ phase ∧ state, with the reason when not."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import ALLOWED, Decision, Denied, first_denied
from civic_budget.proposals.rules import ProposalState

ASSESSING = frozenset({Phase.SUBMISSION, Phase.ASSESSMENT})
OPEN_STATES = frozenset({ProposalState.SUBMITTED, ProposalState.RETURNED})


@dataclass(frozen=True)
class Ties:
    """What binds an actor to a proposal, and how the proposal stands."""

    state: ProposalState
    phase: Phase
    is_own: bool = False
    has_interest: bool = False
    assigned_to: UUID | None = None
    rejected_by: UUID | None = None
    was_appealed: bool = False


def may_set_up(actor: Actor) -> Decision:
    """A coordinator sets up units and checklists."""
    return _role(actor, Role.COORDINATOR)


def may_look(actor: Actor) -> Decision:
    """Assessors and coordinators see the office's side of every proposal."""
    return _role(actor, Role.ASSESSOR, Role.COORDINATOR)


def may_assess(actor: Actor, ties: Ties) -> Decision:
    """Fill in the cards, return, admit, reject: the assigned assessor, or a coordinator.

    Nobody judges their own proposal, nor one in which they declared an interest.
    """
    return first_denied(
        _role(actor, Role.ASSESSOR, Role.COORDINATOR),
        _impartial(ties),
        ALLOWED if ties.state in OPEN_STATES else Denied("not_being_assessed"),
        ALLOWED if ties.phase in ASSESSING else Denied("assessment_closed"),
        _assigned(actor, ties),
    )


def may_assign(actor: Actor, ties: Ties) -> Decision:
    """A coordinator gives a proposal to a department and an assessor."""
    return first_denied(
        _role(actor, Role.COORDINATOR),
        ALLOWED if ties.state in OPEN_STATES else Denied("not_being_assessed"),
    )


def may_hand_back(actor: Actor, ties: Ties) -> Decision:
    """The assigned assessor gives a proposal back, with the reason; a coordinator gives it on."""
    is_theirs = actor.account_id is not None and ties.assigned_to == actor.account_id
    return first_denied(
        _role(actor, Role.ASSESSOR, Role.COORDINATOR),
        ALLOWED if ties.state in OPEN_STATES else Denied("not_being_assessed"),
        ALLOWED if is_theirs else Denied("not_assigned_to_you"),
    )


def may_answer_opinion(actor: Actor, ties: Ties, *, is_member: bool) -> Decision:
    """A member of the unit that was asked answers; a coordinator types in what came on paper."""
    return first_denied(
        _role(actor, Role.ASSESSOR, Role.COORDINATOR),
        _impartial(ties),
        ALLOWED if ties.state in OPEN_STATES else Denied("not_being_assessed"),
        ALLOWED if is_member or actor.has(Role.COORDINATOR) else Denied("not_of_this_unit"),
    )


def may_handle_appeal(actor: Actor, ties: Ties) -> Decision:
    """A coordinator sets the hearing and records the council's opinion."""
    return first_denied(
        _role(actor, Role.COORDINATOR),
        _impartial(ties),
        ALLOWED if ties.state is ProposalState.APPEALED else Denied("not_appealed"),
        ALLOWED if ties.phase is Phase.ASSESSMENT else Denied("assessment_closed"),
    )


def may_decide_appeal(actor: Actor, ties: Ties) -> Decision:
    """Another person than the one who assessed or rejected it decides on the appeal."""
    has_judged = actor.account_id is not None and actor.account_id in {
        ties.rejected_by,
        ties.assigned_to,
    }
    return first_denied(
        may_handle_appeal(actor, ties),
        Denied("judged_it_before") if has_judged else ALLOWED,
    )


def may_enter_act(actor: Actor, ties: Ties, *, restores: bool) -> Decision:
    """A coordinator enters what the mayor signed: on appeals, or to restore what was rejected.

    The same separation as for a single decision: not somebody who judged the proposal before.
    """
    open_to_act = {ProposalState.APPEALED} | ({ProposalState.REJECTED} if restores else set())
    has_judged = actor.account_id in {ties.rejected_by, ties.assigned_to} - {None}
    return first_denied(
        _role(actor, Role.COORDINATOR),
        _impartial(ties),
        ALLOWED if ties.state in open_to_act else Denied("not_appealed"),
        ALLOWED if ties.phase is Phase.ASSESSMENT else Denied("assessment_closed"),
        Denied("judged_it_before") if has_judged else ALLOWED,
    )


def may_scan_act(actor: Actor) -> Decision:
    """Any coordinator adds the scan of an entered act, or a better one: it decides nothing."""
    return _role(actor, Role.COORDINATOR)


def may_appeal_again(ties: Ties) -> Decision:
    """A rejection can be appealed once."""
    return Denied("already_appealed") if ties.was_appealed else ALLOWED


def _role(actor: Actor, *roles: Role) -> Decision:
    return ALLOWED if actor.is_system or actor.has(*roles) else Denied("not_your_role")


def _impartial(ties: Ties) -> Decision:
    if ties.is_own:
        return Denied("own_proposal")
    return Denied("declared_interest") if ties.has_interest else ALLOWED


def _assigned(actor: Actor, ties: Ties) -> Decision:
    is_free = ties.assigned_to is None or ties.assigned_to == actor.account_id
    is_above = actor.is_system or actor.has(Role.COORDINATOR)
    return ALLOWED if is_free or is_above else Denied("assigned_to_other")
