"""What happened to editions."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class EditionCreated(Event):
    """An edition was prepared."""

    edition_id: UUID


@dataclass(frozen=True, kw_only=True)
class EditionPublished(Event):
    """An edition became public."""

    edition_id: UUID


@dataclass(frozen=True, kw_only=True)
class MilestoneMoved(Event):
    """A moment of the calendar was moved, for instance because of an outage."""

    edition_id: UUID
    milestone: str
