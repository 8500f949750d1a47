"""The present moment, always aware and in UTC; the city's wall clock is Europe/Warsaw."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Europe/Warsaw")


def utc_now() -> datetime:
    """The moment now, in UTC. Only the edges of the house call this: deeds get `at` as a value."""
    return datetime.now(UTC)


def city_day(at: datetime) -> date:
    """The calendar day in the city at a moment."""
    return at.astimezone(CITY_ZONE).date()


def age_on(born_on: date, day: date) -> int:
    """Completed years of age on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
