"""The four catalogues: current, complete, with the same gaps and tags, nothing left in English."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from civic_budget.config import LANGUAGES
from civic_budget.paths import ROOT, TRANSLATIONS

GAPS = re.compile(r"%\(\w+\)[sd]")
TAGS = re.compile(r"</?[a-z]+[^>]*>")
PLURAL_FORMS = {"en": 2, "pl": 3, "uk": 3, "ru": 3}


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"))


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    target: Path = tmp_path_factory.mktemp("pot") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.toml"]
    command += ["-k", "lazy_gettext", "-o", str(target), "civic_budget", "templates"]
    subprocess.run(command, cwd=ROOT, check=True)
    return {entry.msgid for entry in polib.pofile(str(target))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_exactly_what_code_and_templates_say(
    language: str, extracted: set[str]
) -> None:
    held = {entry.msgid for entry in catalogue(language) if not entry.obsolete}
    assert sorted(extracted - held) == []
    assert sorted(held - extracted) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_fuzzy_or_short_of_a_plural(language: str) -> None:
    for entry in catalogue(language):
        assert "fuzzy" not in entry.flags, entry.msgid
        assert all(text.strip() for text in texts(entry)), entry.msgid
        if entry.msgid_plural:
            assert len(entry.msgstr_plural) == PLURAL_FORMS[language], entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_gaps_and_tags_are_those_of_the_original(language: str) -> None:
    for entry in catalogue(language):
        originals = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
        gaps = [set(GAPS.findall(original)) for original in originals]
        tags = [sorted(TAGS.findall(original)) for original in originals]
        for text in texts(entry):
            assert set(GAPS.findall(text)) in gaps, f"{language}: {entry.msgid!r} → {text!r}"
            assert sorted(TAGS.findall(text)) in tags, f"{language}: {entry.msgid!r} → {text!r}"


@pytest.mark.parametrize("language", ["pl", "uk", "ru"])
def test_no_sentence_is_left_in_english(language: str) -> None:
    left = [
        entry.msgid
        for entry in catalogue(language)
        if entry.msgstr == entry.msgid
        and re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", entry.msgid)
    ]
    assert left == []


@pytest.mark.parametrize(
    ("language", "you"), [("uk", "Ви|Вас|Вам|Вами|Ваш"), ("ru", "Вы|Вас|Вам|Вами|Ваш")]
)
def test_you_is_written_in_the_lower_case(language: str, you: str) -> None:
    inside = re.compile(rf"[^.!?:»\n] (?:{you})")
    wrong = [text for entry in catalogue(language) for text in texts(entry) if inside.search(text)]
    assert wrong == []


@pytest.mark.parametrize("language", ["pl", "uk", "ru"])
def test_no_label_before_a_deadline_ends_in_a_preposition(language: str) -> None:
    """A deadline stands in the nominative with its weekday: "до середа" is no sentence."""
    label = re.compile(r'"term": _\("([^"]+)"\), "value": deadline\(')
    asked = {
        found
        for page in (ROOT / "templates").rglob("*.html")
        for found in label.findall(page.read_text("utf-8"))
    }
    said = {entry.msgid: entry.msgstr for entry in catalogue(language)}
    assert len(asked) > 5
    assert [said[one] for one in asked if re.search(r" (do|od|до|від|з|с|от)$", said[one])] == []


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_cyrillic_catalogues_are_in_their_own_alphabet(language: str) -> None:
    foreign = {"uk": "ыэёъЫЭЁЪ", "ru": "іїєґІЇЄҐ"}[language]
    wrong = [
        (entry.msgid, text)
        for entry in catalogue(language)
        for text in texts(entry)
        if any(letter in foreign for letter in text)
    ]
    assert wrong == []
