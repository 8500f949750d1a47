"""The lifecycle of a round: each state with each action, and when the closing time may be moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from civic_budget.kernel.decision import ALLOWED, Denied
from civic_budget.kernel.workflow import WrongState
from civic_budget.voting.rules import (
    LIFECYCLE,
    RoundAction,
    RoundStatus,
    may_extend,
    takes_slips,
)

CLOSES = datetime(2026, 6, 14, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
EXPECTED = {
    "setup": {"test": "ready", "annul": "annulled"},
    "ready": {"suspend": "suspended", "close": "verification", "annul": "annulled"},
    "suspended": {"resume": "ready", "close": "verification", "annul": "annulled"},
    "verification": {"reopen": "ready", "open": "opened", "annul": "annulled"},
    "opened": {"finish": "final", "annul": "annulled"},
    "final": {"shred": "shredded", "annul": "annulled"},
    "shredded": {"annul": "annulled"},
    "annulled": {"finish": "annulled", "shred": "annulled"},
}


@pytest.mark.parametrize("status", RoundStatus)
@pytest.mark.parametrize("action", RoundAction)
def test_every_state_with_every_action(status: RoundStatus, action: RoundAction) -> None:
    expected = EXPECTED[status.value].get(action.value)
    if expected is None:
        with pytest.raises(WrongState):
            LIFECYCLE.next(status, action)
    else:
        assert LIFECYCLE.next(status, action) == expected


@pytest.mark.parametrize(
    ("status", "at", "to", "reason"),
    [
        (RoundStatus.READY, CLOSES - HOUR, CLOSES + HOUR, None),
        (RoundStatus.SUSPENDED, CLOSES - HOUR, CLOSES + HOUR, None),
        (RoundStatus.VERIFICATION, CLOSES + 24 * HOUR, CLOSES + 30 * HOUR, None),
        (RoundStatus.VERIFICATION, CLOSES + 25 * HOUR, CLOSES + 30 * HOUR, "too_late_to_extend"),
        (RoundStatus.READY, CLOSES - HOUR, CLOSES, "extension_must_be_later"),
        (RoundStatus.VERIFICATION, CLOSES + 2 * HOUR, CLOSES + HOUR, "extension_must_be_later"),
        (RoundStatus.OPENED, CLOSES + HOUR, CLOSES + 2 * HOUR, "round_not_extendable"),
        (RoundStatus.SETUP, CLOSES - HOUR, CLOSES + 2 * HOUR, "round_not_extendable"),
        (RoundStatus.ANNULLED, CLOSES + HOUR, CLOSES + 2 * HOUR, "round_not_extendable"),
    ],
)
def test_an_outage_moves_the_closing_time_until_a_day_after_it(
    status: RoundStatus, at: datetime, to: datetime, reason: str | None
) -> None:
    found = may_extend(status, closes_at=CLOSES, to=to, at=at)
    assert found == (ALLOWED if reason is None else Denied(reason))


def test_late_slips_are_taken_until_their_deadline_and_never_after_the_opening() -> None:
    until = CLOSES + 72 * HOUR
    for status in RoundStatus:
        takes = {RoundStatus.READY, RoundStatus.SUSPENDED, RoundStatus.VERIFICATION}
        before = takes_slips(status, paper_until=until, at=until - HOUR)
        assert (before == ALLOWED) is (status in takes)
        assert takes_slips(status, paper_until=until, at=until) == Denied("paper_closed")
