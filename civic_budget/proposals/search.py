"""Folding of text for search: Polish marks, Ukrainian and Russian letters and Latin spellings meet."""

from __future__ import annotations

import re
import unicodedata

POLISH = str.maketrans("ąćęłńóśźż", "acelnoszz")
CYRILLIC = {
    "а": "a", "б": "b", "в": "w", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "je", "ж": "z",
    "з": "z", "и": "i", "і": "i", "ї": "i", "й": "j", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "c",
    "ч": "cz", "ш": "sz", "щ": "szcz", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "ju",
    "я": "ja", "ё": "e", "’": "", "'": "",
}  # fmt: skip


def fold(text: str) -> str:
    """Lower case, without marks, Cyrillic as a Pole would write it, v as w: only letters and digits."""
    lowered = unicodedata.normalize("NFC", text.casefold()).translate(POLISH)
    latin = "".join(CYRILLIC.get(letter, letter) for letter in lowered)
    stripped = "".join(
        letter
        for letter in unicodedata.normalize("NFD", latin)
        if not unicodedata.combining(letter)
    )
    return re.sub(r"[^a-z0-9]+", " ", stripped.replace("v", "w")).strip()


SHORTEST_STEM = 4
# Folded endings of cases that are longer than a vowel, the longest first.
ENDINGS = ("owego", "iego", "iemu", "ami", "ach", "owi", "ego", "emu", "ymi", "imi", "oho",
           "omu", "iam", "iah", "ow", "om", "em", "ej", "ie", "ii", "am", "ah", "ym", "im", "oj")  # fmt: skip
VOWELS = "aeiouy"


def search_stems(text: str) -> list[str]:
    """The folded words of a query without their endings, so that inflected forms find each other.

    Polish, Ukrainian and Russian inflect at the end ("ławkami" finds "ławka"); at least four letters
    of a word remain.
    """
    return [_stem(word) for word in fold(text).split()]


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    if len(word) > SHORTEST_STEM and word[-1] in VOWELS:
        return word[:-1]
    return word
