"""After the vote: the sealed count, voids by two members, the opening all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.residency.queries import cluster_members, list_eligible_persons
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import Work
from civic_budget.voting import keyfiles, queries
from civic_budget.voting.ballot_box import insert_or_nothing, present_tags, read_urn
from civic_budget.voting.board import board_root
from civic_budget.voting.events import EnvelopeVoided, RoundClosed, RoundOpened, VoidProposed
from civic_budget.voting.frozen import read_frozen_list
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import (
    BallotRow,
    EnvelopeRow,
    EnvelopeVoid,
    NightlyCountRow,
    Round,
    RoundMember,
    VoidProposal,
)
from civic_budget.voting.nightly import SealedList, envelope_hash, sealed_list
from civic_budget.voting.opening import Opened, open_urn
from civic_budget.voting.rules import LIFECYCLE, RoundAction, RoundStatus, VoidReason
from civic_budget.voting.sealing import Opener


def publish_nightly_count(work: Work, *, round_id: UUID, day: date) -> SealedList:
    """Publish how many envelopes there are and the root of their hashes; once a day, never redone."""
    found = _sealed_list(work, round_id)
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


def close_round(work: Work, actor: Actor, *, round_id: UUID, at: datetime) -> SealedList:
    """End the vote and publish the final count and root, before any key is used."""
    row = _round(work, round_id)
    _require_member(work, actor, round_id)
    if at < row.closes_at:
        raise Conflict("voting_still_open")
    row.status = LIFECYCLE.next(RoundStatus(row.status), RoundAction.CLOSE).value
    found = _sealed_list(work, round_id)
    row.closed_at, row.sealed_root, row.sealed_count = at, found.root, found.count
    work.publish(
        RoundClosed(round_id=round_id, sealed_root=found.root.hex(), at=at, by=actor.account_id)
    )
    return found


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
    row = _round(work, round_id)
    account_id = _require_member(work, actor, round_id)
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
    row = _round(work, round_id)
    account_id = _require_member(work, actor, round_id)
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


def provisional_tags(
    work: Work, *, round_id: UUID, secrets: RoundSecrets, at: datetime
) -> list[bytes]:
    """Envelopes of persons whose residence is still not confirmed: they must be voided to open."""
    unconfirmed = [
        secrets.tag(p.person_id, 0)
        for p in list_eligible_persons(work.session, at=at)
        if p.standing is not Standing.CONFIRMED
    ]
    confirmed = set(eligible_tags(work, round_id=round_id, secrets=secrets, at=at))
    rows = work.session.scalars(select(EnvelopeRow.tag).where(EnvelopeRow.round_id == round_id))
    voided = set(
        work.session.scalars(select(EnvelopeVoid.tag).where(EnvelopeVoid.round_id == round_id))
    )
    return sorted((set(rows) - confirmed - voided) | (set(unconfirmed) & set(rows) - voided))


def eligible_tags(
    work: Work, *, round_id: UUID, secrets: RoundSecrets, at: datetime
) -> dict[bytes, UUID]:
    """Tag → human, for everybody whose confirmed residence lets their vote count."""
    risen = queries.generations(work.session, round_id)
    found: dict[bytes, UUID] = {}
    for person in list_eligible_persons(work.session, at=at):
        if person.standing is not Standing.CONFIRMED:
            continue
        human = cluster_members(work.session, person.person_id)[0]
        found[secrets.tag(person.person_id, risen.get(person.person_id, 0))] = human
    return found


def open_round(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    secrets: RoundSecrets,
    held: Sequence[tuple[bytes, str]],
    at: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> Opened:
    """Open all envelopes at once with the members' key files and write the ballots.

    `held` are (key file, passphrase). All or nothing: raises KeyFilesRefused, or OpeningRefused
    with everything that is wrong with the urn.
    """
    row = _round(work, round_id)
    _require_member(work, actor, round_id)
    next_status = LIFECYCLE.next(RoundStatus(row.status), RoundAction.OPEN)
    private = keyfiles.open_key_files(held, round_id=round_id, public_key=row.public_key)
    eligible = eligible_tags(work, round_id=round_id, secrets=secrets, at=at)
    urn = read_urn(work, round_id, eligible)
    form = read_frozen_list(row.list_content).form
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


def _sealed_list(work: Work, round_id: UUID) -> SealedList:
    rows = work.session.execute(
        select(EnvelopeRow.tag, EnvelopeRow.channel, EnvelopeRow.sealed, EnvelopeRow.mac).where(
            EnvelopeRow.round_id == round_id
        )
    )
    return sealed_list(envelope_hash(*row) for row in rows)


def _round(work: Work, round_id: UUID) -> Round:
    row = work.session.get(Round, round_id, with_for_update=True)
    if row is None:
        raise NotFound("no_such_round")
    return row


def _require_member(work: Work, actor: Actor, round_id: UUID) -> UUID:
    """Only the members fixed at setup may act on a round."""
    if actor.account_id is not None:
        found = work.session.get(RoundMember, (round_id, actor.account_id))
        if found is not None:
            return actor.account_id
    raise NotAllowed("not_a_member_of_the_round")
