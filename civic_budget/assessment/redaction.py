"""Personal data in a text that is to be published: found by pattern, decided by a person. Plain Python.

It finds more than there is: the patron of a street looks like any person's name. A missed one would be
worse, so somebody looks at each place and says whether it is covered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from civic_budget.proposals.search import fold
from civic_budget.residency.matching.given_names import MEN, WOMEN

COVER = "█████"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PESEL = re.compile(r"(?<!\d)\d{11}(?!\d)")
_PHONE = re.compile(r"(?<![\d.,/-])(?:(?:\+|00)48[ -]?)?\d{3}[ -]?\d{3}[ -]?\d{3}(?![\d/-])")
_DOCUMENT = re.compile(r"(?<!\w)[A-Z]{2,3} ?\d{6,7}(?!\w)")
_NAME = re.compile(r"(?<!\w)([^\W\d_]+)((?:[ \u00a0][^\W\d_]+(?:-[^\W\d_]+)?){1,2})")
_POLITE = re.compile(
    r"(?<!\w)(?:[Pp]an(?:i|ia|ią|a|u|em)?|[Pp]\.)[ \u00a0]([^\W\d_]+(?:[ -][^\W\d_]+)?)"
)
_INITIAL = re.compile(r"(?<![\w.])[^\W\d_]\.[ \u00a0]?([^\W\d_]{3,}(?:-[^\W\d_]+)?)")
SHORT = 3
LONGEST_ENDING = 3


@dataclass(frozen=True)
class Suspicion:
    """A place in a text that may be personal data: what kind, and where it begins and ends."""

    kind: str
    start: int
    end: int


def find_personal_data(text: str) -> list[Suspicion]:
    """Every place that looks like a person's name, phone, e-mail, PESEL or document, in order, apart."""
    found = [
        *(Suspicion("email", m.start(), m.end()) for m in _EMAIL.finditer(text)),
        *(Suspicion("pesel", m.start(), m.end()) for m in _PESEL.finditer(text)),
        *(Suspicion("document", m.start(), m.end()) for m in _DOCUMENT.finditer(text)),
        *(Suspicion("phone", m.start(), m.end()) for m in _PHONE.finditer(text)),
        *_names(text),
    ]
    apart: list[Suspicion] = []
    for one in sorted(found, key=lambda s: (s.start, -s.end)):
        if not apart or one.start >= apart[-1].end:
            apart.append(one)
    return apart


def cover(text: str, places: Sequence[Suspicion]) -> str:
    """The text with these places covered; their length is not told."""
    for place in sorted(places, key=lambda s: s.start, reverse=True):
        text = text[: place.start] + COVER + text[place.end :]
    return text


def _names(text: str) -> Iterator[Suspicion]:
    for polite in _POLITE.finditer(text):
        words = [word for word in re.split(r"[ -]", polite[1]) if word[:1].isupper()]
        if polite[1][:1].isupper():
            end = polite.end(1) if len(words) > 1 else polite.start(1) + len(words[0])
            yield Suspicion("name", polite.start(1), end)
    for short in _INITIAL.finditer(text):
        if short[0][0].isupper() and short[1].istitle():
            yield Suspicion("name", short.start(), short.end())
    at = 0
    while match := _NAME.search(text, at):
        first, rest = match[1], match[2].split()
        if first[:1].isupper() and rest[0][:1].isupper() and is_given_name(first):
            last = 1 if len(rest) == 1 or not rest[1][:1].isupper() else 2
            end = match.start(2)
            for word in rest[:last]:
                end = text.index(word, end) + len(word)
            yield Suspicion("name", match.start(), end)
            at = end
        else:
            at = match.end(1)


def is_given_name(word: str) -> bool:
    """Whether a word is a known given name, also declined: Anny, Janem, Олени."""
    folded = fold(word)
    return any(
        folded == name or (folded.startswith(stem) and len(folded) <= len(name) + LONGEST_ENDING)
        for stem, name in _stems().get(folded[:SHORT], ())
    )


@lru_cache(maxsize=1)
def _stems() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The first letters of a name → (its stem, the whole name)."""
    stems: dict[str, list[tuple[str, str]]] = {}
    for name in {fold(one) for one in f"{MEN} {WOMEN} {FURTHER}".split()}:
        stem = name[:-1] if name[-1:] in "aeiouyj" and len(name) > SHORT else name
        stems.setdefault(name[:SHORT], []).append((stem, name))
    return {start: tuple(pairs) for start, pairs in stems.items()}


# Common names that have no twin in another language and so stand in no table of equivalents.
FURTHER = """
Adam Adrian Arkadiusz Artur Bartosz Bartłomiej Błażej Bogdan Bogusław Bolesław Borys Cezary Czesław
Damian Dariusz Dawid Dominik Edward Eryk Filip Franciszek Gabriel Hubert Henryk Ireneusz Janusz Jacek
Jędrzej Julian Juliusz Kacper Kajetan Kamil Karol Kazimierz Konrad Krystian Krzysztof Lech Leon Leszek
Ludwik Marcin Marek Mariusz Mieczysław Miłosz Mirosław Norbert Olaf Oskar Patryk Przemysław Radosław
Rafał Robert Roman Ryszard Sebastian Sławomir Sylwester Tadeusz Tomasz Waldemar Wiesław Wit Witold
Wojciech Zbigniew Zdzisław Zenon Zygmunt Taras Bohdan Orest Nazar Ostap Zakhar Ruslan Timur
Agata Agnieszka Aleksandra Alicja Alina Amelia Anastazja Aneta Angelika Anna Antonina Barbara Beata
Bogumiła Bożena Celina Danuta Daria Diana Dominika Dorota Edyta Elżbieta Emilia Ewa Ewelina Gabriela
Grażyna Halina Hanna Helena Honorata Iga Ilona Irena Iwona Izabela Jadwiga Janina Joanna Jolanta
Judyta Julia Justyna Kamila Karolina Katarzyna Kinga Klaudia Kornelia Krystyna Lena Lidia Liliana
Lucyna Łucja Magdalena Maja Małgorzata Maria Marianna Mariola Marlena Marta Martyna Maryla Milena
Monika Nadia Natalia Nina Oliwia Patrycja Paulina Pola Regina Renata Roksana Róża Sabina Sandra
Stefania Stanisława Sylwia Teresa Urszula Wanda Weronika Wiesława Wiktoria Zofia Zuzanna
Oksana Olena Iryna Nataliia Svitlana Liudmyla Halyna Tetiana Yuliia Kateryna Larysa Lesia Solomiia
Наталья Сергей Дарья Айгуль Oliver Zarema Priya Emine Nguyen
Zoriana Bohdana Khrystyna Myroslava Nadiia Tamara Vira Zinaida Inna Alla Alona
"""
