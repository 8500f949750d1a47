"""Looking up units of the office: their people, what they were asked, what was given back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.accounts.queries import staff_name_of
from civic_budget.assessment.models import Assessment, DepartmentMember, Handback, UnitOpinion
from civic_budget.assessment.queries.facts import HandbackFacts, OpinionFacts
from civic_budget.assessment.rules import REMINDED_BEFORE
from civic_budget.kernel.errors import NotFound
from civic_budget.proposals.queries import get_proposal
from civic_budget.proposals.rules import ProposalState

OPEN = frozenset({ProposalState.SUBMITTED, ProposalState.RETURNED})


def list_members(session: Session, department: str) -> Sequence[UUID]:
    """The accounts of a unit's people."""
    return session.scalars(
        select(DepartmentMember.account_id)
        .where(DepartmentMember.department == department)
        .order_by(DepartmentMember.account_id)
    ).all()


def departments_of(session: Session, account_id: UUID) -> frozenset[str]:
    """The units in which somebody works."""
    return frozenset(
        session.scalars(
            select(DepartmentMember.department).where(DepartmentMember.account_id == account_id)
        )
    )


def list_opinions(session: Session, proposal_id: UUID) -> Sequence[OpinionFacts]:
    """What units were asked about a proposal, in the order of asking."""
    rows = session.scalars(
        select(UnitOpinion)
        .where(UnitOpinion.proposal_id == proposal_id)
        .order_by(UnitOpinion.asked_at, UnitOpinion.department)
    )
    return [opinion_of(row) for row in rows]


def list_open_opinions(session: Session, departments: frozenset[str]) -> Sequence[OpinionFacts]:
    """What these units have not answered yet, the most urgent first."""
    rows = session.scalars(
        select(UnitOpinion)
        .where(UnitOpinion.answered_at.is_(None), UnitOpinion.department.in_(departments))
        .order_by(UnitOpinion.due_at)
    )
    return [opinion_of(row) for row in rows]


def get_opinion(session: Session, opinion_id: UUID) -> OpinionFacts:
    """One question to a unit; raises NotFound."""
    row = session.get(UnitOpinion, opinion_id)
    if row is None:
        raise NotFound("no_opinion")
    return opinion_of(row)


def list_handbacks(session: Session, proposal_id: UUID) -> Sequence[HandbackFacts]:
    """Why a proposal was given back, the latest first."""
    rows = session.scalars(
        select(Handback).where(Handback.proposal_id == proposal_id).order_by(Handback.at.desc())
    )
    return [HandbackFacts(row.reason, row.at, staff_name_of(session, row.by)) for row in rows]


def list_due_assessments(session: Session, *, at: datetime) -> Sequence[Assessment]:
    """Open assessments whose day is near or past and of which nobody was reminded, locked."""
    rows = session.scalars(
        select(Assessment)
        .where(Assessment.due_at <= at + REMINDED_BEFORE, Assessment.reminded_at.is_(None))
        .order_by(Assessment.due_at)
        .with_for_update(skip_locked=True)
    ).all()
    return [row for row in rows if get_proposal(session, row.proposal_id).state in OPEN]


def list_due_opinions(session: Session, *, at: datetime) -> Sequence[UnitOpinion]:
    """Unanswered questions whose day is near or past and of which nobody was reminded, locked."""
    return session.scalars(
        select(UnitOpinion)
        .where(
            UnitOpinion.due_at <= at + REMINDED_BEFORE,
            UnitOpinion.reminded_at.is_(None),
            UnitOpinion.answered_at.is_(None),
        )
        .order_by(UnitOpinion.due_at)
        .with_for_update(skip_locked=True)
    ).all()


def opinion_of(row: UnitOpinion) -> OpinionFacts:
    """A row as facts."""
    return OpinionFacts(
        id=row.id,
        proposal_id=row.proposal_id,
        department=row.department,
        question=row.question,
        asked_at=row.asked_at,
        due_at=row.due_at,
        is_for=row.is_for,
        answer=row.answer,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
    )
