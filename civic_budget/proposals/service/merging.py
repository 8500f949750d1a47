"""Merges: the office proposes, every author answers, all yeses make one proposal of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from civic_budget.editions.queries import get_edition
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.proposals import events, policy
from civic_budget.proposals.merge_rules import (
    MERGE_LIFECYCLE,
    MERGEABLE,
    SHORTEST_ANSWER_TIME,
    MergeAction,
    MergeState,
    decided_by,
)
from civic_budget.proposals.models import MergePart, Proposal, ProposalMerge
from civic_budget.proposals.rules import ProposalAction, ProposalState
from civic_budget.proposals.service.people import join_authors
from civic_budget.proposals.service.rows import load, move
from civic_budget.proposals.service.supporting import join_supporters
from civic_budget.storage.db import Work

_TOLD: Mapping[MergeAction, type[events.MergeEvent]] = {
    MergeAction.AGREE: events.MergeAgreed,
    MergeAction.REFUSE: events.MergeRefused,
    MergeAction.CANCEL: events.MergeCancelled,
    MergeAction.LAPSE: events.MergeLapsed,
}


def propose_merge(
    work: Work,
    actor: Actor,
    *,
    kept: UUID,
    joined: Sequence[UUID],
    words: Mapping[str, str],
    answer_by: datetime,
    at: datetime,
) -> UUID:
    """Ask all authors whether `joined` may become part of `kept`; returns the merge's id.

    `words` maps language to the reason, Polish at least. Raises NotAllowed (not_a_coordinator,
    merge_out_of_time) and Conflict at `joined` (nothing_to_merge, another_edition, not_mergeable,
    already_in_merge), at `words` (reason_missing), at `answer_by` (too_little_time).
    """
    others = [one for one in dict.fromkeys(joined) if one != kept]
    if not others:
        raise Conflict("nothing_to_merge", field="joined")
    rows = [load(work, one) for one in sorted([kept, *others])]  # one order: no deadlock
    edition = get_edition(work.session, rows[0].edition_id)
    require(policy.may_propose_merge(actor, phase=edition.phase(at)))
    if len({row.edition_id for row in rows}) > 1:
        raise Conflict("another_edition", field="joined")
    if any(ProposalState(row.state) not in MERGEABLE for row in rows):
        raise Conflict("not_mergeable", field="joined")
    if not words.get("pl", "").strip():
        raise Conflict("reason_missing", field="words")
    if answer_by < at + SHORTEST_ANSWER_TIME:
        raise Conflict("too_little_time", field="answer_by")
    merge = ProposalMerge(
        id=uuid4(),
        edition_id=edition.id,
        state=MergeState.PROPOSED.value,
        words={language: said.strip() for language, said in words.items() if said.strip()},
        proposed_at=at,
        proposed_by=actor.account_id,
        answer_by=answer_by,
    )
    merge.parts = [
        MergePart(proposal_id=one, position=place, is_kept=one == kept, is_open=True)
        for place, one in enumerate([kept, *others])
    ]
    work.session.add(merge)
    try:
        work.session.flush()
    except IntegrityError as taken:
        raise Conflict("already_in_merge", field="joined") from taken
    _tell(work, events.MergeProposed, merge, actor, at)
    return merge.id


def answer_merge(
    work: Work, actor: Actor, *, merge_id: UUID, proposal_id: UUID, agrees: bool, at: datetime
) -> MergeState:
    """An author says yes or no for their proposal, once; the last yes merges, the first no ends it.

    Raises NotAllowed (not_the_author, merge_over, already_answered), WrongState when the office was
    quicker with one of the proposals.
    """
    merge = _load(work, merge_id)
    part = next((one for one in merge.parts if one.proposal_id == proposal_id), None)
    if part is None:
        raise NotFound("no_such_merge")
    rows = {one: load(work, one) for one in sorted(p.proposal_id for p in merge.parts)}
    require(
        policy.may_answer_merge(
            actor,
            author_account=rows[proposal_id].author_account,
            is_open=merge.state == MergeState.PROPOSED and at < merge.answer_by,
            is_answered=part.agrees is not None,
        )
    )
    part.agrees, part.answered_at = agrees, at
    action = decided_by([one.agrees for one in merge.parts])
    if action is MergeAction.AGREE:
        _join(work, merge, rows, actor, at)
    if action is not None:
        _end(work, merge, action, actor, at)
    return MergeState(merge.state)


def cancel_merge(work: Work, actor: Actor, *, merge_id: UUID, at: datetime) -> None:
    """The office takes its proposal of a merge back; raises NotAllowed, WrongState when it is over."""
    require(policy.may_cancel_merge(actor))
    _end(work, _load(work, merge_id), MergeAction.CANCEL, actor, at)


def lapse_merges(work: Work, *, at: datetime) -> int:
    """End merges that somebody left unanswered until their day; returns how many."""
    due = work.session.scalars(
        select(ProposalMerge)
        .where(ProposalMerge.state == MergeState.PROPOSED.value, ProposalMerge.answer_by <= at)
        .options(selectinload(ProposalMerge.parts))
        .with_for_update(of=ProposalMerge)
    ).all()
    for merge in due:
        _end(work, merge, MergeAction.LAPSE, SYSTEM, at)
    return len(due)


def end_open_merge(work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> None:
    """A proposal left the road (withdrawn, decided): a merge that waited for it is cancelled."""
    merge_id = work.session.scalar(
        select(MergePart.merge_id).where(
            MergePart.proposal_id == proposal_id, MergePart.is_open.is_(True)
        )
    )
    if merge_id is not None:
        _end(work, _load(work, merge_id), MergeAction.CANCEL, actor, at)


def _load(work: Work, merge_id: UUID) -> ProposalMerge:
    merge = work.session.scalars(
        select(ProposalMerge)
        .where(ProposalMerge.id == merge_id)
        .options(selectinload(ProposalMerge.parts))
        .with_for_update(of=ProposalMerge)
        .execution_options(populate_existing=True)
    ).first()
    if merge is None:
        raise NotFound("no_such_merge")
    return merge


def _join(
    work: Work, merge: ProposalMerge, rows: Mapping[UUID, Proposal], actor: Actor, at: datetime
) -> None:
    kept = next(part.proposal_id for part in merge.parts if part.is_kept)
    for part in merge.parts:
        if part.is_kept:
            continue
        row = rows[part.proposal_id]
        move(row, ProposalAction.MERGE)
        row.merged_into, row.correct_by, row.changed_at = kept, None, at
        join_authors(work, rows[kept], row, at)
        join_supporters(work, rows[kept], row)
        work.publish(
            events.ProposalMerged(proposal_id=row.id, kept_id=kept, at=at, by=actor.account_id)
        )


def _end(work: Work, merge: ProposalMerge, action: MergeAction, actor: Actor, at: datetime) -> None:
    merge.state = MERGE_LIFECYCLE.next(MergeState(merge.state), action).value
    merge.ended_at = at
    for part in merge.parts:
        part.is_open = False
    _tell(work, _TOLD[action], merge, actor, at)


def _tell(
    work: Work, kind: type[events.MergeEvent], merge: ProposalMerge, actor: Actor, at: datetime
) -> None:
    for part in merge.parts:
        work.publish(
            kind(proposal_id=part.proposal_id, merge_id=merge.id, at=at, by=actor.account_id)
        )
