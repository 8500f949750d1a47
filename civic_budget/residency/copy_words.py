"""Small words of the copy of one's own data: moments, days, and parts in a row."""

from __future__ import annotations

from datetime import date, datetime

from civic_budget.web.words import say_day, say_moment

Pair = tuple[str, str]


def moment_of(said: str | None) -> str:
    """A moment of the copy in the reader's language."""
    return say_moment(datetime.fromisoformat(said)) if said else ""


def day_of(said: str | None) -> str:
    """A day of the copy in the reader's language."""
    return say_day(date.fromisoformat(said)) if said else ""


def join(*parts: object) -> str:
    """What there is, with commas."""
    return ", ".join(str(part) for part in parts if str(part))
