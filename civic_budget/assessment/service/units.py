"""Work shared by units of the office: opinions asked and given, proposals given back, reminders."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from civic_budget.accounts.queries import roles_of
from civic_budget.assessment import events, policy
from civic_budget.assessment.models import Department, DepartmentMember, Handback, UnitOpinion
from civic_budget.assessment.queries import departments_of
from civic_budget.assessment.queries.units import list_due_assessments, list_due_opinions
from civic_budget.assessment.service.rows import load, note_change
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work


def put_members(
    work: Work, actor: Actor, *, department: str, accounts: frozenset[UUID], at: datetime
) -> None:
    """Say who works in a unit, replacing what was said before; only assessors are taken."""
    require(policy.may_set_up(actor))
    if work.session.get(Department, department) is None:
        raise Conflict("no_such_department", field="department")
    for account in accounts:
        if Role.ASSESSOR not in roles_of(work.session, account, at=at):
            raise Conflict("not_an_assessor", field="members")
    work.session.execute(delete(DepartmentMember).where(DepartmentMember.department == department))
    work.session.add_all(DepartmentMember(account_id=a, department=department) for a in accounts)
    work.publish(events.UnitChanged(department=department, at=at, by=actor.account_id))


def hand_back(work: Work, actor: Actor, *, proposal_id: UUID, reason: str, at: datetime) -> None:
    """Give a proposal back to the coordinators, who read the reason and give it to somebody else."""
    row, _proposal, ties = load(work, actor, proposal_id, at)
    require(policy.may_hand_back(actor, ties))
    if not reason.strip():
        raise Conflict("handback_reason_missing", field="reason")
    assert actor.account_id is not None
    work.session.add(
        Handback(
            proposal_id=proposal_id,
            department=row.department,
            reason=reason.strip(),
            at=at,
            by=actor.account_id,
        )
    )
    row.assessor = None
    note_change(row, actor, at)
    work.publish(events.HandedBack(proposal_id=proposal_id, at=at, by=actor.account_id))


def ask_opinion(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    department: str,
    question: str,
    due_at: datetime,
    at: datetime,
) -> UUID:
    """Ask another unit about a proposal, until a day; returns the question's id.

    Raises Conflict: no_such_department, question_missing, due_in_the_past, opinion_waits (this unit
    has not answered the last question yet).
    """
    _row, _proposal, ties = load(work, actor, proposal_id, at)
    require(policy.may_assess(actor, ties))
    if work.session.get(Department, department) is None:
        raise Conflict("no_such_department", field="department")
    if not question.strip():
        raise Conflict("question_missing", field="question")
    if due_at <= at:
        raise Conflict("due_in_the_past", field="due")
    waiting = select(UnitOpinion.id).where(
        UnitOpinion.proposal_id == proposal_id,
        UnitOpinion.department == department,
        UnitOpinion.answered_at.is_(None),
    )
    if work.session.scalar(waiting) is not None:
        raise Conflict("opinion_waits", field="department")
    asked = UnitOpinion(
        id=uuid4(),
        proposal_id=proposal_id,
        department=department,
        question=question.strip(),
        asked_at=at,
        asked_by=actor.account_id,
        due_at=due_at,
        answer="",
    )
    work.session.add(asked)
    work.session.flush()
    work.publish(
        events.OpinionAsked(
            proposal_id=proposal_id, opinion_id=asked.id, at=at, by=actor.account_id
        )
    )
    return asked.id


def answer_opinion(
    work: Work, actor: Actor, *, opinion_id: UUID, is_for: bool, answer: str, at: datetime
) -> None:
    """A unit says what it thinks, once; raises Conflict: answer_missing, opinion_answered."""
    row = work.session.get(UnitOpinion, opinion_id, with_for_update=True)
    if row is None:
        raise NotFound("no_opinion")
    _row, _proposal, ties = load(work, actor, row.proposal_id, at)
    mine = departments_of(work.session, actor.account_id) if actor.account_id else frozenset()
    require(policy.may_answer_opinion(actor, ties, is_member=row.department in mine))
    if row.answered_at is not None:
        raise Conflict("opinion_answered")
    if not answer.strip():
        raise Conflict("answer_missing", field="answer")
    row.is_for, row.answer = is_for, answer.strip()
    row.answered_at, row.answered_by = at, actor.account_id
    work.publish(
        events.OpinionAnswered(
            proposal_id=row.proposal_id, opinion_id=row.id, at=at, by=actor.account_id
        )
    )


def remind_of_deadlines(work: Work, *, at: datetime) -> int:
    """Remind, once each, of assessments and opinions that fall due within three days; says how many."""
    assessments = list_due_assessments(work.session, at=at)
    for row in assessments:
        row.reminded_at = at
        work.publish(events.AssessmentFallsDue(proposal_id=row.proposal_id, at=at, by=None))
    opinions = list_due_opinions(work.session, at=at)
    for one in opinions:
        one.reminded_at = at
        work.publish(
            events.OpinionFallsDue(proposal_id=one.proposal_id, opinion_id=one.id, at=at, by=None)
        )
    return len(assessments) + len(opinions)
