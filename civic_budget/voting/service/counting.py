"""After the vote: the sealed count, the last slips, what stands in the way of the opening."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import Denied
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work
from civic_budget.voting.claim_queries import list_waiting_persons
from civic_budget.voting.commission_models import LateSlip, PaperPoint, VoidNotice
from civic_budget.voting.commission_queries import find_loss
from civic_budget.voting.events import PaperClosed, RoundClosed
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.models import PaperBatch, Round
from civic_budget.voting.nightly import SealedList
from civic_budget.voting.opening import Problem, Trouble
from civic_budget.voting.rules import LIFECYCLE, RoundAction, RoundStatus, takes_slips
from civic_budget.voting.service.access import lock_round, require_member, require_status
from civic_budget.voting.service.findings import (
    list_confirmed_since,
)
from civic_budget.voting.service.nights import keep_list
from civic_budget.voting.service.reconciling import list_altered
from civic_budget.voting.service.restoring import compare_with_lists, is_paper_sealed
from civic_budget.voting.service.returning import (
    paper_hashes,
    returned_hashes,
    strange_hashes,
    waits_for_returned,
)


def close_round(work: Work, actor: Actor, *, round_id: UUID, at: datetime) -> SealedList:
    """End the vote and publish the final count and root, before any key is used."""
    row = lock_round(work, round_id)
    require_member(work, actor, round_id)
    if at < row.closes_at:
        raise Conflict("voting_still_open")
    row.status = LIFECYCLE.next(RoundStatus(row.status), RoundAction.CLOSE).value
    found = keep_list(work, round_id, step="closing", at=at)
    row.closed_at, row.sealed_root, row.sealed_count = at, found.root, found.count
    work.publish(
        RoundClosed(round_id=round_id, sealed_root=found.root.hex(), at=at, by=actor.account_id)
    )
    return found


def close_paper(
    work: Work, actor: Actor, *, round_id: UUID, secrets: RoundSecrets, at: datetime
) -> SealedList:
    """The last slips and cards are in and reconciled: the sealed list is final with them.

    Raises Conflict while a batch is open or a point may still bring slips, where there is no paper to
    seal, and when any envelope came that is neither a slip nor a vote given back.
    """
    row = lock_round(work, round_id)
    require_member(work, actor, round_id)
    require_status(row, RoundStatus.VERIFICATION, code="not_in_verification")
    waits = what_paper_waits_for(work.session, round_id, at=at)
    if waits != "batches_open" and not has_paper_to_seal(work.session, round_id):
        raise Conflict("no_paper_to_seal")
    if waits:
        raise Conflict(waits)
    if strange_hashes(work.session, secrets):
        raise Conflict("strange_envelopes")
    found = keep_list(work, round_id, step="paper", at=at)
    row.sealed_root, row.sealed_count = found.root, found.count
    work.publish(PaperClosed(round_id=round_id, root=found.root.hex(), at=at, by=actor.account_id))
    return found


def what_paper_waits_for(session: Session, round_id: UUID, *, at: datetime) -> str:
    """Why the paper vote is not closed yet: a batch is open, or a point may bring slips; empty if it may be."""
    if _open_batches(session, round_id):
        return "batches_open"
    row = session.get_one(Round, round_id)
    open_points = session.scalar(
        select(PaperPoint.code).where(
            PaperPoint.round_id == round_id, PaperPoint.closed_at.is_(None)
        )
    )
    until = row.paper_until or row.closes_at
    is_over = isinstance(takes_slips(RoundStatus(row.status), paper_until=until, at=at), Denied)
    return "points_open" if open_points is not None and not is_over else ""


def has_paper_to_seal(session: Session, round_id: UUID) -> bool:
    """Whether slips wait for the sealed list: it lacks the paper vote, or a slip that came in later."""
    if not _has_paper(session, round_id):
        return False
    if not is_paper_sealed(session, round_id):
        return True
    return bool(paper_hashes(session, round_id) & set(compare_with_lists(session, round_id).added))


def find_blockers(
    session: Session, *, round_id: UUID, at: datetime, secrets: RoundSecrets | None = None
) -> tuple[Problem, ...]:
    """What stands in the way of the opening besides the envelopes themselves; needs no key.

    With the round's secrets also whose residence was confirmed after their envelope went out, and which
    batches are not as they were signed.
    """
    found = [Problem(Trouble.PAPER_OPEN, batch.hex) for batch in _open_batches(session, round_id)]
    if not found and _has_paper(session, round_id) and not is_paper_sealed(session, round_id):
        found.append(Problem(Trouble.PAPER_OPEN))
    if waits_for_returned(session, round_id, at=at):
        found.append(Problem(Trouble.RETURNED))
    late = select(LateSlip.tag).where(LateSlip.round_id == round_id, LateSlip.is_done.is_(False))
    found += [Problem(Trouble.LATE_SLIP, tag.hex()) for tag in session.scalars(late)]
    found += _objections(session, round_id, at)
    if secrets is not None:
        found += [
            Problem(Trouble.CONFIRMED, tag.hex())
            for tag in list_confirmed_since(session, secrets=secrets, at=at)
        ]
        found += [Problem(Trouble.BATCH, batch) for batch in list_altered(session, secrets)]
    found += _claims(session, round_id)
    loss = find_loss(session, round_id)
    if loss is not None and at < loss.until:
        found.append(Problem(Trouble.LOSS))
    compared = compare_with_lists(session, round_id)
    if not compared.is_acknowledged:
        found += [Problem(Trouble.MISSING, one.hex()) for one in compared.missing]
    found += _unsealed(session, round_id, frozenset(compared.added), secrets)
    found = list(dict.fromkeys(found))
    return tuple(sorted(found, key=lambda problem: (problem.trouble, problem.tag)))


def _unsealed(
    session: Session, round_id: UUID, added: frozenset[bytes], secrets: RoundSecrets | None
) -> list[Problem]:
    """What the sealed list lacks: slips and votes given back wait for the next list, nothing else may come.

    A slip is no alarm: it says no more than that the paper vote is not closed with it yet.
    """
    slips = added & paper_hashes(session, round_id) if added else added
    others = added - slips
    returned = others & returned_hashes(session, secrets) if others and secrets else frozenset()
    return [
        *([Problem(Trouble.PAPER_OPEN)] if slips else []),
        *(Problem(Trouble.UNSEALED, one.hex()) for one in returned),
        *(Problem(Trouble.ADDED, one.hex()) for one in others - returned),
    ]


def _objections(session: Session, round_id: UUID, at: datetime) -> list[Problem]:
    """Voids whose persons may still object, or whose objection nobody answered."""
    notices = session.scalars(
        select(VoidNotice).where(VoidNotice.round_id == round_id, VoidNotice.answer.is_(None))
    )
    return [
        Problem(Trouble.OBJECTION, notice.tag.hex())
        for notice in notices
        if notice.objection is not None or at < notice.object_until
    ]


def _claims(session: Session, round_id: UUID) -> list[Problem]:
    """Unanswered claims about one's own vote; visitors' only until the days to object after the closing."""
    row = session.get_one(Round, round_id)
    until = row.closed_at + timedelta(days=row.objection_days) if row.closed_at else None
    waiting = list_waiting_persons(session, round_id, visitors_until=until)
    return [Problem(Trouble.CLAIM, one.hex) for one in waiting]


def _has_paper(session: Session, round_id: UUID) -> bool:
    batch = select(PaperBatch.id).where(PaperBatch.round_id == round_id).limit(1)
    return session.scalar(batch) is not None


def _open_batches(session: Session, round_id: UUID) -> list[UUID]:
    statement = select(PaperBatch.id).where(
        PaperBatch.round_id == round_id, PaperBatch.state == "open"
    )
    return list(session.scalars(statement))
