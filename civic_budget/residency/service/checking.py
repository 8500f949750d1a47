"""Checking a confirmation again: opened for an upheld complaint, or drawn; closed by another officer."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.residency import policy
from civic_budget.residency.complaint_rules import ComplaintKind
from civic_budget.residency.events import CheckOpened, ConfirmationChecked
from civic_budget.residency.models import (
    Complaint,
    EvidenceFile,
    ResidenceCase,
    ResidenceCheck,
    SampleMember,
)
from civic_budget.residency.queries.cases import relations_of
from civic_budget.residency.queries.persons import get_limits
from civic_budget.residency.rules import CaseState, read_reference
from civic_budget.residency.service.case_rows import let_go, load_case
from civic_budget.storage.db import Work

HOLDS, REVOKED = "holds", "revoked"


def open_check(
    work: Work, actor: Actor, *, complaint: Complaint, reference: str, at: datetime
) -> None:
    """Reopen a confirmed case for a complaint about it; the confirmation holds until the decision.

    Raises Conflict at `check`: `only_registrations_checked`, `check_no_case`, `check_undecided`,
    `check_not_confirmed`, `check_open_already`, `own_case`, `declared_interest`.
    """
    if complaint.kind != ComplaintKind.REGISTRATION:
        raise Conflict("only_registrations_checked", field="check")
    assert actor.account_id is not None
    case = _case_to_check(work, reference)
    relations = relations_of(work.session, case.id)
    try:
        require(policy.may_look(actor, relations))
    except DomainError as denied:
        raise Conflict(denied.code, field="check") from denied
    if relations.check_is_open:
        raise Conflict("check_open_already", field="check")
    work.session.add(
        ResidenceCheck(
            id=uuid4(),
            case_id=case.id,
            complaint_id=complaint.id,
            opened_by=actor.account_id,
            opened_at=at,
            first_officer=case.decided_by,
        )
    )
    limits = get_limits(work.session)
    case.due_at = limits.decide_by(at)
    work.session.execute(
        update(EvidenceFile)
        .where(EvidenceFile.case_id == case.id, EvidenceFile.deleted_why.is_(None))
        .values(delete_after=case.due_at + timedelta(days=limits.evidence_days_after_decision))
    )
    work.session.flush()
    work.publish(CheckOpened(case_id=case.id, person_id=case.person_id, at=at, by=actor.account_id))


def uphold_confirmation(work: Work, actor: Actor, *, case_id: UUID, at: datetime) -> None:
    """A second officer checked a drawn or contested case: the confirmation holds.

    Raises NotAllowed: claim_first, second_officer_check, own_case, not_drawn …
    """
    case = load_case(work, case_id)
    limits = get_limits(work.session)
    require(policy.may_check(actor, relations_of(work.session, case_id), limits, at=at))
    close_check(work, actor, case_id=case_id, outcome=HOLDS, at=at)
    let_go(case)
    case.updated_at = at
    work.publish(ConfirmationChecked(case_id=case_id, at=at, by=actor.account_id))


def close_check(work: Work, actor: Actor, *, case_id: UUID, outcome: str, at: datetime) -> None:
    """Note what a check found; nothing happens to a case whose confirmation nobody checks."""
    found = {"checked_by": actor.account_id, "checked_at": at, "outcome": outcome}
    work.session.execute(
        update(SampleMember)
        .where(
            SampleMember.case_id == case_id,
            SampleMember.is_drawn,
            SampleMember.checked_at.is_(None),
        )
        .values(**found)
    )
    work.session.execute(
        update(ResidenceCheck)
        .where(ResidenceCheck.case_id == case_id, ResidenceCheck.checked_at.is_(None))
        .values(**found)
    )


def _case_to_check(work: Work, reference: str) -> ResidenceCase:
    known = read_reference(reference)
    case_id = work.session.scalar(select(ResidenceCase.id).where(ResidenceCase.reference == known))
    if known is None or case_id is None:
        raise Conflict("check_no_case", field="check")
    case = load_case(work, case_id)
    if case.state in {CaseState.SUBMITTED, CaseState.NEEDS_MORE, CaseState.APPEALED}:
        raise Conflict("check_undecided", field="check")
    if case.state != CaseState.CONFIRMED:
        raise Conflict("check_not_confirmed", field="check")
    return case
