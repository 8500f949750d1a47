"""The order of names in a reader's alphabet. Plain Python: Babel knows no collation, and ICU would be a
system library more for three alphabets.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_POLISH = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
# A reader's own letters come first, then the other script in the order of one who reads it.
_ORDERS = {
    "pl": _POLISH + _UKRAINIAN,
    "uk": _UKRAINIAN + _POLISH,
    "ru": _RUSSIAN + _POLISH,
}
_BARE = {"ł": "l", "ø": "o", "đ": "d", "ß": "s", "æ": "a", "œ": "o"}
_UNKNOWN = 1000


def alphabetic(name: str, language: str) -> tuple[tuple[int, ...], str]:
    """A key by which names stand in the reader's alphabet; spaces and marks come before letters."""
    places = _places(language)
    return tuple(_place(letter, places) for letter in name.lower()), name


@lru_cache
def _places(language: str) -> dict[str, int]:
    order = _ORDERS.get(language, _LATIN + _UKRAINIAN)
    return {letter: place for place, letter in enumerate(order)}


def _place(letter: str, places: dict[str, int]) -> int:
    """A foreign letter stands where its bare form does, one that has none behind the alphabet."""
    bare = _BARE.get(letter, unicodedata.normalize("NFD", letter)[0])
    for known in (letter, bare):
        if known in places:
            return places[known]
    return _UNKNOWN + ord(letter) if letter.isalpha() else -1
