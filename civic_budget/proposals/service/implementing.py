"""What the city does for a winner, step by step; and the price list that authors estimate from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.clock import city_day
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.proposals import events, policy
from civic_budget.proposals.implementation_rules import (
    Stage,
    StepWords,
    check_step,
    check_step_words,
)
from civic_budget.proposals.models import ImplementationStep, PriceItem
from civic_budget.proposals.service.rows import load
from civic_budget.storage.db import Work


def record_step(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    step: StepWords,
    after: int,
    is_responsible: bool,
    at: datetime,
) -> UUID:
    """Tell what the city did for a winner; returns the step's id.

    `after` is the number of the last step that the writer saw (0: none): whoever was slower gets
    Conflict("somebody_recorded") and keeps what they typed. Raises Conflict at the field that is wrong.
    """
    require(policy.may_record_step(actor, is_responsible=is_responsible))
    load(work, proposal_id)  # two officers at once: the second one waits here
    last = _last_step(work, proposal_id)
    if (last.number if last else 0) != after:
        raise Conflict("somebody_recorded")
    check_step(
        step,
        before=Stage(last.stage) if last else None,
        not_before=last.happened_on if last else None,
        today=city_day(at),
    )
    return _add(work, actor, proposal_id, step, after + 1, at).id


def add_step(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    step: StepWords,
    by_act: bool = False,
    at: datetime,
) -> UUID:
    """Continue a winner's timeline with what was decided or imported elsewhere, in any order of stages.

    With `by_act` the authors have their letter about the act: only followers are told.
    """
    load(work, proposal_id)
    last = _last_step(work, proposal_id)
    return _add(work, actor, proposal_id, step, last.number + 1 if last else 1, at, by_act).id


def correct_step(
    work: Work,
    actor: Actor,
    *,
    step_id: UUID,
    step: StepWords,
    seen: datetime | None,
    is_responsible: bool,
    at: datetime,
) -> None:
    """Correct the day, cost or words of a step; its stage stays. The page says that it was corrected.

    `seen` is when it had been corrected last as the writer saw it; else Conflict("somebody_recorded").
    """
    require(policy.may_record_step(actor, is_responsible=is_responsible))
    row = work.session.get(ImplementationStep, step_id, with_for_update=True)
    if row is None:
        raise NotFound("no_such_step")
    if row.changed_at != seen:
        raise Conflict("somebody_recorded")
    check_step_words(step, not_before=_day_of(work, row, -1), today=city_day(at))
    after = _day_of(work, row, 1)
    if after is not None and step.happened_on > after:
        raise Conflict("step_after_next", field="happened_on", day=after)
    row.happened_on, row.expected_on = step.happened_on, step.expected_on
    row.real_cost, row.notes = step.real_cost, step.trimmed_notes()
    row.changed_at = at
    work.publish(
        events.ImplementationCorrected(
            proposal_id=row.proposal_id, step_id=row.id, at=at, by=actor.account_id
        )
    )


def _add(
    work: Work,
    actor: Actor,
    proposal_id: UUID,
    step: StepWords,
    number: int,
    at: datetime,
    by_act: bool = False,
) -> ImplementationStep:
    row = ImplementationStep(
        id=uuid4(),
        proposal_id=proposal_id,
        number=number,
        stage=step.stage.value,
        happened_on=step.happened_on,
        expected_on=step.expected_on,
        real_cost=step.real_cost,
        notes=step.trimmed_notes(),
        recorded_at=at,
        recorded_by=actor.account_id,
    )
    work.session.add(row)
    work.session.flush()
    work.publish(
        events.ImplementationRecorded(
            proposal_id=proposal_id, step_id=row.id, by_act=by_act, at=at, by=actor.account_id
        )
    )
    return row


def _last_step(work: Work, proposal_id: UUID) -> ImplementationStep | None:
    return work.session.scalars(
        select(ImplementationStep)
        .where(ImplementationStep.proposal_id == proposal_id)
        .order_by(ImplementationStep.number.desc())
        .limit(1)
    ).first()


def _day_of(work: Work, row: ImplementationStep, distance: int) -> date | None:
    """The day of the step so many numbers away; None: there is none."""
    return work.session.scalar(
        select(ImplementationStep.happened_on).where(
            ImplementationStep.proposal_id == row.proposal_id,
            ImplementationStep.number == row.number + distance,
        )
    )


def put_price(
    work: Work, *, key: str, names: Mapping[str, str], unit: str, grosze: int, position: int
) -> None:
    """Add a unit price to the city's list, or correct it.

    `unit` is piece, set, m2, m, hour, day or course; the price in grosze, tax included.
    """
    work.session.merge(
        PriceItem(key=key, names=dict(names), unit=unit, grosze=grosze, position=position)
    )
