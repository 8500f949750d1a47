"""Amounts as `.pb` files write them (złoty, sometimes with grosze) and as the house counts them.

It must not use floats.
"""

import re

_AMOUNT = re.compile(r"(-?)(\d+)(?:[.,](\d*))?")


def parse_money(text: str) -> int:
    """Read an amount of whole units with an optional decimal part, as hundredths (grosze).

    Raises ValueError when the text is not an amount or has a part smaller than one hundredth.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    sign, whole, part = match.groups()
    part = (part or "").rstrip("0")
    if len(part) > 2:
        raise ValueError(text)
    amount = int(whole) * 100 + int(part.ljust(2, "0"))
    return -amount if sign else amount


def format_money(grosze: int) -> str:
    """Write an amount the way `.pb` files do: no decimals unless there are grosze."""
    sign = "-" if grosze < 0 else ""
    whole, part = divmod(abs(grosze), 100)
    return f"{sign}{whole}.{part:02d}" if part else f"{sign}{whole}"
