"""Notices "a vote was recorded for you": in shuffled batches, so that none tells when its vote came."""

from __future__ import annotations

import secrets as random
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from civic_budget.residency.queries import list_eligible_persons
from civic_budget.storage.db import Work
from civic_budget.voting import queries
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import Participation, Round
from civic_budget.voting.rules import RoundStatus

SMALLEST_BATCH = 20


def take_notice_batch(
    work: Work, *, round_id: UUID, secrets: RoundSecrets, at: datetime
) -> Sequence[UUID]:
    """The persons to be told now, in random order; they are marked as told in the same transaction.

    Empty while fewer than twenty wait and votes may still come; after closing the rest is told at
    once. The caller sends the messages in this unit of work.
    """
    unheard = (Participation.round_id == round_id, Participation.notified.is_(False))
    number = work.session.scalar(select(func.count()).select_from(Participation).where(*unheard))
    row = work.session.get_one(Round, round_id)
    is_over = row.status == RoundStatus.VERIFICATION.value
    if not number or (number < SMALLEST_BATCH and not is_over):
        return []
    marked = update(Participation).where(*unheard).values(notified=True)
    told = set(work.session.scalars(marked.returning(Participation.tag)))
    risen = queries.generations(work.session, round_id)
    persons = [
        person.person_id
        for person in list_eligible_persons(work.session, at=at)
        if secrets.tag(person.person_id, risen.get(person.person_id, 0)) in told
    ]
    random.SystemRandom().shuffle(persons)
    return persons
