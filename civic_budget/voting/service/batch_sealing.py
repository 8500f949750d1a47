"""When the cards of a batch may be keyed: its slips are complete, and there are enough of them.

Whoever keys cards while slips still come sees which card came with which slip. So a batch is sealed first:
no slip is added any more. Fewer than twenty cards are mixed with others of the district; what is left of a
district when no slip can come to fill it is keyed only by an act of two members, who say that they know
what a handful of cards may tell.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work
from civic_budget.voting.commission_models import PaperPoint
from civic_budget.voting.models import PaperBatch, Round, RoundIncident
from civic_budget.voting.rules import SMALLEST_BATCH, JointKind, RoundStatus, takes_slips
from civic_budget.voting.service.access import (
    lock_batch,
    lock_round,
    require_clerk,
    require_member,
    require_reason,
)
from civic_budget.voting.service.jointly import confirm_jointly, propose_jointly


def seal_batch(work: Work, actor: Actor, *, batch_id: UUID, at: datetime) -> None:
    """No slip is added any more, and the cards may be keyed; sealing twice is no harm.

    Raises Conflict `batch_too_small`. A rehearsal has no clerks and no voters to guard: the platform
    itself seals any batch.
    """
    require_clerk(actor)
    batch = lock_batch(work, batch_id)
    if batch.claimed < SMALLEST_BATCH and not actor.is_system:
        raise Conflict("batch_too_small", fewest=SMALLEST_BATCH)
    batch.sealed_at = batch.sealed_at or at


def propose_small_batch(
    work: Work, actor: Actor, *, batch_id: UUID, note: str, at: datetime
) -> None:
    """One member wishes to let a small batch be keyed that nothing can fill; the reason becomes public.

    Raises Conflict while slips may still come or another batch of the district waits to be mixed in.
    """
    require_reason(note)
    batch = _left_over(work, batch_id, at)
    propose_jointly(
        work,
        actor,
        round_id=batch.round_id,
        kind=JointKind.SMALL_BATCH,
        subject=str(batch_id),
        data={},
        note=note,
        at=at,
    )


def confirm_small_batch(work: Work, actor: Actor, *, batch_id: UUID, at: datetime) -> None:
    """A second member confirms: the small batch is sealed and may be keyed. The protocol tells it."""
    batch = _left_over(work, batch_id, at)
    member = require_member(work, actor, batch.round_id)
    decided = confirm_jointly(
        work,
        actor,
        round_id=batch.round_id,
        kind=JointKind.SMALL_BATCH,
        subject=str(batch_id),
        at=at,
    )
    batch.sealed_at = at
    work.session.add(
        RoundIncident(
            round_id=batch.round_id,
            kind=JointKind.SMALL_BATCH.value,
            note=decided.note,
            by=member,
            at=at,
        )
    )


def _left_over(work: Work, batch_id: UUID, at: datetime) -> PaperBatch:
    """A small batch that nothing can fill any more, locked with its round; raises Conflict."""
    found = work.session.get(PaperBatch, batch_id)
    row = lock_round(work, found.round_id) if found else None
    batch = lock_batch(work, batch_id)
    assert row is not None
    if batch.sealed_at is not None:
        raise Conflict("batch_sealed")
    if not batch.claimed:
        raise Conflict("batch_empty")
    if batch.claimed >= SMALLEST_BATCH:
        raise Conflict("batch_large_enough")
    if _may_slips_come(work, row, at):
        raise Conflict("slips_may_come")
    if _find_other(work, batch) is not None:
        raise Conflict("batch_can_be_mixed")
    return batch


def _may_slips_come(work: Work, row: Round, at: datetime) -> bool:
    """Whether any point of the round may still bring a slip."""
    until = row.paper_until or row.closes_at
    if isinstance(takes_slips(RoundStatus(row.status), paper_until=until, at=at), Denied):
        return False
    open_points = select(PaperPoint.code).where(
        PaperPoint.round_id == row.id, PaperPoint.closed_at.is_(None)
    )
    return work.session.scalar(open_points.limit(1)) is not None


def _find_other(work: Work, batch: PaperBatch) -> UUID | None:
    """Another batch of the district, of which nothing is keyed yet: they can be mixed."""
    other = select(PaperBatch.id).where(
        PaperBatch.round_id == batch.round_id,
        PaperBatch.scope == batch.scope,
        PaperBatch.id != batch.id,
        PaperBatch.state == "open",
        PaperBatch.claimed > 0,
        PaperBatch.keyed + PaperBatch.invalid == 0,
    )
    return work.session.scalar(other.limit(1))
