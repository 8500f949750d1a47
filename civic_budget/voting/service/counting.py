"""After the vote: the sealed count, voids by two members, the opening all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.storage.db import Work
from civic_budget.voting import keyfiles
from civic_budget.voting.ballot_box import insert_or_nothing, present_tags, read_urn
from civic_budget.voting.board import board_root
from civic_budget.voting.events import (
    EnvelopeVoided,
    RoundClosed,
    RoundOpened,
    RoundResumed,
    RoundSuspended,
    VoidProposed,
)
from civic_budget.voting.frozen import known_list
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import (
    BallotRow,
    EnvelopeVoid,
    RoundIncident,
    VoidProposal,
)
from civic_budget.voting.nightly import SealedList
from civic_budget.voting.opening import Opened, open_urn
from civic_budget.voting.rules import LIFECYCLE, RoundAction, RoundStatus, VoidReason
from civic_budget.voting.sealing import Opener
from civic_budget.voting.service.access import lock_round, require_member
from civic_budget.voting.service.findings import eligible_tags
from civic_budget.voting.service.nights import seal_list


def close_round(work: Work, actor: Actor, *, round_id: UUID, at: datetime) -> SealedList:
    """End the vote and publish the final count and root, before any key is used."""
    row = lock_round(work, round_id)
    require_member(work, actor, round_id)
    if at < row.closes_at:
        raise Conflict("voting_still_open")
    row.status = LIFECYCLE.next(RoundStatus(row.status), RoundAction.CLOSE).value
    found = seal_list(work, round_id)
    row.closed_at, row.sealed_root, row.sealed_count = at, found.root, found.count
    work.publish(
        RoundClosed(round_id=round_id, sealed_root=found.root.hex(), at=at, by=actor.account_id)
    )
    return found


def suspend_round(work: Work, actor: Actor, *, round_id: UUID, note: str, at: datetime) -> None:
    """Take no votes for the moment; the note goes into the public protocol."""
    _step(work, actor, round_id, RoundAction.SUSPEND, note, at)
    work.publish(RoundSuspended(round_id=round_id, at=at, by=actor.account_id))


def resume_round(work: Work, actor: Actor, *, round_id: UUID, at: datetime) -> None:
    """Take votes again, until the same closing time."""
    _step(work, actor, round_id, RoundAction.RESUME, "", at)
    work.publish(RoundResumed(round_id=round_id, at=at, by=actor.account_id))


def _step(
    work: Work, actor: Actor, round_id: UUID, action: RoundAction, note: str, at: datetime
) -> None:
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    row.status = LIFECYCLE.next(RoundStatus(row.status), action).value
    work.session.add(
        RoundIncident(round_id=round_id, kind=action.value, note=note, by=account_id, at=at)
    )


def propose_void(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    tag: bytes,
    reason: VoidReason,
    at: datetime,
) -> None:
    """One member wishes to take an envelope out, unopened; a second must confirm."""
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    if row.status != RoundStatus.VERIFICATION.value:
        raise Conflict("not_in_verification")
    if not present_tags(work, round_id, [tag]):
        raise NotFound("no_such_envelope")
    statement = insert_or_nothing(work, VoidProposal).values(
        round_id=round_id, tag=tag, reason=reason.value, first_by=account_id, proposed_at=at
    )
    added = work.session.execute(statement.returning(VoidProposal.tag)).first()
    if added is None:
        raise Conflict("void_already_proposed")
    work.publish(VoidProposed(round_id=round_id, reason=reason.value, at=at, by=account_id))


def confirm_void(
    work: Work, actor: Actor, *, round_id: UUID, secrets: RoundSecrets, tag: bytes, at: datetime
) -> None:
    """A second member confirms: the envelope is out, its content is never seen by anybody."""
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    if row.status != RoundStatus.VERIFICATION.value:
        raise Conflict("not_in_verification")
    wish = work.session.get(VoidProposal, (round_id, tag))
    if wish is None:
        raise NotFound("no_such_void")
    if wish.first_by == account_id:
        raise NotAllowed("second_member_needed")
    statement = insert_or_nothing(work, EnvelopeVoid).values(
        round_id=round_id,
        tag=tag,
        reason=wish.reason,
        first_by=wish.first_by,
        second_by=account_id,
        mac=secrets.void_mac(tag, wish.reason, wish.first_by, account_id),
    )
    if work.session.execute(statement.returning(EnvelopeVoid.tag)).first() is None:
        raise Conflict("already_voided")
    work.publish(EnvelopeVoided(round_id=round_id, reason=wish.reason, at=at, by=account_id))


def open_round(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    secrets: RoundSecrets,
    held: Sequence[tuple[bytes, str]],
    at: datetime,
    progress: Callable[[int], None] = lambda done: None,
    register: dict[bytes, UUID] | None = None,
) -> Opened:
    """Open all envelopes at once with the members' key files and write the ballots.

    `held` are (key file, passphrase). All or nothing: raises KeyFilesRefused, or OpeningRefused
    with everything that is wrong with the urn. `register` replaces the city's own (tag → human) in
    a rehearsal.
    """
    row = lock_round(work, round_id)
    require_member(work, actor, round_id)
    next_status = LIFECYCLE.next(RoundStatus(row.status), RoundAction.OPEN)
    private = keyfiles.open_key_files(held, round_id=round_id, public_key=row.public_key)
    eligible = register or eligible_tags(work.session, secrets=secrets, at=at)
    urn = read_urn(work, round_id, eligible)
    form = known_list(row.list_content).form
    opened = open_urn(form, secrets, Opener(private), urn, progress)
    lines = [
        {"round_id": round_id, "scope": b.scope, "code": b.code, "choice": b.choice}
        for b in opened.ballots
    ]
    if lines:
        work.session.execute(insert(BallotRow), lines)
    row.status = next_status.value
    row.opened_at, row.board_root = at, board_root(opened.ballots)
    row.counted, row.voided = dict(opened.counted), dict(opened.voided)
    work.publish(
        RoundOpened(round_id=round_id, edition_id=row.edition_id, at=at, by=actor.account_id)
    )
    return opened
