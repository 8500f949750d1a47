"""The lifecycle of a round, and when it takes votes. Plain Python."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from civic_budget.kernel.decision import ALLOWED, Decision, Denied
from civic_budget.kernel.workflow import Workflow


class RoundStatus(StrEnum):
    """Where a round stands."""

    SETUP = "setup"
    READY = "ready"
    SUSPENDED = "suspended"
    VERIFICATION = "verification"
    OPENED = "opened"
    FINAL = "final"
    SHREDDED = "shredded"
    ANNULLED = "annulled"


class RoundAction(StrEnum):
    """What the commission can do to a round."""

    TEST = "test"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"
    REOPEN = "reopen"
    OPEN = "open"
    FINISH = "finish"
    SHRED = "shred"
    ANNUL = "annul"


_S, _A = RoundStatus, RoundAction
LIFECYCLE = Workflow[RoundStatus, RoundAction](
    "round",
    {
        (_S.SETUP, _A.TEST): _S.READY,
        (_S.READY, _A.SUSPEND): _S.SUSPENDED,
        (_S.SUSPENDED, _A.RESUME): _S.READY,
        (_S.READY, _A.CLOSE): _S.VERIFICATION,
        (_S.SUSPENDED, _A.CLOSE): _S.VERIFICATION,
        (_S.VERIFICATION, _A.REOPEN): _S.READY,
        (_S.VERIFICATION, _A.OPEN): _S.OPENED,
        (_S.OPENED, _A.FINISH): _S.FINAL,
        (_S.FINAL, _A.SHRED): _S.SHREDDED,
        (_S.SETUP, _A.ANNUL): _S.ANNULLED,
        (_S.READY, _A.ANNUL): _S.ANNULLED,
        (_S.SUSPENDED, _A.ANNUL): _S.ANNULLED,
        (_S.VERIFICATION, _A.ANNUL): _S.ANNULLED,
        (_S.OPENED, _A.ANNUL): _S.ANNULLED,
        (_S.FINAL, _A.ANNUL): _S.ANNULLED,
        (_S.SHREDDED, _A.ANNUL): _S.ANNULLED,
        (_S.ANNULLED, _A.FINISH): _S.ANNULLED,
        (_S.ANNULLED, _A.SHRED): _S.ANNULLED,
    },
)


_UNOPENED = frozenset({RoundStatus.READY, RoundStatus.VERIFICATION})
REOPEN_WITHIN = timedelta(hours=24)
"""How long after the closing time an outage may still move it."""
SMALLEST_BATCH = 20
"""Fewer cards of one point and district are mixed with others of the district, or keyed by an act of two."""
CONTROL_SHARE = 10
"""One card in so many is keyed a second time."""


class JointKind(StrEnum):
    """What takes two members, besides taking an envelope out."""

    MEMBERS = "members"
    RETURN = "return"
    MISSING = "missing"
    OBJECTION = "objection"
    SMALL_BATCH = "small_batch"


class Part(StrEnum):
    """Who does what with a batch; nobody does two parts of one batch."""

    SLIPS = "slips"
    KEYING = "keying"
    CONTROL = "control"
    RESOLVING = "resolving"
    SIGNING = "signing"


class InvalidReason(StrEnum):
    """Why a card is no vote."""

    BLANK = "blank"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    TWICE = "twice"
    UNREADABLE = "unreadable"
    ALTERED = "altered"
    SIGNED = "signed"
    FOREIGN_CARD = "foreign_card"


class SampleResult(StrEnum):
    """What a voter chosen by the public draw said in person."""

    VOTED = "voted"
    ABSENT = "absent"
    DID_NOT_VOTE = "did_not_vote"


class VoidReason(StrEnum):
    """Why an envelope may be taken out, unopened."""

    NOT_CONFIRMED = "residence_not_confirmed"
    DUPLICATE = "voted_twice"
    NOT_A_RESIDENT = "not_a_resident"
    NOT_MY_VOTE = "vote_by_somebody_else"
    PAPER_STANDS = "paper_vote_stands"


def may_extend(status: RoundStatus, *, closes_at: datetime, to: datetime, at: datetime) -> Decision:
    """Whether an outage may move the closing time: before it, or within a day after it, unopened."""
    if status not in {RoundStatus.READY, RoundStatus.SUSPENDED, RoundStatus.VERIFICATION}:
        return Denied("round_not_extendable")
    if at > closes_at + REOPEN_WITHIN:
        return Denied("too_late_to_extend")
    if to <= closes_at or to <= at:
        return Denied("extension_must_be_later")
    return ALLOWED


def takes_slips(status: RoundStatus, *, paper_until: datetime, at: datetime) -> Decision:
    """Whether a slip from a point without a network is still taken."""
    if status not in {RoundStatus.READY, RoundStatus.SUSPENDED, RoundStatus.VERIFICATION}:
        return Denied("paper_closed")
    return ALLOWED if at < paper_until else Denied("paper_closed")


def takes_votes(
    status: RoundStatus,
    *,
    opens_at: datetime,
    closes_at: datetime,
    at: datetime,
    returned_until: datetime | None = None,
) -> Decision:
    """Whether a vote is accepted at a moment: ready, opened, and not closed, to the second.

    `returned_until`: until when this voter may cast a vote that was given back, closed or not; nobody
    may once the envelopes are opened.
    """
    if returned_until is not None and at < returned_until and status in _UNOPENED:
        return ALLOWED
    if status is RoundStatus.SUSPENDED:
        return Denied("voting_suspended" if at < closes_at else "suspended_past_end")
    if status is not RoundStatus.READY:
        return Denied("voting_not_open" if status is RoundStatus.SETUP else "voting_closed")
    if at < opens_at:
        return Denied("voting_not_open")
    return ALLOWED if at < closes_at else Denied("voting_closed")
