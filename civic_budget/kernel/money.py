"""Money is an integer count of grosze; this says it for people and reads what they type."""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"


def say_money(grosze: int) -> str:
    """An amount as all four languages write it: 1 716 138,17 zł; whole złoty without a fraction."""
    sign = "\u2212" if grosze < 0 else ""
    zlote, rest = divmod(abs(grosze), 100)
    whole = f"{zlote:,}".replace(",", NO_BREAK)
    return f"{sign}{whole}{f',{rest:02d}' if rest else ''}{NO_BREAK}zł"


def read_money(text: str) -> int:
    """Grosze from what a person types ("12 500", "12500,50 zł"); raises ValueError otherwise."""
    bare = re.sub(r"[\s\u00a0]|zł|PLN", "", text, flags=re.IGNORECASE)
    match = re.fullmatch(r"(\d{1,12})(?:[.,](\d{1,2}))?", bare)
    if match is None:
        raise ValueError(text)
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
