"""Versions of information clauses: the new one is in force from its day, a former one is never changed."""

from __future__ import annotations

import hashlib
from datetime import date

from civic_budget.residency.clauses import current_clause, find_clause, list_clauses

LANGUAGES = ("pl", "en", "uk", "ru")
KEPT = {
    ("registration", 2): "aa0af8fe50db3ae1",
    ("registration", 1): "957c69f854f44822",
    ("evidence", 1): "e2ba2b157aee1166",
    ("guardianship", 1): "8369825c26a11f66",
    ("citizenship", 1): "37d9130e393187bd",
    ("proposal", 1): "9cb2ff896be8e289",
    ("voting", 1): "5169fa99fce0d00f",
    ("statistics", 1): "22a42e8431ba7403",
}
"""What people were shown, as the beginning of a SHA-256; an entry is added, none is ever changed."""


def test_a_version_that_was_shown_is_never_changed() -> None:
    found = {
        (one.purpose, one.version): hashlib.sha256(
            "|".join(one.texts[language] for language in LANGUAGES).encode()
        ).hexdigest()[:16]
        for one in list_clauses()
    }
    assert found == KEPT


def test_the_version_in_force_follows_the_day_and_former_ones_stay() -> None:
    assert current_clause("registration", date(2026, 11, 28)).version == 1
    assert current_clause("registration", date(2026, 11, 29)).version == 2
    assert current_clause("evidence", date(2026, 11, 29)).version == 1
    first, second = (find_clause("registration", number) for number in (1, 2))
    assert first is not None and second is not None
    assert [one.version for one in list_clauses() if one.purpose == "registration"] == [2, 1]
    named = {
        "pl": "konto miejskie",
        "en": "your account at the city",
        "uk": "міського облікового запису",
        "ru": "городской учётной записи",
    }
    for language, words in named.items():
        assert words in second.said_in(language)
        assert words not in first.said_in(language)
