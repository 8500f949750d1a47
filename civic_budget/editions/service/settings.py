"""The settings of an edition in preparation, one deed per page. After publication all are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from civic_budget.editions import policy
from civic_budget.editions.ballots import BallotSetting
from civic_budget.editions.events import EditionChanged
from civic_budget.editions.models import (
    Edition,
    EditionMoment,
    EditionSideDate,
    EditionSource,
    Pool,
)
from civic_budget.editions.rules import Milestone, PoolFacts
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work


def lock_edition(work: Work, edition_id: UUID) -> Edition:
    """The edition with its moments, side dates and pools, locked; raises NotFound."""
    edition = work.session.scalars(
        select(Edition)
        .where(Edition.id == edition_id)
        .options(
            selectinload(Edition.moments),
            selectinload(Edition.side_dates),
            selectinload(Edition.pools),
        )
        .with_for_update(of=Edition)
    ).first()
    if edition is None:
        raise NotFound("no_edition")
    return edition


def load_open(work: Work, actor: Actor, edition_id: UUID) -> Edition:
    """An edition that the actor may still set, locked; raises NotAllowed or NotFound."""
    edition = lock_edition(work, edition_id)
    require(policy.may_edit(actor, is_published=edition.published_at is not None))
    return edition


def set_calendar(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    moments: Mapping[Milestone, datetime],
    side_dates: Mapping[SideDate, datetime | None] | None = None,
    at: datetime,
) -> None:
    """Set the moments that are known; the others are still open. Order is the check's matter."""
    edition = load_open(work, actor, edition_id)
    edition.moments = [
        *(m for m in edition.moments if Milestone(m.milestone) in moments),
    ]
    present = {m.milestone: m for m in edition.moments}
    for milestone, moment in moments.items():
        if milestone.value in present:
            present[milestone.value].at = moment
        else:
            edition.moments.append(EditionMoment(milestone=milestone.value, at=moment))
    put_side_dates(edition, side_dates or {})
    _tell(work, actor, edition_id, "calendar", at)


def put_side_dates(edition: Edition, dates: Mapping[SideDate, datetime | None]) -> None:
    """Write further days of the calendar; None leaves one open, what is not named stays."""
    present = {row.code: row for row in edition.side_dates}
    for date, moment in dates.items():
        row = present.get(date.value)
        if moment is None and row is not None:
            edition.side_dates.remove(row)
        elif moment is not None and row is not None:
            row.at = moment
        elif moment is not None:
            edition.side_dates.append(EditionSideDate(code=date.value, at=moment))


def check_pools(pools: Sequence[PoolFacts]) -> None:
    """Raise Conflict at the field of the first pool whose amounts contradict each other."""
    for pool in pools:
        if pool.money <= 0:
            raise Conflict("pool_without_money", field=f"money_{pool.scope}")
        if pool.max_cost > pool.money:
            raise Conflict("max_above_pool", field=f"max_cost_{pool.scope}")
        if pool.max_cost <= 0:
            raise Conflict("max_missing", field=f"max_cost_{pool.scope}")
        if pool.min_cost > pool.max_cost:
            raise Conflict("min_above_max", field=f"min_cost_{pool.scope}")


def set_pools(
    work: Work, actor: Actor, *, edition_id: UUID, pools: Sequence[PoolFacts], at: datetime
) -> None:
    """Set the pools; a scope that is not named has no pool. Amounts in grosze."""
    edition = load_open(work, actor, edition_id)
    check_pools(pools)
    wanted = {pool.scope: pool for pool in pools}
    edition.pools = [row for row in edition.pools if row.scope in wanted]
    present = {row.scope: row for row in edition.pools}
    for pool in pools:
        row = present.get(pool.scope)
        if row is None:
            row = Pool(scope=pool.scope, district=pool.district)
            edition.pools.append(row)
        put_amounts(row, pool)
    _tell(work, actor, edition_id, "pools", at)


def put_amounts(row: Pool, pool: PoolFacts) -> None:
    """Write a pool's amounts and limits into its row."""
    row.money, row.min_cost = pool.money, pool.min_cost
    row.max_cost, row.signatures = pool.max_cost, pool.signatures


def set_ballot_rule(
    work: Work, actor: Actor, *, edition_id: UUID, ballot: BallotSetting, at: datetime
) -> None:
    """Set how a ballot is filled; raises Conflict at the field that contradicts another."""
    edition = load_open(work, actor, edition_id)
    edition.ballot_rule = ballot.as_data()
    _tell(work, actor, edition_id, "ballot", at)


def set_texts(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    year: int,
    names: Mapping[str, str],
    introductions: Mapping[str, str],
    accepted_proofs: Iterable[str],
    at: datetime,
) -> None:
    """Set names and introduction by language, the year, and which proofs of residence count."""
    edition = load_open(work, actor, edition_id)
    if not names.get("pl", "").strip():
        raise Conflict("polish_name_missing", field="name_pl")
    edition.year = year
    edition.names = {code: words.strip() for code, words in names.items() if words.strip()}
    said = {code: words.strip() for code, words in introductions.items() if words.strip()}
    edition.texts = {**edition.texts, "introduction": said}
    edition.accepted_proofs = list(accepted_proofs)
    _tell(work, actor, edition_id, "texts", at)


def cite_source(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    setting: str,
    act: str,
    paragraph: str,
    link: str,
    at: datetime,
) -> None:
    """Say from which act a setting follows; replaces what was said before."""
    load_open(work, actor, edition_id)
    parts = urlsplit(link)
    if link and (parts.scheme not in {"https", "http"} or not parts.netloc):
        raise Conflict("bad_link", field="link")
    work.session.merge(
        EditionSource(
            edition_id=edition_id, setting=setting, act=act, paragraph=paragraph, link=link
        )
    )
    _tell(work, actor, edition_id, "sources", at)


def drop_source(work: Work, actor: Actor, *, edition_id: UUID, setting: str, at: datetime) -> None:
    """Take a source back."""
    load_open(work, actor, edition_id)
    work.session.execute(
        delete(EditionSource).where(
            EditionSource.edition_id == edition_id, EditionSource.setting == setting
        )
    )
    _tell(work, actor, edition_id, "sources", at)


def _tell(work: Work, actor: Actor, edition_id: UUID, setting: str, at: datetime) -> None:
    work.publish(EditionChanged(edition_id=edition_id, setting=setting, at=at, by=actor.account_id))
