"""Cards and what they come to; appeals' lifecycle; who may judge whom."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from uuid import uuid4

import pytest

from civic_budget.assessment import policy
from civic_budget.assessment.drafts import draft_rejection, draft_return
from civic_budget.assessment.policy import Ties
from civic_budget.assessment.rules import (
    APPEAL,
    Answer,
    AppealAction,
    AppealState,
    CriterionWords,
    Fault,
    ReasonWords,
    Said,
    Stage,
    Verdict,
    answers_for,
    find_faults,
    verdict,
)
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.decision import Decision, Denied
from civic_budget.kernel.workflow import WrongState
from civic_budget.proposals.rules import ProposalState

LATE = CriterionWords("on_time", Stage.FORMAL, False, {"pl": "W terminie.", "uk": "Вчасно."})
WHOLE = CriterionWords("complete", Stage.FORMAL, True, {"pl": "Kompletne.", "uk": "Повне."})
CRITERIA = (LATE, WHOLE)
ASSESSOR = Actor(uuid4(), frozenset({Role.ASSESSOR}))
COORDINATOR = Actor(uuid4(), frozenset({Role.COORDINATOR}))


def said(late: Answer | None, whole: Answer | None) -> dict[str, Said]:
    """Answers to the two criteria."""
    answers = {"on_time": late, "complete": whole}
    return {key: Said(answer, "dlatego") for key, answer in answers.items() if answer is not None}


@pytest.mark.parametrize(
    ("late", "whole", "outcome"),
    [
        (None, None, Verdict.INCOMPLETE),
        (Answer.MET, None, Verdict.INCOMPLETE),
        (Answer.MET, Answer.MET, Verdict.PASSES),
        (Answer.MET, Answer.NOT_APPLICABLE, Verdict.PASSES),
        (Answer.MET, Answer.CORRECTED, Verdict.PASSES),
        (Answer.MET, Answer.CORRECTABLE, Verdict.TO_CORRECT),
        (None, Answer.CORRECTABLE, Verdict.TO_CORRECT),
        (Answer.NOT_MET, Answer.CORRECTABLE, Verdict.FAILS),
        (Answer.NOT_MET, None, Verdict.FAILS),
    ],
)
def test_what_a_cards_answers_come_to(
    late: Answer | None, whole: Answer | None, outcome: Verdict
) -> None:
    assert verdict(CRITERIA, said(late, whole)) is outcome


def test_what_cannot_be_repaired_is_never_called_correctable() -> None:
    assert Answer.CORRECTABLE not in answers_for(correctable=False)
    faults = find_faults(CRITERIA, said(Answer.CORRECTABLE, None))
    assert faults == [Fault("on_time", "not_correctable")]


def test_a_shortcoming_needs_a_comment() -> None:
    answers = {"complete": Said(Answer.CORRECTABLE, "  ")}
    assert find_faults(CRITERIA, answers) == [Fault("complete", "comment_missing")]


def test_drafts_of_public_words_follow_from_the_card() -> None:
    answers = {"complete": Said(Answer.CORRECTABLE, "Brak mapy.")}
    assert draft_return(CRITERIA, answers, "uk") == "– Повне. Brak mapy."
    reason = ReasonWords("late", "on_time", {"pl": "Po terminie.", "uk": "Запізно."})
    late = {"on_time": Said(Answer.NOT_MET, "Wpłynął 3 maja.")}
    assert draft_rejection(reason, late, "pl") == "Po terminie.\nWpłynął 3 maja."
    assert draft_rejection(reason, late, "uk") == "Запізно."


OPEN = {AppealState.LODGED, AppealState.HEARING_SET, AppealState.OPINION_GIVEN}
ENDS = {
    AppealAction.GRANT: AppealState.GRANTED,
    AppealAction.DISMISS: AppealState.DISMISSED,
    AppealAction.WITHDRAW: AppealState.WITHDRAWN,
}


@pytest.mark.parametrize(("state", "action"), list(product(AppealState, AppealAction)))
def test_each_action_on_an_appeal_leads_where_it_should_or_nowhere(
    state: AppealState, action: AppealAction
) -> None:
    wanted = None
    if state in OPEN and action in ENDS:
        wanted = ENDS[action]
    elif state in {AppealState.LODGED, AppealState.HEARING_SET}:
        wanted = {
            AppealAction.SET_HEARING: AppealState.HEARING_SET,
            AppealAction.GIVE_OPINION: AppealState.OPINION_GIVEN,
        }[action]
    if wanted is None:
        with pytest.raises(WrongState):
            APPEAL.next(state, action)
    else:
        assert APPEAL.next(state, action) is wanted


TIES = Ties(state=ProposalState.SUBMITTED, phase=Phase.ASSESSMENT)


def why(decision: Decision) -> str:
    """The reason of a refusal; "allowed" otherwise."""
    return decision.reason if isinstance(decision, Denied) else "allowed"


@pytest.mark.parametrize(("state", "phase"), list(product(ProposalState, Phase)))
def test_assessing_has_its_states_and_its_time(state: ProposalState, phase: Phase) -> None:
    decision = policy.may_assess(ASSESSOR, replace(TIES, state=state, phase=phase))
    if state not in {ProposalState.SUBMITTED, ProposalState.RETURNED}:
        assert why(decision) == "not_being_assessed"
    elif phase not in {Phase.SUBMISSION, Phase.ASSESSMENT}:
        assert why(decision) == "assessment_closed"
    else:
        assert why(decision) == "allowed"


@pytest.mark.parametrize("role", list(Role))
def test_only_assessors_and_coordinators_assess(role: Role) -> None:
    decision = policy.may_assess(Actor(uuid4(), frozenset({role})), TIES)
    assert bool(decision) is (role in {Role.ASSESSOR, Role.COORDINATOR})


def test_nobody_judges_their_own_proposal_or_one_they_have_an_interest_in() -> None:
    for actor in (ASSESSOR, COORDINATOR):
        assert why(policy.may_assess(actor, replace(TIES, is_own=True))) == "own_proposal"
        assert why(policy.may_assess(actor, replace(TIES, has_interest=True))) == (
            "declared_interest"
        )


def test_an_assigned_proposal_is_its_assessors_or_a_coordinators() -> None:
    taken = replace(TIES, assigned_to=uuid4())
    assert why(policy.may_assess(ASSESSOR, taken)) == "assigned_to_other"
    assert policy.may_assess(ASSESSOR, replace(TIES, assigned_to=ASSESSOR.account_id))
    assert policy.may_assess(COORDINATOR, taken)
    assert policy.may_assess(SYSTEM, taken)
    assert policy.may_assign(COORDINATOR, taken)
    assert why(policy.may_assign(ASSESSOR, taken)) == "not_your_role"


def test_an_appeal_is_decided_by_another_person() -> None:
    appealed = replace(TIES, state=ProposalState.APPEALED)
    assert policy.may_decide_appeal(COORDINATOR, appealed)
    assert why(policy.may_decide_appeal(ASSESSOR, appealed)) == "not_your_role"
    for judged in (
        {"rejected_by": COORDINATOR.account_id},
        {"assigned_to": COORDINATOR.account_id},
    ):
        ties = replace(appealed, **judged)  # type: ignore[arg-type]
        assert why(policy.may_decide_appeal(COORDINATOR, ties)) == "judged_it_before"
    assert why(policy.may_decide_appeal(COORDINATOR, replace(appealed, is_own=True))) == (
        "own_proposal"
    )


@pytest.mark.parametrize(("state", "phase"), list(product(ProposalState, Phase)))
def test_appeals_are_heard_while_the_assessment_lasts(state: ProposalState, phase: Phase) -> None:
    decision = policy.may_handle_appeal(COORDINATOR, replace(TIES, state=state, phase=phase))
    if state is not ProposalState.APPEALED:
        assert why(decision) == "not_appealed"
    else:
        assert why(decision) == ("allowed" if phase is Phase.ASSESSMENT else "assessment_closed")


def test_a_rejection_is_appealed_once() -> None:
    assert policy.may_appeal_again(TIES)
    assert why(policy.may_appeal_again(replace(TIES, was_appealed=True))) == "already_appealed"
