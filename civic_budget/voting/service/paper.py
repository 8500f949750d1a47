"""Paper: points, batches, and cards under keyed hashes of their serials, keyed by clerks, sealed at once.

The slip with a name (see `slips`) and the card with the choice never meet in a row. Nobody does two
parts of one batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work
from civic_budget.voting.choice import (
    BallotForm,
    Choice,
    InvalidChoice,
    Origin,
    encode_choice,
    encode_plaintext,
    find_faults,
)
from civic_budget.voting.codes import SERIAL_LENGTH, new_serial, read_code
from civic_budget.voting.commission_models import BatchClerk, LateSlip, PaperPoint
from civic_budget.voting.frozen import known_list
from civic_budget.voting.keys import RoundSecrets, same
from civic_budget.voting.models import PaperBallotRow, PaperBatch, PaperCard, Round
from civic_budget.voting.rules import CONTROL_SHARE, Part, RoundStatus
from civic_budget.voting.sealing import Sealing, seal
from civic_budget.voting.service.access import (
    lock_batch,
    lock_round,
    require_clerk,
    require_member,
    require_status,
    take_part,
)

_NOT_OPENED = (
    RoundStatus.SETUP,
    RoundStatus.READY,
    RoundStatus.SUSPENDED,
    RoundStatus.VERIFICATION,
)


class Control(StrEnum):
    """Where the second keying of a card stands."""

    WANTED = "wanted"
    AGREED = "agreed"
    DIFFERS = "differs"
    RESOLVED = "resolved"


def open_point(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    code: str,
    name: str,
    is_online: bool,
    is_home: bool = False,
) -> None:
    """Open a place where people vote on paper; a home visit is one without a network.

    One that was closed by mistake opens again while the vote lasts. How its slips come in can be corrected
    until there is one: raises Conflict afterwards, and for a point that is open.
    """
    require_member(work, actor, round_id)
    require_status(lock_round(work, round_id), *_NOT_OPENED[:3], code="paper_closed")
    known = work.session.get(PaperPoint, (round_id, code), with_for_update=True)
    if known is not None:
        _open_again(work, known, is_online=is_online and not is_home, is_home=is_home)
        return
    work.session.add(
        PaperPoint(
            round_id=round_id,
            code=code,
            name=name,
            is_online=is_online and not is_home,
            is_home=is_home,
            closed_at=None,
        )
    )


def _open_again(work: Work, point: PaperPoint, *, is_online: bool, is_home: bool) -> None:
    if point.closed_at is None:
        raise Conflict("point_open_already", field="code")
    if is_online != point.is_online and _has_slips(work, point):
        raise Conflict("point_has_slips", field="kind")
    point.is_online, point.is_home, point.closed_at = is_online, is_home, None


def _has_slips(work: Work, point: PaperPoint) -> bool:
    """Whether a slip of this point was registered, in a batch of its own or mixed into another."""
    handled = select(BatchClerk.batch_id)
    own = select(PaperBatch.id).where(
        PaperBatch.round_id == point.round_id,
        PaperBatch.point == point.code,
        or_(PaperBatch.claimed > 0, PaperBatch.id.in_(handled)),
    )
    return work.session.scalar(own.limit(1)) is not None


def close_point(work: Work, actor: Actor, *, round_id: UUID, code: str, at: datetime) -> None:
    """Its last slips are in; no more are taken from it."""
    require_member(work, actor, round_id)
    point = work.session.get(PaperPoint, (round_id, code), with_for_update=True)
    if point is None:
        raise NotFound("no_such_point")
    point.closed_at = point.closed_at or at


def open_batch(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    point: str,
    scope: str,
    claimed: int = 0,
    batch_id: UUID | None = None,
) -> UUID:
    """Open a batch of a point and district.

    `claimed` are slips that were all claimed before, as in a rehearsal: such a batch is sealed at once.
    """
    require_clerk(actor)
    row = lock_round(work, round_id)
    require_status(row, *_NOT_OPENED, code="paper_closed")
    if scope not in {found.code for found in known_list(row.list_content).scopes}:
        raise Conflict("no_such_scope", field="scope")
    batch = PaperBatch(
        id=batch_id or uuid4(),
        round_id=round_id,
        point=point,
        scope=scope,
        claimed=claimed,
        keyed=0,
        invalid=0,
        missing=0,
        state="open",
        protocol_number=None,
        sealed_at=row.opens_at if claimed else None,
        missing_note=None,
    )
    work.session.add(batch)
    work.session.flush()
    return batch.id


def join_batches(work: Work, actor: Actor, *, into: UUID, other: UUID) -> None:
    """Mix a small batch's cards with another's of the same district, before any of either is keyed."""
    require_clerk(actor)
    # In one order, whoever mixes which into which: two clerks never wait for each other.
    locked = {one: lock_batch(work, one) for one in sorted({into, other})}
    kept, gone = locked[into], locked[other]
    if into == other or (kept.round_id, kept.scope) != (gone.round_id, gone.scope):
        raise Conflict("batches_of_different_districts", field="other")
    if any(batch.keyed or batch.invalid for batch in (kept, gone)):
        raise Conflict("batch_begun", field="other")
    claimed, gone.claimed, gone.state = gone.claimed, 0, "closed"
    work.session.flush()
    kept.claimed += claimed
    work.session.execute(update(LateSlip).where(LateSlip.batch_id == other).values(batch_id=into))
    clerks = work.session.scalars(select(BatchClerk).where(BatchClerk.batch_id == other)).all()
    for clerk in clerks:
        if work.session.get(BatchClerk, (into, clerk.account_id)) is None:
            work.session.add(
                BatchClerk(batch_id=into, account_id=clerk.account_id, part=clerk.part)
            )
    work.session.flush()


def print_cards(
    work: Work, actor: Actor, *, secrets: RoundSecrets, scope: str, number: int
) -> Sequence[str]:
    """Serials of new cards of a district, to be printed now: the register keeps their keyed hashes only."""
    require_clerk(actor)
    require_status(lock_round(work, secrets.round_id), *_NOT_OPENED, code="paper_closed")
    serials = [new_serial() for _ in range(number)]
    for serial in serials:
        register_card(work, secrets=secrets, serial=serial, scope=scope)
    work.session.flush()
    return serials


def register_card(work: Work, *, secrets: RoundSecrets, serial: str, scope: str) -> None:
    """Enter a printed card; only the keyed hash of its serial is kept."""
    tag = secrets.serial_tag(serial)
    work.session.add(
        PaperCard(round_id=secrets.round_id, serial_tag=tag, scope=scope, state="printed")
    )


def read_serial(text: str) -> str:
    """A card's number as somebody typed or scanned it; raises NotFound for what cannot be one."""
    try:
        return read_code(text, SERIAL_LENGTH)
    except ValueError:
        raise NotFound("no_such_card", field="serial") from None


