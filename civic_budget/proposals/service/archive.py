"""Proposals of past elections, as published files tell of them: they come in decided, and stay so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from civic_budget.proposals.models import Proposal, ProposalPlace, ProposalText
from civic_budget.proposals.rules import TEXT_FIELDS, ProposalState
from civic_budget.proposals.search import fold
from civic_budget.storage.db import Work


@dataclass(frozen=True)
class PastProposal:
    """What is known of a project that was voted on earlier; `cost` in grosze."""

    reference: str
    scope: str
    ballot_number: int
    title: str
    language: str
    cost: int
    category: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_withdrawn: bool = False


def add_past_proposals(
    work: Work,
    *,
    edition_id: UUID,
    author_account: UUID,
    author_person: UUID,
    past: Iterable[PastProposal],
    at: datetime,
) -> None:
    """Enter the projects of a past edition as admitted (or withdrawn) proposals.

    Their authors are unknown here: one account without a contact stands for all of them.
    """
    for one in past:
        state = ProposalState.WITHDRAWN if one.is_withdrawn else ProposalState.ADMITTED
        proposal = Proposal(
            edition_id=edition_id,
            scope=one.scope,
            reference=one.reference,
            ballot_number=one.ballot_number,
            state=state.value,
            author_account=author_account,
            author_person=author_person,
            language=one.language,
            category=one.category,
            place="",
            cost=one.cost,
            upkeep=0,
            search_text=fold(f"{one.title} {one.reference}"),
            created_at=at,
            changed_at=at,
            submitted_at=at,
            withdrawn_at=at if one.is_withdrawn else None,
        )
        words = dict.fromkeys(TEXT_FIELDS, "") | {"title": one.title}
        proposal.texts = [ProposalText(language=one.language, source="author", **words)]
        if one.latitude is not None and one.longitude is not None:
            point = ProposalPlace(
                position=1, latitude=one.latitude, longitude=one.longitude, words=""
            )
            proposal.places = [point]
        work.session.add(proposal)
