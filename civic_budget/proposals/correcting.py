"""What an assessor asked an author to correct, field by field, and what the author changed. Plain Python."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from civic_budget.proposals.comparing import ChangedField, compare_contents


@dataclasses.dataclass(frozen=True)
class Asked:
    """A criterion to correct: the field of the form that it concerns ("" for none), its words by
    language, and the assessor's comment in Polish.
    """

    criterion: str
    field: str = ""
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    comment: str = ""

    def as_data(self) -> dict[str, Any]:
        """As a decision keeps it."""
        return {
            "criterion": self.criterion,
            "field": self.field,
            "words": dict(self.words),
            "comment": self.comment,
        }

    def sentence(self, language: str) -> tuple[str, str]:
        """The criterion for a reader and its language: the reader's, else Polish."""
        for code in (language, "pl", *self.words):
            if self.words.get(code):
                return self.words[code], code
        return "", language


def asked_from(data: Any) -> Asked:
    """As it was kept; decisions from before name the criterion alone."""
    return Asked(data) if isinstance(data, str) else Asked(**data)


@dataclasses.dataclass(frozen=True)
class Answered:
    """Something that was asked, and what the author changed in its field; None: nothing yet."""

    asked: Asked
    change: ChangedField | None


@dataclasses.dataclass(frozen=True)
class Correction:
    """All that was asked with its changes, and the changes that nobody asked for."""

    answered: Sequence[Answered]
    others: Sequence[ChangedField]

    @property
    def by_field(self) -> Mapping[str, ChangedField]:
        """The changes by the name of their field."""
        changes = [one.change for one in self.answered if one.change] + list(self.others)
        return {change.field: change for change in changes}


def match_correction(
    asked: Sequence[Asked],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    documentation: str,
) -> Correction:
    """What was asked against the differences between two contents of a proposal."""
    changes = {c.field: c for c in compare_contents(before, after, documentation=documentation)}
    answered = [Answered(one, _change_for(one.field, changes)) for one in asked]
    told = {one.change.field for one in answered if one.change}
    return Correction(answered, [c for name, c in changes.items() if name not in told])


def _change_for(name: str, changes: Mapping[str, ChangedField]) -> ChangedField | None:
    # The place is told in words or as points: a correction of either answers.
    return changes.get(name) or (changes.get("places") if name == "place" else None)


def around(
    versions: Sequence[tuple[datetime, Mapping[str, Any]]], decided_at: datetime
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """The content that a decision was about, and the last one sent after it; None where there is none."""
    before = [content for at, content in versions if at <= decided_at]
    after = [content for at, content in versions if at > decided_at]
    return (before[-1] if before else None), (after[-1] if after else None)
