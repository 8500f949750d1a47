"""What goes of proposals when an author erases everything: the name shown, being a co-author, lone drafts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from civic_budget.proposals import events
from civic_budget.proposals.models import CoAuthor, Proposal, ProposalConsent
from civic_budget.proposals.rules import ProposalState
from civic_budget.proposals.service.rows import load
from civic_budget.storage.db import Work


def forget_author(work: Work, account_id: UUID, at: datetime) -> None:
    """Take an erased author's name from all proposals and end what they write with others.

    A draft that nobody else writes is deleted: nobody saw it. What was sent stays public without the
    name, and support stays until the results are final, as votes do.
    """
    work.session.execute(
        delete(ProposalConsent).where(
            ProposalConsent.account_id == account_id, ProposalConsent.kind == "name"
        )
    )
    work.session.execute(
        update(CoAuthor)
        .where(CoAuthor.account_id == account_id, CoAuthor.ended_at.is_(None))
        .values(ended_at=at, token_hash=None)
    )
    drafts = work.session.scalars(
        select(Proposal.id)
        .where(Proposal.author_account == account_id, Proposal.state == ProposalState.DRAFT.value)
        .order_by(Proposal.id)
    ).all()
    for proposal_id in drafts:
        proposal = load(work, proposal_id)
        # It may have been sent while this waited for the lock.
        if proposal.state == ProposalState.DRAFT and not proposal.co_authors:
            work.session.delete(proposal)
            work.publish(events.DraftDiscarded(proposal_id=proposal_id, at=at, by=account_id))
