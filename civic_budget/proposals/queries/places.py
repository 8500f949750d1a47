"""Where the proposals of an edition should be, all at once: for lists, packages and the map as a file."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.proposals.models import Proposal, ProposalPlace
from civic_budget.proposals.rules import Place


def list_places(session: Session, edition_id: UUID) -> dict[UUID, Sequence[Place]]:
    """Proposal id → its places in their order; submitted proposals that have some; one query."""
    rows = session.execute(
        select(ProposalPlace)
        .join(Proposal, Proposal.id == ProposalPlace.proposal_id)
        .where(Proposal.edition_id == edition_id, Proposal.reference.is_not(None))
        .order_by(ProposalPlace.proposal_id, ProposalPlace.position)
    )
    places: dict[UUID, list[Place]] = {}
    for (row,) in rows:
        place = Place(row.words, row.latitude, row.longitude)
        places.setdefault(row.proposal_id, []).append(place)
    return {one: tuple(found) for one, found in places.items()}
