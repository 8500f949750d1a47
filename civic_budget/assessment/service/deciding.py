"""Decisions on a proposal with their public words: return, admit, reject. One transaction with the state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from civic_budget.assessment import policy
from civic_budget.assessment.models import Assessment, RejectionReason
from civic_budget.assessment.queries.checklists import list_criteria
from civic_budget.assessment.queries.lookups import facts_of
from civic_budget.assessment.rules import CONCERNS, Answer
from civic_budget.assessment.service.cards import shortcomings
from civic_budget.assessment.service.rows import check_version, load, note_change
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals.correcting import Asked
from civic_budget.proposals.queries import ProposalFacts
from civic_budget.proposals.rules import ProposalAction, ProposalState
from civic_budget.proposals.service import decide_proposal
from civic_budget.storage.db import Work


def return_proposal(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    words: Mapping[str, str],
    seen_version: int | None = None,
    at: datetime,
) -> None:
    """Ask the author to correct what the cards call correctable; they have two weeks.

    Raises Conflict: nothing_to_correct, words_missing, changed_meanwhile.
    """
    row, proposal = _deciding(work, actor, proposal_id, seen_version, at)
    asked = _asked(work, row)
    if not asked or facts_of(row).fails:
        raise Conflict("nothing_to_correct")
    _require_words(proposal, words)
    note_change(row, actor, at)
    decide_proposal(
        work,
        actor,
        proposal_id=proposal_id,
        action=ProposalAction.RETURN,
        words=words,
        asked=asked,
        at=at,
    )


def _asked(work: Work, row: Assessment) -> list[Asked]:
    """What the cards call correctable, in the order of the checklist, each with its field."""
    said = {
        key: one for key, one in shortcomings(work, row).items() if one.answer is Answer.CORRECTABLE
    }
    words = {c.key: c.words for c in list_criteria(work.session, edition_id=row.edition_id)}
    # What left the checklist after it was answered comes last, in the comment's words alone.
    ordered = [*(key for key in words if key in said), *sorted(said.keys() - words.keys())]
    return [
        Asked(key, CONCERNS.get(key, ""), dict(words.get(key, {})), said[key].comment)
        for key in ordered
    ]


def admit_proposal(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    words: Mapping[str, str] | None = None,
    seen_version: int | None = None,
    at: datetime,
) -> None:
    """Admit to the vote: both cards must pass. The office's cost becomes the one that counts.

    Raises Conflict: cards_not_passed, changed_meanwhile.
    """
    row, _proposal = _deciding(work, actor, proposal_id, seen_version, at)
    if not facts_of(row).passes:
        raise Conflict("cards_not_passed")
    note_change(row, actor, at)
    decide_proposal(
        work,
        actor,
        proposal_id=proposal_id,
        action=ProposalAction.ADMIT,
        words=words,
        assessed_cost=row.assessed_cost,
        at=at,
    )


def reject_proposal(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    reason: str,
    words: Mapping[str, str],
    seen_version: int | None = None,
    at: datetime,
) -> None:
    """Reject with a public reason: a criterion is not met, or the time for corrections ran out.

    Raises Conflict: no_such_reason, nothing_failed, words_missing, changed_meanwhile.
    """
    row, proposal = _deciding(work, actor, proposal_id, seen_version, at)
    if work.session.get(RejectionReason, reason) is None:
        raise Conflict("no_such_reason", field="reason")
    if not facts_of(row).fails and not _is_late(proposal, at):
        raise Conflict("nothing_failed")
    _require_words(proposal, words)
    note_change(row, actor, at)
    decide_proposal(
        work,
        actor,
        proposal_id=proposal_id,
        action=ProposalAction.REJECT,
        reason=reason,
        words=words,
        assessed_cost=row.assessed_cost,
        at=at,
    )


def _deciding(
    work: Work, actor: Actor, proposal_id: UUID, seen_version: int | None, at: datetime
) -> tuple[Assessment, ProposalFacts]:
    row, proposal, ties = load(work, actor, proposal_id, at)
    require(policy.may_assess(actor, ties))
    check_version(work, row, seen_version)
    return row, proposal


def _is_late(proposal: ProposalFacts, at: datetime) -> bool:
    due = proposal.correct_by
    return proposal.state is ProposalState.RETURNED and due is not None and at >= due


def _require_words(proposal: ProposalFacts, words: Mapping[str, str]) -> None:
    """Polish is binding; the author also reads the decision in their own language."""
    for language in ("pl", proposal.language):
        if not words.get(language, "").strip():
            raise Conflict("words_missing", field=f"words_{language}")
