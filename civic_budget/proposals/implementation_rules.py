"""How the carrying out of a winner goes on: stages, their order, what each must say. Plain Python.

A stage is never taken back, only followed by another: what was promised and when stays readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from civic_budget.kernel.errors import Conflict

SHORTEST_REASON = 20
LONGEST_NOTE = 2000
MOST_PHOTOS = 6


class Stage(StrEnum):
    """Where the carrying out of a winner stands."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DELAYED = "delayed"
    FINISHED = "finished"
    ABANDONED = "abandoned"


_GOING_ON = frozenset({Stage.PLANNED, Stage.IN_PROGRESS, Stage.DELAYED, Stage.FINISHED})

# Stage → what the office may tell next. News of the same stage is a step too; after the end only the
# final bill can still come. An abandoned project lives on by an act of the mayor alone.
FOLLOWS: Mapping[Stage | None, frozenset[Stage]] = {
    None: _GOING_ON,
    Stage.PLANNED: _GOING_ON,
    Stage.IN_PROGRESS: frozenset({Stage.IN_PROGRESS, Stage.DELAYED, Stage.FINISHED}),
    Stage.DELAYED: frozenset({Stage.IN_PROGRESS, Stage.DELAYED, Stage.FINISHED}),
    Stage.FINISHED: frozenset({Stage.FINISHED}),
    Stage.ABANDONED: frozenset(),
}


@dataclass(frozen=True, kw_only=True)
class StepWords:
    """What the office tells of a stage: its day, when it should be ready, the real cost (grosze).

    `notes` maps language to words; Polish is binding, and for a delay they are its reason.
    """

    stage: Stage
    happened_on: date
    expected_on: date | None = None
    real_cost: int | None = None
    notes: Mapping[str, str]

    def trimmed_notes(self) -> dict[str, str]:
        """The words without empty ones."""
        return {code: said.strip() for code, said in self.notes.items() if said.strip()}


def check_step(
    step: StepWords, *, before: Stage | None, not_before: date | None, today: date
) -> None:
    """Raise Conflict at the field that is wrong: order of stages, days, cost, the reason of a delay."""
    if step.stage not in FOLLOWS[before]:
        raise Conflict("stage_out_of_order", field="stage")
    check_step_words(step, not_before=not_before, today=today)


def check_step_words(step: StepWords, *, not_before: date | None, today: date) -> None:
    """Raise Conflict at the field that is wrong, whatever stage came before."""
    if step.happened_on > today:
        raise Conflict("step_in_future", field="happened_on")
    if not_before is not None and step.happened_on < not_before:
        raise Conflict("step_before_last", field="happened_on", day=not_before)
    if step.expected_on is not None and step.expected_on < step.happened_on:
        raise Conflict("expected_before_step", field="expected_on")
    if step.stage is Stage.DELAYED and step.expected_on is None:
        raise Conflict("new_day_missing", field="expected_on")
    _check_notes(step)


def _check_notes(step: StepWords) -> None:
    notes = step.trimmed_notes()
    if any(len(said) > LONGEST_NOTE for said in notes.values()):
        code = next(code for code, said in notes.items() if len(said) > LONGEST_NOTE)
        raise Conflict("note_too_long", field=f"note_{code}")
    polish = notes.get("pl", "")
    if step.stage is Stage.DELAYED and len(polish) < SHORTEST_REASON:
        raise Conflict("delay_reason_missing", field="note_pl")
    if not polish:
        raise Conflict("note_missing", field="note_pl")
