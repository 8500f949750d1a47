"""The bare insert of the two rows that a cast writes: what the service and its view are measured beside."""

from __future__ import annotations

import secrets as random
from uuid import UUID

from sqlalchemy import insert

from civic_budget.storage.db import Work
from civic_budget.voting.ballot_box import Moment
from civic_budget.voting.models import EnvelopeRow, Participation

SEALED_BYTES = 120


def insert_rows(work: Work, round_id: UUID, moment: Moment) -> bytes:
    """Two rows by SQLAlchemy Core, their values drawn at random; returns the tag."""
    tag = random.token_bytes(32)
    work.session.execute(
        insert(EnvelopeRow).values(
            round_id=round_id,
            tag=tag,
            channel="web",
            retry=random.token_bytes(32),
            nonce_mac=random.token_bytes(32),
            sealed=random.token_bytes(SEALED_BYTES),
            mac=random.token_bytes(32),
        )
    )
    work.session.execute(
        insert(Participation).values(
            round_id=round_id,
            tag=tag,
            channel="web",
            counted_on=moment.counted_on,
            hour=moment.hour,
            is_provisional=False,
            notified=False,
        )
    )
    return tag
