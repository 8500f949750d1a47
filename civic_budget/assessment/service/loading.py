"""Checklists, reasons and departments as configuration: loaded from data, never hard-coded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import update

from civic_budget.assessment.events import CriteriaLoaded
from civic_budget.assessment.models import Criterion, Department, RejectionReason
from civic_budget.assessment.rules import CriterionWords, ReasonWords
from civic_budget.kernel.actor import Actor
from civic_budget.storage.db import Work


def load_criteria(
    work: Work, actor: Actor, criteria: Iterable[CriterionWords], *, at: datetime
) -> None:
    """Make these the checklists, in this order; earlier criteria that are missing are retired, not lost."""
    work.session.execute(update(Criterion).values(is_active=False))
    count = 0
    for count, one in enumerate(criteria, 1):
        work.session.merge(
            Criterion(
                key=one.key,
                stage=one.stage.value,
                correctable=one.correctable,
                words=dict(one.words),
                position=count,
                is_active=True,
            )
        )
    work.publish(CriteriaLoaded(count=count, at=at, by=actor.account_id))


def load_reasons(work: Work, reasons: Iterable[ReasonWords]) -> None:
    """Add these public reasons for rejecting, or correct them, in this order."""
    for position, one in enumerate(reasons, 1):
        work.session.merge(
            RejectionReason(
                key=one.key,
                criterion=one.criterion,
                sentence=dict(one.sentence),
                position=position,
            )
        )


def put_department(work: Work, *, code: str, names: Mapping[str, str]) -> None:
    """Add a unit of the office or correct its names."""
    work.session.merge(Department(code=code, names=dict(names)))
