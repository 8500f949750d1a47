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


_TITLE = re.compile(
    r"^(ulica|ul\.?|aleja|aleje|al\.?|osiedle|os\.?|plac|pl\.?"
    r"|вулиця|вул\.?|улица|ул\.?|алея|аллея|осєдле|оседле|ос\.?|площа|площадь|пл\.?)\s+"
)
_PLAIN = str.maketrans("ąćęłńóśźż", "acelnoszz")
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "e", "э": "e",
    "ё": "io", "ж": "z", "з": "z", "и": "i", "і": "i", "ї": "i", "ы": "i", "й": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "h", "ц": "c", "ч": "c", "ш": "s", "щ": "sc", "ь": "", "ъ": "", "ю": "iu",
    "я": "ia", "’": "", "ʼ": "", "'": "",
}  # fmt: skip
_LATIN = {
    "ą": "om", "ć": "c", "ł": "l", "ń": "n", "ó": "u", "ś": "s", "ź": "z", "ż": "z",
    "é": "e", "ö": "o", "ü": "u", "w": "v", "x": "ks", "j": "i", "y": "i", "g": "h",
}  # fmt: skip
_SOUNDS = (("szcz", "sc"), ("sz", "s"), ("cz", "c"), ("rz", "z"), ("ch", "h"), ("dż", "dz"))


def fold_street(name: str) -> str:
    """A street's name as people search for it: no case, no Polish marks, no "ul."."""
    name = _TITLE.sub("", name.strip().lower())
    return re.sub(r"[^a-z0-9]+", " ", name.translate(_PLAIN)).strip()


def sound_of(name: str) -> str:
    """A street's name as it sounds, the same from Polish, Ukrainian and Russian spelling.

    "Grzegórzecka", "Гжегужецька" and "Гжегужецкая" do not differ here. Two streets may sound alike:
    the key finds, a person chooses.
    """
    said = re.sub(r"[^\w\s]+", " ", _TITLE.sub("", name.strip().lower()))
    for letters, sound in _SOUNDS:
        said = said.replace(letters, sound)
    said = re.sub(r"ę(?=[bp])", "em", said).replace("ę", "en")
    said = re.sub(r"ą(?![bp])", "on", said)
    # Russian endings of adjectives: -ская, -цкая stand for -ska, -cka.
    said = re.sub(r"ая\b", "а", said)
    said = "".join(_CYRILLIC.get(c, _LATIN.get(c, c)) for c in said)
    said = re.sub(r"i(?=[aeou])", "", said)
    said = re.sub(r"(.)\1+", r"\1", said)
    return re.sub(r"[^a-z0-9]+", " ", said).strip()
