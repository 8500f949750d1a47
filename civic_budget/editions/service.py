"""Deeds on editions: prepare, publish, move a moment of the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from civic_budget.editions.events import EditionCreated, EditionPublished, MilestoneMoved
from civic_budget.editions.models import Category, Edition, EditionMoment, Pool
from civic_budget.editions.queries import PoolFacts
from civic_budget.editions.rules import Calendar, Milestone
from civic_budget.kernel.actor import Actor
from civic_budget.storage.db import Work


def create_edition(
    work: Work,
    actor: Actor,
    *,
    slug: str,
    year: int,
    names: Mapping[str, str],
    calendar: Calendar,
    pools: Iterable[PoolFacts],
    ballot_rule: Mapping[str, Any],
    selection_rule: Mapping[str, Any],
    accepted_proofs: Iterable[str],
    is_training: bool = False,
    texts: Mapping[str, Any] | None = None,
    origin: Mapping[str, Any] | None = None,
    at: datetime,
) -> UUID:
    """Prepare an edition with its calendar, pools and rules; it is not public yet."""
    edition = Edition(
        id=uuid4(),
        slug=slug,
        year=year,
        names=dict(names),
        is_training=is_training,
        ballot_rule=dict(ballot_rule),
        selection_rule=dict(selection_rule),
        accepted_proofs=list(accepted_proofs),
        texts=dict(texts or {}),
        origin=dict(origin or {}),
        is_imported=origin is not None,
    )
    edition.moments = [EditionMoment(milestone=m.value, at=t) for m, t in calendar.moments.items()]
    edition.pools = [
        Pool(
            scope=p.scope,
            district=p.district,
            money=p.money,
            min_cost=p.min_cost,
            max_cost=p.max_cost,
            signatures=p.signatures,
        )
        for p in pools
    ]
    work.session.add(edition)
    work.publish(EditionCreated(edition_id=edition.id, at=at, by=actor.account_id))
    return edition.id


def publish_edition(work: Work, actor: Actor, *, edition_id: UUID, at: datetime) -> None:
    """Make an edition public."""
    work.session.get_one(Edition, edition_id).published_at = at
    work.publish(EditionPublished(edition_id=edition_id, at=at, by=actor.account_id))


def move_milestone(
    work: Work, actor: Actor, *, edition_id: UUID, milestone: Milestone, to: datetime, at: datetime
) -> None:
    """Move a moment of the calendar; raises BadCalendar when the order would break."""
    edition = work.session.scalars(
        select(Edition).where(Edition.id == edition_id).options(selectinload(Edition.moments))
    ).one()
    moments = {Milestone(m.milestone): m.at for m in edition.moments}
    Calendar({**moments, milestone: to})
    for moment in edition.moments:
        if moment.milestone == milestone:
            moment.at = to
    work.publish(
        MilestoneMoved(edition_id=edition_id, milestone=milestone.value, at=at, by=actor.account_id)
    )


def put_category(work: Work, *, code: str, names: Mapping[str, str], position: int) -> None:
    """Add a category or correct its words."""
    work.session.merge(Category(code=code, names=dict(names), position=position))
