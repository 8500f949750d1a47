"""One proposal with all that belongs to it: texts, decisions, versions, steps, what a message needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from civic_budget.editions.queries import EditionFacts
from civic_budget.editions.rules import Milestone
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.errors import NotFound
from civic_budget.proposals.models import (
    Proposal,
    ProposalDecision,
    ProposalVersion,
)
from civic_budget.proposals.policy import Relations
from civic_budget.proposals.queries.facts import (
    DecisionFacts,
    MessageFacts,
    ProposalFacts,
    decision_of,
    facts_of,
)


def get_proposal(session: Session, proposal_id: UUID) -> ProposalFacts:
    """A proposal with its texts, costs and places, in two queries; raises NotFound."""
    row = (
        session.scalars(
            select(Proposal)
            .where(Proposal.id == proposal_id)
            .options(
                joinedload(Proposal.texts),
                joinedload(Proposal.costs),
                joinedload(Proposal.co_authors),
                # A query of its own: joined too, lines and places would multiply one another.
                selectinload(Proposal.places),
            )
        )
        .unique()
        .first()
    )
    if row is None:
        raise NotFound("no_such_proposal")
    return facts_of(row, with_costs=True, with_authors=True)


def find_by_reference(session: Session, reference: str) -> UUID | None:
    """The latest proposal with a reference, whatever the case of its letters; None: there is none."""
    return session.scalar(
        select(Proposal.id)
        .where(Proposal.reference == reference.upper())
        .order_by(Proposal.created_at.desc())
        .limit(1)
    )


def relations_of(proposal: ProposalFacts, edition: EditionFacts, *, at: datetime) -> Relations:
    """What the policy needs to know of a proposal at a moment."""
    return Relations(
        author_account=proposal.author_account,
        state=proposal.state,
        phase=edition.phase(at),
        appeals_open=at < edition.moment_of(Milestone.APPEALS_CLOSE),
        withdrawal_open=at < edition.moment_of(Milestone.WITHDRAWAL_CLOSES),
        correct_by=proposal.correct_by,
        co_authors=proposal.co_authors,
        editing_closes=edition.side_dates.get(SideDate.EDITING_CLOSES),
    )


def list_decisions(session: Session, proposal_id: UUID) -> Sequence[DecisionFacts]:
    """The office's decisions about a proposal, the latest first."""
    rows = session.scalars(
        select(ProposalDecision)
        .where(ProposalDecision.proposal_id == proposal_id)
        .order_by(ProposalDecision.at.desc())
    )
    return [decision_of(row) for row in rows]


def find_last_decision(session: Session, proposal_id: UUID) -> DecisionFacts | None:
    """The latest decision; None before the first."""
    row = session.scalars(
        select(ProposalDecision)
        .where(ProposalDecision.proposal_id == proposal_id)
        .order_by(ProposalDecision.at.desc())
        .limit(1)
    ).first()
    return decision_of(row) if row else None


def last_decisions(session: Session, edition_id: UUID) -> dict[UUID, DecisionFacts]:
    """Proposal id → the latest decision about it, for a whole edition in one query."""
    rows = session.scalars(
        select(ProposalDecision)
        .join(Proposal, Proposal.id == ProposalDecision.proposal_id)
        .where(Proposal.edition_id == edition_id)
        .order_by(ProposalDecision.at)
    )
    return {row.proposal_id: decision_of(row) for row in rows}


def get_message_facts(session: Session, proposal_id: UUID) -> MessageFacts:
    """What a message to the author needs; raises NotFound (a discarded draft has no messages)."""
    proposal = get_proposal(session, proposal_id)
    decision = find_last_decision(session, proposal_id)
    sentence, language = (
        decision.sentence(proposal.language) if decision else ("", proposal.language)
    )
    return MessageFacts(
        author_account=proposal.author_account,
        reference=proposal.reference,
        title=proposal.original.title,
        language=proposal.language,
        state=proposal.state,
        sentence=sentence,
        sentence_language=language,
        correct_by=proposal.correct_by,
    )


def list_versions(session: Session, proposal_id: UUID) -> Sequence[ProposalVersion]:
    """All versions of a proposal, the first first."""
    return session.scalars(
        select(ProposalVersion)
        .where(ProposalVersion.proposal_id == proposal_id)
        .order_by(ProposalVersion.number)
    ).all()
