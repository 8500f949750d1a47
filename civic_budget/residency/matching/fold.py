"""The fold: one alphabet for Polish, Ukrainian, Russian, Belarusian and English spellings.

Кравченко, Kravchenko, Krawczenko and Kravtchenko become one string. Pure text work: it knows
nothing of people, keys or scores. docs/matching.md prints these tables.
"""

import re
import unicodedata
from functools import lru_cache

CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "e", "ё": "e",
    "ж": "ž", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "ј": "i", "ы": "i", "э": "e",
    "к": "k", "л": "l", "љ": "l", "м": "m", "н": "n", "њ": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "ћ": "č", "ђ": "d", "у": "u", "ў": "v", "ф": "f", "х": "h", "ц": "c",
    "ч": "č", "џ": "č", "ш": "š", "щ": "š", "ю": "iu", "я": "ia", "ѣ": "e", "ь": "", "ъ": "",
}  # fmt: skip
"""Cyrillic letters; the Ukrainian and Russian readings of и, г and е meet in one Latin letter."""

LATIN_LETTERS = {
    "ł": "l", "ą": "a", "ę": "e", "ó": "u", "ż": "ž", "ź": "z", "ś": "s", "ć": "c", "ń": "n",
    "š": "š", "č": "č", "ž": "ž", "ř": "ž", "ş": "š", "ș": "š", "ç": "č", "ț": "c", "ţ": "c",
    "ŭ": "v", "ı": "i", "ß": "s", "ø": "o", "æ": "e", "œ": "e", "đ": "d", "ð": "d", "þ": "t",
    "ə": "e", "ŋ": "n",
}  # fmt: skip
"""Latin letters that mean more than their stripped form; every other mark is simply removed."""

LATIN_GROUPS = (
    ("schtsch", "š"), ("chtch", "š"), ("shch", "š"), ("szcz", "š"), ("stsch", "š"),
    ("tsch", "č"), ("tch", "č"), ("sch", "š"), ("sh", "š"), ("sz", "š"), ("cz", "č"),
    ("zgh", "zH"), ("zh", "ž"), ("kh", "h"), ("gh", "h"), ("ph", "f"), ("th", "t"),
    ("ts", "c"), ("tz", "c"), ("ct", "kt"), ("qu", "kv"), ("q", "k"), ("x", "ks"),
    ("w", "v"), ("y", "i"), ("j", "i"), ("g", "h"),
)  # fmt: skip
"""Groups of Latin letters in the order in which they are replaced."""

_CH_IS_H = re.compile(r"[wjłżśńąęćó]|sz|cz|rz")
_INITIAL_CH = re.compile(r"\bch(?=[rlmnwv])")
_INITIAL_C = re.compile(r"\bc(?=[aoulr])")
# Belarusian passports write ў as u: Ivanou, Kazlouski, Shauchenka; the French -ou- stays a vowel.
_SHORT_U = re.compile(r"(?<=[a-zščž]{2}[aoe])u(?=\b|sk)|(?<=[aoe])u(?=č)")
_MEETINGS = (
    ("šč", "š"),
    ("sč", "š"),
    ("tč", "č"),
    ("tc", "c"),
    ("ts", "c"),
    ("rz", "ž"),
    ("dž", "i"),
)
_RUNS = re.compile(r"(.)\1+")
_APOSTROPHES = re.compile("['\u2019\u02bc\u02b9\u2032`\u00b4\u0301]")


def spells_ch_as_h(*texts: str) -> bool:
    """Whether names come from a Polish or German hand, where *ch* is х, not the English ч.

    Give all names of one human together: *Chomenko* alone does not tell, *Paweł Chomenko* does.
    """
    return any(_CH_IS_H.search(text.lower()) for text in texts)


@lru_cache(maxsize=200_000)
def fold(text: str, *, ch_is_h: bool | None = None) -> str:
    """A name in the matcher's alphabet: a-z with š č ž, words parted by single blanks.

    Letters of scripts outside the tables stay as they are, so such names still equal themselves.
    """
    lowered = unicodedata.normalize("NFC", text.lower())
    if ch_is_h is None:
        ch_is_h = spells_ch_as_h(lowered)
    folded = _latin_groups(_one_alphabet(lowered), ch_is_h=ch_is_h)
    for meeting, result in _MEETINGS:
        folded = folded.replace(meeting, result)
    return _RUNS.sub(r"\1", " ".join(folded.split()))


def _one_alphabet(lowered: str) -> str:
    letters: list[str] = []
    for letter in _APOSTROPHES.sub("", lowered):
        if letter in CYRILLIC:
            # A capital marks a letter that is settled: Latin groups must not see it.
            letters.append(CYRILLIC[letter].upper())
        elif letter in LATIN_LETTERS:
            letters.append(LATIN_LETTERS[letter].upper())
        elif letter.isascii():
            letters.append(letter if letter.isalpha() else " ")
        else:
            letters.append(_stripped(letter))
    return "".join(letters)


def _stripped(letter: str) -> str:
    """A letter without its marks; a blank for what is no letter."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c)
    )
    return plain.lower() if plain.isalpha() else "" if unicodedata.combining(letter) else " "


def _latin_groups(mixed: str, *, ch_is_h: bool) -> str:
    text = _INITIAL_CH.sub("h", mixed)
    if not ch_is_h:
        text = _INITIAL_C.sub("k", text)
    for group, result in LATIN_GROUPS:
        text = text.replace(group, result)
    text = text.replace("ch", "h" if ch_is_h else "č")
    return _SHORT_U.sub("v", text.lower())
