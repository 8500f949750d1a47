"""Looking up the checklists: the city's default lists, and what one edition asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from civic_budget.assessment.models import Assessment, CardAnswer, Criterion, EditionCriterion
from civic_budget.assessment.rules import CriterionWords, Stage


@dataclass(frozen=True)
class ChecklistLine:
    """A criterion on an edition's office page; `is_own` when the edition changed it."""

    criterion: CriterionWords
    position: int
    is_asked: bool
    is_own: bool


def list_criteria(
    session: Session, stage: Stage | None = None, *, edition_id: UUID | None = None
) -> Sequence[CriterionWords]:
    """The criteria that an edition asks, of a stage or of both, in order; without one, the default."""
    return [
        line.criterion
        for line in list_checklist(session, edition_id)
        if line.is_asked and (stage is None or line.criterion.stage is stage)
    ]


def list_checklist(session: Session, edition_id: UUID | None) -> Sequence[ChecklistLine]:
    """All criteria as an edition has them, those left out included, in order."""
    rows = session.execute(
        select(Criterion, EditionCriterion).outerjoin(
            EditionCriterion,
            and_(EditionCriterion.key == Criterion.key, EditionCriterion.edition_id == edition_id),
        )
    )
    lines = [_line(default, own) for default, own in rows if default.is_active or own is not None]
    return sorted(lines, key=lambda line: (line.position, line.criterion.key))


def has_answers(session: Session, edition_id: UUID) -> bool:
    """Whether somebody has answered a criterion in this edition: then its lists stay as they are."""
    found = select(CardAnswer.criterion).join(
        Assessment, Assessment.proposal_id == CardAnswer.proposal_id
    )
    return session.scalar(found.where(Assessment.edition_id == edition_id).limit(1)) is not None


def _line(default: Criterion, own: EditionCriterion | None) -> ChecklistLine:
    said = own or default
    words = CriterionWords(default.key, Stage(default.stage), said.correctable, said.words)
    is_asked = own.is_asked if own is not None else default.is_active
    return ChecklistLine(words, said.position, is_asked, own is not None)
