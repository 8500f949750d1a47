"""The root of all events: frozen facts in the past tense, ids and codes only, never names or choices."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened at a moment, by an account (None: the platform itself)."""

    at: datetime
    by: UUID | None

    def subjects(self) -> dict[str, str]:
        """The event's own ids and codes as text, for the audit trail."""
        own = (f.name for f in fields(self) if f.name not in {"at", "by"})
        return {name: str(value) for name in own if (value := getattr(self, name)) is not None}
