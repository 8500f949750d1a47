"""The public catalogue: two queries for a page, however many proposals the edition has."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from civic_budget.proposals.models import ImplementationStep, Proposal, ProposalPlace, ProposalText
from civic_budget.proposals.queries.facts import (
    POLISH,
    CatalogueEntry,
    CatalogueFilter,
    CataloguePage,
)
from civic_budget.proposals.rules import PUBLIC_STATES, ProposalState
from civic_budget.proposals.search import plan_search

PAGE_SIZE = 24
SORTS = ("number", "cost", "dearest", "newest")


def list_catalogue(
    session: Session,
    edition_id: UUID,
    wanted: CatalogueFilter,
    *,
    language: str = POLISH,
    page: int = 1,
) -> CataloguePage:
    """Public proposals of an edition that match a filter, with approved words for the reader.

    Two queries: the scopes and points of all, and the cards of the page; one more for the words that
    there are when something is searched for.
    """
    conditions = _conditions(edition_id, wanted)
    if wanted.text:
        conditions.extend(_searched(session, edition_id, wanted.text))
    by_scope, points = _on_the_map(session, conditions, wanted.scope)
    total = by_scope.get(wanted.scope, 0) if wanted.scope else sum(by_scope.values())
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    if wanted.scope:
        conditions.append(Proposal.scope == wanted.scope)
    rows = session.execute(
        _cards(language)
        .where(*conditions)
        .order_by(*_order(wanted.sort))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return CataloguePage([_entry(row) for row in rows], total, page, pages, by_scope, points)


def _on_the_map(
    session: Session, conditions: list[ColumnElement[bool]], scope: str
) -> tuple[dict[str, int], list[tuple[float, float]]]:
    """How many proposals each scope has, and the points of those in `scope` (of all, when empty)."""
    rows = session.execute(
        select(
            Proposal.scope,
            ProposalPlace.position,
            ProposalPlace.latitude,
            ProposalPlace.longitude,
        )
        .outerjoin(ProposalPlace, ProposalPlace.proposal_id == Proposal.id)
        .where(*conditions)
    )
    by_scope: Counter[str] = Counter()
    points = []
    for where, position, latitude, longitude in rows:
        by_scope[where] += position in {None, 1}  # once for each proposal, whatever places it has
        if latitude is not None and longitude is not None and scope in {"", where}:
            points.append((latitude, longitude))
    return dict(by_scope), points


def count_by_scope(session: Session, edition_id: UUID) -> dict[str, int]:
    """Scope → how many public proposals it has."""
    rows = session.execute(
        select(Proposal.scope, func.count().label("number"))
        .where(*_conditions(edition_id, CatalogueFilter()))
        .group_by(Proposal.scope)
    )
    return {row.scope: row.number for row in rows}


def _conditions(edition_id: UUID, wanted: CatalogueFilter) -> list[ColumnElement[bool]]:
    states = {wanted.state} & PUBLIC_STATES if wanted.state else set(PUBLIC_STATES)
    conditions: list[ColumnElement[bool]] = [
        Proposal.edition_id == edition_id,
        Proposal.state.in_(sorted(str(s) for s in states)),
    ]
    if wanted.category:
        conditions.append(Proposal.category == wanted.category)
    return conditions


def _searched(session: Session, edition_id: UUID, text: str) -> list[ColumnElement[bool]]:
    """Every word of a query, in any reading that the edition's own words allow."""
    texts = session.scalars(select(Proposal.search_text).where(*_public(edition_id)))
    vocabulary = {word for words in texts for word in words.split()}
    return [
        or_(*(Proposal.search_text.contains(part, autoescape=True) for part in word.parts))
        for word in plan_search(text, vocabulary)
    ]


def _public(edition_id: UUID) -> tuple[ColumnElement[bool], ...]:
    states = sorted(state.value for state in PUBLIC_STATES)
    return Proposal.edition_id == edition_id, Proposal.state.in_(states)


def _cards(language: str) -> Select[Any]:
    own, polish, reader = (aliased(ProposalText) for _ in range(3))

    def approved(text: Any, code: str) -> ColumnElement[bool]:
        return and_(
            text.proposal_id == Proposal.id, text.language == code, text.reviewed_by.is_not(None)
        )

    def best(name: str) -> ColumnElement[Any]:
        # The author's own words win when they are in the reader's language.
        return case(
            (Proposal.language == language, getattr(own, name)),
            else_=func.coalesce(getattr(reader, name), getattr(polish, name), getattr(own, name)),
        ).label(name)

    stage = (
        select(ImplementationStep.stage)
        .where(ImplementationStep.proposal_id == Proposal.id)
        .order_by(ImplementationStep.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    final_cost = func.coalesce(Proposal.assessed_cost, Proposal.cost)
    return (
        select(
            Proposal.id,
            Proposal.scope,
            Proposal.reference,
            Proposal.ballot_number,
            Proposal.state,
            Proposal.category,
            final_cost.label("cost"),
            stage.label("stage"),
            best("language"),
            best("title"),
            best("summary"),
        )
        .join(own, and_(own.proposal_id == Proposal.id, own.language == Proposal.language))
        .outerjoin(reader, approved(reader, language))
        .outerjoin(polish, approved(polish, POLISH))
    )


def _order(sort: str) -> tuple[Any, ...]:
    cost = func.coalesce(Proposal.assessed_cost, Proposal.cost)
    return {
        "cost": (cost, Proposal.reference),
        "dearest": (cost.desc(), Proposal.reference),
        "newest": (Proposal.submitted_at.desc(), Proposal.reference),
    }.get(
        sort,
        (
            Proposal.scope,
            Proposal.ballot_number.is_(None),
            Proposal.ballot_number,
            Proposal.submitted_at,
            Proposal.reference,
        ),
    )


def _entry(row: Any) -> CatalogueEntry:
    return CatalogueEntry(
        id=row.id,
        scope=row.scope,
        reference=row.reference,
        ballot_number=row.ballot_number,
        state=ProposalState(row.state),
        category=row.category,
        cost=row.cost,
        language=row.language,
        title=row.title,
        summary=row.summary,
        stage=row.stage,
    )
