"""Reconcile a batch: slips claimed = cards keyed + invalid + missing, and a numbered protocol.

No one alone can make votes disappear: who keys counts invalid and missing cards with a reason, and the sum
is signed by somebody who did no other part of the batch and counted for themselves what is missing. A keyed
value over what was signed stands beside it, so nobody changes it in the database afterwards unnoticed.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work
from civic_budget.voting.commission_models import PaperCorrection, PaperInvalid
from civic_budget.voting.commission_queries import get_batch, list_batches
from civic_budget.voting.events import BatchClosed
from civic_budget.voting.keys import RoundSecrets, same
from civic_budget.voting.models import PaperBallotRow, PaperBatch, RoundIncident
from civic_budget.voting.opening import PAPER
from civic_budget.voting.queries import count_envelopes
from civic_budget.voting.rules import InvalidReason, Part
from civic_budget.voting.service.access import lock_batch, require_reason, take_part
from civic_budget.voting.service.paper import Control


def count_invalid(
    work: Work, actor: Actor, *, batch_id: UUID, reason: InvalidReason, number: int
) -> None:
    """Add cards that are no vote, for a reason; who keys the batch counts them."""
    batch = lock_batch(work, batch_id)
    take_part(work, actor, batch, Part.KEYING)
    if batch.sealed_at is None:
        raise Conflict("batch_not_sealed")
    if number < 1:
        raise Conflict("number_needed", field="number")
    if batch.keyed + batch.invalid + number > batch.claimed:
        raise Conflict("more_cards_than_slips", field="number")
    row = work.session.get(PaperInvalid, (batch_id, reason.value))
    if row is None:
        row = PaperInvalid(batch_id=batch_id, reason=reason.value, number=0)
        row.number = number
        work.session.add(row)
    else:
        row.number += number
    batch.invalid += number
    work.session.flush()


def correct_invalid(
    work: Work,
    actor: Actor,
    *,
    batch_id: UUID,
    reason: InvalidReason,
    was: int,
    number: int,
    at: datetime,
) -> None:
    """Set the count of a reason right until the batch is signed; both numbers stay to be seen and signed.

    `was` is what the clerk saw; raises Conflict `count_changed` when another number stands by now.
    """
    batch = lock_batch(work, batch_id)
    take_part(work, actor, batch, Part.KEYING)
    row = work.session.get(PaperInvalid, (batch_id, reason.value))
    if row is None or row.number != was:
        raise Conflict("count_changed", field="number", counted=row.number if row else 0)
    if number == was:
        raise Conflict("count_unchanged", field="number")
    if number < 0:
        raise Conflict("number_needed", field="number")
    if batch.keyed + batch.invalid - was + number > batch.claimed:
        raise Conflict("more_cards_than_slips", field="number")
    if number:
        row.number = number
    else:
        work.session.delete(row)
    batch.invalid += number - was
    work.session.add(
        PaperCorrection(
            batch_id=batch_id,
            number=_count_corrections(work, batch_id) + 1,
            reason=reason.value,
            was=was,
            became=number,
            by=actor.account_id,
            at=at,
        )
    )
    work.session.flush()


def count_missing(work: Work, actor: Actor, *, batch_id: UUID, number: int, note: str) -> None:
    """How many slips have no card, with the reason that becomes public; who keys the batch counts them."""
    batch = lock_batch(work, batch_id)
    take_part(work, actor, batch, Part.KEYING)
    if batch.sealed_at is None:
        raise Conflict("batch_not_sealed")
    counted = batch.keyed + batch.invalid + number
    if number < 0 or counted > batch.claimed:
        raise Conflict(
            "batch_not_reconciled", field="absent", claimed=batch.claimed, counted=counted
        )
    batch.missing_note = require_reason(note) if number else None
    batch.missing = number


def close_batch(
    work: Work,
    actor: Actor,
    *,
    secrets: RoundSecrets,
    batch_id: UUID,
    missing: int,
    protocol_number: str,
    at: datetime,
) -> None:
    """Sign a batch off, as somebody who did no other part of it; `missing` is what they found themselves.

    Raises Conflict unless the batch is sealed (or empty), the sum is right, who keyed found the same number
    missing, and every control card is settled; NotAllowed for who handled its slips or cards.
    """
    batch = lock_batch(work, batch_id)
    take_part(work, actor, batch, Part.SIGNING)
    if batch.claimed and batch.sealed_at is None:
        raise Conflict("batch_not_sealed")
    if not protocol_number.strip():
        raise Conflict("protocol_number_missing", field="protocol_number")
    if count_controls_open(work, batch_id):
        raise Conflict("controls_open")
    counted = batch.keyed + batch.invalid + missing
    if missing < 0 or counted != batch.claimed:
        raise Conflict(
            "batch_not_reconciled", field="missing", claimed=batch.claimed, counted=counted
        )
    if missing != batch.missing:
        raise Conflict("missing_counted_by_one", field="missing")
    if _is_taken(work, batch, protocol_number.strip()):
        raise Conflict("protocol_number_taken", field="protocol_number")
    batch.protocol_number = protocol_number.strip()
    if missing:
        note = f"{batch.protocol_number}: {missing}. {batch.missing_note}"
        work.session.add(
            RoundIncident(
                round_id=batch.round_id, kind="cards_missing", note=note, by=actor.account_id, at=at
            )
        )
    work.session.flush()
    batch.mac = secrets.batch_mac(batch_id, get_batch(work.session, batch_id).signed)
    batch.state = "closed"
    work.publish(
        BatchClosed(round_id=batch.round_id, batch_id=batch_id, at=at, by=actor.account_id)
    )


def count_controls_open(work: Work, batch_id: UUID) -> int:
    """Cards of the sample that still wait for a second or a third clerk."""
    statement = select(func.count()).where(
        PaperBallotRow.batch == batch_id,
        PaperBallotRow.control.in_([Control.WANTED.value, Control.DIFFERS.value]),
    )
    return work.session.scalar(statement) or 0


def _count_corrections(work: Work, batch_id: UUID) -> int:
    known = select(func.count()).where(PaperCorrection.batch_id == batch_id)
    return work.session.scalar(known) or 0


def list_altered(session: Session, secrets: RoundSecrets) -> list[str]:
    """Batches that are not as they were signed, by id; an empty one for slips that belong to no batch.

    Nothing that the platform does changes a batch that was signed off, or takes a card out of it.
    """
    round_id, batches = secrets.round_id, list_batches(session, secrets.round_id)
    cards = select(PaperBallotRow.batch, func.count().label("number")).group_by(
        PaperBallotRow.batch
    )
    in_urn = {
        row.batch: row.number
        for row in session.execute(cards.where(PaperBallotRow.round_id == round_id))
    }
    found = [
        one.id.hex
        for one in batches
        if one.is_closed and (one.claimed or one.id in in_urn)
        if one.mac is None
        or not same(one.mac, secrets.batch_mac(one.id, one.signed))
        or in_urn.get(one.id, 0) != one.keyed
    ]
    slips = count_envelopes(session, round_id).get(PAPER, 0)
    return found + [""] * (bool(batches) and slips > sum(one.claimed for one in batches))


def _is_taken(work: Work, batch: PaperBatch, number: str) -> bool:
    taken = select(PaperBatch.id).where(
        PaperBatch.round_id == batch.round_id,
        PaperBatch.id != batch.id,
        PaperBatch.protocol_number == number,
    )
    return work.session.scalar(taken) is not None
