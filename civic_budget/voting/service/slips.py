"""Identity slips: a person's place in the round is claimed for paper, at the point or afterwards.

A slip names a person, never a choice. One place for one human: a web vote or a slip, whichever came
first; a card that lies in an urn already cannot be found again, so there the slip stands. A vote that
was taken out is no vote that stands: no card is handed out beside it, and a card that lies in an urn
already counts in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import Work
from civic_budget.voting.ballot_box import CastOutcome, Moment, insert_or_nothing, insert_slip
from civic_budget.voting.commission_models import LateSlip, PaperPoint
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import EnvelopeRow, EnvelopeVoid, PaperBatch, Round
from civic_budget.voting.opening import PAPER
from civic_budget.voting.rules import Part, RoundStatus, takes_slips, takes_votes
from civic_budget.voting.service.access import lock_batch, lock_round, take_part
from civic_budget.voting.service.casting import Right, returned_until, right_of
from civic_budget.voting.service.voiding import raise_generation

MOMENT_BEFORE = timedelta(seconds=1)


class SlipOutcome(StrEnum):
    """What became of a slip."""

    ACCEPTED = "accepted"
    HAS_VOTED = "has_voted"
    EARLIER_IS_OUT = "earlier_is_out"
    """The vote in the box was taken out, unopened: the commission decides about it; no card is given."""
    BESIDE_A_WEB_VOTE = "beside_a_web_vote"
    IN_PLACE = "in_place"
    """The card in the urn takes the place of a web vote that was taken out before."""
    SECOND_SLIP = "second_slip"


def register_slip(
    work: Work,
    actor: Actor,
    *,
    secrets: RoundSecrets,
    batch_id: UUID,
    person_id: UUID,
    at: datetime,
) -> SlipOutcome:
    """Claim a person's place for paper, in a batch of their district.

    At a point with a network this happens before the card is handed out, while voting is open (to whom a
    vote was given back, until its days are over): who has voted is refused, and so is whose vote was taken
    out. From a point without one the slip comes later, up to the paper deadline; a web vote beside it waits
    for two members to take it out, and one that is out already gives it its place. Raises NotAllowed or
    Conflict.
    """
    row = lock_round(work, secrets.round_id)
    batch = lock_batch(work, batch_id)
    point = work.session.get(PaperPoint, (secrets.round_id, batch.point))
    if point is None or point.closed_at is not None:
        raise Conflict("point_closed")
    if batch.sealed_at is not None:
        raise Conflict("batch_sealed")
    given_back = returned_until(work.session, secrets.round_id, person_id)
    cast_at = _moment_of(row, point, at, given_back)
    right = right_of(work.session, secrets, person_id, at=cast_at)
    if right.standing is Standing.NONE:
        raise NotAllowed("residence_needed_on_paper")
    if not _is_entitled(batch.scope, right):
        raise Conflict("person_of_another_district", field="person")
    take_part(work, actor, batch, Part.SLIPS)
    moment = _moment_in(batch, right, cast_at)
    outcome = insert_slip(work, secrets, right.tags[0], moment, right.tags)
    if outcome is CastOutcome.ACCEPTED:
        batch.claimed += 1
        return SlipOutcome.ACCEPTED
    if point.is_online:
        is_out = outcome is CastOutcome.EARLIER_IS_OUT
        return SlipOutcome.EARLIER_IS_OUT if is_out else SlipOutcome.HAS_VOTED
    return _beside(work, secrets, batch, right.tags, person_id, moment)


def _moment_of(
    row: Round, point: PaperPoint, at: datetime, given_back: datetime | None
) -> datetime:
    """When the vote counts as cast; a late slip belongs to the vote's time, however late it is keyed.

    Whom a vote was given back to may cast it at a point with a network as long as online.
    """
    status = RoundStatus(row.status)
    if point.is_online:
        decision = takes_votes(
            status,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            at=at,
            returned_until=given_back,
        )
    else:
        decision = takes_slips(status, paper_until=row.paper_until or row.closes_at, at=at)
    if isinstance(decision, Denied):
        raise NotAllowed(decision.reason)
    return min(at, row.closes_at - MOMENT_BEFORE)


def _is_entitled(scope: str, right: Right) -> bool:
    """Whether the batch's list is one of the person's."""
    return any(scope in scopes for scopes in right.scopes.values())


def _moment_in(batch: PaperBatch, right: Right, at: datetime) -> Moment:
    local = at.astimezone(CITY_ZONE)
    is_provisional = right.standing is Standing.PROVISIONAL
    return Moment(local.date(), local.hour, point=batch.point, is_provisional=is_provisional)


def _beside(
    work: Work,
    secrets: RoundSecrets,
    batch: PaperBatch,
    tags: Sequence[bytes],
    person_id: UUID,
    moment: Moment,
) -> SlipOutcome:
    """The card is in the urn and stands; a web envelope that is in waits for two members.

    Where every web envelope of the human is out already, there is nothing to wait for: the slip takes
    the next place at once. None of them can go back in beside it.
    """
    found = _envelopes_of(work, secrets.round_id, tags)
    if any(one.channel == PAPER for one in found):
        return SlipOutcome.SECOND_SLIP
    standing = next((one.tag for one in found if not one.is_out), None)
    if standing is not None and not _note_late(work, secrets, batch, standing, person_id):
        return SlipOutcome.SECOND_SLIP
    for one in found:
        if one.is_out:
            _note_late(work, secrets, batch, one.tag, person_id, is_done=True)
    batch.claimed += 1
    if standing is not None:
        return SlipOutcome.BESIDE_A_WEB_VOTE
    tag = secrets.tag(person_id, raise_generation(work, secrets.round_id, person_id))
    insert_slip(work, secrets, tag, moment, [tag])
    return SlipOutcome.IN_PLACE


def _envelopes_of(work: Work, round_id: UUID, tags: Sequence[bytes]) -> Sequence[Any]:
    """Tag, channel and whether it is out, for each envelope under these tags, in their order.

    A record's own envelope is met first: the slip takes that record's next place, so none may stay behind
    in its present one. Raises NotFound for none.
    """
    found = work.session.execute(
        select(EnvelopeRow.tag, EnvelopeRow.channel, EnvelopeVoid.tag.is_not(None).label("is_out"))
        .outerjoin(
            EnvelopeVoid,
            and_(
                EnvelopeVoid.round_id == EnvelopeRow.round_id, EnvelopeVoid.tag == EnvelopeRow.tag
            ),
        )
        .where(EnvelopeRow.round_id == round_id, EnvelopeRow.tag.in_(tags))
    ).all()
    if not found:
        raise NotFound("no_such_envelope")
    return sorted(found, key=lambda one: tags.index(one.tag))


def _note_late(
    work: Work,
    secrets: RoundSecrets,
    batch: PaperBatch,
    tag: bytes,
    person_id: UUID,
    *,
    is_done: bool = False,
) -> bool:
    """Keep that a card stands against this web envelope; False when a slip said so before."""
    statement = insert_or_nothing(work, LateSlip).values(
        round_id=secrets.round_id,
        tag=tag,
        person_id=person_id,
        batch_id=batch.id,
        is_done=is_done,
    )
    return work.session.execute(statement.returning(LateSlip.tag)).first() is not None
