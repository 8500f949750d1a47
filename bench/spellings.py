"""How offices and people write East Slavic names in Latin letters, for synthetic cities.

Written from the published rules, apart from the matcher's fold: KMU-55 (Ukraine 2010), ICAO 9303
(Russia 2014), GOST R 52535.1-2006, the French style of Soviet passports, BGN/PCGN, Polish (PWN)
transcription, ISO 9. It must not import the matcher.
"""

from collections.abc import Callable

Table = dict[str, str]

_PLAIN = "а a б b в v д d е e з z к k л l м m н n о o п p р r с s т t у u ф f э e ы y"
_COMMON: Table = dict(zip(_PLAIN.split()[::2], _PLAIN.split()[1::2], strict=True)) | dict.fromkeys(
    "ьъ'", ""
)
_HISSING: Table = {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}

KMU_55: Table = _COMMON | _HISSING | {
    "г": "h", "ґ": "g", "и": "y", "і": "i", "ї": "i", "й": "i", "є": "ie", "ю": "iu", "я": "ia",
}  # fmt: skip
KMU_55_INITIAL: Table = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
RU_ICAO: Table = _COMMON | _HISSING | {
    "г": "g", "и": "i", "й": "i", "ё": "e", "ю": "iu", "я": "ia", "ъ": "ie", "ў": "u", "і": "i",
}  # fmt: skip
GOST_2006: Table = RU_ICAO | {"ц": "tc", "ю": "iu", "я": "ia", "й": "i", "ъ": ""}
BGN: Table = RU_ICAO | {"й": "y", "ю": "yu", "я": "ya", "ё": "yo", "ъ": ""}
FRENCH: Table = RU_ICAO | {
    "у": "ou", "ч": "tch", "ш": "ch", "щ": "chtch", "ж": "j", "ю": "iou", "ъ": "", "с": "s",
}  # fmt: skip
ISO_9: Table = _COMMON | {
    "г": "g", "ґ": "g", "и": "i", "і": "i", "ї": "i", "й": "j", "ё": "e", "є": "e", "ж": "ž",
    "х": "h", "ц": "c", "ч": "č", "ш": "š", "щ": "šč", "ю": "ju", "я": "ja", "ў": "ŭ",
}  # fmt: skip
POLISH_UK: Table = _COMMON | {
    "в": "w", "г": "h", "ґ": "g", "е": "e", "и": "y", "і": "i", "ї": "ji", "й": "j", "ж": "ż",
    "х": "ch", "ц": "c", "ч": "cz", "ш": "sz", "щ": "szcz", "л": "ł", "є": "ie", "ю": "iu",
    "я": "ia",
}  # fmt: skip
POLISH_RU: Table = POLISH_UK | {"г": "g", "е": "ie", "ё": "io", "и": "i", "э": "e", "ў": "u"}
POLISH_INITIAL: Table = {"є": "je", "ї": "ji", "ю": "ju", "я": "ja"}
BELARUS: Table = _COMMON | _HISSING | {
    "г": "h", "і": "i", "й": "i", "ў": "u", "ё": "io", "ю": "iu", "я": "ia", "е": "e",
}  # fmt: skip
BELARUS_INITIAL: Table = {"е": "ye", "ё": "yo", "ю": "yu", "я": "ya"}
_VOWELS = set("аеєиіїоуюяыэё")


def _spell(word: str, table: Table, initial: Table) -> str:
    out: list[str] = []
    for i, letter in enumerate(word):
        if letter in "- ":
            out.append(letter)
            continue
        at_start = i == 0 or word[i - 1] in "- "
        latin = initial.get(letter) if at_start else None
        out.append(table.get(letter, letter) if latin is None else latin)
    return "".join(out)


def kmu_55(word: str) -> str:
    """Ukrainian passports: Зг is Zgh, я is Ya at the start and ia elsewhere."""
    return _spell(word.replace("зг", "зgh").replace("ьо", "io"), KMU_55, KMU_55_INITIAL)


def ru_icao(word: str) -> str:
    """Russian passports of today."""
    return _spell(word, RU_ICAO, {})


def gost_2006(word: str) -> str:
    """Russian passports of 2010 to 2014."""
    return _spell(word, GOST_2006, {})


