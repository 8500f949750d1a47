"""Taking an envelope out unopened: two members, a reason, a notice, days to object. Nobody sees inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.residency.queries import acts_for, cluster_members
from civic_budget.storage.db import Work
from civic_budget.voting.ballot_box import Moment, insert_or_nothing, insert_slip, present_tags
from civic_budget.voting.commission_models import LateSlip, VoidNotice
from civic_budget.voting.events import (
    EnvelopeVoided,
    ObjectionMade,
    VoidLifted,
    VoidProposed,
)
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import (
    EnvelopeRow,
    EnvelopeVoid,
    PaperBatch,
    Participation,
    Round,
    RoundIncident,
    VoidProposal,
    VoteReturn,
)
from civic_budget.voting.opening import PAPER
from civic_budget.voting.rules import JointKind, RoundStatus, VoidReason
from civic_budget.voting.service.access import lock_round, require_member, require_status
from civic_budget.voting.service.findings import list_confirmed_since, people_behind
from civic_budget.voting.service.jointly import confirm_jointly, propose_jointly


def propose_void(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    tag: bytes,
    reason: VoidReason,
    at: datetime,
) -> None:
    """One member wishes to take an envelope out, unopened; a second must confirm.

    Raises Conflict where the person is to have the vote back instead.
    """
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    require_status(row, RoundStatus.VERIFICATION, code="not_in_verification")
    if not present_tags(work, round_id, [tag]):
        raise NotFound("no_such_envelope")
    if reason not in reasons_for(work.session.get_one(EnvelopeRow, (round_id, tag)).channel):
        raise Conflict("return_it_instead")
    statement = insert_or_nothing(work, VoidProposal).values(
        round_id=round_id, tag=tag, reason=reason.value, first_by=account_id, proposed_at=at
    )
    added = work.session.execute(statement.returning(VoidProposal.tag)).first()
    if added is None:
        raise Conflict("void_already_proposed")
    work.publish(VoidProposed(round_id=round_id, reason=reason.value, at=at, by=account_id))


def reasons_for(channel: str) -> tuple[VoidReason, ...]:
    """For which reasons an envelope may simply go out.

    A web vote by somebody else is given back to its person; a slip by somebody else cannot be.
    """
    return tuple(
        reason for reason in VoidReason if reason is not VoidReason.NOT_MY_VOTE or channel == PAPER
    )


def confirm_void(
    work: Work, actor: Actor, *, round_id: UUID, secrets: RoundSecrets, tag: bytes, at: datetime
) -> None:
    """A second member confirms: the envelope is out, its content is never seen by anybody.

    The person is told and may object for the round's days. Where a card in an urn stands instead, its
    slip takes the place of the web vote. That an envelope was out before, and somebody put it back into
    the database, stands in the public protocol.
    """
    row = lock_round(work, round_id)
    account_id = require_member(work, actor, round_id)
    require_status(row, RoundStatus.VERIFICATION, code="not_in_verification")
    wish = work.session.get(VoidProposal, (round_id, tag))
    if wish is None:
        raise NotFound("no_such_void")
    if wish.first_by == account_id:
        raise NotAllowed("second_member_needed")
    take_out(work, secrets, tag, wish.reason, (wish.first_by, account_id))
    give_notice(work, row, tag, at)
    if tag in former_tags(work.session, secrets):
        work.session.add(
            RoundIncident(round_id=round_id, kind="put_back", note="", by=account_id, at=at)
        )
    _put_slip_in_place(work, secrets, tag)
    work.publish(EnvelopeVoided(round_id=round_id, reason=wish.reason, at=at, by=account_id))


def drop_void_proposal(work: Work, actor: Actor, *, round_id: UUID, tag: bytes) -> None:
    """A member takes back a wish that no second member confirmed."""
    lock_round(work, round_id)
    require_member(work, actor, round_id)
    if work.session.get(EnvelopeVoid, (round_id, tag)) is not None:
        raise Conflict("already_voided")
    wish = work.session.get(VoidProposal, (round_id, tag))
    if wish is not None:
        work.session.delete(wish)


def object_to_void(
    work: Work,
    actor: Actor,
    *,
    secrets: RoundSecrets,
    person_id: UUID,
    words: str,
    at: datetime,
) -> None:
    """A person, or who acts for them, objects to what was done to their envelope.

    Where several of one human went out, the words hold for each of them; each is answered by itself.
    Raises NotFound when there is nothing to object to, Conflict after the days or without words.
    """
    if actor.account_id is None or not acts_for(work.session, actor.account_id, person_id):
        raise NotFound("nothing_to_object_to")
    round_id = secrets.round_id
    notices = list_notices(work.session, round_id, tags_ever(work.session, secrets, person_id))
    if not notices:
        raise NotFound("nothing_to_object_to")
    timely = [notice for notice in notices if at < notice.object_until]
    if not timely:
        raise Conflict("objection_too_late")
    unsaid = [notice for notice in timely if notice.objection is None and notice.answer is None]
    if not unsaid:
        raise Conflict("objection_made")
    if not words.strip():
        raise Conflict("objection_words_missing", field="words")
    for notice in unsaid:
        notice.objection, notice.objected_at = words.strip(), at
    work.publish(ObjectionMade(round_id=round_id, at=at, by=actor.account_id))


def list_notices(session: Session, round_id: UUID, tags: Sequence[bytes]) -> Sequence[VoidNotice]:
    """What a human was told of these envelopes."""
    return session.scalars(
        select(VoidNotice).where(VoidNotice.round_id == round_id, VoidNotice.tag.in_(tags))
    ).all()


def tags_ever(session: Session, secrets: RoundSecrets, person_id: UUID) -> list[bytes]:
    """The tags of all records of one human in all generations until now."""
    records = cluster_members(session, person_id)
    return [tag for record in records for tag in _tags_of_record(session, secrets, record)]


def _tags_of_record(session: Session, secrets: RoundSecrets, person_id: UUID) -> list[bytes]:
    """The tags of one record, by generation."""
    risen = session.get(VoteReturn, (secrets.round_id, person_id))
    return [secrets.tag(person_id, n) for n in range((risen.generation if risen else 0) + 1)]


def propose_answer(
    work: Work, actor: Actor, *, round_id: UUID, tag: bytes, is_restored: bool, at: datetime
) -> None:
    """One member wishes to answer an objection: the envelope goes back in, or stays out.

    Raises Conflict when a card in an urn stands in its place: it can only stay out.
    """
    require_status(lock_round(work, round_id), RoundStatus.VERIFICATION, code="not_in_verification")
    notice = work.session.get(VoidNotice, (round_id, tag))
    if notice is None or notice.objection is None or notice.answer is not None:
        raise NotFound("nothing_to_object_to")
    if is_restored and work.session.get(LateSlip, (round_id, tag)) is not None:
        raise Conflict("card_cannot_be_taken_out")
    _propose_fate(work, actor, round_id, tag, is_restored=is_restored, at=at)


def propose_put_back(
    work: Work, actor: Actor, *, round_id: UUID, secrets: RoundSecrets, tag: bytes, at: datetime
) -> None:
    """One member wishes to put an envelope back whose person was confirmed after it went out.

    Nobody need object for that. A second member confirms with `confirm_answer`.
    """
    require_status(lock_round(work, round_id), RoundStatus.VERIFICATION, code="not_in_verification")
    if tag not in list_confirmed_since(work.session, secrets=secrets, at=at):
        raise NotFound("nothing_to_object_to")
    _propose_fate(work, actor, round_id, tag, is_restored=True, at=at)


def _propose_fate(
    work: Work, actor: Actor, round_id: UUID, tag: bytes, *, is_restored: bool, at: datetime
) -> None:
    propose_jointly(
        work,
        actor,
        round_id=round_id,
        kind=JointKind.OBJECTION,
        subject=tag.hex(),
        data={"restored": is_restored},
        note="",
        at=at,
    )


def confirm_answer(
    work: Work, actor: Actor, *, round_id: UUID, secrets: RoundSecrets, tag: bytes, at: datetime
) -> None:
    """A second member confirms the answer to an objection; a restored envelope will be opened.

    The person is told of either answer. Raises Conflict when a card or a newer vote of the person
    stands in its place.
    """
    require_status(lock_round(work, round_id), RoundStatus.VERIFICATION, code="not_in_verification")
    decided = confirm_jointly(
        work, actor, round_id=round_id, kind=JointKind.OBJECTION, subject=tag.hex(), at=at
    )
    notice = work.session.get_one(VoidNotice, (round_id, tag))
    late = work.session.get(LateSlip, (round_id, tag))
    decided.subject = f"{tag.hex()} {at.isoformat()}"  # a later confirmation may put it back yet
    notice.is_told = False
    if not decided.data["restored"]:
        notice.answer = "stands"
        return
    if late is not None:
        raise Conflict("card_cannot_be_taken_out")
    _give_place_back(work, secrets, tag)
    notice.answer = "restored"
    for table in (EnvelopeVoid, VoidProposal):
        work.session.execute(delete(table).where(table.round_id == round_id, table.tag == tag))
    work.publish(VoidLifted(round_id=round_id, at=at, by=actor.account_id))


def give_notice(work: Work, row: Round, tag: bytes, at: datetime) -> None:
    """Let the person of a voided envelope be told; they may object for the round's days.

    An envelope that was put back and goes out again is a new matter: a new notice, new days.
    """
    earlier = work.session.get(VoidNotice, (row.id, tag))
    if earlier is not None:
        work.session.delete(earlier)
        work.session.flush()
    until = at + timedelta(days=row.objection_days)
    work.session.add(VoidNotice(round_id=row.id, tag=tag, object_until=until, is_told=False))


def tell_anew(work: Work, round_id: UUID, tag: bytes) -> None:
    """Let the person of an envelope that is out hear that they may vote, unless it was answered since."""
    notice = work.session.get(VoidNotice, (round_id, tag))
    if notice is not None and notice.answer is None:
        notice.is_told = False


def raise_generation(
    work: Work, round_id: UUID, person_id: UUID, *, vote_until: datetime | None = None
) -> int:
    """Give a person a new place in the round; returns the generation.

    `vote_until`: until when they may take it, even after the closing.
    """
    row = work.session.get(VoteReturn, (round_id, person_id))
    if row is None:
        row = VoteReturn(round_id=round_id, person_id=person_id, generation=0)
        work.session.add(row)
    row.generation += 1
    row.vote_until = vote_until or row.vote_until
    work.session.flush()
    return row.generation


def _give_place_back(work: Work, secrets: RoundSecrets, tag: bytes) -> None:
    """Undo a return: the person's present place is the restored envelope's again."""
    person_id = people_behind(work.session, secrets).get(tag)
    risen = work.session.get(VoteReturn, (secrets.round_id, person_id)) if person_id else None
    if person_id is None or risen is None or tag == secrets.tag(person_id, risen.generation):
        return
    later = _tags_of_record(work.session, secrets, person_id)
    generation = later.index(tag)
    if present_tags(work, secrets.round_id, later[generation + 1 :]):
        raise Conflict("voted_anew")
    risen.generation, risen.vote_until = generation, None


def former_tags(session: Session, secrets: RoundSecrets) -> set[bytes]:
    """Tags of places that their persons no longer have."""
    return {
        secrets.tag(row.person_id, generation)
        for row in session.scalars(
            select(VoteReturn).where(VoteReturn.round_id == secrets.round_id)
        )
        for generation in range(row.generation)
    }


def take_out(
    work: Work, secrets: RoundSecrets, tag: bytes, reason: str, by: tuple[UUID, UUID]
) -> None:
    """Write the void of an envelope under the two members' names; raises Conflict when it is out."""
    statement = insert_or_nothing(work, EnvelopeVoid).values(
        round_id=secrets.round_id,
        tag=tag,
        reason=reason,
        first_by=by[0],
        second_by=by[1],
        mac=secrets.void_mac(tag, reason, *by),
    )
    if work.session.execute(statement.returning(EnvelopeVoid.tag)).first() is None:
        raise Conflict("already_voided")


def _put_slip_in_place(work: Work, secrets: RoundSecrets, tag: bytes) -> None:
    """A slip that met a web vote takes its place, under the person's next generation."""
    late = work.session.get(LateSlip, (secrets.round_id, tag))
    if late is None or late.is_done:
        return
    generation = raise_generation(work, secrets.round_id, late.person_id)
    old = work.session.get_one(Participation, (secrets.round_id, tag))
    point = work.session.get_one(PaperBatch, late.batch_id).point
    moment = Moment(old.counted_on, old.hour, point, is_provisional=old.is_provisional)
    new_tag = secrets.tag(late.person_id, generation)
    insert_slip(work, secrets, new_tag, moment, [new_tag])
    late.is_done = True
