"""What the city did for winners: one proposal's steps, an edition's steps and photos at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civic_budget.proposals.models import ImplementationStep, Proposal, ProposalPicture
from civic_budget.proposals.queries.facts import Step


def list_steps(session: Session, proposal_id: UUID) -> Sequence[Step]:
    """What the city did for a winner, the latest first."""
    rows = session.scalars(
        select(ImplementationStep)
        .where(ImplementationStep.proposal_id == proposal_id)
        .order_by(ImplementationStep.number.desc())
    )
    return [_step(row) for row in rows]


def find_step(session: Session, step_id: UUID) -> Step | None:
    """One step; None: there is none."""
    row = session.get(ImplementationStep, step_id)
    return _step(row) if row else None


def steps_of_edition(session: Session, edition_id: UUID) -> Mapping[UUID, Sequence[Step]]:
    """Proposal id → its steps, the latest first; one query."""
    rows = session.scalars(
        select(ImplementationStep)
        .join(Proposal, Proposal.id == ImplementationStep.proposal_id)
        .where(Proposal.edition_id == edition_id)
        .order_by(ImplementationStep.number.desc())
    )
    found: dict[UUID, list[Step]] = {}
    for row in rows:
        found.setdefault(row.proposal_id, []).append(_step(row))
    return found


def count_photos(session: Session, edition_id: UUID) -> Mapping[UUID, int]:
    """Proposal id → how many photos of its implementation there are; one query."""
    rows = session.execute(
        select(ProposalPicture.proposal_id, func.count().label("number"))
        .join(Proposal, Proposal.id == ProposalPicture.proposal_id)
        .where(Proposal.edition_id == edition_id, ProposalPicture.step_id.is_not(None))
        .group_by(ProposalPicture.proposal_id)
    )
    return {row.proposal_id: row.number for row in rows}


def _step(row: ImplementationStep) -> Step:
    return Step(
        id=row.id,
        proposal_id=row.proposal_id,
        number=row.number,
        stage=row.stage,
        happened_on=row.happened_on,
        expected_on=row.expected_on,
        real_cost=row.real_cost,
        notes=row.notes,
        recorded_at=row.recorded_at,
        changed_at=row.changed_at,
    )
