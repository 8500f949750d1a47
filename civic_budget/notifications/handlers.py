"""Which event tells whom what. Runs in the deed's own transaction: the message is as sure as the deed."""

from __future__ import annotations

from typing import Any

from civic_budget.notifications.service import notify_account
from civic_budget.proposals import events as proposal_events
from civic_budget.proposals.queries import get_proposal
from civic_budget.residency import events as residency_events
from civic_budget.residency.queries import get_message_facts
from civic_budget.storage.db import Work

CASE_MESSAGES: dict[type[residency_events.CaseEvent], str] = {
    residency_events.CaseSubmitted: "case_received",
    residency_events.ResidenceConfirmed: "residence_confirmed",
    residency_events.MoreRequested: "case_needs_more",
    residency_events.ResidenceRefused: "residence_refused",
    residency_events.RefusalAppealed: "appeal_received",
    residency_events.AppealDismissed: "refusal_upheld",
    residency_events.CaseLapsed: "case_lapsed",
    residency_events.ResidenceRevoked: "residence_revoked",
}

PROPOSAL_MESSAGES: dict[type[proposal_events.ProposalEvent], str] = {
    proposal_events.ProposalSubmitted: "proposal_received",
    proposal_events.ProposalReturned: "proposal_returned",
    proposal_events.ProposalCorrected: "proposal_received",
    proposal_events.ProposalAdmitted: "proposal_admitted",
    proposal_events.ProposalRejected: "proposal_rejected",
    proposal_events.ProposalRestored: "proposal_admitted",
    proposal_events.AppealDismissed: "proposal_appeal_dismissed",
    proposal_events.ProposalWithdrawn: "proposal_withdrawn",
}


def tell_about_case(work: Work, happened: residency_events.CaseEvent) -> None:
    """Tell every account that acts for the person what became of the case."""
    facts = get_message_facts(work.session, happened.case_id)
    values: dict[str, Any] = {
        "reference": facts.reference,
        "sentence": facts.sentence,
        "answer_due_at": _text(facts.answer_due_at),
        "appeal_due_at": _text(facts.appeal_due_at),
        "due_at": _text(facts.due_at),
    }
    for account_id in facts.account_ids:
        notify_account(
            work,
            account_id=account_id,
            message=CASE_MESSAGES[type(happened)],
            values=values,
            at=happened.at,
        )


def tell_about_proposal(work: Work, happened: proposal_events.ProposalEvent) -> None:
    """Tell the author what became of the proposal."""
    proposal = get_proposal(work.session, happened.proposal_id)
    notify_account(
        work,
        account_id=proposal.author_account,
        message=PROPOSAL_MESSAGES[type(happened)],
        values={
            "proposal_id": str(proposal.id),
            "reference": proposal.reference or "",
            "title": proposal.original.title,
        },
        at=happened.at,
    )


def _text(moment: Any) -> str | None:
    return None if moment is None else str(moment.isoformat())
