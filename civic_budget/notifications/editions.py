"""Who hears that a published edition was corrected: those whose proposals it concerns, and the office."""

from __future__ import annotations

from uuid import UUID

from civic_budget.accounts.queries import list_accounts_with_role
from civic_budget.editions.drafts import CorrectionFacts, list_corrections
from civic_budget.editions.events import CorrectionSigned
from civic_budget.editions.queries import get_edition
from civic_budget.kernel.actor import Role
from civic_budget.notifications.service import notify_account
from civic_budget.proposals.queries import list_accounts_of_authors
from civic_budget.storage.db import Work

WORK_BY_THE_CALENDAR = (Role.COORDINATOR, Role.OFFICER, Role.ASSESSOR)


def tell_about_correction(work: Work, happened: CorrectionSigned) -> None:
    """Tell authors and officers, once each; a training edition sends no messages."""
    edition = get_edition(work.session, happened.edition_id)
    if edition.is_training:
        return
    found = list_corrections(work.session, edition.id)
    correction = next(one for one in found if one.number == happened.number)
    authors = list_accounts_of_authors(work.session, edition.id, _scopes(correction))
    officers: set[UUID] = set()
    for role in WORK_BY_THE_CALENDAR:
        officers |= set(list_accounts_with_role(work.session, role, at=happened.at))
    for account_id in sorted(authors | officers):
        notify_account(
            work,
            account_id=account_id,
            message="edition_corrected",
            values={
                "slug": edition.slug,
                "names": dict(edition.names),
                "number": correction.number,
                "reasons": dict(correction.reasons),
                "is_author": account_id in authors,
            },
            at=happened.at,
        )


def _scopes(correction: CorrectionFacts) -> frozenset[str] | None:
    """The pools that it changes; None when it moves the calendar, which is everybody's."""
    if any(one.milestone is not None or one.side is not None for one in correction.changes):
        return None
    return frozenset(one.pool[0] for one in correction.changes)
