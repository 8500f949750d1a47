"""What happened between guardians and children, and to contested districts: ids and codes only."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.events import Event
from civic_budget.residency.events import CaseEvent


@dataclass(frozen=True, kw_only=True)
class GuardianEvent(Event):
    """Something that happened between a guardian and a child."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class GuardianClaimed(GuardianEvent):
    """Somebody began to register a child as their ward."""


@dataclass(frozen=True, kw_only=True)
class GuardianAccepted(GuardianEvent):
    """An officer saw the paper; `acts` False: told beside the guardian who acts."""

    guardian: UUID
    acts: bool


@dataclass(frozen=True, kw_only=True)
class GuardianRefused(GuardianEvent):
    """The papers do not show the guardianship."""

    guardian: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class GuardianDisputed(GuardianEvent):
    """Another guardian disagrees; nobody acts online until a desk settles it."""

    guardian: UUID


@dataclass(frozen=True, kw_only=True)
class GuardianSettled(GuardianEvent):
    """A desk settled which guardian acts."""

    guardian: UUID


@dataclass(frozen=True, kw_only=True)
class GuardianEnded(GuardianEvent):
    """A tie ended: by age, given up, taken back, with the guardian's account, or undecided."""

    guardian: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordHandedOver(GuardianEvent):
    """A young person got the card of an account of their own."""


@dataclass(frozen=True, kw_only=True)
class DistrictContested(CaseEvent):
    """A person says that their home lies in another district than the list says."""

    listed: int
    wanted: int


@dataclass(frozen=True, kw_only=True)
class DistrictSettled(CaseEvent):
    """A contest of a district came to its end: upheld, dismissed or withdrawn."""

    person_id: UUID
    outcome: str
    district: int
