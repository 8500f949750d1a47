"""Folding of text for search: Polish marks, Ukrainian and Russian letters and Latin spellings meet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

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


SHORTEST_GUESS = 4
MOST_GUESSES = 12
TRIGRAMS_SHARED = 0.3
# Ways in which people write the same sound with Latin letters; both sides are loosened alike.
SAME_SOUNDS = (
    ("szcz", "s"), ("shch", "s"), ("sch", "s"), ("sz", "s"), ("sh", "s"), ("kh", "h"), ("ch", "h"),
    ("cz", "h"), ("zh", "z"), ("rz", "z"), ("ts", "c"), ("ya", "a"), ("yu", "u"), ("ye", "e"),
    ("ja", "a"), ("ia", "a"), ("ju", "u"), ("iu", "u"), ("je", "e"), ("ie", "e"), ("yo", "o"),
    ("jo", "o"), ("io", "o"), ("g", "h"), ("y", "i"), ("j", "i"), ("x", "ks"), ("q", "k"),
)  # fmt: skip


@dataclass(frozen=True)
class SearchWord:
    """A word that was looked for: any of `parts` in a folded text will do; `is_guess`: read otherwise."""

    typed: str
    parts: tuple[str, ...]
    is_guess: bool = False


def plan_search(query: str, vocabulary: Collection[str]) -> list[SearchWord]:
    """What each word of a query is looked for as, given all folded words that there are.

    A stem that is in some word is taken as it is. Otherwise words that sound alike, then words that are
    a slip or two away, take its place; when there are none the stem finds nothing.
    """
    return [_plan(stem, vocabulary) for stem in search_stems(query)]


def is_found(plan: Iterable[SearchWord], folded: str) -> bool:
    """Whether a folded text answers a planned search: every word, in any of its readings."""
    return all(any(part in folded for part in word.parts) for word in plan)


def _plan(stem: str, vocabulary: Collection[str]) -> SearchWord:
    if len(stem) < SHORTEST_GUESS or any(stem in word for word in vocabulary):
        return SearchWord(stem, (stem,))
    sound = loosen(stem)
    alike = [word for word in vocabulary if loosen(word).startswith(sound)]
    guesses = alike or _near(sound, vocabulary)
    if not guesses:
        return SearchWord(stem, (stem,))
    return SearchWord(stem, tuple(sorted(guesses, key=len)[:MOST_GUESSES]), is_guess=True)


def loosen(word: str) -> str:
    """A folded word without what transliterations differ in: sz and sh, ch and kh, doubled letters."""
    for written, sound in SAME_SOUNDS:
        word = word.replace(written, sound)
    return re.sub(r"(.)\1", r"\1", word)


def _near(sound: str, vocabulary: Collection[str]) -> list[str]:
    """The words whose beginning is the fewest slips away: one, or two in words of seven letters."""
    allowed = 2 if len(sound) >= 7 else 1
    wanted = _trigrams(sound)
    found: dict[int, list[str]] = {}
    for word in vocabulary:
        other = _stem(loosen(word))
        if abs(len(other) - len(sound)) > allowed:
            other = other[: len(sound)]
        shared = len(wanted & _trigrams(other)) / len(wanted)
        if shared < TRIGRAMS_SHARED or abs(len(other) - len(sound)) > allowed:
            continue
        slips = count_slips(sound, other)
        if slips <= allowed:
            found.setdefault(slips, []).append(word)
    return found[min(found)] if found else []


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def count_slips(a: str, b: str) -> int:
    """Letters replaced, added, left out or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                least = min(least, older[j - 2] + 1)
            row.append(least)
    return row[-1]
