"""Which message tells a claimant what: received, answered; with an account or without one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from civic_budget.notifications.service import notify_account, notify_contact
from civic_budget.residency.queries.complaints import ComplaintFacts, get_complaint
from civic_budget.storage.db import Work
from civic_budget.voting.claim_queries import ClaimFacts, get_claim
from civic_budget.voting.codes import in_fours
from civic_budget.voting.events import VoteClaimAnswered, VoteClaimed


def tell_about_claim(work: Work, happened: VoteClaimAnswered) -> None:
    """Tell the person who claimed that a vote was not theirs what the commission answered."""
    claim = get_claim(work.session, happened.claim_id)
    values = {
        "is_upheld": happened.state == "upheld",
        "is_lost": happened.kind == "lost_vote",
        "is_visitor": claim.account_id is None,
        "answer": claim.answer or "",
    }
    _tell_claimant(work, claim, "vote_claim_answered", values, happened.at)


def tell_of_received_claim(work: Work, happened: VoteClaimed) -> None:
    """Tell the person that the commission has their claim, by when it answers, and under which reference."""
    claim = get_claim(work.session, happened.claim_id)
    values = {"reference": in_fours(claim.reference), "due_at": claim.due_at.isoformat()}
    _tell_claimant(work, claim, "vote_claim_received", values, happened.at)


def _tell_claimant(
    work: Work, claim: ClaimFacts, message: str, values: dict[str, Any], at: datetime
) -> None:
    """By the account, or by the contact that a visitor gave; a claim about a line has nobody to tell."""
    if claim.account_id is not None:
        notify_account(work, account_id=claim.account_id, message=message, values=values, at=at)
    elif claim.complaint_id is not None:
        complaint = get_complaint(work.session, claim.complaint_id)
        tell_complainant(work, complaint, message, values, at)


def tell_complainant(
    work: Work, complaint: ComplaintFacts, message: str, values: dict[str, Any], at: datetime
) -> None:
    """Tell a visitor something where they wished to be answered; who came to a desk is told there."""
    if complaint.contact is not None:
        notify_contact(
            work,
            contact=complaint.contact,
            language=complaint.language,
            message=message,
            values=values,
            at=at,
        )
