"""Information clauses (GDPR art. 13 and 14): numbered versions with their day, kept in four languages.

A version that somebody was shown is never changed; `clauses.toml` only grows. Plain Python.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("clauses.toml")
REGISTRATION, EVIDENCE, GUARDIANSHIP = "registration", "evidence", "guardianship"
CITIZENSHIP = "citizenship"
PURPOSES = (
    REGISTRATION,
    EVIDENCE,
    GUARDIANSHIP,
    CITIZENSHIP,
    "proposal",
    "voting",
    "statistics",
)


@dataclass(frozen=True)
class Clause:
    """One version of a clause, with its texts by language."""

    purpose: str
    version: int
    since: date
    texts: dict[str, str]

    def said_in(self, language: str) -> str:
        """The text in a language; Polish where there is none."""
        return self.texts.get(language) or self.texts["pl"]


@cache
def list_clauses() -> tuple[Clause, ...]:
    """Every version of every clause, in the order of purposes, the newest version first."""
    found = [
        Clause(row["purpose"], row["version"], row["since"], _texts(row))
        for row in _read()["clause"]
    ]
    return tuple(sorted(found, key=lambda one: (PURPOSES.index(one.purpose), -one.version)))


@cache
def common_words() -> dict[str, str]:
    """What every clause ends with: the controller, the officer, the rights; by language."""
    return _texts(_read()["common"])


def current_clause(purpose: str, on: date) -> Clause:
    """The version in force on a day; the first one before its time. Raises KeyError: no such purpose."""
    versions = [one for one in list_clauses() if one.purpose == purpose]
    if not versions:
        raise KeyError(purpose)
    return next((one for one in versions if one.since <= on), versions[-1])


def find_clause(purpose: str, version: int) -> Clause | None:
    """A version by its number."""
    wanted = (one for one in list_clauses() if (one.purpose, one.version) == (purpose, version))
    return next(wanted, None)


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {language: row[language] for language in ("pl", "en", "uk", "ru")}


@cache
def _read() -> dict[str, Any]:
    with SOURCE.open("rb") as file:
        return tomllib.load(file)
