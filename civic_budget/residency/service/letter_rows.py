"""The row of a letter under the write lock: how it ends."""

from __future__ import annotations

from datetime import datetime

from civic_budget.kernel.actor import Actor
from civic_budget.residency.events import LetterEnded
from civic_budget.residency.letter_rules import LETTER, LetterAction, LetterState
from civic_budget.residency.models import AddressLetter
from civic_budget.storage.db import Work


def end_letter(
    work: Work, actor: Actor, row: AddressLetter, action: LetterAction, at: datetime
) -> None:
    """Take a letter to its last state; its code opens nothing any more."""
    row.state = LETTER.next(LetterState(row.state), action).value
    row.ended_at = at
    work.session.flush()
    work.publish(
        LetterEnded(
            letter_id=row.id, case_id=row.case_id, state=row.state, at=at, by=actor.account_id
        )
    )
