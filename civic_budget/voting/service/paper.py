"""Paper: cards under keyed hashes of their serials, keyed by clerks in batches, sealed at once.

The slip with a name (see `casting.claim_slip`) and the card with the choice never meet in a row.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work
from civic_budget.voting.choice import (
    Choice,
    InvalidChoice,
    Origin,
    encode_plaintext,
    find_faults,
)
from civic_budget.voting.frozen import known_list
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import PaperBallotRow, PaperBatch, PaperCard, Round
from civic_budget.voting.sealing import Sealing, seal


def open_batch(
    work: Work,
    *,
    round_id: UUID,
    point: str,
    scope: str,
    claimed: int,
    batch_id: UUID | None = None,
) -> UUID:
    """Open a batch of a point and district for as many cards as slips were claimed there."""
    batch = PaperBatch(
        id=batch_id or uuid4(),
        round_id=round_id,
        point=point,
        scope=scope,
        claimed=claimed,
        keyed=0,
        invalid=0,
        protocol_number=None,
    )
    work.session.add(batch)
    work.session.flush()
    return batch.id


def register_card(work: Work, *, secrets: RoundSecrets, serial: str, scope: str) -> None:
    """Enter a printed card; only the keyed hash of its serial is kept."""
    tag = secrets.serial_tag(serial)
    work.session.add(
        PaperCard(round_id=secrets.round_id, serial_tag=tag, scope=scope, state="printed")
    )


def key_card(
    work: Work,
    *,
    secrets: RoundSecrets,
    batch_id: UUID,
    serial: str,
    choice: Choice,
    sealing: Sealing = seal,
) -> None:
    """Seal what a card says; once per card, never more cards than slips in a batch.

    Raises NotFound for a card that was not printed, Conflict for one that was keyed or spoiled or
    one card too many, InvalidChoice for marks that are no vote.
    """
    tag = secrets.serial_tag(serial)
    card = work.session.get(PaperCard, (secrets.round_id, tag), with_for_update=True)
    batch = work.session.get(PaperBatch, batch_id, with_for_update=True)
    if card is None or batch is None or batch.round_id != secrets.round_id:
        raise NotFound("no_such_card")
    if card.state != "printed":
        raise Conflict("card_already_used", field="serial")
    if batch.keyed + batch.invalid >= batch.claimed:
        raise Conflict("more_cards_than_slips", field="serial")
    row = work.session.get_one(Round, secrets.round_id)
    form = known_list(row.list_content).form
    entitled = {level.code: frozenset(s.code for s in level.scopes) for level in form.levels}
    faults = find_faults(form, choice, entitled=entitled)
    if faults:
        raise InvalidChoice(faults)
    plaintext = encode_plaintext(form, Origin.PAPER, serial.encode("ascii"), choice)
    sealed = sealing(secrets.public_key, secrets.round_id, tag, plaintext)
    card.state = "keyed"
    batch.keyed += 1
    work.session.add(
        PaperBallotRow(
            round_id=secrets.round_id,
            serial_tag=tag,
            batch=batch_id,
            sealed=sealed,
            mac=secrets.paper_mac(tag, batch_id, sealed),
        )
    )
