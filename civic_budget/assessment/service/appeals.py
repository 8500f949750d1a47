"""Appeals against a rejection: lodged by the author, heard, opined on, decided by another person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from civic_budget.assessment import events, policy
from civic_budget.assessment.models import Appeal
from civic_budget.assessment.queries import ties_of
from civic_budget.assessment.rules import APPEAL, OPEN_APPEALS, AppealAction, AppealState
from civic_budget.assessment.service.rows import load_appeal
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.proposals.events import ProposalWithdrawn
from civic_budget.proposals.queries import ProposalFacts
from civic_budget.proposals.rules import ProposalAction
from civic_budget.proposals.service import appeal_rejection, decide_proposal, lock_proposal
from civic_budget.storage.db import Work

LEAST_REASONS = 20


def lodge_appeal(
    work: Work, actor: Actor, *, proposal_id: UUID, reasons: str, language: str, at: datetime
) -> None:
    """The author appeals with reasons, in their language, once.

    Raises NotAllowed (not_the_author, not_rejected, appeals_closed, already_appealed) and Conflict
    at `reasons` when they are too short to be understood.
    """
    proposal = lock_proposal(work, proposal_id)
    appeal_rejection(work, actor, proposal_id=proposal_id, at=at)
    require(policy.may_appeal_again(ties_of(work.session, actor, proposal, at=at)))
    if len(reasons.strip()) < LEAST_REASONS:
        raise Conflict("reasons_too_short", field="reasons", least=LEAST_REASONS)
    work.session.add(
        Appeal(
            id=uuid4(),
            proposal_id=proposal_id,
            state=AppealState.LODGED.value,
            reasons=reasons.strip(),
            language=language,
            lodged_at=at,
            hearing_place="",
            opinion="",
        )
    )


def set_hearing(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    hearing_at: datetime,
    place: str,
    at: datetime,
) -> None:
    """Set, or move, the day on which the author is heard; it must lie ahead."""
    row, _proposal = _handling(work, actor, proposal_id, at)
    if hearing_at <= at:
        raise Conflict("hearing_in_the_past", field="day")
    if not place.strip():
        raise Conflict("hearing_place_missing", field="place")
    _move(row, AppealAction.SET_HEARING)
    row.hearing_at, row.hearing_place = hearing_at, place.strip()
    work.publish(events.HearingSet(proposal_id=proposal_id, at=at, by=actor.account_id))


def record_opinion(
    work: Work, actor: Actor, *, proposal_id: UUID, opinion: str, is_for: bool, at: datetime
) -> None:
    """Record what the council of the civic budget advises; the decision may differ."""
    row, _proposal = _handling(work, actor, proposal_id, at)
    if not opinion.strip():
        raise Conflict("opinion_missing", field="opinion")
    _move(row, AppealAction.GIVE_OPINION)
    row.opinion, row.is_opinion_for = opinion.strip(), is_for
    work.publish(events.OpinionRecorded(proposal_id=proposal_id, at=at, by=actor.account_id))


def decide_appeal(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    is_granted: bool,
    words: Mapping[str, str],
    at: datetime,
) -> None:
    """Grant or dismiss, by another person than the one who judged before; with public words.

    Raises NotAllowed (judged_it_before, own_proposal, …) and Conflict `words_missing`.
    """
    proposal = lock_proposal(work, proposal_id)
    row = load_appeal(work, proposal_id)
    require(policy.may_decide_appeal(actor, ties_of(work.session, actor, proposal, at=at)))
    for language in ("pl", proposal.language):
        if not words.get(language, "").strip():
            raise Conflict("words_missing", field=f"words_{language}")
    _move(row, AppealAction.GRANT if is_granted else AppealAction.DISMISS)
    row.decided_at, row.decided_by = at, actor.account_id
    decide_proposal(
        work,
        actor,
        proposal_id=proposal_id,
        action=ProposalAction.RESTORE if is_granted else ProposalAction.DISMISS,
        words=words,
        at=at,
    )


def close_appeal(work: Work, happened: ProposalWithdrawn) -> None:
    """A withdrawn proposal's open appeal ends with it (handler of ProposalWithdrawn)."""
    try:
        row = load_appeal(work, happened.proposal_id)
    except NotFound:
        return
    if AppealState(row.state) in OPEN_APPEALS:
        _move(row, AppealAction.WITHDRAW)
        row.decided_at = happened.at


def _handling(
    work: Work, actor: Actor, proposal_id: UUID, at: datetime
) -> tuple[Appeal, ProposalFacts]:
    proposal = lock_proposal(work, proposal_id)
    row = load_appeal(work, proposal_id)
    require(policy.may_handle_appeal(actor, ties_of(work.session, actor, proposal, at=at)))
    return row, proposal


def _move(row: Appeal, action: AppealAction) -> None:
    row.state = APPEAL.next(AppealState(row.state), action).value
