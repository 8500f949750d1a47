"""Rules of guardianship: the tie's lifecycle, its papers, and until when a guardian acts. Plain Python.

A tie joins an account to a child. One guardian acts for a child; another one who is declared is told
what happens. A guardian's power ends by the child's age, computed, not by a job that must run.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from civic_budget.kernel.clock import age_on, city_day
from civic_budget.kernel.workflow import Workflow


class TieState(StrEnum):
    """Where a guardian's claim for a child stands."""

    CLAIMED = "claimed"
    ACTING = "acting"
    INFORMED = "informed"
    DISPUTED = "disputed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class TieAction(StrEnum):
    """What can be done with a tie between a guardian and a child."""

    ACCEPT = "accept"
    ACCEPT_SECOND = "accept_second"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    DISPUTE = "dispute"
    LET_ACT = "let_act"
    STAND_BACK = "stand_back"
    END = "end"
    LAPSE = "lapse"


TIE: Workflow[TieState, TieAction] = Workflow(
    "guardianship",
    {
        (TieState.CLAIMED, TieAction.ACCEPT): TieState.ACTING,
        (TieState.CLAIMED, TieAction.ACCEPT_SECOND): TieState.INFORMED,
        (TieState.CLAIMED, TieAction.REFUSE): TieState.REFUSED,
        (TieState.CLAIMED, TieAction.WITHDRAW): TieState.WITHDRAWN,
        (TieState.CLAIMED, TieAction.LAPSE): TieState.ENDED,
        (TieState.ACTING, TieAction.DISPUTE): TieState.DISPUTED,
        (TieState.ACTING, TieAction.END): TieState.ENDED,
        (TieState.DISPUTED, TieAction.LET_ACT): TieState.ACTING,
        (TieState.DISPUTED, TieAction.STAND_BACK): TieState.INFORMED,
        (TieState.DISPUTED, TieAction.END): TieState.ENDED,
        (TieState.INFORMED, TieAction.LET_ACT): TieState.ACTING,
        (TieState.INFORMED, TieAction.END): TieState.ENDED,
    },
)

LIVE_STATES = frozenset({TieState.CLAIMED, TieState.ACTING, TieState.INFORMED, TieState.DISPUTED})
"""An account has at most one tie to a child in these states."""
DECLARED_STATES = frozenset({TieState.ACTING, TieState.INFORMED, TieState.DISPUTED})
"""An officer saw the paper: this guardian is told what happens to the child's record."""

GUARDIAN_PAPERS = ("birth_certificate", "court_order", "temporary_guardian")
AT_DESK = "desk"
GUARDIAN_PROOFS = (*GUARDIAN_PAPERS, AT_DESK)

OUT_OF_AGE = "out_of_age"
GIVEN_UP = "given_up"
ACCOUNT_CLOSED = "account_closed"
ERASED = "erased"
END_REASONS = (OUT_OF_AGE, GIVEN_UP, ACCOUNT_CLOSED, ERASED)

UNFINISHED = "unfinished"
OUTGROWN = "outgrown"
CASE_REFUSED = "case_refused"
CLAIM_ENDS = (UNFINISHED, OUTGROWN, CASE_REFUSED)
"""Why a claim that no officer decided ended by itself: such a guardian never acted."""


def is_ward_age(born_on: date, at: datetime, *, until_age: int) -> bool:
    """Whether somebody born on a day still needs a guardian at a moment, by the city's calendar."""
    return age_on(born_on, city_day(at)) < until_age


def may_vote_online(born_on: date, at: datetime, *, from_age: int) -> bool:
    """Whether the city lets a vote for somebody of this age be cast online; younger ones at a point."""
    return age_on(born_on, city_day(at)) >= from_age
