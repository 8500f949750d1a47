"""What changed from one version of a proposal to the next, word by word. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from civic_budget.kernel.money import say_money

COMPARED = (
    "title",
    "summary",
    "description",
    "justification",
    "audience",
    "category",
    "place",
    "places",
    "costs",
    "upkeep",
    "accessibility",
)


@dataclass(frozen=True)
class Piece:
    """A run of words: `kind` is same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class ChangedField:
    """A field that differs from the version before."""

    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class ComparedVersion:
    """A version with what changed since the one before; nothing for the first."""

    number: int
    at: datetime
    language: str
    changes: tuple[ChangedField, ...]


def compare_versions(
    versions: Sequence[tuple[int, datetime, Mapping[str, Any]]],
) -> list[ComparedVersion]:
    """Each version with its changes, the latest first; versions come in the order of their numbers."""
    compared = []
    before: Mapping[str, Any] | None = None
    for number, at, content in versions:
        changes = () if before is None else _changes(before, content)
        compared.append(ComparedVersion(number, at, str(content.get("language", "pl")), changes))
        before = content
    return compared[::-1]


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[ChangedField, ...]:
    return tuple(
        ChangedField(name, tuple(compare_texts(old, new)))
        for name in COMPARED
        if (old := _as_text(name, before.get(name))) != (new := _as_text(name, after.get(name)))
    )


def _as_text(name: str, value: Any) -> str:
    if name == "costs":
        return "\n".join(f"{what}: {say_money(int(grosze))}" for what, grosze in value or [])
    if name == "places":
        return "\n".join(_say_place(number, *place) for number, place in enumerate(value or [], 1))
    if name == "upkeep":
        return say_money(int(value or 0))
    return str(value or "")


def _say_place(
    number: int, words: str, latitude: float | None = None, longitude: float | None = None
) -> str:
    point = "" if latitude is None else f"{latitude:.5f}, {longitude:.5f}"
    return f"{number}. " + " · ".join(part for part in (words, point) if part)


def compare_texts(before: str, after: str) -> list[Piece]:
    """Two texts as runs of words that stayed, went or came."""
    old, new = _words(before), _words(after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece("removed", "".join(old[a:b])))
        if d > c:
            pieces.append(Piece("added", "".join(new[c:d])))
    return pieces


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)
