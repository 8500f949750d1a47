"""Where a proposal should be: its author's points, addresses and words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from civic_budget.city.queries import metres_from_city
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals.models import Proposal, ProposalPlace
from civic_budget.proposals.rules import FARTHEST_METRES, MOST_PLACES, Place
from civic_budget.proposals.service.rows import load_editable, touch
from civic_budget.storage.db import Work


def save_places(
    work: Work, actor: Actor, *, proposal_id: UUID, places: Sequence[Place], at: datetime
) -> None:
    """Replace the places of a proposal; the same one twice is kept once.

    Raises Conflict at `places`: too_many_places, not_in_the_city (a point far from every district).
    """
    proposal = load_editable(work, actor, proposal_id, at)
    put_places(work, proposal, places)
    touch(proposal, at)


def put_places(work: Work, proposal: Proposal, places: Sequence[Place]) -> None:
    """Replace the places of a row that is held; raises Conflict as `save_places` does."""
    kept = list(dict.fromkeys(Place(p.words.strip(), p.latitude, p.longitude) for p in places))
    if len(kept) > MOST_PLACES:
        raise Conflict("too_many_places", field="places")
    if any(_is_outside(work, place) for place in kept):
        raise Conflict("not_in_the_city", field="places")
    proposal.places.clear()
    work.session.flush()
    proposal.places.extend(
        ProposalPlace(
            position=position,
            words=place.words,
            latitude=place.latitude,
            longitude=place.longitude,
        )
        for position, place in enumerate(kept, 1)
    )


def _is_outside(work: Work, place: Place) -> bool:
    if place.point is None:
        return False
    metres = metres_from_city(work.session, place.point)
    return metres is not None and metres > FARTHEST_METRES
