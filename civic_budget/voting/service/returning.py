"""Giving a vote back to a person in whose name somebody else voted, while nothing is opened.

Two members, a reason, a notice with days to object. What is given back after the closing is cast within
the same days, and the list of envelopes is sealed anew before any key is used.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work
from civic_budget.voting.ballot_box import present_tags
from civic_budget.voting.commission_models import JointDecision
from civic_budget.voting.commission_queries import find_loss
from civic_budget.voting.events import ReturnedSealed, VoteReturned
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import EnvelopeRow, EnvelopeVoid, VoteReturn
from civic_budget.voting.nightly import SealedList, envelope_hash
from civic_budget.voting.opening import PAPER
from civic_budget.voting.rules import JointKind, RoundStatus, VoidReason
from civic_budget.voting.service.access import (
    lock_round,
    require_member,
    require_reason,
    require_status,
)
from civic_budget.voting.service.casting import tags_of
from civic_budget.voting.service.findings import people_behind
from civic_budget.voting.service.jointly import confirm_jointly, propose_jointly
from civic_budget.voting.service.nights import keep_list
from civic_budget.voting.service.restoring import compare_with_lists
from civic_budget.voting.service.voiding import (
    give_notice,
    raise_generation,
    take_out,
    tell_anew,
)

RETURNABLE = (RoundStatus.READY, RoundStatus.SUSPENDED, RoundStatus.VERIFICATION)


def propose_return(
    work: Work, actor: Actor, *, round_id: UUID, person_id: UUID, note: str, at: datetime
) -> None:
    """One member wishes to give a vote back to a person in whose name somebody else voted."""
    require_status(lock_round(work, round_id), *RETURNABLE, code="return_before_opening_only")
    require_reason(note)
    propose_jointly(
        work,
        actor,
        round_id=round_id,
        kind=JointKind.RETURN,
        subject=str(person_id),
        data={},
        note=note,
        at=at,
    )


def suggest_return(
    work: Work, actor: Actor, *, round_id: UUID, person_id: UUID, note: str, at: datetime
) -> bool:
    """Propose a return that an upheld claim asks for; False where it is too late or proposed already."""
    row = lock_round(work, round_id)
    waiting = select(JointDecision.id).where(
        JointDecision.round_id == round_id,
        JointDecision.kind == JointKind.RETURN.value,
        JointDecision.subject == str(person_id),
    )
    if RoundStatus(row.status) not in RETURNABLE or work.session.scalar(waiting) is not None:
        return False
    propose_return(work, actor, round_id=round_id, person_id=person_id, note=note, at=at)
    return True


def confirm_return(
    work: Work,
    actor: Actor,
    *,
    round_id: UUID,
    secrets: RoundSecrets,
    person_id: UUID,
    at: datetime,
) -> datetime:
    """A second member confirms: the envelope is out unopened, the person may vote until the returned moment.

    That is the closing time, and at least the days that they have to object. An envelope that is out already
    keeps its void, its reason and its notice. Where envelopes are gone, a
    person without one may be given a vote too, as many as are gone. Raises Conflict when there is no vote,
    or when it lies in an urn on paper, where nobody can find it again.
    """
    row = lock_round(work, round_id)
    require_status(row, *RETURNABLE, code="return_before_opening_only")
    present = present_tags(work, round_id, tags_of(work.session, secrets, person_id))
    _require_place(work.session, round_id, present)
    decided = confirm_jointly(
        work, actor, round_id=round_id, kind=JointKind.RETURN, subject=str(person_id), at=at
    )
    assert decided.second_by is not None
    by = (decided.first_by, decided.second_by)
    until = max(row.closes_at, at + timedelta(days=row.objection_days))
    behind = people_behind(work.session, secrets)
    for tag in sorted(present):
        raise_generation(work, round_id, behind[tag], vote_until=until)
        if work.session.get(EnvelopeVoid, (round_id, tag)) is not None:
            tell_anew(work, round_id, tag)
            continue
        take_out(work, secrets, tag, VoidReason.NOT_MY_VOTE.value, by)
        give_notice(work, row, tag, at)
    if not present:
        raise_generation(work, round_id, person_id, vote_until=until)
    decided.data = {"is_lost": not present}
    decided.subject = f"{person_id} {at.isoformat()}"  # the same may happen to them again
    work.publish(VoteReturned(round_id=round_id, at=at, by=actor.account_id))
    return until


def _require_place(session: Session, round_id: UUID, present: set[bytes]) -> None:
    """There must be a web vote to take out, or a lost one that nobody was given back yet."""
    if not present:
        loss = find_loss(session, round_id)
        if loss is None or count_lost_returned(session, round_id) >= loss.number:
            raise Conflict("no_vote_to_return")
        return
    channels = session.scalars(
        select(EnvelopeRow.channel).where(
            EnvelopeRow.round_id == round_id, EnvelopeRow.tag.in_(present)
        )
    )
    if PAPER in set(channels):
        raise Conflict("paper_cannot_be_returned")


def count_lost_returned(session: Session, round_id: UUID) -> int:
    """How many lost votes were given back: returns for which there was no envelope to take out."""
    decided = session.scalars(
        select(JointDecision.data).where(
            JointDecision.round_id == round_id,
            JointDecision.kind == JointKind.RETURN.value,
            JointDecision.second_by.is_not(None),
        )
    )
    return sum(bool(data.get("is_lost")) for data in decided)


def seal_returned(
    work: Work, actor: Actor, *, round_id: UUID, secrets: RoundSecrets, at: datetime
) -> SealedList:
    """Seal the list anew once the returned votes are in or their time is over; no key was used yet.

    Raises Conflict while a returned vote may still come, when none came, and when any envelope came that
    is not one of them.
    """
    row = lock_round(work, round_id)
    require_member(work, actor, round_id)
    require_status(row, RoundStatus.VERIFICATION, code="not_in_verification")
    if waits_for_returned(work.session, round_id, at=at):
        raise Conflict("returned_vote_may_come")
    added = set(compare_with_lists(work.session, round_id).added)
    if not added:
        raise Conflict("nothing_to_seal_anew")
    if strange_hashes(work.session, secrets):
        raise Conflict("strange_envelopes")
    if added - returned_hashes(work.session, secrets):
        raise Conflict("paper_waits")
    found = keep_list(work, round_id, step="returned", at=at)
    row.sealed_root, row.sealed_count = found.root, found.count
    work.publish(
        ReturnedSealed(round_id=round_id, root=found.root.hex(), at=at, by=actor.account_id)
    )
    return found


def waits_for_returned(session: Session, round_id: UUID, *, at: datetime) -> bool:
    """Whether somebody to whom a vote was given back may still cast it."""
    statement = select(VoteReturn.person_id).where(
        VoteReturn.round_id == round_id, VoteReturn.vote_until > at
    )
    return session.scalar(statement.limit(1)) is not None


def returned_hashes(session: Session, secrets: RoundSecrets) -> frozenset[bytes]:
    """The hashes of envelopes that persons cast to whom a vote was given back."""
    persons = session.scalars(
        select(VoteReturn.person_id).where(
            VoteReturn.round_id == secrets.round_id, VoteReturn.vote_until.is_not(None)
        )
    ).all()
    tags = {tag for person in persons for tag in tags_of(session, secrets, person)}
    return _hashes(session, secrets.round_id, EnvelopeRow.tag.in_(tags))


def paper_hashes(session: Session, round_id: UUID) -> frozenset[bytes]:
    """The hashes of slips: they may come until the paper vote is closed."""
    return _hashes(session, round_id, EnvelopeRow.channel == PAPER)


def strange_hashes(session: Session, secrets: RoundSecrets) -> frozenset[bytes]:
    """What came after the sealed list and is neither a slip nor a vote given back: never to be sealed."""
    added = frozenset(compare_with_lists(session, secrets.round_id).added)
    if not added:
        return added
    return added - returned_hashes(session, secrets) - paper_hashes(session, secrets.round_id)


def _hashes(session: Session, round_id: UUID, which: ColumnElement[bool]) -> frozenset[bytes]:
    rows = session.execute(
        select(EnvelopeRow.tag, EnvelopeRow.channel, EnvelopeRow.sealed, EnvelopeRow.mac).where(
            EnvelopeRow.round_id == round_id, which
        )
    )
    return frozenset(envelope_hash(*row) for row in rows)
