"""What pages and other rooms see of a proposal. Money in grosze."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from civic_budget.proposals.correcting import Asked, asked_from
from civic_budget.proposals.models import Proposal, ProposalDecision, ProposalText
from civic_budget.proposals.rules import TEXT_FIELDS, CostItem, Place, ProposalAction, ProposalState

POLISH = "pl"


@dataclass(frozen=True)
class Words:
    """A proposal's texts in one language; `source` tells who wrote them (author, human, machine)."""

    language: str
    source: str
    is_reviewed: bool
    title: str
    summary: str
    description: str
    justification: str
    audience: str
    accessibility: str = ""
    author_agreed_at: datetime | None = None


@dataclass(frozen=True)
class ProposalFacts:
    """A proposal as pages and other rooms see it. Money in grosze."""

    id: UUID
    edition_id: UUID
    scope: str
    reference: str | None
    ballot_number: int | None
    state: ProposalState
    author_account: UUID
    author_person: UUID
    language: str
    category: str
    place: str
    cost: int
    assessed_cost: int | None
    upkeep: int
    submitted_at: datetime | None
    words: Mapping[str, Words]
    costs: tuple[CostItem, ...] = ()
    places: tuple[Place, ...] = ()
    correct_by: datetime | None = None
    withdrawn_at: datetime | None = None
    changed_at: datetime | None = None
    merged_into: UUID | None = None
    co_authors: frozenset[UUID] = frozenset()

    @property
    def final_cost(self) -> int:
        """The assessor's cost where there is one, else the author's estimate."""
        return self.cost if self.assessed_cost is None else self.assessed_cost

    @property
    def documentation(self) -> int:
        """How much of the author's estimate pays for documentation."""
        return sum(item.grosze for item in self.costs if item.is_documentation)

    @property
    def original(self) -> Words:
        """The author's own words."""
        return self.words[self.language]

    @property
    def accessibility(self) -> str:
        """What the author says of accessibility, in their language."""
        return self.original.accessibility

    def in_language(self, language: str) -> Words:
        """The words in a language, else the author's."""
        return self.words.get(language) or self.original

    def best_words(self, language: str) -> Words:
        """Approved words in the reader's language, else approved Polish ones, else the author's."""
        for code in (language, POLISH):
            words = self.words.get(code)
            if words is not None and words.is_reviewed:
                return words
        return self.original


@dataclass(frozen=True)
class CatalogueEntry:
    """A proposal as a card of the catalogue; its words are in `language`."""

    id: UUID
    scope: str
    reference: str
    ballot_number: int | None
    state: ProposalState
    category: str
    cost: int
    language: str
    title: str
    summary: str
    stage: str | None = None


@dataclass(frozen=True)
class CatalogueFilter:
    """What a reader of the catalogue looks for; empty fields look for everything."""

    text: str = ""
    scope: str = ""
    category: str = ""
    state: str = ""
    sort: str = "number"


@dataclass(frozen=True)
class CataloguePage:
    """A page of the catalogue, how many proposals the filter finds, and how many in each scope.

    `by_scope` counts with the scope's own filter left out, so that a map can offer the others;
    `points` are all places in degrees of everything that the filter finds, on whatever page.
    """

    proposals: Sequence[CatalogueEntry]
    total: int
    page: int
    pages: int
    by_scope: Mapping[str, int] = field(default_factory=dict)
    points: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of implementation, numbered; `notes` by language, Polish is binding."""

    id: UUID
    proposal_id: UUID
    number: int
    stage: str
    happened_on: date
    expected_on: date | None
    real_cost: int | None
    notes: Mapping[str, str]
    recorded_at: datetime
    changed_at: datetime | None

    def said(self, language: str) -> tuple[str, str]:
        """The words for a reader and their language: the reader's, else Polish, else any."""
        for code in (language, POLISH, *self.notes):
            if self.notes.get(code):
                return self.notes[code], code
        return "", language


