"""Which message tells the authors that an act changed what becomes of their project."""

from __future__ import annotations

from civic_budget.editions.queries import get_edition
from civic_budget.notifications.service import notify_account
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
