"""What a voter may claim about a vote, until when, and by when it is answered. Plain Python.

A claim of a missing or another line is made with a control code and without a name, since the two
together would tell whose ballot it is; "not my vote" and, where two members acknowledged that envelopes
are gone, "my vote was lost" are made by the person whose vote it would have been.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from civic_budget.kernel.decision import ALLOWED, Decision, Denied
from civic_budget.kernel.workflow import Workflow

DAYS_TO_CLAIM = 14
DAYS_TO_ANSWER = 7
LONGEST_WORDS = 2000
WORDS_KEPT = timedelta(days=365)
"""How long after its answer a claim's words are kept, unless the round is destroyed before."""


class ClaimKind(StrEnum):
    """What is claimed."""

    MISSING = "missing"
    NOT_MY_CHOICE = "not_my_choice"
    NOT_MY_VOTE = "not_my_vote"
    LOST_VOTE = "lost_vote"


ABOUT_A_LINE = frozenset({ClaimKind.MISSING, ClaimKind.NOT_MY_CHOICE})


class ClaimState(StrEnum):
    """Where a claim stands."""

    RECEIVED = "received"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class ClaimAction(StrEnum):
    """How the commission answers."""

    UPHOLD = "uphold"
    DISMISS = "dismiss"


CLAIM_LIFECYCLE = Workflow[ClaimState, ClaimAction](
    "claim",
    {
        (ClaimState.RECEIVED, ClaimAction.UPHOLD): ClaimState.UPHELD,
        (ClaimState.RECEIVED, ClaimAction.DISMISS): ClaimState.DISMISSED,
    },
)


def board_public_at(
    results_at: datetime, *, closes_at: datetime, opened_at: datetime | None
) -> datetime | None:
    """When a round's board is public: with the edition's results, but for a vote held after them.

    Lists that are voted on anew have their board as soon as their envelopes are opened; None before.
    """
    return results_at if results_at > closes_at else opened_at


def claims_close(published_at: datetime) -> datetime:
    """Until when claims are taken: two weeks after the results' publication."""
    return published_at + timedelta(days=DAYS_TO_CLAIM)


def answer_due(filed_at: datetime) -> datetime:
    """By when a claim is answered."""
    return filed_at + timedelta(days=DAYS_TO_ANSWER)


def claims_answered(published_at: datetime) -> datetime:
    """By when the last claim is answered; what could prove it is kept until then."""
    return answer_due(claims_close(published_at))


def may_claim(
    kind: ClaimKind, *, opens_at: datetime, published_at: datetime | None, at: datetime
) -> Decision:
    """Whether such a claim is taken at a moment.

    "Not my vote" is taken from the first day of voting on, since only before the opening can a vote
    be returned; claims about a line of the board once there is a board. `published_at` is None while
    nobody can know when that will be.
    """
    begins = published_at if kind in ABOUT_A_LINE else opens_at
    if begins is None or at < begins:
        return Denied("claims_not_open")
    if published_at is None:
        return ALLOWED
    return ALLOWED if at < claims_close(published_at) else Denied("claims_closed")