@dataclass(frozen=True)
class DecisionFacts:
    """A public decision: what, why, in which words, what to correct and until when."""

    action: ProposalAction
    reason: str | None
    words: Mapping[str, str]
    asked: tuple[Asked, ...]
    assessed_cost: int | None
    correct_by: datetime | None
    at: datetime
    by: UUID | None
    act_id: UUID | None = None
    act_number: str | None = None

    def sentence(self, language: str) -> tuple[str, str]:
        """The words for a reader and their language: the reader's, else Polish, else any."""
        for code in (language, POLISH, *self.words):
            if self.words.get(code):
                return self.words[code], code
        return "", language


@dataclass(frozen=True)
class MessageFacts:
    """What a message to the author needs: who, which proposal, what was decided in their language."""

    author_account: UUID
    reference: str | None
    title: str
    language: str
    state: ProposalState
    sentence: str
    sentence_language: str
    correct_by: datetime | None


@dataclass(frozen=True)
class OfficeRow:
    """A proposal as a line of an office's queue; the title is Polish where there is one."""

    id: UUID
    reference: str
    scope: str
    state: ProposalState
    language: str
    title: str
    title_language: str
    category: str
    cost: int
    place: str
    submitted_at: datetime
    changed_at: datetime
    correct_by: datetime | None
    author_person: UUID


def facts_of(
    row: Proposal, *, with_costs: bool = False, with_authors: bool = False
) -> ProposalFacts:
    """A row with its texts (costs and places, co-authors) as facts."""
    return ProposalFacts(
        id=row.id,
        edition_id=row.edition_id,
        scope=row.scope,
        reference=row.reference,
        ballot_number=row.ballot_number,
        state=ProposalState(row.state),
        author_account=row.author_account,
        author_person=row.author_person,
        language=row.language,
        category=row.category,
        place=row.place,
        cost=row.cost,
        assessed_cost=row.assessed_cost,
        upkeep=row.upkeep,
        submitted_at=row.submitted_at,
        words={text.language: words_of(text) for text in row.texts},
        costs=tuple(CostItem(c.name, c.grosze, c.price_key, c.quantity, c.kind) for c in row.costs)
        if with_costs
        else (),
        places=places_of(row) if with_costs else (),
        correct_by=row.correct_by,
        withdrawn_at=row.withdrawn_at,
        changed_at=row.changed_at,
        merged_into=row.merged_into,
        co_authors=frozenset(c.account_id for c in row.co_authors if c.account_id)
        if with_authors
        else frozenset(),
    )


def places_of(row: Proposal) -> tuple[Place, ...]:
    """The places of a proposal in their order."""
    return tuple(Place(p.words, p.latitude, p.longitude) for p in row.places)


def content_of(proposal: ProposalFacts) -> dict[str, Any]:
    """All that the author says, as versions keep it; needs facts with costs and places."""
    return {name: getattr(proposal.original, name) for name in TEXT_FIELDS} | {
        "language": proposal.language,
        "category": proposal.category,
        "place": proposal.place,
        "places": [place.as_data() for place in proposal.places],
        "upkeep": proposal.upkeep,
        "costs": [[c.name, c.grosze, c.kind] for c in proposal.costs],
    }


def words_of(text: ProposalText) -> Words:
    """A text's row as facts."""
    return Words(
        language=text.language,
        source=text.source,
        is_reviewed=text.source == "author" or text.reviewed_by is not None,
        title=text.title,
        summary=text.summary,
        description=text.description,
        justification=text.justification,
        audience=text.audience,
        accessibility=text.accessibility,
        author_agreed_at=text.author_agreed_at,
    )


def decision_of(row: ProposalDecision) -> DecisionFacts:
    """A decision's row as facts."""
    words: dict[str, Any] = row.words
    return DecisionFacts(
        action=ProposalAction(row.action),
        reason=row.reason,
        words=words,
        asked=tuple(asked_from(one) for one in row.asked),
        assessed_cost=row.assessed_cost,
        correct_by=row.correct_by,
        at=row.at,
        by=row.by,
        act_id=row.act_id,
        act_number=row.act_number,
    )
