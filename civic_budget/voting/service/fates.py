"""What became of one person's vote, for their own page: counted, waiting, taken out. Never what it says."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from civic_budget.residency.rules import Standing
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import EnvelopeRow, EnvelopeVoid
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.service.casting import tags_of


class Fate(StrEnum):
    """Where a vote that is in the box stands."""

    RECORDED = "recorded"
    WAITING = "waiting"
    """The case is undecided: the envelope waits for it."""
    UNCONFIRMED = "unconfirmed"
    """Nobody has confirmed the residence, or no longer: the envelope is to be taken out."""
    TAKEN_OUT = "taken_out"
    COUNTED = "counted"


_OPENED = frozenset({RoundStatus.OPENED, RoundStatus.FINAL, RoundStatus.SHREDDED})
_BEFORE = {Standing.PROVISIONAL: Fate.WAITING, Standing.NONE: Fate.UNCONFIRMED}


def fate_of(
    session: Session,
    secrets: RoundSecrets,
    person_id: UUID,
    *,
    status: RoundStatus,
    standing: Standing,
) -> Fate | None:
    """The fate of this human's vote; None while they have none in the box."""
    envelopes = session.execute(
        select(EnvelopeRow.tag, EnvelopeVoid.tag.is_(None).label("is_in"))
        .outerjoin(
            EnvelopeVoid,
            and_(
                EnvelopeVoid.round_id == EnvelopeRow.round_id, EnvelopeVoid.tag == EnvelopeRow.tag
            ),
        )
        .where(
            EnvelopeRow.round_id == secrets.round_id,
            EnvelopeRow.tag.in_(tags_of(session, secrets, person_id)),
        )
    ).all()
    if not envelopes:
        return None
    if not any(envelope.is_in for envelope in envelopes):
        return Fate.TAKEN_OUT
    return Fate.COUNTED if status in _OPENED else _BEFORE.get(standing, Fate.RECORDED)
