"""What a signed act on one project leaves behind: a step in the project's own timeline."""

from __future__ import annotations

from civic_budget.kernel.actor import SYSTEM
from civic_budget.proposals.implementation_rules import Stage, StepWords
from civic_budget.proposals.queries import ProposalFacts, find_by_reference, get_proposal
from civic_budget.proposals.service import add_step
from civic_budget.results.acts import Act, ActKind
from civic_budget.results.events import ActSigned
from civic_budget.results.queries import list_acts
from civic_budget.storage.db import Work

_STAGES = {
    ActKind.WITHDRAWN: Stage.ABANDONED,
    ActKind.NOT_BUILT: Stage.ABANDONED,
    ActKind.GRANTED: Stage.PLANNED,
}


def find_act_and_project(work: Work, happened: ActSigned) -> tuple[Act, ProposalFacts] | None:
    """The signed act and the project that it is about; None for the whole list or an imported one."""
    acts = list_acts(work.session, happened.edition_id)
    act = next(one for one in acts if one.number == happened.number)
    proposal_id = find_by_reference(work.session, act.reference) if act.reference else None
    if proposal_id is None:
        return None
    proposal = get_proposal(work.session, proposal_id)
    return (act, proposal) if proposal.edition_id == happened.edition_id else None


def on_act_signed(work: Work, happened: ActSigned) -> None:
    """Continue the project's timeline in the signature's own transaction."""
    found = find_act_and_project(work, happened)
    if found is None:
        return
    act, proposal = found
    add_step(
        work,
        SYSTEM,
        proposal_id=proposal.id,
        step=StepWords(stage=_STAGES[act.kind], happened_on=act.act_on, notes=act.reasons),
        by_act=True,
        at=happened.at,
    )
