"""What changed from one version of a proposal to the next, word by word. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from civic_budget.kernel.money import say_money
from civic_budget.proposals.rules import DOCUMENTATION, WORK

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
    versions: Sequence[tuple[int, datetime, Mapping[str, Any]]], *, documentation: str
) -> list[ComparedVersion]:
    """Each version with its changes, the latest first; versions come in the order of their numbers.

    `documentation` is the reader's word for a cost of that kind.
    """
    compared = []
    before: Mapping[str, Any] | None = None
    for number, at, content in versions:
        changes = (
            () if before is None else compare_contents(before, content, documentation=documentation)
        )
        compared.append(ComparedVersion(number, at, str(content.get("language", "pl")), changes))
        before = content
    return compared[::-1]


def compare_contents(
    before: Mapping[str, Any], after: Mapping[str, Any], *, documentation: str
) -> tuple[ChangedField, ...]:
    """The fields that differ between two contents of versions, in the order of the form."""

    def said(name: str, content: Mapping[str, Any]) -> str:
        return say_field(name, content.get(name), documentation=documentation)

    return tuple(
        ChangedField(name, tuple(compare_texts(old, new)))
        for name in COMPARED
        if (old := said(name, before)) != (new := said(name, after))
    )


def say_field(name: str, value: Any, *, documentation: str) -> str:
    """A field of a version's content as text: costs and places one a line, money in złoty."""
    if name == "costs":
        return "\n".join(_say_cost(documentation, *line) for line in value or [])
    if name == "places":
        return "\n".join(_say_place(number, *place) for number, place in enumerate(value or [], 1))
    if name == "upkeep":
        return say_money(int(value or 0))
    return str(value or "")


def _say_cost(documentation: str, what: str, grosze: int, kind: str = WORK) -> str:
    more = f" ({documentation})" if kind == DOCUMENTATION else ""
    return f"{what}{more}: {say_money(int(grosze))}"


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
