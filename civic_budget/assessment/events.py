"""What happened in the assessment; what became of the proposal itself is told by the proposals' events."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class AssessmentEvent(Event):
    """Something that happened in the assessment of one proposal."""

    proposal_id: UUID


@dataclass(frozen=True, kw_only=True)
class AssessmentAssigned(AssessmentEvent):
    """A proposal was given to a department and an assessor."""

    department: str | None
    assessor: UUID | None


@dataclass(frozen=True, kw_only=True)
class CardSaved(AssessmentEvent):
    """Answers were written on a card; `verdict` is what they come to."""

    stage: str
    verdict: str


@dataclass(frozen=True, kw_only=True)
class NoteAdded(AssessmentEvent):
    """An internal note was added."""


@dataclass(frozen=True, kw_only=True)
class InterestDeclared(AssessmentEvent):
    """An assessor stepped aside because of an interest of their own."""


@dataclass(frozen=True, kw_only=True)
class HandedBack(AssessmentEvent):
    """An assessor gave the proposal back to the coordinators."""


@dataclass(frozen=True, kw_only=True)
class AssessmentFallsDue(AssessmentEvent):
    """The day by which a proposal is to be assessed is near; said once."""


@dataclass(frozen=True, kw_only=True)
class OpinionEvent(AssessmentEvent):
    """Something about a unit's opinion."""

    opinion_id: UUID


@dataclass(frozen=True, kw_only=True)
class OpinionAsked(OpinionEvent):
    """A unit was asked for its opinion."""


@dataclass(frozen=True, kw_only=True)
class OpinionFallsDue(OpinionEvent):
    """The day by which a unit is to answer is near; said once."""


@dataclass(frozen=True, kw_only=True)
class OpinionAnswered(OpinionEvent):
    """A unit answered."""


@dataclass(frozen=True, kw_only=True)
class HearingSet(AssessmentEvent):
    """The day on which the author is heard was set, or moved."""


@dataclass(frozen=True, kw_only=True)
class OpinionRecorded(AssessmentEvent):
    """The council's opinion on an appeal was recorded."""


@dataclass(frozen=True, kw_only=True)
class MayorActEntered(Event):
    """An act of the mayor was entered; its decisions are told by the proposals' own events."""

    act_id: UUID
    edition_id: UUID
    count: int


@dataclass(frozen=True, kw_only=True)
class MayorActScanned(Event):
    """A scan of a signed act became public, in place of the one before; hashes are SHA-256."""

    act_id: UUID
    scan_id: UUID
    number: int
    hash: str
    upload_hash: str


@dataclass(frozen=True, kw_only=True)
class BulletinReleased(Event):
    """A package for the public bulletin became public."""

    package_id: UUID


@dataclass(frozen=True, kw_only=True)
class UnitChanged(Event):
    """Who works in a unit of the office was said anew."""

    department: str


@dataclass(frozen=True, kw_only=True)
class ChecklistChanged(Event):
    """An edition's own checklist was changed."""

    edition_id: UUID


@dataclass(frozen=True, kw_only=True)
class CriteriaLoaded(Event):
    """The checklists were replaced."""

    count: int
