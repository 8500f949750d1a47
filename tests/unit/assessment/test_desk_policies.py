"""Who may give back, answer, enter an act: every state of a proposal × every phase × who asks."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from uuid import uuid4

import pytest

from civic_budget.assessment import policy
from civic_budget.assessment.policy import ASSESSING, OPEN_STATES, Ties
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import Decision, Denied
from civic_budget.proposals.rules import ProposalState

ASSESSOR = Actor(uuid4(), frozenset({Role.ASSESSOR}))
COORDINATOR = Actor(uuid4(), frozenset({Role.COORDINATOR}))
RESIDENT = Actor(uuid4())
EVERYWHERE = list(product(ProposalState, Phase))


def why(decision: Decision) -> str:
    """The reason, empty when it is allowed."""
    return decision.reason if isinstance(decision, Denied) else ""


@pytest.mark.parametrize(("state", "phase"), EVERYWHERE)
def test_in_every_state_and_phase_the_desk_says_what_may_be_done(
    state: ProposalState, phase: Phase
) -> None:
    ties = Ties(state, phase)
    mine = replace(ties, assigned_to=ASSESSOR.account_id)
    is_open = state in OPEN_STATES
    assert bool(policy.may_hand_back(ASSESSOR, mine)) == is_open
    assert bool(policy.may_answer_opinion(ASSESSOR, ties, is_member=True)) == is_open
    assert bool(policy.may_assess(ASSESSOR, ties)) == (is_open and phase in ASSESSING)
    restorable = {ProposalState.APPEALED, ProposalState.REJECTED}
    in_time = phase is Phase.ASSESSMENT
    assert bool(policy.may_enter_act(COORDINATOR, ties, restores=True)) == (
        in_time and state in restorable
    )
    assert bool(policy.may_enter_act(COORDINATOR, ties, restores=False)) == (
        in_time and state is ProposalState.APPEALED
    )


def test_relations_come_before_state_and_phase() -> None:
    ties = Ties(ProposalState.SUBMITTED, Phase.ASSESSMENT)
    assert why(policy.may_hand_back(ASSESSOR, ties)) == "not_assigned_to_you"
    assert why(policy.may_hand_back(RESIDENT, ties)) == "not_your_role"
    assert why(policy.may_answer_opinion(ASSESSOR, ties, is_member=False)) == "not_of_this_unit"
    assert policy.may_answer_opinion(COORDINATOR, ties, is_member=False)
    own = replace(ties, is_own=True)
    assert why(policy.may_answer_opinion(ASSESSOR, own, is_member=True)) == "own_proposal"
    appealed = replace(ties, state=ProposalState.APPEALED)
    assert why(policy.may_enter_act(ASSESSOR, appealed, restores=True)) == "not_your_role"
    for judged in ("rejected_by", "assigned_to"):
        before = replace(appealed, **{judged: COORDINATOR.account_id})
        assert why(policy.may_enter_act(COORDINATOR, before, restores=True)) == "judged_it_before"
    tied = replace(appealed, has_interest=True)
    assert why(policy.may_enter_act(COORDINATOR, tied, restores=False)) == "declared_interest"