def spoil_card(work: Work, actor: Actor, *, secrets: RoundSecrets, serial: str) -> None:
    """A voter spoiled a card and got another: this one can never be keyed."""
    require_clerk(actor)
    _printed_card(work, secrets, serial).state = "spoiled"


def key_card(
    work: Work,
    actor: Actor,
    *,
    secrets: RoundSecrets,
    batch_id: UUID,
    serial: str,
    choice: Choice,
    at: datetime,
    sealing: Sealing = seal,
) -> bool:
    """Seal what a card says; once per card, in a sealed batch, never more cards than slips.

    True when the card goes on the pile that another clerk keys again. Raises NotFound for a card that
    was not printed, Conflict for one that was keyed or spoiled or one too many, InvalidChoice for
    marks that are no vote.
    """
    batch = _open_batch_of(work, secrets, batch_id)
    card = _printed_card(work, secrets, serial)
    take_part(work, actor, batch, Part.KEYING)
    if card.scope != batch.scope:
        raise Conflict("card_of_another_district", field="serial")
    if batch.keyed + batch.invalid >= batch.claimed:
        raise Conflict("more_cards_than_slips", field="serial")
    if batch.sealed_at is None:
        raise Conflict("batch_not_sealed")
    form = _form(work, secrets.round_id)
    _require_choice(form, batch.scope, choice)
    tag = card.serial_tag
    plaintext = encode_plaintext(form, Origin.PAPER, serial.encode("ascii"), choice)
    sealed = sealing(secrets.public_key, secrets.round_id, tag, plaintext)
    is_wanted = actor.account_id is not None and _is_in_sample(secrets, tag)
    card.state = "keyed"
    batch.keyed += 1
    work.session.add(
        PaperBallotRow(
            round_id=secrets.round_id,
            serial_tag=tag,
            batch=batch_id,
            sealed=sealed,
            mac=secrets.paper_mac(tag, batch_id, sealed),
            retry=secrets.retry(serial.encode("ascii"), encode_choice(form, choice)),
            control=Control.WANTED.value if is_wanted else None,
        )
    )
    work.session.flush()
    return is_wanted


