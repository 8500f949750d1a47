"""Proposals that exclude one another: a person confirms a group, clears a pair, dissolves a group."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from civic_budget.editions.queries import get_edition
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.proposals import events, policy
from civic_budget.proposals.models import ClearedPair, ExclusiveGroup, ExclusiveMember
from civic_budget.proposals.queries.exclusive import OUT, list_groups
from civic_budget.proposals.rules import ProposalState
from civic_budget.proposals.service.rows import load
from civic_budget.storage.db import Work

FEWEST = 2


def confirm_exclusive(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    proposals: frozenset[UUID],
    reason: str,
    at: datetime,
) -> UUID:
    """Say that at most one of these proposals can be carried out; returns the group's id.

    Raises Conflict: group_too_small, group_reason_missing, group_of_other_edition,
    not_in_the_running, group_exists.
    """
    require(policy.may_group(actor, phase=get_edition(work.session, edition_id).phase(at)))
    assert actor.account_id is not None
    if len(proposals) < FEWEST:
        raise Conflict("group_too_small", field="members")
    if not reason.strip():
        raise Conflict("group_reason_missing", field="reason")
    for proposal_id in sorted(proposals):  # always locked in one order
        row = load(work, proposal_id)
        if row.edition_id != edition_id:
            raise Conflict("group_of_other_edition", field="members")
        if ProposalState(row.state) in OUT:
            raise Conflict("not_in_the_running", field="members", reference=row.reference)
    standing = list_groups(work.session, edition_id)
    if any(proposals <= {row.id for row in group.members} for group in standing):
        raise Conflict("group_exists", field="members")
    last = work.session.scalar(
        select(func.max(ExclusiveGroup.number)).where(ExclusiveGroup.edition_id == edition_id)
    )
    group = ExclusiveGroup(
        id=uuid4(),
        edition_id=edition_id,
        number=(last or 0) + 1,
        reason=reason.strip(),
        confirmed_at=at,
        confirmed_by=actor.account_id,
    )
    work.session.add(group)
    work.session.flush()
    work.session.add_all(ExclusiveMember(group_id=group.id, proposal_id=p) for p in proposals)
    work.publish(
        events.ExclusiveGroupsChanged(
            edition_id=edition_id, group_id=group.id, at=at, by=actor.account_id
        )
    )
    return group.id


def dissolve_exclusive(work: Work, actor: Actor, *, group_id: UUID, at: datetime) -> None:
    """Take a group back: its proposals may win together again."""
    group = work.session.get(ExclusiveGroup, group_id, with_for_update=True)
    if group is None:
        raise NotFound("no_group")
    require(policy.may_group(actor, phase=get_edition(work.session, group.edition_id).phase(at)))
    if group.dissolved_at is not None:
        raise Conflict("group_dissolved")
    group.dissolved_at, group.dissolved_by = at, actor.account_id
    work.publish(
        events.ExclusiveGroupsChanged(
            edition_id=group.edition_id,
            group_id=group.id,
            is_dissolved=True,
            at=at,
            by=actor.account_id,
        )
    )


def clear_pair(work: Work, actor: Actor, *, first: UUID, second: UUID, at: datetime) -> None:
    """Say that two neighbours do not exclude one another; they are not offered again."""
    first, second = sorted((first, second))
    edition_id = load(work, first).edition_id
    if load(work, second).edition_id != edition_id:
        raise Conflict("group_of_other_edition")
    require(policy.may_group(actor, phase=get_edition(work.session, edition_id).phase(at)))
    assert actor.account_id is not None
    work.session.merge(
        ClearedPair(first=first, second=second, cleared_at=at, cleared_by=actor.account_id)
    )
