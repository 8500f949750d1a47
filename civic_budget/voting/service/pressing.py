"""An account presses "cast": look once without a lock, decide and seal, put in what still holds.

It takes no lock and no turn before its rows: these go in only under the version at which the round was
looked at (decision 28). The way under the round's lock is for the seldom press that a deed on the round
overtook, and for a human with several records, who takes turns with themselves.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection

from civic_budget.kernel.errors import NotAllowed
from civic_budget.storage.db import Glance, Work
from civic_budget.voting.ballot_box import RoundMoved, insert_lone_vote, insert_vote
from civic_budget.voting.choice import Choice
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.press_queries import Look, lock_row, look_at_press
from civic_budget.voting.service.casting import (
    NO_TRACES,
    CastReceipt,
    Right,
    Traces,
    VoteAndMoment,
    receipt_of,
    require_taken,
    right_from,
    seal_vote,
)


@dataclass(frozen=True)
class Press:
    """Who pressed, for whom, in which round, what they chose, and when."""

    round_id: UUID
    account_id: UUID
    person_id: UUID
    choice: Choice
    nonce: bytes
    at: datetime
    traces: Traces = NO_TRACES


class Doors(Protocol):
    """A look, and the two ways to write: one statement that guards itself, or a unit of work."""

    def glancing(self) -> AbstractContextManager[Glance]:
        """A connection to look with, and the keys."""

    def inserting(self) -> AbstractContextManager[Connection]:
        """A connection for the rows of one vote."""

    def writing(self) -> AbstractContextManager[Work]:
        """A unit of work."""


def press_vote(
    doors: Doors,
    secrets: RoundSecrets,
    press: Press,
    *,
    seen: Look | None = None,
) -> CastReceipt:
    """Cast the vote of a person for whom an account acts; pressed twice it is one vote, the same codes.

    `seen`: what was looked at for this very press already. Raises NotAllowed (closed, suspended, no
    standing, not this account's person), NotFound or InvalidChoice.
    """
    right, ready = _make_ready(secrets, press, seen or _glance(doors, press))
    if len(right.tags) == 1:
        with suppress(RoundMoved), doors.inserting() as asked:
            outcome = insert_lone_vote(asked, secrets, ready.vote, ready.moment)
            return receipt_of(outcome, press.choice, press.nonce)
    with doors.writing() as work:
        return cast_vote(work, secrets, press)


def cast_vote(work: Work, secrets: RoundSecrets, press: Press) -> CastReceipt:
    """The same under the round's lock, which no deed on the round can overtake; raises as `press_vote`."""
    lock_row(work, press.round_id)
    right, ready = _make_ready(secrets, press, _look(work, press))
    outcome = insert_vote(work, secrets, ready.vote, ready.moment, right.tags)
    return receipt_of(outcome, press.choice, press.nonce)


def _glance(doors: Doors, press: Press) -> Look:
    with doors.glancing() as glance:
        return _look(glance, press)


def _look(asked: Glance | Work, press: Press) -> Look:
    return look_at_press(
        asked,
        round_id=press.round_id,
        account_id=press.account_id,
        person_id=press.person_id,
        at=press.at,
    )


def _make_ready(secrets: RoundSecrets, press: Press, seen: Look) -> tuple[Right, VoteAndMoment]:
    if not seen.may_act:
        raise NotAllowed("not_your_person")
    require_taken(seen, press.at, seen.returned_until)
    right = right_from(secrets, seen.facts, seen.generations)
    return right, seal_vote(
        secrets,
        seen,
        seen.frozen,
        right,
        press.choice,
        nonce=press.nonce,
        traces=press.traces,
        at=press.at,
    )
