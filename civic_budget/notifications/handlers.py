"""Which event tells whom what. Runs in the deed's own transaction: the message is as sure as the deed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from civic_budget.accounts.queries import list_accounts_with_role
from civic_budget.assessment import events as assessment_events
from civic_budget.assessment.queries import (
    find_appeal,
    get_assessment,
    get_opinion,
    list_members,
)
from civic_budget.editions.queries import get_edition
from civic_budget.kernel.actor import Role
from civic_budget.notifications.service import notify_account
from civic_budget.proposals import events as proposal_events
from civic_budget.proposals.policy import WITHDRAWABLE
from civic_budget.proposals.queries import ProposalFacts, get_merge, get_proposal
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
    residency_events.CheckOpened: "check_opened",
    residency_events.ConfirmationChecked: "confirmation_checked",
    residency_events.LetterPosted: "letter_posted",
    residency_events.RenewalDue: "renewal_due",
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
    proposal_events.ProposalAppealed: "proposal_appeal_received",
    proposal_events.MergeProposed: "merge_proposed",
    proposal_events.MergeAgreed: "merge_agreed",
    proposal_events.MergeRefused: "merge_ended",
    proposal_events.MergeCancelled: "merge_ended",
    proposal_events.MergeLapsed: "merge_ended",
}

ASSESSMENT_MESSAGES: dict[type[assessment_events.AssessmentEvent], str] = {
    assessment_events.AssessmentFallsDue: "assessment_due",
    assessment_events.OpinionAsked: "opinion_asked",
    assessment_events.OpinionFallsDue: "opinion_due",
    assessment_events.HearingSet: "hearing_set",
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
        "valid_until": _text(facts.valid_until),
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
    """Tell the author what became of the proposal; a training edition sends no messages."""
    proposal = get_proposal(work.session, happened.proposal_id)
    if get_edition(work.session, proposal.edition_id).is_training:
        return
    notify_account(
        work,
        account_id=proposal.author_account,
        message=PROPOSAL_MESSAGES[type(happened)],
        values=_values(proposal)
        | _merge_values(work, happened)
        | {"happened_at": _text(happened.at)},
        at=happened.at,
    )


def tell_about_translation(work: Work, happened: proposal_events.TranslationReviewed) -> None:
    """Ask the author to read the binding Polish words, as long as their agreement can be given."""
    proposal = get_proposal(work.session, happened.proposal_id)
    edition = get_edition(work.session, proposal.edition_id)
    words = proposal.words.get(happened.language)
    if (
        happened.language != "pl"
        or edition.is_training
        or edition.phase(happened.at) not in WITHDRAWABLE
        or words is None
        or words.author_agreed_at is not None
    ):
        return
    notify_account(
        work,
        account_id=proposal.author_account,
        message="polish_text_approved",
        values=_values(proposal),
        at=happened.at,
    )


def _merge_values(work: Work, happened: proposal_events.ProposalEvent) -> dict[str, Any]:
    if not isinstance(happened, proposal_events.MergeEvent):
        return {}
    merge = get_merge(work.session, happened.merge_id)
    return {
        "answer_by": _text(merge.answer_by),
        "kept_id": str(merge.kept.proposal.id),
        "kept_reference": merge.kept.proposal.reference or "",
    }


def tell_about_assessment(work: Work, happened: assessment_events.AssessmentEvent) -> None:
    """Tell assessors and units what waits for them, and the author when they are heard."""
    proposal = get_proposal(work.session, happened.proposal_id)
    if get_edition(work.session, proposal.edition_id).is_training:
        return
    accounts, more = _who_and_what(work, happened, proposal)
    for account_id in accounts:
        notify_account(
            work,
            account_id=account_id,
            message=ASSESSMENT_MESSAGES[type(happened)],
            values=_values(proposal) | more,
            at=happened.at,
        )


def _who_and_what(
    work: Work, happened: assessment_events.AssessmentEvent, proposal: ProposalFacts
) -> tuple[Sequence[UUID], dict[str, Any]]:
    if isinstance(happened, assessment_events.OpinionEvent):
        opinion = get_opinion(work.session, happened.opinion_id)
        more = {"opinion_id": str(opinion.id), "due_at": _text(opinion.due_at)}
        return list_members(work.session, opinion.department), more
    if isinstance(happened, assessment_events.HearingSet):
        appeal = find_appeal(work.session, proposal.id)
        assert appeal is not None
        more = {"hearing_at": _text(appeal.hearing_at), "place": appeal.hearing_place}
        return [proposal.author_account], more
    said = get_assessment(work.session, proposal.id)
    # What nobody has taken is the coordinators' business.
    who = (
        [said.assessor]
        if said.assessor
        else list_accounts_with_role(work.session, Role.COORDINATOR)
    )
    return who, {"due_at": _text(said.due_at)}


def _values(proposal: ProposalFacts) -> dict[str, Any]:
    return {
        "proposal_id": str(proposal.id),
        "reference": proposal.reference or "",
        "title": proposal.original.title,
    }


def _text(moment: Any) -> str | None:
    return None if moment is None else str(moment.isoformat())
