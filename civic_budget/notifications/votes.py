"""Which message tells a voter or a claimant what; with an account or without one. Never what a vote says."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from civic_budget.notifications.service import notify_account, notify_contact
from civic_budget.residency.queries import accounts_of_person, standing_of
from civic_budget.residency.queries.complaints import ComplaintFacts, get_complaint
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import Work
from civic_budget.voting.claim_queries import ClaimFacts, find_complainant, get_claim
from civic_budget.voting.codes import in_fours
from civic_budget.voting.events import RoundOpened, VoteClaimAnswered, VoteClaimed
from civic_budget.voting.jobs import voters_who_waited
from civic_budget.voting.service import VoidTold


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


def tell_recorded_vote(work: Work, person_id: UUID, at: datetime) -> None:
    """Tell one person that a vote of theirs is in the box, and whether it waits for their case."""
    waits = standing_of(work.session, person_id, at=at) is not Standing.CONFIRMED
    _tell_holder(work, person_id, "vote_recorded", {"waits": waits}, at)


def tell_provisional_voters(work: Work, happened: RoundOpened) -> None:
    """Those who voted before their case was decided learn that their vote was counted."""
    for person_id in voters_who_waited(work.session, work.instance, happened):
        _tell_holder(work, person_id, "provisional_vote_counted", {}, happened.at)


def tell_of_lost_vote(work: Work, person_id: UUID, until: datetime, at: datetime) -> None:
    """Tell one person that a vote of theirs may be lost, and until when they may claim it."""
    _tell_holder(work, person_id, "votes_lost", {"until": until.isoformat()}, at)


def tell_of_voided_vote(work: Work, told: VoidTold, at: datetime) -> None:
    """Tell who stands behind an envelope that it is out, given back or answered for."""
    waits = standing_of(work.session, told.person_id, at=at) is not Standing.CONFIRMED
    message, values = _words_of(told, waits=waits)
    accounts = accounts_of_person(work.session, told.person_id)
    for account_id in accounts:
        notify_account(work, account_id=account_id, message=message, values=values, at=at)
    complaint = None if accounts else find_complainant(work.session, told.person_id)
    if complaint is not None:
        tell_complainant(work, complaint, message, values, at)


def _words_of(told: VoidTold, *, waits: bool) -> tuple[str, dict[str, Any]]:
    if told.answer:
        is_restored = told.answer == "restored"
        return "void_answered", {"is_restored": is_restored, "waits": is_restored and waits}
    values = {"object_until": told.object_until.isoformat(), "reason": told.reason}
    if told.vote_until is None:
        return "vote_voided", values
    return "vote_returned", {**values, "vote_until": told.vote_until.isoformat()}


def _tell_holder(
    work: Work, person_id: UUID, message: str, values: dict[str, Any], at: datetime
) -> None:
    """One letter, to the account that acts; who was met at a desk has none."""
    for account_id in accounts_of_person(work.session, person_id)[:1]:
        notify_account(work, account_id=account_id, message=message, values=values, at=at)
