"""What happened to the city's own lists."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PointChanged(Event):
    """An assistance point was added, changed, opened or closed."""

    point_id: UUID
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class StreetsImported(Event):
    """A street list was taken over from a file: how many streets are new, changed and removed."""

    added: int
    changed: int
    removed: int
