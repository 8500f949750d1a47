"""What a press on "cast" looks at: the round and all of its voter, in one statement.

Where it is asked under the round's lock, that lock is asked alone and first: a statement that waits for
a row's lock has read its other tables before the wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, bindparam, or_, select

from civic_budget.accounts.queries import SignedIn, read_signed_in, select_signed_in
from civic_budget.kernel.errors import NotFound
from civic_budget.residency.queries import (
    VotingFacts,
    may_act_online,
    read_voting_facts,
    select_voter_by_account,
)
from civic_budget.storage.db import Glance, Work
from civic_budget.voting.frozen import FrozenList
from civic_budget.voting.models import Round, VoteReturn
from civic_budget.voting.queries import read_frozen
from civic_budget.voting.rules import RoundStatus

Glancing = Callable[[], AbstractContextManager[Glance]]
"""The door to a look without a session: of a database, or of a request."""
REMEMBERED = 8
"""Rounds that a process remembers; a city has one or two that take votes."""


@dataclass(frozen=True)
class RoundOnBallot:
    """What never changes of a prepared round: enough to open the draft of a ballot that it takes.

    `frozen` is the list that the draft was marked on; a cast checks the choice against the list that
    the round names at the press. `key_marks` are those of its secret keys, fixed when it is prepared.
    """

    id: UUID
    edition_id: UUID
    public_key: bytes
    key_marks: bytes | None
    frozen: FrozenList


@dataclass(frozen=True)
class Look:
    """The round and a person, as they were in one moment, in the eyes of the account that pressed.

    `may_act`: whether it acts for the person and the city takes their vote online.

    What it says of the round and of returns holds as long as the round has this `version`.
    `generations` has the records of this human to which a vote was returned; `returned_until` is the
    latest moment at which such a vote may be cast anew.
    """

    version: int
    status: RoundStatus
    opens_at: datetime
    closes_at: datetime
    frozen: FrozenList
    may_act: bool
    facts: VotingFacts
    generations: Mapping[UUID, int]
    returned_until: datetime | None


def find_round_on_ballot(glancing: Glancing, round_id: UUID) -> RoundOnBallot | None:
    """A round by its id, remembered; None for an id that is none.

    Nothing here may change, so nothing is invalidated; whether it takes votes is asked at each press.
    """
    found = _remembered.get(round_id)
    if found is None:
        with glancing() as glance:
            found = _read_round_on_ballot(glance, round_id)
        if found is None:
            return None
        if len(_remembered) >= REMEMBERED:
            _remembered.clear()
        _remembered[round_id] = found
    return found


def _read_round_on_ballot(glance: Glance, round_id: UUID) -> RoundOnBallot | None:
    row = glance.connection.execute(_FIXED, {"round_id": round_id}).first()
    if row is None:
        return None
    frozen = read_frozen(glance.connection, round_id, row.list_hash)
    return RoundOnBallot(round_id, row.edition_id, row.public_key, row.key_marks, frozen)


def get_round_on_ballot(glancing: Glancing, round_id: UUID) -> RoundOnBallot:
    """The same for a round that is there; raises NotFound."""
    found = find_round_on_ballot(glancing, round_id)
    if found is None:
        raise NotFound("no_such_round")
    return found


def lock_row(work: Work, round_id: UUID) -> Any:
    """The round's version, status, times and list under its lock; raises NotFound."""
    work.session.flush()  # a deed in this very unit of work raises the version before it is read
    row = work.connection.execute(_LOCKED, {"round_id": round_id}).first()
    if row is None:
        raise NotFound("no_such_round")
    return row


def look_at_press(
    asked: Glance | Work, *, round_id: UUID, account_id: UUID, person_id: UUID, at: datetime
) -> Look:
    """The round and the voter of an account's press; raises NotFound for no such round."""
    wanted = {"round_id": round_id, "account_id": account_id, "person_id": person_id, "at": at}
    rows = asked.connection.execute(_LOOK, wanted).all()
    found = _read_look(asked, rows, round_id, person_id, at)
    if found is None:
        raise NotFound("no_such_round")
    return found


def look_signed_in(
    glance: Glance, sign_in_id: UUID, *, round_id: UUID, person_id: UUID, at: datetime
) -> tuple[SignedIn | None, Look | None]:
    """Who is signed in, and what `look_at_press` finds for their account, in one journey."""
    wanted = {"round_id": round_id, "sign_in_id": sign_in_id, "person_id": person_id, "at": at}
    rows = glance.connection.execute(_LOOK_SIGNED_IN, wanted).all()
    return read_signed_in(rows, sign_in_id), _read_look(glance, rows, round_id, person_id, at)


def _read_look(
    asked: Glance | Work, rows: Sequence[Any], round_id: UUID, person_id: UUID, at: datetime
) -> Look | None:
    if not rows or rows[0].version is None:
        return None
    row, theirs = rows[0], [row for row in rows if row.person_id is not None]
    returns = {row.returned_id: row for row in rows if row.returned_id is not None}
    return Look(
        version=row.version,
        status=RoundStatus(row.status),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        frozen=read_frozen(asked.connection, round_id, row.list_hash),
        may_act=may_act_online(asked.keyring, theirs, at=at),
        facts=read_voting_facts(theirs, person_id, at=at),
        generations={returned: row.generation for returned, row in returns.items()},
        returned_until=max(
            (row.vote_until for row in returns.values() if row.vote_until), default=None
        ),
    )


def _look(account_id: ColumnElement[UUID], signed_in: Subquery | None = None) -> Select[Any]:
    """The round, beside it the voter if that account acts for them, beside them their returns."""
    voter, given = select_voter_by_account().subquery("voter"), VoteReturn.__table__
    theirs = and_(
        given.c.round_id == _ROUND.c.id,
        or_(given.c.person_id == voter.c.person_id, given.c.person_id == voter.c.kin_id),
    )
    beside = _ROUND if signed_in is None else signed_in.outerjoin(_ROUND, _IS_IT)
    found = select(
        *(signed_in.c if signed_in is not None else ()),
        *_OF_ROUND,
        *(column for column in voter.c if column.name != "account_id"),
        given.c.person_id.label("returned_id"),
        given.c.generation,
        given.c.vote_until,
    ).select_from(
        beside.outerjoin(voter, voter.c.account_id == account_id).outerjoin(given, theirs)
    )
    return found.order_by(voter.c.confirmed_at.desc())


def _look_signed_in() -> Select[Any]:
    signed_in = select_signed_in().subquery("signed_in")
    return _look(signed_in.c.account_id, signed_in)


# Built once: to build a statement costs more than to run it.
_ROUND = Round.__table__
_IS_IT = _ROUND.c.id == bindparam("round_id")
_FIXED = select(
    _ROUND.c.edition_id, _ROUND.c.public_key, _ROUND.c.key_marks, _ROUND.c.list_hash
).where(_IS_IT)
_OF_ROUND = (
    _ROUND.c.version,
    _ROUND.c.status,
    _ROUND.c.opens_at,
    _ROUND.c.closes_at,
    _ROUND.c.list_hash,
)
_LOCKED = select(*_OF_ROUND).where(_IS_IT).with_for_update(read=True)
_LOOK = _look(bindparam("account_id", type_=_ROUND.c.id.type)).where(_IS_IT)
_LOOK_SIGNED_IN = _look_signed_in()
_remembered: dict[UUID, RoundOnBallot] = {}