def bgn(word: str) -> str:
    """English habit: Yulia, Dmitry, Yevgeny."""
    text = _spell(word, BGN, {"е": "ye"})
    return text[:-2] + "y" if text.endswith("iy") else text


def french(word: str) -> str:
    """Soviet passports: Tchernychov, Pouchkine."""
    text = _spell(word, FRENCH, {})
    return text + "e" if text.endswith("in") else text


def iso_9(word: str) -> str:
    """Libraries and consulates: Ščerbakov; the hooks are often lost on the way."""
    return _spell(word, ISO_9, {})


def _polish_finish(text: str) -> str:
    # L is soft before i, e and the soft sign, hard (barred) elsewhere; adjectives take Polish ends.
    for soft in "ie":
        text = text.replace("ł" + soft, "l" + soft)
    for ending, polish in (
        ("skyj", "ski"), ("śkyj", "ski"), ("ckyj", "cki"), ("skij", "ski"), ("ckij", "cki"),
        ("skaia", "ska"), ("ckaia", "cka"),
    ):  # fmt: skip
        text = text.removesuffix(ending) + polish if text.endswith(ending) else text
    return text


def polish_uk(word: str) -> str:
    """A Polish clerk who hears Ukrainian."""
    text = word.replace("ль", "l").replace("нь", "ń").replace("ськ", "sk").replace("ць", "c")
    text = _after_vowels(text, {"я": "ja", "ю": "ju", "є": "je"})
    return _polish_finish(_spell(text, POLISH_UK, POLISH_INITIAL))


def polish_ru(word: str) -> str:
    """A Polish clerk who hears Russian."""
    text = word.replace("ль", "l").replace("нь", "ń")
    text = _after_vowels(text, {"я": "ja", "ю": "ju", "е": "je"})
    return _polish_finish(_spell(text, POLISH_RU, POLISH_INITIAL | {"е": "je", "ё": "jo"}))


def _after_vowels(word: str, iotated: Table) -> str:
    out: list[str] = []
    for i, letter in enumerate(word):
        follows_vowel = i > 0 and word[i - 1] in _VOWELS
        out.append(iotated.get(letter, letter) if follows_vowel else letter)
    return "".join(out)


def belarus(word: str) -> str:
    """Belarusian passports, from the Belarusian form."""
    return _spell(word, BELARUS, BELARUS_INITIAL)


def as_cyrillic(word: str) -> str:
    """Left in the original script."""
    return word


Speller = Callable[[str], str]

UKRAINIAN: tuple[tuple[Speller, int], ...] = ((kmu_55, 78), (polish_uk, 14), (as_cyrillic, 3))
RUSSIAN: tuple[tuple[Speller, int], ...] = ((ru_icao, 55), (bgn, 22), (polish_ru, 10))
BELARUSIAN: tuple[tuple[Speller, int], ...] = ((belarus, 90), (as_cyrillic, 2))
HELD_OUT: tuple[tuple[Speller, int], ...] = ((gost_2006, 8), (french, 3), (iso_9, 4))
"""Russian-based habits that only hold-out cities know."""


def russian_surname(ukrainian: str) -> str:
    """A Ukrainian family name as Russian papers wrote it: Хмельницький is Хмельницкий."""
    text = ukrainian
    for a, b in (("цьк", "цк"), ("ськ", "ск"), ("ий", "ий")):
        text = text.replace(a, b)
    feminine = text.endswith(("ска", "цка"))
    text = text + "я" if feminine else text
    return text.translate(str.maketrans("ієїґ", "иеиг")).replace("'", "ъ")


def belarusian_surname(russian: str) -> str:
    """A Russian family name as Belarusian papers write it: Ковалёв is Кавалёў."""
    text = russian
    for a, b in (
        ("ский", "скі"), ("ская", "ская"), ("цкий", "цкі"), ("ов", "оў"), ("ев", "еў"),
        ("ёв", "ёў"), ("енко", "энка"), ("щ", "шч"), ("и", "і"), ("че", "чэ"), ("ще", "шчэ"),
        ("ре", "рэ"),
    ):  # fmt: skip
        text = text.replace(a, b)
    text = text.replace("оўа", "ова").replace("еўа", "ева").replace("ёўа", "ёва")
    return (
        text.replace("о", "а", 1) if text.startswith(("ко", "го", "бо", "мо", "но", "со")) else text
    )
