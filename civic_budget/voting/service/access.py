"""Who may act on a round, and the round's row under its lock. Only `voting.service` uses this."""

from __future__ import annotations

from uuid import UUID

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import NotAllowed, NotFound
from civic_budget.storage.db import Work
from civic_budget.voting.models import Round, RoundMember


def lock_round(work: Work, round_id: UUID) -> Round:
    """The round's row, locked until the end of the transaction; raises NotFound."""
    row = work.session.get(Round, round_id, with_for_update=True)
    if row is None:
        raise NotFound("no_such_round")
    return row


def require_member(work: Work, actor: Actor, round_id: UUID) -> UUID:
    """The account of a member fixed at setup; only they act on a round. Raises NotAllowed."""
    if actor.account_id is not None:
        found = work.session.get(RoundMember, (round_id, actor.account_id))
        if found is not None:
            return actor.account_id
    raise NotAllowed("not_a_member_of_the_round")
