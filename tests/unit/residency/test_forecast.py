"""The forecast of hours: its profile, its total, and that past arrivals would have foretold it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from civic_budget.residency.forecast import (
    SEASON,
    default_profile,
    hours_of,
    look_ahead,
    measured_profile,
)
from civic_budget.residency.limits import Limits
from civic_budget.residency.rules import Road

CLOSES = date(2027, 9, 28)
LIMITS = Limits()
ONLY_STATEMENTS = {Road.STATEMENT: 1}


@pytest.mark.parametrize("length", [1, 2, 3, 4, 30, SEASON])
def test_the_assumed_profile_is_whole_and_half_of_it_is_the_last_three_days(length: int) -> None:
    profile = default_profile(length)
    assert len(profile) == length
    assert sum(profile) == pytest.approx(1)
    if length > 3:
        assert sum(profile[:3]) == pytest.approx(0.5)


def test_minutes_make_hours() -> None:
    assert hours_of({Road.STATEMENT: 20, Road.DOCUMENT: 10}, 3, LIMITS) == pytest.approx(3.0)
    many = hours_of({Road.STATEMENT: 85_000}, 0, LIMITS)
    assert many == pytest.approx(4_250)


def test_a_round_like_the_last_one_is_foretold_exactly() -> None:
    last_close = date(2026, 9, 28)
    shape = [500, 400, 300, *(10 + left % 7 for left in range(3, SEASON))]
    last = {last_close - timedelta(days=left): count for left, count in enumerate(shape)}
    profile = measured_profile(last, last_close)
    today = CLOSES - timedelta(days=5)
    this_round = {
        CLOSES - timedelta(days=left): 2 * count for left, count in enumerate(shape) if left >= 5
    }
    ahead = look_ahead(
        arrivals=this_round,
        mix=ONLY_STATEMENTS,
        backlog_hours=7.0,
        closes_on=CLOSES,
        today=today,
        limits=LIMITS,
        profile=profile,
    )
    assert [day.day for day in ahead.days] == [today + timedelta(days=n) for n in range(1, 6)]
    assert [round(day.cases) for day in ahead.days] == [2 * shape[left] for left in (4, 3, 2, 1, 0)]
    assert ahead.hours == pytest.approx(7.0 + 2 * sum(shape[:5]) * 3 / 60)
    assert ahead.is_measured and ahead.busiest is not None and ahead.busiest.day == CLOSES


def test_before_there_is_anything_to_see_the_last_total_stands_in() -> None:
    ahead = look_ahead(
        arrivals={},
        mix={},
        backlog_hours=0.0,
        closes_on=CLOSES,
        today=CLOSES - timedelta(days=SEASON),
        limits=LIMITS,
        last_total=1_200,
    )
    assert ahead.total_expected == 1_200
    assert sum(day.cases for day in ahead.days) == pytest.approx(1_200)
    assert not ahead.is_measured


def test_on_the_closing_day_nothing_is_ahead() -> None:
    ahead = look_ahead(
        arrivals={CLOSES: 40},
        mix=ONLY_STATEMENTS,
        backlog_hours=2.0,
        closes_on=CLOSES,
        today=CLOSES,
        limits=LIMITS,
    )
    assert ahead.days == () and ahead.busiest is None and ahead.hours == 2.0
