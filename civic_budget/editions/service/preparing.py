"""Begin an edition: empty, or as a copy of an earlier one a year later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from civic_budget.editions import policy
from civic_budget.editions.drafts import DraftFacts, get_draft_by_id, list_sources
from civic_budget.editions.events import EditionCreated
from civic_budget.editions.models import (
    Edition,
    EditionMoment,
    EditionSideDate,
    EditionSource,
    Pool,
)
from civic_budget.editions.queries import is_slug_taken
from civic_budget.editions.rules import year_later
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
YEARS = range(2014, 2101)


def prepare_edition(
    work: Work,
    actor: Actor,
    *,
    slug: str,
    year: int,
    names: Mapping[str, str],
    copy_of: UUID | None,
    is_training: bool,
    at: datetime,
) -> UUID:
    """Begin an edition that nobody sees yet.

    A copy takes over pools, limits, ballot, rule, texts and sources; its moments are 52 weeks later
    (same weekday and hour), or the same in a training edition. Signatures are not copied.
    """
    require(policy.may_prepare(actor))
    if not SLUG.fullmatch(slug):
        raise Conflict("bad_slug", field="slug")
    if is_slug_taken(work.session, slug):
        raise Conflict("slug_taken", field="slug")
    if year not in YEARS:
        raise Conflict("bad_year", field="year")
    model = get_draft_by_id(work.session, copy_of) if copy_of else None
    edition = Edition(
        id=uuid4(),
        slug=slug,
        year=year,
        names={code: words for code, words in names.items() if words},
        is_training=is_training,
        ballot_rule=dict(model.ballot_rule) if model else {},
        selection_rule=dict(model.selection_rule) if model else {},
        accepted_proofs=list(model.accepted_proofs) if model else [],
        texts=dict(model.texts) if model else {},
    )
    if model:
        _copy(edition, model, is_training)
    work.session.add(edition)
    work.session.flush()
    if copy_of:
        _copy_sources(work, copy_of, edition.id)
    work.publish(EditionCreated(edition_id=edition.id, copy_of=copy_of, at=at, by=actor.account_id))
    return edition.id


def _copy(edition: Edition, model: DraftFacts, is_training: bool) -> None:
    edition.moments = [
        EditionMoment(milestone=m.value, at=t if is_training else year_later(t))
        for m, t in model.moments.items()
    ]
    edition.side_dates = [
        EditionSideDate(code=d.value, at=t if is_training else year_later(t))
        for d, t in model.side_dates.items()
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
        for p in model.pools
    ]


def _copy_sources(work: Work, copy_of: UUID, edition_id: UUID) -> None:
    work.session.add_all(
        EditionSource(
            edition_id=edition_id,
            setting=source.setting,
            act=source.act,
            paragraph=source.paragraph,
            link=source.link,
        )
        for source in list_sources(work.session, copy_of).values()
    )
