"""The lifecycle of a proposed merge and how the authors' answers decide it. Plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from civic_budget.kernel.workflow import Workflow
from civic_budget.proposals.rules import ProposalState

SHORTEST_ANSWER_TIME = timedelta(days=3)
MERGEABLE = frozenset({ProposalState.SUBMITTED, ProposalState.RETURNED})


class MergeState(StrEnum):
    """Where a proposed merge stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class MergeAction(StrEnum):
    """What can happen to a proposed merge."""

    AGREE = "agree"
    REFUSE = "refuse"
    CANCEL = "cancel"
    LAPSE = "lapse"


_S, _A = MergeState, MergeAction
MERGE_LIFECYCLE = Workflow[MergeState, MergeAction](
    "merge",
    {
        (_S.PROPOSED, _A.AGREE): _S.AGREED,
        (_S.PROPOSED, _A.REFUSE): _S.REFUSED,
        (_S.PROPOSED, _A.CANCEL): _S.CANCELLED,
        (_S.PROPOSED, _A.LAPSE): _S.LAPSED,
    },
)


def decided_by(answers: Sequence[bool | None]) -> MergeAction | None:
    """One "no" refuses a merge, a "yes" of all agrees; None while it is open."""
    if False in answers:
        return MergeAction.REFUSE
    return MergeAction.AGREE if all(answers) else None
