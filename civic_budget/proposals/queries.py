"""Looking proposals up: the catalogue, one proposal with all its texts, an author's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from civic_budget.kernel.errors import NotFound
from civic_budget.proposals.models import (
    ImplementationStep,
    Proposal,
    ProposalText,
    ProposalVersion,
)
from civic_budget.proposals.rules import PUBLIC_STATES, CostItem, ProposalState
from civic_budget.proposals.search import fold


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
    latitude: float | None
    longitude: float | None
    accessibility: str
    cost: int
    assessed_cost: int | None
    upkeep: int
    submitted_at: datetime | None
    words: Mapping[str, Words]
    costs: tuple[CostItem, ...] = ()

    @property
    def final_cost(self) -> int:
        """The assessor's cost where there is one, else the author's estimate."""
        return self.cost if self.assessed_cost is None else self.assessed_cost

    @property
    def original(self) -> Words:
        """The author's own words."""
        return self.words[self.language]

    def in_language(self, language: str) -> Words:
        """The words in a language, else the author's."""
        return self.words.get(language) or self.original


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
    """A page of the catalogue and how many proposals the filter finds."""

    proposals: Sequence[ProposalFacts]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Step:
    """A step of implementation; `note` is in the reader's language."""

    stage: str
    happened_on: date
    real_cost: int | None
    note: str


PAGE_SIZE = 24


def list_catalogue(
    session: Session, edition_id: UUID, wanted: CatalogueFilter, *, page: int = 1
) -> CataloguePage:
    """Public proposals of an edition that match a filter; at most four queries, however many."""
    chosen = _filtered(edition_id, wanted)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = session.scalars(
        chosen.options(selectinload(Proposal.texts))
        .order_by(*_order(wanted.sort))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return CataloguePage([_facts(row) for row in rows], total, page, pages)


def _filtered(edition_id: UUID, wanted: CatalogueFilter) -> Select[Proposal]:
    states = {wanted.state} & PUBLIC_STATES if wanted.state else set(PUBLIC_STATES)
    chosen = select(Proposal).where(
        Proposal.edition_id == edition_id, Proposal.state.in_([str(s) for s in states])
    )
    if wanted.scope:
        chosen = chosen.where(Proposal.scope == wanted.scope)
    if wanted.category:
        chosen = chosen.where(Proposal.category == wanted.category)
    for word in fold(wanted.text).split():
        chosen = chosen.where(Proposal.search_text.contains(word, autoescape=True))
    return chosen


def _order(sort: str) -> tuple[Any, ...]:
    return {
        "cost": (Proposal.cost, Proposal.reference),
        "dearest": (Proposal.cost.desc(), Proposal.reference),
        "newest": (Proposal.submitted_at.desc(), Proposal.reference),
    }.get(sort, (Proposal.scope, Proposal.ballot_number, Proposal.reference))


def get_proposal(session: Session, proposal_id: UUID) -> ProposalFacts:
    """A proposal with its texts and costs; raises NotFound."""
    row = session.scalars(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .options(selectinload(Proposal.texts), selectinload(Proposal.costs))
    ).first()
    if row is None:
        raise NotFound("no_such_proposal")
    return _facts(row, with_costs=True)


def list_of_author(session: Session, account_id: UUID) -> Sequence[ProposalFacts]:
    """An account's own proposals, the latest first."""
    rows = session.scalars(
        select(Proposal)
        .where(Proposal.author_account == account_id)
        .options(selectinload(Proposal.texts))
        .order_by(Proposal.created_at.desc())
    )
    return [_facts(row) for row in rows]


def list_in_states(
    session: Session, edition_id: UUID, states: Sequence[ProposalState]
) -> Sequence[ProposalFacts]:
    """Proposals of an edition in some states, in the order in which they were submitted."""
    rows = session.scalars(
        select(Proposal)
        .where(Proposal.edition_id == edition_id, Proposal.state.in_([s.value for s in states]))
        .options(selectinload(Proposal.texts))
        .order_by(Proposal.submitted_at, Proposal.reference)
    )
    return [_facts(row) for row in rows]


def list_for_ballot(session: Session, edition_id: UUID) -> Sequence[ProposalFacts]:
    """The admitted proposals by scope and ballot number."""
    rows = session.scalars(
        select(Proposal)
        .where(Proposal.edition_id == edition_id, Proposal.state == ProposalState.ADMITTED.value)
        .options(selectinload(Proposal.texts))
        .order_by(Proposal.scope, Proposal.ballot_number, Proposal.reference)
    )
    return [_facts(row) for row in rows]


def count_by_scope(session: Session, edition_id: UUID) -> dict[str, int]:
    """Scope → how many public proposals it has."""
    rows = session.execute(
        select(Proposal.scope, func.count().label("number"))
        .where(
            Proposal.edition_id == edition_id, Proposal.state.in_([s.value for s in PUBLIC_STATES])
        )
        .group_by(Proposal.scope)
    )
    return {row.scope: row.number for row in rows}


def list_author_persons(session: Session, edition_id: UUID) -> set[UUID]:
    """The persons who submitted at least one proposal in an edition (for the sealed statistics)."""
    rows = session.scalars(
        select(Proposal.author_person).where(
            Proposal.edition_id == edition_id, Proposal.submitted_at.is_not(None)
        )
    )
    return set(rows)


def list_steps(session: Session, proposal_id: UUID, language: str) -> Sequence[Step]:
    """What the city did for a winner, the latest first."""
    rows = session.scalars(
        select(ImplementationStep)
        .where(ImplementationStep.proposal_id == proposal_id)
        .order_by(ImplementationStep.happened_on.desc())
    )
    return [
        Step(r.stage, r.happened_on, r.real_cost, r.notes.get(language) or r.notes.get("pl", ""))
        for r in rows
    ]


def latest_stages(session: Session, edition_id: UUID) -> dict[UUID, str]:
    """Proposal id → the latest stage of its implementation."""
    rows = session.execute(
        select(ImplementationStep.proposal_id, ImplementationStep.stage)
        .join(Proposal, Proposal.id == ImplementationStep.proposal_id)
        .where(Proposal.edition_id == edition_id)
        .order_by(ImplementationStep.happened_on)
    )
    return {row.proposal_id: row.stage for row in rows}


def list_versions(session: Session, proposal_id: UUID) -> Sequence[ProposalVersion]:
    """All versions of a proposal, the first first."""
    return session.scalars(
        select(ProposalVersion)
        .where(ProposalVersion.proposal_id == proposal_id)
        .order_by(ProposalVersion.number)
    ).all()


def _facts(row: Proposal, *, with_costs: bool = False) -> ProposalFacts:
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
        latitude=row.latitude,
        longitude=row.longitude,
        accessibility=row.accessibility,
        cost=row.cost,
        assessed_cost=row.assessed_cost,
        upkeep=row.upkeep,
        submitted_at=row.submitted_at,
        words={text.language: _words(text) for text in row.texts},
        costs=tuple(CostItem(c.name, c.grosze) for c in row.costs) if with_costs else (),
    )


def _words(text: ProposalText) -> Words:
    return Words(
        language=text.language,
        source=text.source,
        is_reviewed=text.source == "author" or text.reviewed_by is not None,
        title=text.title,
        summary=text.summary,
        description=text.description,
        justification=text.justification,
        audience=text.audience,
    )
