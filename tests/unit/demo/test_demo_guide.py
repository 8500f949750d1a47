"""The public guide says the same in four languages, first of all that no PESEL is needed."""

from __future__ import annotations

import re

import pytest

from civic_budget.demo import content
from civic_budget.demo.content.records import LANGUAGES

NO_PESEL = {
    "pl": "Nie potrzebujesz numeru PESEL, wystarczy, że mieszkasz w mieście.",
    "en": "You do not need a PESEL number, only to be a resident of the city.",
    "uk": "Вам не потрібен номер PESEL, достатньо бути мешканцем або мешканкою міста.",
    "ru": "Вам не нужен номер PESEL, достаточно быть жителем или жительницей города.",
}


def shape(text: str) -> list[str]:
    """Each line's kind: heading level, list item, paragraph or empty."""
    kinds = []
    for line in text.splitlines():
        mark = re.match(r"(#+|-|\d+\.)\s", line)
        kinds.append(mark[1] if mark else "text" if line else "")
    return kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_opens_with_one_heading_and_says_no_pesel_is_needed(language: str) -> None:
    guide = content.guide(language)
    assert guide.startswith("# ")
    assert shape(guide).count("#") == 1
    assert NO_PESEL[language] in guide


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_translations_have_the_same_sections_lists_and_figures(language: str) -> None:
    english, other = content.guide("en"), content.guide(language)
    assert shape(other) == shape(english)
    assert re.findall(r"\d+", other) == re.findall(r"\d+", english)
    assert other.count("**") == english.count("**")


def test_the_guide_is_written_in_the_letters_of_its_language() -> None:
    assert not re.search("[а-яіїєґ]", content.guide("pl") + content.guide("en"), re.IGNORECASE)
    assert not re.search("[ыэъё]", content.guide("uk"), re.IGNORECASE)
    assert not re.search("[іїєґ]", content.guide("ru"), re.IGNORECASE)


def test_an_unknown_language_has_no_guide() -> None:
    with pytest.raises(KeyError):
        content.guide("de")
