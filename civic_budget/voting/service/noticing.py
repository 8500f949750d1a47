"""Whom to tell that a vote was recorded, in shuffled batches, so that none tells when its vote came.

And whom, after the opening, that a vote which waited for a decision was counted.
"""

from __future__ import annotations

import secrets as random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from civic_budget.residency.queries import list_eligible_persons
from civic_budget.storage.db import Work
from civic_budget.voting import queries
from civic_budget.voting.commission_models import VoidNotice
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import EnvelopeVoid, Participation, Round
from civic_budget.voting.rules import RoundStatus, VoidReason
from civic_budget.voting.service.findings import people_behind

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
    return _persons_behind(work.session, secrets, told, at)


def provisional_voters(session: Session, *, secrets: RoundSecrets, at: datetime) -> Sequence[UUID]:
    """Those who voted before their case was decided and whose envelope was not taken out, in random order."""
    round_id = secrets.round_id
    voided = select(EnvelopeVoid.tag).where(EnvelopeVoid.round_id == round_id)
    counted = set(
        session.scalars(
            select(Participation.tag).where(
                Participation.round_id == round_id,
                Participation.is_provisional.is_(True),
                Participation.tag.not_in(voided),
            )
        )
    )
    if not counted:
        return []
    return _persons_behind(session, secrets, counted, at)


def _persons_behind(
    session: Session, secrets: RoundSecrets, tags: set[bytes], at: datetime
) -> Sequence[UUID]:
    risen = queries.generations(session, secrets.round_id)
    persons = [
        person.person_id
        for person in list_eligible_persons(session, at=at)
        if secrets.tag(person.person_id, risen.get(person.person_id, 0)) in tags
    ]
    random.SystemRandom().shuffle(persons)
    return persons


@dataclass(frozen=True)
class VoidTold:
    """Whom to tell that an envelope of theirs is out, until when they may object, and vote anew if at all."""

    person_id: UUID
    object_until: datetime
    vote_until: datetime | None


def take_void_notices(work: Work, *, round_id: UUID, secrets: RoundSecrets) -> Sequence[VoidTold]:
    """Whom to tell now of voided envelopes.

    They are marked as told in the same transaction; the caller sends the messages in this unit of work.
    """
    unheard = work.session.scalars(
        select(VoidNotice).where(VoidNotice.round_id == round_id, VoidNotice.is_told.is_(False))
    ).all()
    behind = people_behind(work.session, secrets) if unheard else {}
    told = []
    for notice in unheard:
        notice.is_told = True
        person_id = behind.get(notice.tag)
        if person_id is not None:
            void = work.session.get(EnvelopeVoid, (round_id, notice.tag))
            is_returned = void is not None and void.reason == VoidReason.NOT_MY_VOTE.value
            until = queries.find_vote_until(work.session, round_id, [person_id])
            told.append(VoidTold(person_id, notice.object_until, until if is_returned else None))
    return told
