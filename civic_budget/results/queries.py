"""Looking results up; embargoed until the edition's moment of publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.editions.queries import EditionFacts
from civic_budget.editions.rules import Phase
from civic_budget.results.acts import Act, ActKind
from civic_budget.results.models import ProjectResult, ResultAct, ResultActAnswer, ScopeResult


@dataclass(frozen=True)
class ProjectLine:
    """One project's line of a protocol. Money in grosze."""

    reference: str
    rank: int
    points: int
    votes: int
    cost: int
    left_before: int
    left_after: int
    outcome: str


@dataclass(frozen=True)
class ScopeFacts:
    """A pool's result; `protocol` holds every decision as data."""

    id: UUID
    scope: str
    round_id: UUID | None
    budget: int
    spent: int
    voters: int
    is_complete: bool
    rule: dict[str, Any]
    protocol: dict[str, Any]
    seed: str | None
    seed_source: str | None
    lines: tuple[ProjectLine, ...]
    decided_at: datetime


def are_published(edition: EditionFacts, *, at: datetime) -> bool:
    """Whether the public may see the edition's results."""
    return edition.phase(at) is Phase.RESULTS


def list_scope_results(session: Session, edition_id: UUID) -> Sequence[ScopeFacts]:
    """The results of all pools with their lines, by scope; two queries."""
    rows = session.scalars(
        select(ScopeResult).where(ScopeResult.edition_id == edition_id).order_by(ScopeResult.scope)
    ).all()
    lines = session.scalars(
        select(ProjectResult)
        .where(ProjectResult.result_id.in_([row.id for row in rows]))
        .order_by(ProjectResult.rank, ProjectResult.reference)
    )
    by_result: dict[UUID, list[ProjectLine]] = {}
    for line in lines:
        by_result.setdefault(line.result_id, []).append(_line(line))
    return [_facts(row, by_result.get(row.id, [])) for row in rows]


def list_decided_editions(session: Session) -> set[UUID]:
    """The editions that have results, published or not."""
    return set(session.scalars(select(ScopeResult.edition_id).distinct()))


def find_line(session: Session, edition_id: UUID, reference: str) -> ProjectLine | None:
    """One project's line in its edition's results."""
    row = session.scalars(
        select(ProjectResult)
        .join(ScopeResult, ScopeResult.id == ProjectResult.result_id)
        .where(ScopeResult.edition_id == edition_id, ProjectResult.reference == reference)
    ).first()
    return _line(row) if row else None


def list_acts(session: Session, edition_id: UUID) -> list[Act]:
    """All acts on an edition's results with their answers, by number."""
    rows = session.scalars(
        select(ResultAct).where(ResultAct.edition_id == edition_id).order_by(ResultAct.number)
    )
    answers = {
        one.number: one
        for one in session.scalars(
            select(ResultActAnswer).where(ResultActAnswer.edition_id == edition_id)
        )
    }
    return [_act(row, answers.get(row.number)) for row in rows]


def _act(row: ResultAct, answer: ResultActAnswer | None) -> Act:
    return Act(
        number=row.number,
        kind=ActKind(row.kind),
        reference=row.reference,
        title=row.title,
        act_on=row.act_on,
        link=row.link,
        reasons=row.reasons,
        list_hash=row.list_hash,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        is_signed=answer.is_signed if answer else None,
        given_by=answer.given_by if answer else None,
        given_at=answer.given_at if answer else None,
    )


def _line(row: ProjectResult) -> ProjectLine:
    return ProjectLine(
        row.reference,
        row.rank,
        row.points,
        row.votes,
        row.cost,
        row.left_before,
        row.left_after,
        row.outcome,
    )


def _facts(row: ScopeResult, lines: Sequence[ProjectLine]) -> ScopeFacts:
    return ScopeFacts(
        id=row.id,
        scope=row.scope,
        round_id=row.round_id,
        budget=row.budget,
        spent=row.spent,
        voters=row.voters,
        is_complete=row.is_complete,
        rule=row.rule,
        protocol=row.protocol,
        seed=row.seed,
        seed_source=row.seed_source,
        lines=tuple(lines),
        decided_at=row.decided_at,
    )
