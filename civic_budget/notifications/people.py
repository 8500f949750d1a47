"""Messages about children and contested districts: to whom, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from civic_budget.city.queries import district_names
from civic_budget.notifications.service import notify_account
from civic_budget.residency import guardian_events
from civic_budget.residency.guardian_rules import CLAIM_ENDS
from civic_budget.residency.queries import (
    accounts_of_person,
    get_message_facts,
    informed_accounts,
)
from civic_budget.storage.db import Work

GUARDIAN_MESSAGES: tuple[type[guardian_events.GuardianEvent], ...] = (
    guardian_events.GuardianAccepted,
    guardian_events.GuardianRefused,
    guardian_events.GuardianDisputed,
    guardian_events.GuardianSettled,
    guardian_events.GuardianEnded,
)


def tell_about_guardian(work: Work, happened: guardian_events.GuardianEvent) -> None:
    """Tell the guardian what became of the tie, and the child's other guardians that it changed."""
    told: dict[UUID, str] = {}
    for account_id, outcome in _outcomes(work, happened):
        told.setdefault(account_id, outcome)
    for account_id, outcome in told.items():
        notify_account(
            work,
            account_id=account_id,
            message="guardian_changed",
            values={"outcome": outcome},
            at=happened.at,
        )


def tell_about_district(work: Work, happened: guardian_events.DistrictSettled) -> None:
    """Tell whoever acts for the person in which district the home lies now."""
    if happened.outcome == "withdrawn":
        return
    facts = get_message_facts(work.session, happened.case_id)
    names = district_names(work.session)
    for account_id in facts.account_ids:
        notify_account(
            work,
            account_id=account_id,
            message="district_settled",
            values={
                "reference": facts.reference,
                "outcome": happened.outcome,
                "district": names.get(happened.district, ""),
            },
            at=happened.at,
        )


def _outcomes(work: Work, happened: guardian_events.GuardianEvent) -> Iterator[tuple[UUID, str]]:
    others = "changed"
    if isinstance(happened, guardian_events.GuardianAccepted):
        yield happened.guardian, "acting" if happened.acts else "informed"
        others = "changed" if happened.acts else "second"
    elif isinstance(happened, guardian_events.GuardianRefused):
        yield happened.guardian, "refused"
        return
    elif isinstance(happened, guardian_events.GuardianDisputed):
        yield happened.guardian, "disputed"
    elif isinstance(happened, guardian_events.GuardianSettled):
        yield happened.guardian, "acting"
    elif isinstance(happened, guardian_events.GuardianEnded):
        if happened.reason in {"withdrawn", "account_closed"}:
            return
        yield happened.guardian, happened.reason
        if happened.reason in CLAIM_ENDS:
            return
    for account_id in (
        *accounts_of_person(work.session, happened.person_id),
        *informed_accounts(work.session, happened.person_id),
    ):
        yield account_id, others
