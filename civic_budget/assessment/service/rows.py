"""An assessment's row under the write lock, and the check that its reader saw the present one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic_budget.accounts.queries import staff_name_of
from civic_budget.assessment.models import Appeal, Assessment
from civic_budget.assessment.policy import Ties
from civic_budget.assessment.queries import ties_of
from civic_budget.assessment.rules import Verdict
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.proposals.queries import ProposalFacts
from civic_budget.proposals.service import lock_proposal
from civic_budget.storage.db import Work


def load(
    work: Work, actor: Actor, proposal_id: UUID, at: datetime
) -> tuple[Assessment, ProposalFacts, Ties]:
    """A proposal's assessment, locked (begun when there is none), with what binds the actor to it."""
    proposal = lock_proposal(work, proposal_id)
    row = work.session.get(Assessment, proposal_id, with_for_update=True)
    if row is None:
        row = Assessment(
            proposal_id=proposal_id,
            edition_id=proposal.edition_id,
            version=0,
            formal_verdict=Verdict.INCOMPLETE.value,
            merit_verdict=Verdict.INCOMPLETE.value,
            changed_at=at,
        )
        work.session.add(row)
        work.session.flush()
    return row, proposal, ties_of(work.session, actor, proposal, at=at)


def check_version(work: Work, row: Assessment, seen: int | None) -> None:
    """Refuse to write over what a colleague wrote in the meantime; None skips the check."""
    if seen is not None and seen != row.version:
        who = staff_name_of(work.session, row.changed_by) if row.changed_by else ""
        raise Conflict("changed_meanwhile", who=who, at=row.changed_at)


def note_change(row: Assessment, actor: Actor, at: datetime) -> None:
    """One version more, by this actor."""
    row.version += 1
    row.changed_at, row.changed_by = at, actor.account_id


def load_appeal(work: Work, proposal_id: UUID) -> Appeal:
    """The appeal of a proposal, locked; raises NotFound."""
    row = work.session.scalars(
        select(Appeal).where(Appeal.proposal_id == proposal_id).with_for_update()
    ).first()
    if row is None:
        raise NotFound("no_appeal")
    return row
