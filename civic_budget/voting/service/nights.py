"""The sealed list: how many envelopes there are and the root of their hashes, each night and at closing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civic_budget.kernel.clock import city_day
from civic_budget.storage.db import Work
from civic_budget.voting.ballot_box import insert_or_nothing
from civic_budget.voting.commission_models import SealedListRow
from civic_budget.voting.models import EnvelopeRow, NightlyCountRow, Round
from civic_budget.voting.nightly import SealedList, envelope_hash, sealed_list
from civic_budget.voting.rules import RoundStatus

TAKES_VOTES = (RoundStatus.READY.value, RoundStatus.SUSPENDED.value)


def publish_nightly_count(work: Work, *, round_id: UUID, day: date) -> SealedList:
    """Publish how many envelopes there are and the root of their hashes; once a day, never redone."""
    found = sealed_now(work.session, round_id)
    work.session.execute(
        insert_or_nothing(work, NightlyCountRow).values(
            round_id=round_id,
            counted_on=day,
            count=found.count,
            root=found.root,
            hashes=found.text,
        )
    )
    return found


def publish_last_night(work: Work, *, at: datetime) -> list[UUID]:
    """Publish yesterday's count of every running round that has none yet; returns these rounds."""
    day = city_day(at) - timedelta(days=1)
    published = []
    for row in work.session.scalars(select(Round).where(Round.status.in_(TAKES_VOTES))):
        known = work.session.get(NightlyCountRow, (row.id, day))
        if known is None and city_day(row.opens_at) <= day <= city_day(row.closes_at):
            publish_nightly_count(work, round_id=row.id, day=day)
            published.append(row.id)
    return published


def sealed_now(session: Session, round_id: UUID) -> SealedList:
    """The list of all envelopes that are in the box now."""
    rows = session.execute(
        select(EnvelopeRow.tag, EnvelopeRow.channel, EnvelopeRow.sealed, EnvelopeRow.mac).where(
            EnvelopeRow.round_id == round_id
        )
    )
    return sealed_list(envelope_hash(*row) for row in rows)


def keep_list(work: Work, round_id: UUID, *, step: str, at: datetime) -> SealedList:
    """Fix the list at a step (`closing`, `paper`) for good; later the urn must agree with the last."""
    found = sealed_now(work.session, round_id)
    statement = select(func.count()).where(SealedListRow.round_id == round_id)
    earlier = work.session.scalar(statement) or 0
    work.session.add(
        SealedListRow(
            round_id=round_id,
            number=earlier + 1,
            step=step,
            count=found.count,
            root=found.root,
            hashes=found.text,
            at=at,
        )
    )
    return found
