"""Further days of the calendar: each between its milestones, moved by corrections like the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from civic_budget.editions.corrections import as_data, from_data, moved_side_dates
from civic_budget.editions.rules import Milestone
from civic_budget.editions.side_dates import BETWEEN, SideDate, find_misplaced, read_side_time
from civic_budget.kernel.errors import Conflict

START = datetime(2026, 2, 1, tzinfo=UTC)
MOMENTS = {m: START + timedelta(days=30 * number) for number, m in enumerate(Milestone)}
FITTING = {d: MOMENTS[after] + timedelta(days=1) for d, (after, _) in BETWEEN.items()}


def test_every_further_day_has_its_place_and_is_missed_outside_it() -> None:
    assert set(BETWEEN) == set(SideDate)
    assert list(find_misplaced(MOMENTS, FITTING)) == []
    for date, (after, before) in BETWEEN.items():
        early = {date: MOMENTS[after] - timedelta(seconds=1)}
        assert list(find_misplaced(MOMENTS, early)) == [(date, after)]
        if before is not None:
            late = {date: MOMENTS[before] + timedelta(seconds=1)}
            assert list(find_misplaced(MOMENTS, late)) == [(date, before)]
    assert list(find_misplaced({}, FITTING)) == []


def test_what_closes_lasts_to_the_end_of_the_typed_minute() -> None:
    typed = datetime(2026, 5, 4, 23, 59)
    assert read_side_time(typed, SideDate.CARDS_DUE).second == 59
    assert read_side_time(typed, SideDate.POINTS_PUBLISHED).second == 0
    with pytest.raises(Conflict) as refused:
        read_side_time(datetime(2026, 3, 29, 2, 30), SideDate.CARDS_DUE)
    assert refused.value.field == "cards_due"


def test_a_correction_moves_sets_and_empties_further_days() -> None:
    at = MOMENTS[Milestone.SUBMISSION_CLOSES]
    due, hearings = FITTING[SideDate.CARDS_DUE], FITTING[SideDate.HEARINGS_END]
    held = {SideDate.HEARINGS_END: hearings, SideDate.CARDS_DUE: due}
    later = hearings + timedelta(days=2)
    changes = moved_side_dates(
        held,
        {SideDate.HEARINGS_END: later, SideDate.APPROVED: FITTING[SideDate.APPROVED]},
        MOMENTS,
        at=at,
    )
    assert [c.side for c in changes] == [SideDate.HEARINGS_END, SideDate.APPROVED]
    assert (changes[1].before, changes[1].milestone) == ("", None)
    assert list(from_data(as_data(changes))) == changes
    (emptied,) = moved_side_dates(held, {SideDate.HEARINGS_END: None}, MOMENTS, at=at)
    assert emptied.after == ""
    for wanted, code in (
        ({SideDate.CARDS_DUE: later}, "moment_has_passed"),
        ({SideDate.HEARINGS_END: at}, "moved_into_past"),
        ({SideDate.HEARINGS_END: MOMENTS[Milestone.VOTING_OPENS]}, "side_date_misplaced"),
    ):
        with pytest.raises(Conflict, match=code):
            moved_side_dates(
                held,
                wanted,
                MOMENTS,
                at=due + timedelta(days=1) if code == "moment_has_passed" else at,
            )
