"""Who may act on a round, and rows under their locks. Only `voting.service` uses this."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.storage.db import Work
from civic_budget.voting.commission_models import BatchClerk
from civic_budget.voting.models import PaperBatch, Round, RoundMember
from civic_budget.voting.rules import Part, RoundStatus

_AS_IT_IS = {"populate_existing": True, "synchronize_session": False}


def lock_round(work: Work, round_id: UUID) -> Round:
    """The round's row, locked until the end of the transaction; raises NotFound.

    Its version goes up, whatever the deed changes: a press that looked before it looks again.
    """
    locked = update(Round).where(Round.id == round_id).values(version=Round.version + 1)
    row = work.session.scalars(locked.returning(Round), execution_options=_AS_IT_IS).one_or_none()
    if row is None:
        raise NotFound("no_such_round")
    return row


def require_member(work: Work, actor: Actor, round_id: UUID) -> UUID:
    """The account of a member fixed at setup; only they act on a round. Raises NotAllowed."""
    return find_member(work.session, actor, round_id)


def find_member(session: Session, actor: Actor, round_id: UUID) -> UUID:
    """As `require_member`, for who only looks."""
    if actor.account_id is not None:
        found = session.get(RoundMember, (round_id, actor.account_id))
        if found is not None:
            return actor.account_id
    raise NotAllowed("not_a_member_of_the_round")


def require_status(row: Round, *allowed: RoundStatus, code: str) -> None:
    """Refuse a deed in another state of the round, by its code."""
    if RoundStatus(row.status) not in allowed:
        raise Conflict(code)


def require_reason(words: str) -> str:
    """What the public protocol will say of a deed, without spaces around; raises Conflict at `note`."""
    if not words.strip():
        raise Conflict("reason_missing", field="note")
    return words.strip()


def require_clerk(actor: Actor) -> None:
    """Clerks and the commission handle paper; raises NotAllowed for everybody else."""
    if not actor.is_system and not actor.has(Role.CLERK, Role.COMMISSION):
        raise NotAllowed("not_a_clerk")


def lock_batch(work: Work, batch_id: UUID) -> PaperBatch:
    """An open batch's row, locked; raises NotFound, or Conflict for one that was reconciled."""
    batch = work.session.get(PaperBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise NotFound("no_such_batch")
    if batch.state != "open":
        raise Conflict("batch_closed")
    return batch


def take_part(work: Work, actor: Actor, batch: PaperBatch, part: Part) -> None:
    """Note that a clerk does a part of a batch; raises NotAllowed for who does another part of it.

    A rehearsal has no clerks: the platform itself does every part.
    """
    require_clerk(actor)
    if actor.account_id is None:
        return
    known = work.session.get(BatchClerk, (batch.id, actor.account_id))
    if known is None:
        work.session.add(
            BatchClerk(batch_id=batch.id, account_id=actor.account_id, part=part.value)
        )
        work.session.flush()
    elif known.part != part.value:
        raise NotAllowed("another_clerk_needed")
