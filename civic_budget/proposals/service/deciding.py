"""What the office decided becomes the proposal's state, with public words that stay for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals import events
from civic_budget.proposals.correcting import Asked
from civic_budget.proposals.models import ProposalDecision
from civic_budget.proposals.rules import ProposalAction, correct_until
from civic_budget.proposals.service.merging import end_open_merge
from civic_budget.proposals.service.rows import load, move
from civic_budget.proposals.service.supporting import require_supporters
from civic_budget.storage.db import Work

_DECIDED: Mapping[ProposalAction, type[events.ProposalEvent]] = {
    ProposalAction.RETURN: events.ProposalReturned,
    ProposalAction.ADMIT: events.ProposalAdmitted,
    ProposalAction.REJECT: events.ProposalRejected,
    ProposalAction.RESTORE: events.ProposalRestored,
    ProposalAction.DISMISS: events.AppealDismissed,
}


@dataclass(frozen=True)
class ActName:
    """The act of the mayor by which something was decided."""

    id: UUID
    number: str


def decide_proposal(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    action: ProposalAction,
    reason: str | None = None,
    words: Mapping[str, str] | None = None,
    asked: Sequence[Asked] = (),
    assessed_cost: int | None = None,
    act: ActName | None = None,
    at: datetime,
) -> None:
    """Move a proposal as the assessment decided (who may, is the assessment's policy).

    `words` maps language to public sentence, `asked` is what to correct, cost is in grosze.
    Raises WrongState when somebody was quicker, Conflict: supporters_missing before an admission,
    editing_closed when the calendar leaves no time to correct.
    """
    proposal = load(work, proposal_id)
    move(proposal, action)
    if action is ProposalAction.ADMIT:
        require_supporters(work, proposal)
    if action is not ProposalAction.RETURN:
        end_open_merge(work, actor, proposal_id=proposal_id, at=at)
    if assessed_cost is not None:
        proposal.assessed_cost = assessed_cost
    proposal.correct_by = None
    if action is ProposalAction.RETURN:
        edition = get_edition(work.session, proposal.edition_id)
        ends = edition.moment_of(Milestone.ASSESSMENT_PUBLISHED)
        closes = edition.side_dates.get(SideDate.EDITING_CLOSES, ends)
        if at >= closes:
            raise Conflict("editing_closed")
        proposal.correct_by = correct_until(at, min(ends, closes))
    proposal.changed_at = at
    work.session.add(
        ProposalDecision(
            proposal_id=proposal.id,
            action=action.value,
            reason=reason,
            words=dict(words or {}),
            asked=[one.as_data() for one in asked],
            assessed_cost=assessed_cost,
            correct_by=proposal.correct_by,
            act_id=act.id if act else None,
            act_number=act.number if act else None,
            at=at,
            by=actor.account_id,
        )
    )
    work.publish(_DECIDED[action](proposal_id=proposal.id, at=at, by=actor.account_id))
