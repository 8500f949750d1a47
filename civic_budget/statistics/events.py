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
