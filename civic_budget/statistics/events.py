"""What happened to statistics."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class StatisticsSealed(Event):
    """The tables of an edition were drawn and sealed, once."""

    edition_id: UUID
    head: str


@dataclass(frozen=True, kw_only=True)
class StatisticsRestored(Event):
    """A sealed release came back from the archive; nothing was drawn."""

    edition_id: UUID
    head: str


@dataclass(frozen=True, kw_only=True)
class RequestAnswered(Event):
    """A question outside the catalogue got its reasoned answer."""

    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class RegisterImported(Event):
    """A public table of residents by citizenship was taken in."""

    source: str


@dataclass(frozen=True, kw_only=True)
class CampaignMade(Event):
    """A leaflet or a point got a code of its own."""

    campaign_id: UUID


@dataclass(frozen=True, kw_only=True)
class CampaignEnded(Event):
    """A code is no longer counted."""

    campaign_id: UUID


@dataclass(frozen=True, kw_only=True)
class TargetNoted(Event):
    """A target or a note was set beside a figure."""

    target_id: UUID
