"""What a press on "cast" asks: the round by its id, its lock, and all of the voter in one statement.

The lock is asked alone and first. A statement that waits for a row's lock has read its other tables
before the wait, so what the lock protects is asked after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from civic_budget.kernel.errors import NotAllowed, NotFound
from civic_budget.residency.queries import (
    VotingFacts,
    may_act_online,
    read_voting_facts,
    select_voter_of_account,
)
from civic_budget.storage.db import Work
from civic_budget.voting.frozen import FrozenList
from civic_budget.voting.models import Round, VoteReturn
from civic_budget.voting.queries import read_frozen

REMEMBERED = 8
"""Rounds that a process remembers; a city has one or two that take votes."""


@dataclass(frozen=True)
class RoundOnBallot:
    """What never changes of a prepared round: enough to open the draft of a ballot that it takes.

    `frozen` is the list that the draft was marked on; a cast checks the choice against the list that
    the locked round names.
    """

    id: UUID
    edition_id: UUID
    public_key: bytes
    frozen: FrozenList


@dataclass(frozen=True)
class VoterAtPress:
    """A person for whom the pressing account acts: what they are, and what was given back to them.

    `generations` has the records of this human to which a vote was returned; `returned_until` is the
    latest moment at which such a vote may be cast anew.
    """

    facts: VotingFacts
    generations: Mapping[UUID, int]
    returned_until: datetime | None


def find_round_on_ballot(session: Session, round_id: UUID) -> RoundOnBallot | None:
    """A round by its id, remembered; None for an id that is none.

    Nothing here may change, so nothing is invalidated; whether it takes votes is asked under its lock.
    """
    found = _remembered.get(round_id)
    if found is None:
        row = session.connection().execute(_FIXED, {"round_id": round_id}).first()
        if row is None:
            return None
        frozen = read_frozen(session, round_id, row.list_hash)
        found = RoundOnBallot(round_id, row.edition_id, row.public_key, frozen)
        if len(_remembered) >= REMEMBERED:
            _remembered.clear()
        _remembered[round_id] = found
    return found


def get_round_on_ballot(session: Session, round_id: UUID) -> RoundOnBallot:
    """The same for a round that is there; raises NotFound."""
    found = find_round_on_ballot(session, round_id)
    if found is None:
        raise NotFound("no_such_round")
    return found


def lock_row(work: Work, round_id: UUID) -> Any:
    """The round's status, times and list under its lock; raises NotFound."""
    row = work.connection.execute(_LOCKED, {"round_id": round_id}).first()
    if row is None:
        raise NotFound("no_such_round")
    return row


def find_voter_at_press(
    work: Work, *, round_id: UUID, account_id: UUID, person_id: UUID, at: datetime
) -> VoterAtPress:
    """The voter, their kin and returns; raises NotAllowed when the account may not vote online for them."""
    wanted = {"round_id": round_id, "account_id": account_id, "person_id": person_id, "at": at}
    rows = work.connection.execute(_VOTER, wanted).all()
    if not may_act_online(work.session, rows, at=at):
        raise NotAllowed("not_your_person")
    returns = {row.returned_id: row for row in rows if row.returned_id is not None}
    return VoterAtPress(
        read_voting_facts(rows, person_id, at=at),
        {returned: row.generation for returned, row in returns.items()},
        max((row.vote_until for row in returns.values() if row.vote_until), default=None),
    )


def _voter() -> Select[Any]:
    voter, given = select_voter_of_account().subquery("voter"), VoteReturn.__table__
    theirs = and_(
        given.c.round_id == bindparam("round_id"),
        or_(given.c.person_id == voter.c.person_id, given.c.person_id == voter.c.kin_id),
    )
    return (
        select(
            voter, given.c.person_id.label("returned_id"), given.c.generation, given.c.vote_until
        )
        .outerjoin_from(voter, given, theirs)
        .order_by(voter.c.confirmed_at.desc())
    )


# Built once: to build a statement costs more than to run it.
_ROUND = Round.__table__.c
_FIXED = select(_ROUND.edition_id, _ROUND.public_key, _ROUND.list_hash).where(
    _ROUND.id == bindparam("round_id")
)
_LOCKED = (
    select(_ROUND.status, _ROUND.opens_at, _ROUND.closes_at, _ROUND.list_hash)
    .where(_ROUND.id == bindparam("round_id"))
    .with_for_update(read=True)
)
_VOTER = _voter()
_remembered: dict[UUID, RoundOnBallot] = {}
