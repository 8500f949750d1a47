"""Every state × action of a proposal, and who may do what in every state and phase."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.decision import Allowed, Decision, Denied
from civic_budget.kernel.workflow import WrongState
from civic_budget.proposals import policy
from civic_budget.proposals.policy import Relations
from civic_budget.proposals.rules import LIFECYCLE, ProposalAction, ProposalState

S, A = ProposalState, ProposalAction
AUTHOR = Actor(uuid4())
STRANGER = Actor(uuid4())
AT = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)

ALLOWED_MOVES = {
    S.DRAFT: {A.SUBMIT: S.SUBMITTED, A.WITHDRAW: S.WITHDRAWN},
    S.SUBMITTED: {
        A.RETURN: S.RETURNED,
        A.ADMIT: S.ADMITTED,
        A.REJECT: S.REJECTED,
        A.WITHDRAW: S.WITHDRAWN,
        A.MERGE: S.MERGED,
    },
    S.RETURNED: {
        A.CORRECT: S.SUBMITTED,
        A.REJECT: S.REJECTED,
        A.WITHDRAW: S.WITHDRAWN,
        A.MERGE: S.MERGED,
    },
    S.ADMITTED: {A.WITHDRAW: S.WITHDRAWN},
    S.REJECTED: {A.APPEAL: S.APPEALED, A.RESTORE: S.ADMITTED},
    S.APPEALED: {A.RESTORE: S.ADMITTED, A.DISMISS: S.REJECTED, A.WITHDRAW: S.WITHDRAWN},
    S.WITHDRAWN: {},
    S.MERGED: {},
}


@pytest.mark.parametrize(("state", "action"), list(product(S, A)))
def test_each_action_leads_where_the_city_says_or_nowhere(state: S, action: A) -> None:
    wanted = ALLOWED_MOVES[state].get(action)
    if wanted is None:
        with pytest.raises(WrongState):
            LIFECYCLE.next(state, action)
    else:
        assert LIFECYCLE.next(state, action) is wanted


def known(state: S, phase: Phase, **more: object) -> Relations:
    """The author's proposal in a state, while appeals and withdrawal are open."""
    made = Relations(
        author_account=AUTHOR.account_id or uuid4(),
        state=state,
        phase=phase,
        appeals_open=True,
        withdrawal_open=True,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def why(decision: Decision) -> str:
    """The reason of a refusal; "allowed" otherwise."""
    return decision.reason if isinstance(decision, Denied) else "allowed"


@pytest.mark.parametrize(("state", "phase"), list(product(S, Phase)))
def test_the_author_writes_in_a_draft_during_submission_and_in_a_returned_one_until_its_day(
    state: S, phase: Phase
) -> None:
    decision = policy.may_edit(AUTHOR, known(state, phase), at=AT)
    if state is S.DRAFT:
        assert why(decision) == ("allowed" if phase is Phase.SUBMISSION else "submission_closed")
    elif state is S.RETURNED:
        in_time = phase in {Phase.SUBMISSION, Phase.ASSESSMENT}
        assert why(decision) == ("allowed" if in_time else "correction_closed")
    else:
        assert why(decision) == "no_longer_a_draft"


def test_the_last_moment_of_a_correction_counts_to_the_second() -> None:
    due = known(S.RETURNED, Phase.ASSESSMENT, correct_by=AT)
    assert policy.may_edit(AUTHOR, due, at=AT - timedelta(seconds=1))
    assert why(policy.may_edit(AUTHOR, due, at=AT)) == "correction_closed"


@pytest.mark.parametrize(("state", "phase"), list(product(S, Phase)))
def test_the_author_withdraws_what_the_lifecycle_lets_go_before_voting(
    state: S, phase: Phase
) -> None:
    decision = policy.may_withdraw(AUTHOR, known(state, phase))
    early = phase in {Phase.SUBMISSION, Phase.ASSESSMENT, Phase.BEFORE_VOTING}
    if A.WITHDRAW not in ALLOWED_MOVES[state]:
        assert why(decision) == "cannot_be_withdrawn"
    else:
        assert why(decision) == ("allowed" if early or state is S.DRAFT else "withdrawal_closed")


def test_after_the_last_day_of_withdrawal_only_a_draft_may_go() -> None:
    for state in (S.SUBMITTED, S.ADMITTED):
        late = known(state, Phase.BEFORE_VOTING, withdrawal_open=False)
        assert why(policy.may_withdraw(AUTHOR, late)) == "withdrawal_closed"
    draft = known(S.DRAFT, Phase.VOTING, withdrawal_open=False)
    assert isinstance(policy.may_withdraw(AUTHOR, draft), Allowed)


@pytest.mark.parametrize("state", list(S))
def test_only_a_rejection_can_be_appealed_and_only_in_time(state: S) -> None:
    wanted = "allowed" if state is S.REJECTED else "not_rejected"
    assert why(policy.may_appeal(AUTHOR, known(state, Phase.ASSESSMENT))) == wanted
    late = known(S.REJECTED, Phase.ASSESSMENT, appeals_open=False)
    assert why(policy.may_appeal(AUTHOR, late)) == "appeals_closed"


@pytest.mark.parametrize("state", list(S))
def test_nobody_but_the_author_does_the_authors_deeds(state: S) -> None:
    proposal = known(state, Phase.SUBMISSION)
    for actor in (STRANGER, SYSTEM, Actor(uuid4(), frozenset(Role))):
        assert why(policy.may_edit(actor, proposal, at=AT)) == "not_the_author"
        assert why(policy.may_withdraw(actor, proposal)) == "not_the_author"
        assert why(policy.may_appeal(actor, proposal)) == "not_the_author"
        assert why(policy.may_agree(actor, proposal, is_reviewed=True)) == "not_the_author"


def test_a_draft_is_its_authors_secret_and_everything_sent_is_public() -> None:
    for state in S:
        seen = policy.may_see(STRANGER, author_account=AUTHOR.account_id or uuid4(), state=state)
        assert bool(seen) is (state is not S.DRAFT)
        assert policy.may_see(AUTHOR, author_account=AUTHOR.account_id or uuid4(), state=state)


@pytest.mark.parametrize("phase", list(Phase))
def test_beginning_needs_an_open_submission_and_a_residence(phase: Phase) -> None:
    wanted = "allowed" if phase is Phase.SUBMISSION else "submission_closed"
    assert why(policy.may_start(phase=phase, has_standing=True)) == wanted
    assert not policy.may_start(phase=phase, has_standing=False)
    assert why(policy.may_start(phase=phase, has_standing=True, is_own_person=False)) == (
        "not_your_person"
    )


def test_translating_and_drawing_belong_to_their_roles() -> None:
    editor = Actor(uuid4(), frozenset({Role.EDITOR}))
    coordinator = Actor(uuid4(), frozenset({Role.COORDINATOR}))
    assert policy.may_translate(editor)
    assert policy.may_translate(coordinator)
    assert not policy.may_translate(AUTHOR)
    assert policy.may_draw(coordinator, phase=Phase.BEFORE_VOTING)
    assert not policy.may_draw(editor, phase=Phase.BEFORE_VOTING)
    for phase in (Phase.SUBMISSION, Phase.VOTING, Phase.RESULTS):
        assert why(policy.may_draw(coordinator, phase=phase)) == "draw_out_of_time"


def test_the_day_that_closes_editing_closes_it_for_drafts_and_corrections() -> None:
    for state in (S.DRAFT, S.RETURNED):
        closing = known(state, Phase.SUBMISSION, editing_closes=AT)
        assert policy.may_edit(AUTHOR, closing, at=AT - timedelta(seconds=1))
        assert why(policy.may_edit(AUTHOR, closing, at=AT)) == "editing_closed"
