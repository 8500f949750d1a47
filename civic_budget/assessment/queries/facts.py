"""What the pages see of an assessment. Money in grosze."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from civic_budget.assessment.rules import AppealState, Stage, Verdict


@dataclass(frozen=True)
class AssessmentFacts:
    """The office's side of a proposal; `version` 0 when nobody has begun."""

    proposal_id: UUID
    version: int = 0
    department: str | None = None
    assessor: UUID | None = None
    formal: Verdict = Verdict.INCOMPLETE
    merit: Verdict = Verdict.INCOMPLETE
    assessed_cost: int | None = None
    due_at: datetime | None = None
    changed_at: datetime | None = None
    changed_by: UUID | None = None

    def verdict(self, stage: Stage) -> Verdict:
        """What a card's answers come to."""
        return self.formal if stage is Stage.FORMAL else self.merit

    @property
    def passes(self) -> bool:
        """Whether both cards pass."""
        return self.formal is Verdict.PASSES and self.merit is Verdict.PASSES

    @property
    def fails(self) -> bool:
        """Whether a card has a criterion that is not met."""
        return Verdict.FAILS in {self.formal, self.merit}

    @property
    def needs_correction(self) -> bool:
        """Whether a card has something that the author can correct."""
        return not self.fails and Verdict.TO_CORRECT in {self.formal, self.merit}


@dataclass(frozen=True)
class NoteFacts:
    """An internal note and who wrote it."""

    text: str
    at: datetime
    by: str


@dataclass(frozen=True)
class OpinionFacts:
    """What a unit was asked and what it answered; `is_for` None while it has not."""

    id: UUID
    proposal_id: UUID
    department: str
    question: str
    asked_at: datetime
    due_at: datetime
    is_for: bool | None
    answer: str
    answered_at: datetime | None
    answered_by: UUID | None


@dataclass(frozen=True)
class HandbackFacts:
    """Who gave a proposal back, and why."""

    reason: str
    at: datetime
    by: str


@dataclass(frozen=True)
class AppealFacts:
    """An author's appeal."""

    proposal_id: UUID
    state: AppealState
    reasons: str
    language: str
    lodged_at: datetime
    hearing_at: datetime | None
    hearing_place: str
    opinion: str
    is_opinion_for: bool | None
    decided_at: datetime | None


@dataclass(frozen=True)
class Colleague:
    """A member of staff to whom a proposal can be given."""

    account_id: UUID
    name: str
