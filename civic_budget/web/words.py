"""How numbers, days and moments are said in the reader's language, in the city's time zone."""

from __future__ import annotations

from datetime import date, datetime

from babel import dates, numbers
from flask_babel import gettext, lazy_gettext

from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.web.locale import locale_code

MIDNIGHTS = (
    lazy_gettext("midnight between Sunday and Monday"),
    lazy_gettext("midnight between Monday and Tuesday"),
    lazy_gettext("midnight between Tuesday and Wednesday"),
    lazy_gettext("midnight between Wednesday and Thursday"),
    lazy_gettext("midnight between Thursday and Friday"),
    lazy_gettext("midnight between Friday and Saturday"),
    lazy_gettext("midnight between Saturday and Sunday"),
)
"""By the day that begins, Monday first."""


def say_day(day: date | None) -> str:
    """A calendar day: 12 września 2026."""
    return "" if day is None else dates.format_date(day, "long", locale=_locale())


def say_moment(at: datetime | None) -> str:
    """A moment on the city's clock: 12 września 2026, 14:05."""
    if at is None:
        return ""
    local = at.astimezone(CITY_ZONE)
    return f"{dates.format_date(local, 'long', locale=_locale())}, {local:%H:%M}"


def say_deadline(at: datetime | None) -> str:
    """A deadline with weekday and hour: piątek, 3 października 2025, 23:59.

    Midnight is told between which days it lies: "Wednesday, 00:00" is easily read as all of Wednesday.
    """
    if at is None:
        return ""
    local = at.astimezone(CITY_ZONE)
    said = f"{dates.format_date(local, 'full', locale=_locale())}, {local:%H:%M}"
    return f"{said} ({MIDNIGHTS[local.weekday()]})" if said.endswith("00:00") else said


def say_number(number: int | float) -> str:
    """A number with the language's separators."""
    return str(numbers.format_decimal(number, locale=_locale()))


def say_percent(share: float, digits: int = 1) -> str:
    """A share (0..1) as a percentage."""
    pattern = "#,##0." + "#" * digits + "%" if digits else "#,##0%"
    return str(numbers.format_percent(share, format=pattern, locale=_locale()))


def say_yes_no(value: bool) -> str:
    """Yes or no."""
    return str(gettext("Yes")) if value else str(gettext("No"))


def _locale() -> str:
    # The pseudo-language of the tests has no calendar of its own.
    code = locale_code()
    return "en_GB" if code in {"en", "eo"} else code
