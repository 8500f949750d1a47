"""Noting what speaks for a residence, and confirming at once where that is enough."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from civic_budget.kernel.actor import Actor
from civic_budget.residency.desk_rules import (
    ProofOutcome,
    ProofSource,
    may_be_confirmed_at_once,
)
from civic_budget.residency.events import ProofNoted
from civic_budget.residency.models import CaseProof, ResidenceCase
from civic_budget.residency.queries.persons import get_limits
from civic_budget.residency.rules import CaseAction, CaseState, Flag, Purpose
from civic_budget.residency.service.granting import grant
from civic_budget.residency.service.tie_rows import list_claims
from civic_budget.residency.service.voiding import is_unsent
from civic_budget.storage.db import Work

OPEN_TO_PROOF = frozenset({CaseState.SUBMITTED, CaseState.NEEDS_MORE})


def note_proof(
    work: Work,
    actor: Actor,
    case: ResidenceCase,
    *,
    source: ProofSource,
    kind: str,
    outcome: ProofOutcome,
    at: datetime,
    document_on: date | None = None,
    point_id: UUID | None = None,
) -> None:
    """Note a proof in a case; the same kind from the same source is noted anew, not twice."""
    row = work.session.scalars(
        select(CaseProof).where(
            CaseProof.case_id == case.id,
            CaseProof.source == source.value,
            CaseProof.kind == kind,
        )
    ).first()
    if row is None:
        row = CaseProof(case_id=case.id, source=source.value, kind=kind)
        work.session.add(row)
    row.outcome, row.document_on, row.point_id = outcome.value, document_on, point_id
    row.noted_at, row.noted_by = at, actor.account_id
    work.session.flush()
    work.publish(
        ProofNoted(
            case_id=case.id,
            source=source.value,
            kind=kind,
            outcome=outcome.value,
            at=at,
            by=actor.account_id,
        )
    )


def confirm_by_proof(
    work: Work, actor: Actor, case: ResidenceCase, *, is_at_desk: bool, at: datetime
) -> bool:
    """Confirm a waiting case without flags on the strength of a proof; False: an officer decides.

    An officer decides also a child's case whose guardian nobody has accepted yet, and answers that were
    changed and not sent again: those were not compared with other records.
    """
    is_simple = may_be_confirmed_at_once(
        [Flag(flag) for flag in case.flags],
        is_correction=case.purpose == Purpose.CORRECTION,
        is_at_desk=is_at_desk,
    )
    if CaseState(case.state) not in OPEN_TO_PROOF or not is_simple:
        return False
    if is_unsent(work, case) or list_claims(work, case.person_id):
        return False
    grant(work, actor, case, CaseAction.CONFIRM, get_limits(work.session), at=at)
    return True
