"""Looking up checklists, reasons, departments, and one proposal's assessment with all that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.accounts.queries import list_accounts_with_role, staff_name_of
from civic_budget.assessment.models import (
    Appeal,
    Assessment,
    AssessmentNote,
    AssessorInterest,
    CardAnswer,
    Department,
    RejectionReason,
)
from civic_budget.assessment.policy import Ties
from civic_budget.assessment.queries.facts import (
    AppealFacts,
    AssessmentFacts,
    Colleague,
    NoteFacts,
)
from civic_budget.assessment.rules import (
    Answer,
    AppealState,
    ReasonWords,
    Said,
    Verdict,
)
from civic_budget.editions.queries import get_edition
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.alphabet import alphabetic
from civic_budget.kernel.errors import NotFound
from civic_budget.proposals.queries import ProposalFacts, list_decisions
from civic_budget.proposals.rules import ProposalAction
from civic_budget.residency.queries import cluster_members, persons_of_account


def list_reasons(session: Session) -> Sequence[ReasonWords]:
    """The public reasons for rejecting, in their order."""
    rows = session.scalars(select(RejectionReason).order_by(RejectionReason.position))
    return [ReasonWords(row.key, row.criterion, row.sentence) for row in rows]


def get_reason(session: Session, key: str) -> ReasonWords:
    """One reason; raises NotFound."""
    row = session.get(RejectionReason, key)
    if row is None:
        raise NotFound("no_such_reason")
    return ReasonWords(row.key, row.criterion, row.sentence)


def department_names(session: Session, language: str) -> dict[str, str]:
    """Department code → its name in a language, else in Polish."""
    rows = session.scalars(select(Department).order_by(Department.code))
    return {row.code: row.names.get(language) or row.names["pl"] for row in rows}


def list_assessors(session: Session) -> Sequence[Colleague]:
    """The assessors by name."""
    found = list_accounts_with_role(session, Role.ASSESSOR)
    colleagues = [Colleague(account, staff_name_of(session, account)) for account in found]
    return sorted(colleagues, key=lambda one: alphabetic(one.name, "pl"))


def get_assessment(session: Session, proposal_id: UUID) -> AssessmentFacts:
    """The office's side of a proposal, empty when nobody has begun."""
    row = session.get(Assessment, proposal_id)
    return facts_of(row) if row else AssessmentFacts(proposal_id)


def facts_of(row: Assessment) -> AssessmentFacts:
    """A row as facts."""
    return AssessmentFacts(
        proposal_id=row.proposal_id,
        version=row.version,
        department=row.department,
        assessor=row.assessor,
        formal=Verdict(row.formal_verdict),
        merit=Verdict(row.merit_verdict),
        assessed_cost=row.assessed_cost,
        due_at=row.due_at,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )


def get_answers(session: Session, proposal_id: UUID) -> Mapping[str, Said]:
    """Criterion → what was said of it, on both cards."""
    rows = session.scalars(select(CardAnswer).where(CardAnswer.proposal_id == proposal_id))
    return {row.criterion: Said(Answer(row.answer), row.comment) for row in rows}


def list_notes(session: Session, proposal_id: UUID) -> Sequence[NoteFacts]:
    """Internal notes, the latest first."""
    rows = session.scalars(
        select(AssessmentNote)
        .where(AssessmentNote.proposal_id == proposal_id)
        .order_by(AssessmentNote.at.desc())
    )
    return [
        NoteFacts(row.text, row.at, staff_name_of(session, row.by) if row.by else "")
        for row in rows
    ]


def find_appeal(session: Session, proposal_id: UUID) -> AppealFacts | None:
    """The appeal against a proposal's rejection."""
    row = session.scalars(select(Appeal).where(Appeal.proposal_id == proposal_id)).first()
    if row is None:
        return None
    return AppealFacts(
        proposal_id=row.proposal_id,
        state=AppealState(row.state),
        reasons=row.reasons,
        language=row.language,
        lodged_at=row.lodged_at,
        hearing_at=row.hearing_at,
        hearing_place=row.hearing_place,
        opinion=row.opinion,
        is_opinion_for=row.is_opinion_for,
        decided_at=row.decided_at,
    )


def ties_of(session: Session, actor: Actor, proposal: ProposalFacts, *, at: datetime) -> Ties:
    """What binds an actor to a proposal at a moment."""
    edition = get_edition(session, proposal.edition_id)
    rejections = [
        d for d in list_decisions(session, proposal.id) if d.action is ProposalAction.REJECT
    ]
    return Ties(
        state=proposal.state,
        phase=edition.phase(at),
        is_own=is_own(session, actor, proposal),
        has_interest=has_interest(session, actor, proposal.id),
        assigned_to=get_assessment(session, proposal.id).assessor,
        rejected_by=rejections[0].by if rejections else None,
        was_appealed=find_appeal(session, proposal.id) is not None,
    )


def is_own(session: Session, actor: Actor, proposal: ProposalFacts) -> bool:
    """Whether the actor, or a person for whom the actor acts, is the author."""
    if actor.account_id is None:
        return False
    if actor.account_id == proposal.author_account:
        return True
    own = set(persons_of_account(session, actor.account_id))
    return not own.isdisjoint(cluster_members(session, proposal.author_person))


def has_interest(session: Session, actor: Actor, proposal_id: UUID) -> bool:
    """Whether the actor stepped aside."""
    if actor.account_id is None:
        return False
    return session.get(AssessorInterest, (actor.account_id, proposal_id)) is not None
