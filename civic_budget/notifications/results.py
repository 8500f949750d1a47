"""Which messages tell the authors what becomes of their project after the vote: acts, stages."""

from __future__ import annotations

from civic_budget.editions.queries import get_edition
from civic_budget.notifications.service import notify_account
from civic_budget.proposals.events import ImplementationRecorded
from civic_budget.proposals.queries import find_step, get_proposal
from civic_budget.results.events import ActSigned
from civic_budget.results.following import find_act_and_project
from civic_budget.storage.db import Work


def tell_about_act(work: Work, happened: ActSigned) -> None:
    """Tell the author and the co-authors; a training edition sends no messages."""
    found = find_act_and_project(work, happened)
    edition = get_edition(work.session, happened.edition_id)
    if found is None or edition.is_training:
        return
    act, proposal = found
    for account_id in dict.fromkeys((proposal.author_account, *proposal.co_authors)):
        notify_account(
            work,
            account_id=account_id,
            message="act_on_project",
            values={
                "slug": edition.slug,
                "reference": act.reference,
                "title": proposal.original.title,
                "kind": act.kind.value,
                "act": act.title,
                "act_on": act.act_on.isoformat(),
                "reasons": dict(act.reasons),
            },
            at=happened.at,
        )


def tell_about_step(work: Work, happened: ImplementationRecorded) -> None:
    """Tell the authors of a stage; what an act decided, its own letter has told them already."""
    proposal = get_proposal(work.session, happened.proposal_id)
    edition = get_edition(work.session, proposal.edition_id)
    step = find_step(work.session, happened.step_id)
    if happened.by_act or edition.is_training or step is None:
        return
    for account_id in dict.fromkeys((proposal.author_account, *sorted(proposal.co_authors))):
        notify_account(
            work,
            account_id=account_id,
            message="implementation_step",
            values={
                "proposal_id": str(proposal.id),
                "reference": proposal.reference or "",
                "title": proposal.original.title,
                "stage": step.stage,
                "happened_on": step.happened_on.isoformat(),
                "expected_on": step.expected_on.isoformat() if step.expected_on else None,
                "real_cost": step.real_cost,
                "voted_cost": proposal.final_cost,
                "notes": dict(step.notes),
            },
            at=happened.at,
        )
