"""Who may do what to a proposal, with the reason when not: relation ∧ standing ∧ phase ∧ state."""

from __future__ import annotations

from uuid import UUID

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import ALLOWED, Decision, Denied, first_denied
from civic_budget.proposals.rules import LIFECYCLE, ProposalAction, ProposalState

WITHDRAWABLE = frozenset({Phase.SUBMISSION, Phase.ASSESSMENT, Phase.BEFORE_VOTING})


def may_start(*, phase: Phase, has_standing: bool) -> Decision:
    """A resident with a confirmed residence, or a complete case, may begin while submission is open."""
    return first_denied(
        ALLOWED if phase is Phase.SUBMISSION else Denied("submission_closed"),
        ALLOWED if has_standing else Denied("residence_needed"),
    )


def may_edit(actor: Actor, *, author_account: UUID, state: ProposalState, phase: Phase) -> Decision:
    """The author edits a draft while submission is open, and a returned proposal until assessed."""
    if actor.account_id != author_account:
        return Denied("not_the_author")
    if state is ProposalState.RETURNED and phase in {Phase.SUBMISSION, Phase.ASSESSMENT}:
        return ALLOWED
    if state is not ProposalState.DRAFT:
        return Denied("no_longer_a_draft")
    return ALLOWED if phase is Phase.SUBMISSION else Denied("submission_closed")


def may_withdraw(
    actor: Actor, *, author_account: UUID, state: ProposalState, phase: Phase
) -> Decision:
    """The author may withdraw until voting opens."""
    return first_denied(
        ALLOWED if actor.account_id == author_account else Denied("not_the_author"),
        ALLOWED
        if (state, ProposalAction.WITHDRAW) in LIFECYCLE.moves
        else Denied("cannot_be_withdrawn"),
        ALLOWED if phase in WITHDRAWABLE else Denied("withdrawal_closed"),
    )


def may_appeal(
    actor: Actor, *, author_account: UUID, state: ProposalState, appeals_open: bool
) -> Decision:
    """The author may appeal a rejection until the last day of appeals."""
    return first_denied(
        ALLOWED if actor.account_id == author_account else Denied("not_the_author"),
        ALLOWED if state is ProposalState.REJECTED else Denied("not_rejected"),
        ALLOWED if appeals_open else Denied("appeals_closed"),
    )
