"""What happened to editions."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class EditionCreated(Event):
    """An edition was prepared, perhaps as a copy of another."""

    edition_id: UUID
    copy_of: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class EditionPublished(Event):
    """An edition became public."""

    edition_id: UUID


@dataclass(frozen=True, kw_only=True)
class MilestoneMoved(Event):
    """A moment of the calendar was moved, for instance because of an outage."""

    edition_id: UUID
    milestone: str


@dataclass(frozen=True, kw_only=True)
class SideDateMoved(Event):
    """A further day of an edition's calendar was set anew or left open by a correction."""

    edition_id: UUID
    date: str


@dataclass(frozen=True, kw_only=True)
class EditionChanged(Event):
    """A setting of an edition in preparation was set anew."""

    edition_id: UUID
    setting: str


@dataclass(frozen=True, kw_only=True)
class CategoryChanged(Event):
    """A category was added or its words were corrected."""

    category: str


@dataclass(frozen=True, kw_only=True)
class CorrectionProposed(Event):
    """A correction of a published edition waits for the second person."""

    edition_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class CorrectionSigned(Event):
    """The second person signed: the correction holds."""

    edition_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class CorrectionDeclined(Event):
    """A correction was declined or taken back; nothing changed."""

    edition_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class RuleSigned(Event):
    """One person signed the winner rule of an edition."""

    edition_id: UUID
    preset: str
    rule_hash: str


@dataclass(frozen=True, kw_only=True)
class RuleAdopted(Event):
    """Two people signed the same rule: it is the edition's."""

    edition_id: UUID
    preset: str
    rule_hash: str
