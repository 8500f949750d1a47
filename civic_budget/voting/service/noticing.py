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

from civic_budget.residency.queries import list_clusters, list_eligible_persons
from civic_budget.storage.db import Work
from civic_budget.voting import queries
from civic_budget.voting.commission_models import JointDecision, VoidNotice
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import EnvelopeRow, EnvelopeVoid, Participation, Round
from civic_budget.voting.rules import JointKind, RoundStatus, VoidReason
from civic_budget.voting.service.findings import people_behind

FEWEST_NOTICES = 20


def take_notice_batch(work: Work, *, round_id: UUID, secrets: RoundSecrets) -> Sequence[UUID]:
    """The persons to be told now, in random order; they are marked as told in the same transaction.

    Empty while fewer than twenty wait and votes may still come; after closing the rest is told at
    once. Whose envelope is out already gets the notice of that instead. The caller sends the messages
    in this unit of work.
    """
    unheard = (Participation.round_id == round_id, Participation.notified.is_(False))
    number = work.session.scalar(select(func.count()).select_from(Participation).where(*unheard))
    row = work.session.get_one(Round, round_id)
    is_over = row.status == RoundStatus.VERIFICATION.value
    if not number or (number < FEWEST_NOTICES and not is_over):
        return []
    marked = update(Participation).where(*unheard).values(notified=True)
    told = set(work.session.scalars(marked.returning(Participation.tag)))
    voided = select(EnvelopeVoid.tag).where(EnvelopeVoid.round_id == round_id)
    return _persons_behind(work.session, secrets, told - set(work.session.scalars(voided)))


def provisional_voters(session: Session, *, secrets: RoundSecrets) -> Sequence[UUID]:
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
    return _persons_behind(session, secrets, counted)


def _persons_behind(session: Session, secrets: RoundSecrets, tags: set[bytes]) -> Sequence[UUID]:
    """Whoever is behind these envelopes, also those whom an officer refused since."""
    behind = people_behind(session, secrets)
    persons = [behind[tag] for tag in tags if tag in behind]
    random.SystemRandom().shuffle(persons)
    return persons


def take_loss_notices(
    work: Work, *, secrets: RoundSecrets, at: datetime
) -> tuple[datetime, Sequence[UUID]] | None:
    """Whom to tell that envelopes were lost, in random order, and until when they can act.

    Everybody who may vote and has no vote in the box; once for each loss that two members acknowledged.
    None while there is nothing to tell. The caller sends the messages in this unit of work.
    """
    rows = work.session.scalars(
        select(JointDecision)
        .where(
            JointDecision.round_id == secrets.round_id,
            JointDecision.kind == JointKind.MISSING.value,
            JointDecision.second_by.is_not(None),
        )
        .order_by(JointDecision.second_at)
    ).all()
    unheard = [row for row in rows if not row.data["is_told"]]
    if not unheard:
        return None
    for row in unheard:
        row.data = {**row.data, "is_told": True}
    return datetime.fromisoformat(rows[-1].data["until"]), _without_vote(work.session, secrets, at)


def _without_vote(session: Session, secrets: RoundSecrets, at: datetime) -> list[UUID]:
    """Records of humans who may vote and none of whose records has a vote, in random order."""
    present = set(
        session.scalars(select(EnvelopeRow.tag).where(EnvelopeRow.round_id == secrets.round_id))
    )
    risen = queries.generations(session, secrets.round_id)
    humans = list_clusters(session)
    standing = [one.person_id for one in list_eligible_persons(session, at=at)]
    voted = {
        humans.get(person, person)
        for person in standing
        if secrets.tag(person, risen.get(person, 0)) in present
    }
    persons = [person for person in standing if humans.get(person, person) not in voted]
    random.SystemRandom().shuffle(persons)
    return persons


@dataclass(frozen=True)
class VoidTold:
    """Whom to tell that an envelope of theirs is out, until when they may object, and vote anew if at all.

    `reason` is the one that is counted in public, empty once the envelope is back. With `answer` it is
    not the voiding that they are told of but what became of it ("stands", "restored").
    """

    person_id: UUID
    object_until: datetime
    vote_until: datetime | None
    reason: str = ""
    answer: str = ""


def take_void_notices(work: Work, *, round_id: UUID, secrets: RoundSecrets) -> Sequence[VoidTold]:
    """Whom to tell now of voided envelopes.

    They are marked as told in the same transaction; the caller sends the messages in this unit of work.
    """
    unheard = work.session.scalars(
        select(VoidNotice).where(VoidNotice.round_id == round_id, VoidNotice.is_told.is_(False))
    ).all()
    behind = people_behind(work.session, secrets) if unheard else {}
    risen = queries.generations(work.session, round_id)
    present = {secrets.tag(person, generation) for person, generation in risen.items()}
    told = []
    for notice in unheard:
        notice.is_told = True
        person_id = behind.get(notice.tag)
        if person_id is not None:
            void = work.session.get(EnvelopeVoid, (round_id, notice.tag))
            is_returned = void is not None and _is_returned(void.reason, notice.tag, present)
            until = queries.find_vote_until(work.session, round_id, [person_id])
            told.append(
                VoidTold(
                    person_id,
                    notice.object_until,
                    until if is_returned else None,
                    void.reason if void else "",
                    notice.answer or "",
                )
            )
    return told


def _is_returned(reason: str, tag: bytes, present: set[bytes]) -> bool:
    """Whether the person of a voided envelope has a new place to vote, not one that a card has taken."""
    return reason != VoidReason.PAPER_STANDS.value and tag not in present
