"""Reading a house number and deciding which stretch of a street it lies on. Plain Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

HOUSE = re.compile(r"\s*(\d{1,4})\s*([A-Za-z]{0,2})\s*(?:[/\\-]\s*\d+\s*[A-Za-z]?)?\s*")


class Parity(StrEnum):
    """Which side of a street a stretch covers."""

    BOTH = "both"
    ODD = "odd"
    EVEN = "even"


@dataclass(frozen=True)
class Stretch:
    """House numbers of a street that lie in one district; `last` None means to the street's end."""

    district: int
    first: int = 1
    last: int | None = None
    parity: Parity = Parity.BOTH

    def covers(self, number: int) -> bool:
        """Whether a house number lies on this stretch."""
        if number < self.first or (self.last is not None and number > self.last):
            return False
        return self.parity is Parity.BOTH or (number % 2 == 1) == (self.parity is Parity.ODD)


def house_number(text: str) -> int | None:
    """The number in what a person typed for a house ("12", "12a", "12/3"); None when there is none."""
    match = HOUSE.fullmatch(text)
    return int(match[1]) if match else None


def fold_street(name: str) -> str:
    """A street's name as people search for it: no case, no Polish marks, no "ul."."""
    name = re.sub(r"^(ul\.?|al\.?|aleja|os\.?|osiedle|pl\.?|plac)\s+", "", name.strip().lower())
    plain = name.translate(str.maketrans("ąćęłńóśźż", "acelnoszz"))
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()
