"""Enter a whole edition at once, publish one, move a moment of the calendar; the city's categories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from civic_budget.city.queries import list_districts
from civic_budget.editions import policy
from civic_budget.editions.checking import City, blocking, check_edition
from civic_budget.editions.drafts import count_categories, get_draft_by_id
from civic_budget.editions.events import (
    CategoryChanged,
    EditionCreated,
    EditionPublished,
    MilestoneMoved,
)
from civic_budget.editions.models import Category, Edition, EditionMoment, EditionSideDate, Pool
from civic_budget.editions.queries import list_editions
from civic_budget.editions.rules import Calendar, Milestone, PoolFacts
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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
    side_dates: Mapping[SideDate, datetime] | None = None,
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
    edition.side_dates = [
        EditionSideDate(code=d.value, at=t) for d, t in (side_dates or {}).items()
    ]
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
    """Make an edition public; from then on only signed corrections change it.

    Raises NotAllowed, and Conflict("incomplete") while the check finds something that blocks. What
    the platform itself enters (an import, the demo) is not checked: it has no signatures.
    """
    edition = work.session.get_one(Edition, edition_id, with_for_update=True)
    require(policy.may_publish(actor, is_published=edition.published_at is not None))
    if not actor.is_system:
        draft = get_draft_by_id(work.session, edition_id)
        findings = check_edition(draft, city_of(work.session), at=at)
        if blocking(findings):
            raise Conflict("incomplete", count=len(blocking(findings)))
    edition.published_at = at
    work.publish(EditionPublished(edition_id=edition_id, at=at, by=actor.account_id))


def city_of(session: Session) -> City:
    """What the check must know of the city."""
    taken = (e.year for e in list_editions(session) if not e.is_training and not e.is_imported)
    return City(
        residents={d.number: d.residents for d in list_districts(session)},
        categories=count_categories(session),
        taken_years=frozenset(taken),
    )


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


def change_category(
    work: Work,
    actor: Actor,
    *,
    code: str,
    names: Mapping[str, str],
    position: int,
    at: datetime,
) -> None:
    """Add a category or correct its words; its code never changes."""
    require(policy.may_prepare(actor))
    if not CODE.fullmatch(code) or code == "new":
        raise Conflict("bad_code", field="code")
    put_category(work, code=code, names=names, position=position)
    work.publish(CategoryChanged(category=code, at=at, by=actor.account_id))
