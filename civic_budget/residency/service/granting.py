"""What a favourable decision does: state, history, confirmation, the person's data made true."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.residency.events import ResidenceConfirmed
from civic_budget.residency.models import Confirmation, EvidenceFile, ResidenceCase
from civic_budget.residency.queries.cases import answers_of
from civic_budget.residency.rules import CaseAction, Limits, Purpose
from civic_budget.residency.service.case_rows import let_go, move_case, note_deed
from civic_budget.residency.service.person_rows import store_identity, store_match_keys
from civic_budget.residency.service.tie_rows import list_claims
from civic_budget.residency.service.voiding import is_unsent
from civic_budget.storage.db import Work


def grant(
    work: Work,
    actor: Actor,
    case: ResidenceCase,
    action: CaseAction,
    limits: Limits,
    *,
    at: datetime,
) -> None:
    """Confirm a case, by a first decision or on appeal.

    An appeal against taking a confirmation back makes that one hold again, as if it had never ended.
    Raises Conflict `guardian_first` while a guardianship of the child is undecided, `answers_unsent` when
    the person has changed who or where and not sent it: nobody has compared that with other records.
    """
    if list_claims(work, case.person_id):
        raise Conflict("guardian_first", field="points")
    if is_unsent(work, case):
        raise Conflict("answers_unsent", field="points")
    told = answers_of(work.session, case)
    identity = told.identity()
    if identity is None or told.district is None:
        raise NotFound
    move_case(work, case, action, at=at)
    case.decided_at, case.decided_by = at, actor.account_id
    case.answer_due_at = None
    let_go(case)
    held = work.session.scalars(select(Confirmation).where(Confirmation.case_id == case.id)).first()
    if held is not None:
        held.revoked_at = None
    else:
        store_identity(work, case.person_id, identity, told, at=at)
        if case.purpose != Purpose.FIRST:
            store_match_keys(work, case.person_id, identity)
        work.session.add(
            Confirmation(
                person_id=case.person_id,
                case_id=case.id,
                district=told.district,
                confirmed_at=at,
                valid_until=limits.valid_until(at),
            )
        )
    keep_evidence_until(work, case, at + timedelta(days=limits.evidence_days_after_decision))
    note_deed(work, actor, case, action, at=at)
    work.publish(
        ResidenceConfirmed(
            case_id=case.id,
            person_id=case.person_id,
            district=told.district,
            at=at,
            by=actor.account_id,
        )
    )


def keep_evidence_until(work: Work, case: ResidenceCase, until: datetime) -> None:
    """Set when the worker deletes the documents of a case."""
    work.session.execute(
        update(EvidenceFile)
        .where(EvidenceFile.case_id == case.id, EvidenceFile.deleted_why.is_(None))
        .values(delete_after=until)
    )
