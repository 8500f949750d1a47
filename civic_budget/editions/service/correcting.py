"""Corrections of a published edition: proposed by one person, in force when a second one signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from civic_budget.editions import policy
from civic_budget.editions.corrections import (
    Change,
    as_data,
    changed_pools,
    from_data,
    moved_moments,
    moved_side_dates,
)
from civic_budget.editions.drafts import list_corrections
from civic_budget.editions.events import (
    CorrectionDeclined,
    CorrectionProposed,
    CorrectionSigned,
    MilestoneMoved,
    SideDateMoved,
)
from civic_budget.editions.models import CorrectionVerdict, Edition, EditionCorrection
from civic_budget.editions.queries import EditionFacts, get_edition
from civic_budget.editions.rules import Calendar, Milestone, PoolFacts
from civic_budget.editions.service.settings import (
    check_pools,
    lock_edition,
    put_amounts,
    put_side_dates,
)
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work


def propose_correction(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    moments: Mapping[Milestone, datetime],
    pools: Sequence[PoolFacts],
    side_dates: Mapping[SideDate, datetime | None] | None = None,
    reasons: Mapping[str, str],
    at: datetime,
) -> int:
    """Write down what should differ, and why; nothing changes until it is signed. Returns its number.

    Raises Conflict when nothing differs, when another correction waits, when a moment has passed or
    would break the order, and for pools once the list for the vote is public.
    """
    row = lock_edition(work, edition_id)
    require(policy.may_propose_correction(actor, is_published=row.published_at is not None))
    assert actor.account_id is not None
    earlier = list_corrections(work.session, edition_id)
    if any(one.is_signed is None for one in earlier):
        raise Conflict("correction_waits")
    edition = get_edition(work.session, edition_id)
    changes = _differences(edition, moments, pools, side_dates or {}, at)
    if not changes:
        raise Conflict("nothing_differs")
    if not reasons.get("pl", "").strip():
        raise Conflict("reason_missing", field="reason_pl")
    number = len(earlier) + 1
    work.session.add(
        EditionCorrection(
            edition_id=edition_id,
            number=number,
            changes=as_data(changes),
            reasons={code: words.strip() for code, words in reasons.items() if words.strip()},
            proposed_by=actor.account_id,
            proposed_at=at,
        )
    )
    work.publish(
        CorrectionProposed(edition_id=edition_id, number=number, at=at, by=actor.account_id)
    )
    return number


def answer_correction(
    work: Work, actor: Actor, *, edition_id: UUID, number: int, sign: bool, at: datetime
) -> None:
    """Sign a correction (it holds from now) or decline it; who proposed it may only take it back.

    Raises Conflict("outdated") when what it starts from is no longer so, or a moment has passed.
    """
    edition = lock_edition(work, edition_id)
    row = work.session.get(EditionCorrection, (edition_id, number))
    if row is None:
        raise NotFound("no_correction")
    require(policy.may_answer_correction(actor, proposed_by=row.proposed_by, sign=sign))
    assert actor.account_id is not None
    if work.session.get(CorrectionVerdict, (edition_id, number)) is not None:
        raise Conflict("correction_answered")
    work.session.add(
        CorrectionVerdict(
            edition_id=edition_id,
            number=number,
            proposed_by=row.proposed_by,
            is_signed=sign,
            given_by=actor.account_id,
            given_at=at,
        )
    )
    if sign:
        _apply(work, actor, edition, from_data(row.changes), at)
    happened = CorrectionSigned if sign else CorrectionDeclined
    work.publish(happened(edition_id=edition_id, number=number, at=at, by=actor.account_id))


def _differences(
    edition: EditionFacts,
    moments: Mapping[Milestone, datetime],
    pools: Sequence[PoolFacts],
    side_dates: Mapping[SideDate, datetime | None],
    at: datetime,
) -> list[Change]:
    check_pools(pools)
    is_list_public = at >= edition.moment_of(Milestone.LIST_PUBLISHED)
    return [
        *moved_moments(edition.calendar, moments, at=at),
        *moved_side_dates(
            edition.side_dates, side_dates, {**edition.calendar.moments, **moments}, at=at
        ),
        *changed_pools(edition.pools, pools, is_list_public=is_list_public),
    ]


def _apply(
    work: Work, actor: Actor, edition: Edition, changes: Sequence[Change], at: datetime
) -> None:
    facts = get_edition(work.session, edition.id)
    moments = {
        change.milestone: datetime.fromisoformat(str(change.after))
        for change in changes
        if change.milestone is not None
    }
    wanted = _wanted_pools(facts, changes)
    sides = {
        change.side: datetime.fromisoformat(str(change.after)) if change.after else None
        for change in changes
        if change.side is not None
    }
    if as_data(_differences(facts, moments, wanted, sides, at)) != as_data(changes):
        raise Conflict("outdated")
    put_side_dates(edition, sides)
    for date in sides:
        work.publish(
            SideDateMoved(edition_id=edition.id, date=date.value, at=at, by=actor.account_id)
        )
    Calendar({**facts.calendar.moments, **moments})
    for row in edition.moments:
        milestone = Milestone(row.milestone)
        if milestone in moments:
            row.at = moments[milestone]
            work.publish(
                MilestoneMoved(
                    edition_id=edition.id, milestone=row.milestone, at=at, by=actor.account_id
                )
            )
    amounts = {pool.scope: pool for pool in wanted}
    for pool_row in edition.pools:
        if pool_row.scope in amounts:
            put_amounts(pool_row, amounts[pool_row.scope])


def _wanted_pools(edition: EditionFacts, changes: Sequence[Change]) -> list[PoolFacts]:
    """The pools as they should become; those that do not change are left out."""
    wanted: dict[str, PoolFacts] = {}
    for change in changes:
        if change.milestone is None and change.side is None:
            scope, field = change.pool
            pool = wanted.get(scope) or edition.pool(scope)
            if getattr(pool, field) != change.before:
                raise Conflict("outdated")
            wanted[scope] = _with(pool, field, int(change.after))
    return list(wanted.values())


def _with(pool: PoolFacts, field: str, value: int) -> PoolFacts:
    amounts: dict[str, Any] = {field: value}
    return replace(pool, **amounts)
