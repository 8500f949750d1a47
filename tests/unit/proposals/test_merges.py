"""Every state × action of a merge, and how answers decide it."""

from __future__ import annotations

from itertools import product

import pytest

from civic_budget.kernel.workflow import WrongState
from civic_budget.proposals.merge_rules import (
    MERGE_LIFECYCLE,
    MergeAction,
    MergeState,
    decided_by,
)

S, A = MergeState, MergeAction
ENDS = {A.AGREE: S.AGREED, A.REFUSE: S.REFUSED, A.CANCEL: S.CANCELLED, A.LAPSE: S.LAPSED}


@pytest.mark.parametrize(("state", "action"), list(product(S, A)))
def test_only_a_proposed_merge_can_end(state: S, action: A) -> None:
    if state is S.PROPOSED:
        assert MERGE_LIFECYCLE.next(state, action) is ENDS[action]
    else:
        with pytest.raises(WrongState):
            MERGE_LIFECYCLE.next(state, action)


@pytest.mark.parametrize(
    ("answers", "decided"),
    [
        ([None, None], None),
        ([True, None], None),
        ([True, True], A.AGREE),
        ([None, False], A.REFUSE),
        ([True, False, None], A.REFUSE),
    ],
)
def test_one_no_ends_it_and_all_yeses_make_it(
    answers: list[bool | None], decided: A | None
) -> None:
    assert decided_by(answers) is decided
