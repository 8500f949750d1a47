"""Numbers on the ballot: the list and its hash are published first, then the draw is entered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from civic_budget.editions.queries import get_edition
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals import events, policy
from civic_budget.proposals.drawing import (
    ListedProposal,
    draw_numbers,
    hash_listing,
    text_to_vote,
    write_listing,
)
from civic_budget.proposals.models import BallotDraw, BallotList, Proposal
from civic_budget.proposals.queries.voted import content_to_vote, voted_text
from civic_budget.proposals.rules import ProposalState
from civic_budget.storage.db import Work

LEAST_PROTOCOL = 40


def publish_ballot_list(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    seed_source: str,
    seed_at: datetime | None = None,
    is_physical: bool = False,
    at: datetime,
) -> str:
    """Publish the admitted proposals and say where the seed will come from; returns the list's hash.

    `seed_at` is when the named event, or the draw before witnesses, takes place: it must lie ahead, and
    no seed is taken before it.

    May be done again until the draw (a proposal was withdrawn, say): the last list counts.
    """
    _require_may_draw(work, actor, edition_id, at)
    if work.session.get(BallotDraw, edition_id) is not None:
        raise Conflict("already_drawn")
    if not seed_source.strip():
        raise Conflict("seed_source_missing", field="seed_source")
    if seed_at is not None and seed_at <= at:
        raise Conflict("seed_already_known", field="seed_at")
    listing = write_listing(_listed(work, edition_id))
    if not listing:
        raise Conflict("nothing_to_draw")
    last = _last_list(work, edition_id)
    published = BallotList(
        edition_id=edition_id,
        number=last.number + 1 if last else 1,
        listing=listing,
        hash=hash_listing(listing),
        seed_source=seed_source.strip(),
        seed_at=seed_at,
        is_physical=is_physical,
        published_at=at,
        published_by=actor.account_id,
    )
    work.session.add(published)
    work.publish(
        events.BallotListPublished(
            edition_id=edition_id, list_hash=published.hash, at=at, by=actor.account_id
        )
    )
    return published.hash


def draw_ballot_numbers(
    work: Work, actor: Actor, *, edition_id: UUID, seed: str, protocol: str = "", at: datetime
) -> Mapping[str, int]:
    """Enter the seed and give every proposal its number; returns reference → number.

    A draw before witnesses needs its protocol: where, who was there, what was drawn. Raises Conflict:
    list_not_published, list_changed (publish it again), already_drawn, seed_not_known_yet,
    protocol_missing.
    """
    _require_may_draw(work, actor, edition_id, at)
    published = _last_list(work, edition_id)
    if published is None:
        raise Conflict("list_not_published")
    if work.session.get(BallotDraw, edition_id) is not None:
        raise Conflict("already_drawn")
    if not seed.strip():
        raise Conflict("seed_missing", field="seed")
    if published.seed_at is not None and at < published.seed_at:
        raise Conflict("seed_not_known_yet", field="seed", day=published.seed_at)
    if published.is_physical and len(protocol.strip()) < LEAST_PROTOCOL:
        raise Conflict("protocol_missing", field="protocol")
    if write_listing(_listed(work, edition_id)) != published.listing:
        raise Conflict("list_changed")
    numbers = draw_numbers(published.listing, seed.strip())
    rows = work.session.scalars(_admitted(edition_id)).all()
    set_ballot_numbers(work, numbers={r.id: numbers[r.reference or ""] for r in rows})
    work.session.add(
        BallotDraw(
            edition_id=edition_id,
            list_number=published.number,
            seed=seed.strip(),
            protocol=protocol.strip(),
            drawn_at=at,
            drawn_by=actor.account_id,
        )
    )
    work.publish(events.BallotNumbersDrawn(edition_id=edition_id, at=at, by=actor.account_id))
    return numbers


def set_ballot_numbers(work: Work, *, numbers: Mapping[UUID, int]) -> None:
    """Give proposals numbers on the ballot (of an imported edition, or as they were drawn)."""
    rows = work.session.scalars(select(Proposal).where(Proposal.id.in_(list(numbers)))).all()
    for row in rows:
        row.ballot_number = None
    work.session.flush()
    for row in rows:
        row.ballot_number = numbers[row.id]


def _require_may_draw(work: Work, actor: Actor, edition_id: UUID, at: datetime) -> None:
    phase = get_edition(work.session, edition_id).phase(at)
    require(policy.may_draw(actor, phase=phase))


def _last_list(work: Work, edition_id: UUID) -> BallotList | None:
    return work.session.scalars(
        select(BallotList)
        .where(BallotList.edition_id == edition_id)
        .order_by(BallotList.number.desc())
        .limit(1)
    ).first()


def _admitted(edition_id: UUID) -> Select[Proposal]:
    return select(Proposal).where(
        Proposal.edition_id == edition_id, Proposal.state == ProposalState.ADMITTED.value
    )


def _listed(work: Work, edition_id: UUID) -> list[ListedProposal]:
    rows = work.session.scalars(
        _admitted(edition_id)
        .options(selectinload(Proposal.texts), selectinload(Proposal.places))
        .with_for_update(of=Proposal)
    ).all()
    return [
        ListedProposal(
            scope=row.scope,
            reference=row.reference or "",
            cost=row.cost if row.assessed_cost is None else row.assessed_cost,
            title=voted_text(row).title,
            text_hash=hash_listing(text_to_vote(content_to_vote(row))),
        )
        for row in rows
    ]
