"""What the paper vote amounts to in public: slips = cards keyed + invalid + missing, and why cards are invalid.

Sums by list, reasons for the whole vote only: a small batch with its reason would show one voter's card.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Counted(Protocol):
    """A batch, as far as its sum goes."""

    @property
    def scope(self) -> str:
        """The list of its cards."""

    @property
    def claimed(self) -> int:
        """Slips."""

    @property
    def keyed(self) -> int:
        """Cards that are votes."""

    @property
    def invalid(self) -> int:
        """Cards that are none."""

    @property
    def missing(self) -> int:
        """Slips without a card."""

    @property
    def invalids(self) -> Iterable[tuple[str, int]]:
        """Invalid cards by reason."""


@dataclass(frozen=True)
class PaperSums:
    """Per list: slips, cards keyed, invalid, missing; and the invalid cards of all lists by reason."""

    scopes: Mapping[str, tuple[int, int, int, int]] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """As the manifest of the board shows it."""
        names = ("slips", "keyed", "invalid", "missing")
        return {
            "scopes": {
                scope: dict(zip(names, numbers, strict=True))
                for scope, numbers in sorted(self.scopes.items())
            },
            "invalid": dict(sorted(self.reasons.items())),
        }


def add_up(batches: Iterable[Counted]) -> PaperSums:
    """The sums of all batches in which there were slips."""
    scopes: dict[str, tuple[int, int, int, int]] = {}
    reasons: Counter[str] = Counter()
    for batch in batches:
        if batch.claimed:
            sums = scopes.get(batch.scope, (0, 0, 0, 0))
            scopes[batch.scope] = (
                sums[0] + batch.claimed,
                sums[1] + batch.keyed,
                sums[2] + batch.invalid,
                sums[3] + batch.missing,
            )
            reasons.update(dict(batch.invalids))
    return PaperSums(scopes, reasons)