def key_again(
    work: Work,
    actor: Actor,
    *,
    secrets: RoundSecrets,
    batch_id: UUID,
    serial: str,
    choice: Choice,
) -> Control:
    """Key a card of the sample a second time: agreed, or a third clerk has to look at it.

    Compared is a keyed value of the choice: the first keying stays sealed.
    """
    batch = _open_batch_of(work, secrets, batch_id)
    ballot = _keyed_ballot(work, secrets, batch_id, serial)
    take_part(work, actor, batch, Part.CONTROL)
    if ballot.control != Control.WANTED.value:
        raise Conflict("card_not_in_the_sample", field="serial")
    form = _form(work, secrets.round_id)
    _require_choice(form, batch.scope, choice)
    again = secrets.retry(serial.encode("ascii"), encode_choice(form, choice))
    is_same = ballot.retry is not None and same(ballot.retry, again)
    found = Control.AGREED if is_same else Control.DIFFERS
    ballot.control = found.value
    return found


def resolve_card(
    work: Work,
    actor: Actor,
    *,
    secrets: RoundSecrets,
    batch_id: UUID,
    serial: str,
    choice: Choice,
) -> None:
    """A third clerk, with the card in hand, says what it is: that is sealed in place of the first."""
    batch = _open_batch_of(work, secrets, batch_id)
    ballot = _keyed_ballot(work, secrets, batch_id, serial)
    take_part(work, actor, batch, Part.RESOLVING)
    if ballot.control != Control.DIFFERS.value:
        raise Conflict("card_does_not_differ", field="serial")
    form = _form(work, secrets.round_id)
    _require_choice(form, batch.scope, choice)
    secret = serial.encode("ascii")
    plaintext = encode_plaintext(form, Origin.PAPER, secret, choice)
    ballot.sealed = seal(secrets.public_key, secrets.round_id, ballot.serial_tag, plaintext)
    ballot.mac = secrets.paper_mac(ballot.serial_tag, batch_id, ballot.sealed)
    ballot.retry = secrets.retry(secret, encode_choice(form, choice))
    ballot.control = Control.RESOLVED.value


def _open_batch_of(work: Work, secrets: RoundSecrets, batch_id: UUID) -> PaperBatch:
    require_status(lock_round(work, secrets.round_id), *_NOT_OPENED, code="paper_closed")
    batch = lock_batch(work, batch_id)
    if batch.round_id != secrets.round_id:
        raise NotFound("no_such_batch")
    return batch


def _printed_card(work: Work, secrets: RoundSecrets, serial: str) -> PaperCard:
    key = (secrets.round_id, secrets.serial_tag(serial))
    card = work.session.get(PaperCard, key, with_for_update=True)
    if card is None:
        raise NotFound("no_such_card", field="serial")
    if card.state != "printed":
        raise Conflict("card_already_used", field="serial")
    return card


def _keyed_ballot(work: Work, secrets: RoundSecrets, batch_id: UUID, serial: str) -> PaperBallotRow:
    key = (secrets.round_id, secrets.serial_tag(serial))
    ballot = work.session.get(PaperBallotRow, key, with_for_update=True)
    if ballot is None or ballot.batch != batch_id:
        raise NotFound("no_such_card", field="serial")
    return ballot


def _is_in_sample(secrets: RoundSecrets, tag: bytes) -> bool:
    return secrets.signal_mac("control", tag.hex())[0] * CONTROL_SHARE < 256


def _form(work: Work, round_id: UUID) -> BallotForm:
    return known_list(work.session.get_one(Round, round_id).list_content).form


def _require_choice(form: BallotForm, scope: str, choice: Choice) -> None:
    """A card is filled for its own district, and for every list that all voters have."""
    entitled = {}
    for level in form.levels:
        codes = frozenset(s.code for s in level.scopes)
        entitled[level.code] = frozenset({scope}) if scope in codes else codes
    faults = find_faults(form, choice, entitled=entitled)
    if faults:
        raise InvalidChoice(faults)
