"""When claims about a vote are taken: with the results, or with a board of its own opened after them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civic_budget.kernel.decision import Denied
from civic_budget.voting.claim_rules import (
    ClaimKind,
    board_public_at,
    claims_close,
    may_claim,
)
from tests.conftest import NOW

DAY = timedelta(days=1)
RESULTS = NOW


def _refusal(kind: ClaimKind, day: int, *, opened: int | None) -> str:
    """Why a claim on a day is not taken; the vote on some lists anew lasts from day 30 to day 40."""
    published_at = board_public_at(
        RESULTS,
        closes_at=NOW + 40 * DAY,
        opened_at=NOW + opened * DAY if opened is not None else None,
    )
    decision = may_claim(
        kind, opens_at=NOW + 30 * DAY, published_at=published_at, at=NOW + day * DAY
    )
    return decision.reason if isinstance(decision, Denied) else ""


def test_the_board_of_the_first_vote_is_public_with_the_results() -> None:
    for opened_at in (None, RESULTS - 3 * DAY):
        assert board_public_at(RESULTS, closes_at=RESULTS - 7 * DAY, opened_at=opened_at) == RESULTS


@pytest.mark.parametrize(
    ("kind", "day", "opened", "refusal"),
    [
        (ClaimKind.NOT_MY_VOTE, 29, None, "claims_not_open"),
        (ClaimKind.NOT_MY_VOTE, 30, None, ""),
        (ClaimKind.NOT_MY_VOTE, 44, None, ""),
        (ClaimKind.NOT_MY_VOTE, 58, 45, ""),
        (ClaimKind.NOT_MY_VOTE, 59, 45, "claims_closed"),
        (ClaimKind.MISSING, 44, None, "claims_not_open"),
        (ClaimKind.MISSING, 45, 45, ""),
        (ClaimKind.NOT_MY_CHOICE, 59, 45, "claims_closed"),
    ],
)
def test_a_vote_after_the_results_has_days_for_claims_of_its_own(
    kind: ClaimKind, day: int, opened: int | None, refusal: str
) -> None:
    assert claims_close(NOW + 45 * DAY) == NOW + 59 * DAY
    assert _refusal(kind, day, opened=opened) == refusal
