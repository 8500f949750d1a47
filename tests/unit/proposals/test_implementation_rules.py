"""Stages of implementation: every stage after every stage, and what each must say."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals.implementation_rules import (
    LONGEST_NOTE,
    Stage,
    StepWords,
    check_step,
)
from civic_budget.proposals.policy import may_record_step

DAY, TODAY = date(2026, 5, 4), date(2026, 5, 5)
REASON = "Trzeba przełożyć gazociąg odkryty w trakcie robót."
ORDER = """
-           planned in_progress delayed finished
planned     planned in_progress delayed finished
in_progress in_progress delayed finished
delayed     in_progress delayed finished
finished    finished
abandoned
"""


def step(stage: Stage = Stage.PLANNED, **more: Any) -> StepWords:
    """A step that is right, with something changed."""
    values: dict[str, Any] = {"happened_on": DAY, "expected_on": DAY, "notes": {"pl": REASON}}
    return StepWords(stage=stage, **(values | more))


def test_every_stage_after_every_stage() -> None:
    table = {first: set(rest) for first, *rest in map(str.split, ORDER.strip().splitlines())}
    for before, after in product((None, *Stage), Stage):
        if after in table[before or "-"]:
            check_step(step(after), before=before, not_before=None, today=TODAY)
            continue
        with pytest.raises(Conflict, match="stage_out_of_order"):
            check_step(step(after), before=before, not_before=None, today=TODAY)


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        (step(happened_on=date(2026, 5, 6), expected_on=None), "step_in_future", "happened_on"),
        (step(happened_on=date(2026, 5, 2)), "step_before_last", "happened_on"),
        (step(expected_on=date(2026, 5, 3)), "expected_before_step", "expected_on"),
        (step(Stage.DELAYED, expected_on=None), "new_day_missing", "expected_on"),
        (step(Stage.DELAYED, notes={"pl": "Gazociąg."}), "delay_reason_missing", "note_pl"),
        (step(notes={"pl": "  ", "uk": "Готово."}), "note_missing", "note_pl"),
        (step(notes={"pl": REASON, "uk": "ї" * (LONGEST_NOTE + 1)}), "note_too_long", "note_uk"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(wrong: StepWords, code: str, field: str) -> None:
    with pytest.raises(Conflict, match=code) as refused:
        check_step(wrong, before=Stage.PLANNED, not_before=date(2026, 5, 3), today=TODAY)
    assert refused.value.field == field


def test_coordinators_and_the_unit_that_builds_may_tell() -> None:
    for role in Role:
        for mine in (True, False):
            allowed = role is Role.COORDINATOR or (role is Role.ASSESSOR and mine)
            actor = Actor(roles=frozenset({role}))
            assert bool(may_record_step(actor, is_responsible=mine)) is allowed
    assert may_record_step(SYSTEM, is_responsible=False)
    assert not may_record_step(Actor(), is_responsible=True)
