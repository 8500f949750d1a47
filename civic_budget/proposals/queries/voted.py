"""The text that is put to the vote: approved Polish words where there are some, else the author's own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from civic_budget.kernel.errors import NotFound
from civic_budget.proposals.drawing import text_to_vote
from civic_budget.proposals.models import BallotDraw, PaperProposal, Proposal, ProposalText
from civic_budget.proposals.queries.facts import places_of
from civic_budget.proposals.rules import TEXT_FIELDS


def voted_text(proposal: Proposal) -> ProposalText:
    """The words that count: Polish ones that a person approved, else those of the author."""

    def rank(text: ProposalText) -> tuple[bool, bool]:
        is_polish = text.language == "pl" and (text.source == "author" or bool(text.reviewed_by))
        return (is_polish, text.language == proposal.language)

    return max(proposal.texts, key=rank)


def content_to_vote(proposal: Proposal) -> dict[str, object]:
    """All that residents vote on: words, places, cost in grosze. Its hash stands in the published list."""
    text = voted_text(proposal)
    return {name: getattr(text, name) for name in TEXT_FIELDS} | {
        "language": text.language,
        "reference": proposal.reference,
        "scope": proposal.scope,
        "place": proposal.place,
        "places": [place.as_data() for place in places_of(proposal)],
        "cost": proposal.cost if proposal.assessed_cost is None else proposal.assessed_cost,
        "upkeep": proposal.upkeep,
    }


def read_text_to_vote(session: Session, proposal_id: UUID) -> str:
    """The text as it is hashed; raises NotFound."""
    row = session.scalars(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .options(selectinload(Proposal.texts), selectinload(Proposal.places))
    ).first()
    if row is None:
        raise NotFound("no_such_proposal")
    return text_to_vote(content_to_vote(row))


def received_on_paper(session: Session, proposal_id: UUID) -> datetime | None:
    """When a proposal came on paper; None for one that its author sent online."""
    row = session.get(PaperProposal, proposal_id)
    return row.received_at if row else None


def is_text_frozen(session: Session, edition_id: UUID) -> bool:
    """After the draw the texts on the list stay as they were hashed."""
    return session.get(BallotDraw, edition_id) is not None
