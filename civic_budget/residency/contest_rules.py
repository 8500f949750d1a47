"""The lifecycle of a contested district. Plain Python."""

from __future__ import annotations

from enum import StrEnum

from civic_budget.kernel.workflow import Workflow


class ContestState(StrEnum):
    """Where a contest of a district stands."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class ContestAction(StrEnum):
    """What can be done with a contest of a district."""

    UPHOLD = "uphold"
    DISMISS = "dismiss"
    WITHDRAW = "withdraw"


CONTEST: Workflow[ContestState, ContestAction] = Workflow(
    "contested district",
    {
        (ContestState.OPEN, ContestAction.UPHOLD): ContestState.UPHELD,
        (ContestState.OPEN, ContestAction.DISMISS): ContestState.DISMISSED,
        (ContestState.OPEN, ContestAction.WITHDRAW): ContestState.WITHDRAWN,
    },
)
