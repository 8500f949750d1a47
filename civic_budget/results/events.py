"""What happened to results."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class WinnersChosen(Event):
    """The winners of all pools were computed and the board was written."""

    edition_id: UUID
    round_id: UUID


@dataclass(frozen=True, kw_only=True)
class DrawEntered(Event):
    """The seed of a named public event broke the ties."""

    edition_id: UUID
    seed: str


@dataclass(frozen=True, kw_only=True)
class ResultsPublished(Event):
    """The embargo on an edition's results was lifted."""

    edition_id: UUID


@dataclass(frozen=True, kw_only=True)
class ActProposed(Event):
    """A member wrote down an act on an edition's results."""

    edition_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class ActSigned(Event):
    """A second member signed an act: it holds."""

    edition_id: UUID
    number: int


@dataclass(frozen=True, kw_only=True)
class ActDeclined(Event):
    """An act was declined or taken back: it never held."""

    edition_id: UUID
    number: int
