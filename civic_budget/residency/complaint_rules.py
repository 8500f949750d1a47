"""Rules of complaints: somebody registered as me, a vote is not mine, has anybody registered as me?"""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum

from civic_budget.kernel.workflow import Workflow
from civic_budget.residency.rules import REFERENCE_LETTERS, new_reference

LEAST_WORDS = 10
FILED_BY_A_CONTACT_A_DAY = 3
CONTENT_KEPT = timedelta(days=365)
"""How long after its end a complaint's words, names and answer are kept."""


class ComplaintKind(StrEnum):
    """What a complaint is about."""

    REGISTRATION = "registration"
    VOTE = "vote"
    QUESTION = "question"


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    IN_WORK = "in_work"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"


class ComplaintAction(StrEnum):
    """What can be done with a complaint."""

    TAKE = "take"
    RELEASE = "release"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    HAND_OVER = "hand_over"
    WITHDRAW = "withdraw"


COMPLAINT: Workflow[ComplaintState, ComplaintAction] = Workflow(
    "complaint",
    {
        (ComplaintState.RECEIVED, ComplaintAction.TAKE): ComplaintState.IN_WORK,
        (ComplaintState.RECEIVED, ComplaintAction.WITHDRAW): ComplaintState.WITHDRAWN,
        (ComplaintState.IN_WORK, ComplaintAction.RELEASE): ComplaintState.RECEIVED,
        (ComplaintState.IN_WORK, ComplaintAction.UPHOLD): ComplaintState.UPHELD,
        (ComplaintState.IN_WORK, ComplaintAction.DISMISS): ComplaintState.DISMISSED,
        (ComplaintState.IN_WORK, ComplaintAction.HAND_OVER): ComplaintState.HANDED_OVER,
        (ComplaintState.IN_WORK, ComplaintAction.WITHDRAW): ComplaintState.WITHDRAWN,
    },
)
OPEN_COMPLAINTS = frozenset({ComplaintState.RECEIVED, ComplaintState.IN_WORK})
ENDED_COMPLAINTS = frozenset(ComplaintState) - OPEN_COMPLAINTS


def new_complaint_reference() -> str:
    """A complaint's reference for people: C-7K2M-94QF."""
    return "C" + new_reference()[1:]


def read_complaint_reference(text: str) -> str | None:
    """The complaint's reference that somebody typed; None: not one."""
    bare = re.sub(r"[^0-9A-Z]", "", text.upper())
    letters = bare[1:]
    if len(bare) != 9 or bare[0] != "C" or any(one not in REFERENCE_LETTERS for one in letters):
        return None
    return f"C-{letters[:4]}-{letters[4:]}"
