"""Deeds of outreach: codes of leaflets and points, counting by them, targets and notes beside figures.

Counts only: no cookie, no day, no nationality. Who agreed to be counted is remembered until their
residence is confirmed, and forgotten then, or after ninety days, or with their account.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from civic_budget.accounts.events import AccountClosed
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import ALLOWED, Denied, require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.residency.events import CaseStarted, ResidenceConfirmed
from civic_budget.residency.queries import accounts_of_person
from civic_budget.statistics.events import CampaignEnded, CampaignMade, TargetNoted
from civic_budget.statistics.models import (
    Campaign,
    CampaignArrival,
    CampaignTally,
    StatisticsTarget,
)
from civic_budget.storage.db import Work

STEPS = ("visited", "started", "confirmed")
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1: a code must survive being read aloud and typed."""
CODE_LENGTH = 6
KEPT_FOR = timedelta(days=90)


def may_be_code(text: str) -> bool:
    """Whether somebody may have meant a code by it: letters and digits, a little mistyped perhaps."""
    return text.isascii() and text.isalnum() and len(text) <= 2 * CODE_LENGTH


def make_campaign(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    name: str,
    note: str = "",
    targets: Mapping[str, int | None] | None = None,
    at: datetime,
) -> UUID:
    """Give a leaflet or a point a code; raises Conflict at `name` when it is empty or taken."""
    _require_analyst(actor)
    if not name.strip():
        raise Conflict("words_missing", field="name")
    taken = select(Campaign.id).where(
        Campaign.edition_id == edition_id, Campaign.name == name.strip()
    )
    if work.session.scalar(taken) is not None:
        raise Conflict("campaign_taken", field="name")
    hoped = targets or {}
    row = Campaign(
        id=uuid4(),
        edition_id=edition_id,
        code="".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)),
        name=name.strip(),
        note=note.strip(),
        target_visited=hoped.get("visited"),
        target_started=hoped.get("started"),
        target_confirmed=hoped.get("confirmed"),
        made_at=at,
        ended_at=None,
    )
    work.session.add(row)
    work.session.flush()
    work.session.add_all(CampaignTally(campaign_id=row.id, step=step, persons=0) for step in STEPS)
    work.publish(CampaignMade(campaign_id=row.id, at=at, by=actor.account_id))
    return row.id


def end_campaign(work: Work, actor: Actor, *, code: str, at: datetime) -> None:
    """Count no more by a code; what was counted stays. Raises NotFound."""
    _require_analyst(actor)
    row = _running(work, code)
    if row is None:
        raise NotFound
    row.ended_at = at
    work.session.execute(delete(CampaignArrival).where(CampaignArrival.campaign_id == row.id))
    work.publish(CampaignEnded(campaign_id=row.id, at=at, by=actor.account_id))


def count_visit(work: Work, *, code: str) -> None:
    """One more opening of a code's page; nothing of who opened it. Ended and unknown codes do nothing."""
    row = _running(work, code)
    if row is not None:
        _one_more(work, row.id, "visited")


def note_arrival(work: Work, actor: Actor, *, code: str, at: datetime) -> None:
    """The signed-in person agrees that their start and confirmation are counted for this code."""
    row = _running(work, code)
    if row is None or actor.account_id is None:
        return
    if work.session.get(CampaignArrival, actor.account_id) is None:
        work.session.add(
            CampaignArrival(
                account_id=actor.account_id, campaign_id=row.id, arrived_at=at, started_at=None
            )
        )


def on_case_started(work: Work, happened: CaseStarted) -> None:
    """Somebody who agreed to be counted began to tell where they live."""
    arrival = work.session.get(CampaignArrival, happened.by) if happened.by else None
    if arrival is not None and arrival.started_at is None:
        arrival.started_at = happened.at
        _one_more(work, arrival.campaign_id, "started")


def on_residence_confirmed(work: Work, happened: ResidenceConfirmed) -> None:
    """Somebody who agreed to be counted is confirmed: from now on nobody knows by which code they came."""
    for account_id in accounts_of_person(work.session, happened.person_id)[:1]:
        arrival = work.session.get(CampaignArrival, account_id)
        if arrival is None:
            continue
        if arrival.started_at is not None:
            _one_more(work, arrival.campaign_id, "confirmed")
        work.session.delete(arrival)


def on_account_closed(work: Work, happened: AccountClosed) -> None:
    """A closed account takes along by which code it came."""
    work.session.execute(
        delete(CampaignArrival).where(CampaignArrival.account_id == happened.account_id)
    )


def forget_arrivals(work: Work, *, at: datetime) -> None:
    """Forget who came by which code ninety days ago and is not confirmed."""
    work.session.execute(delete(CampaignArrival).where(CampaignArrival.arrived_at < at - KEPT_FOR))


def note_target(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    measure: str,
    group: str,
    target: int | None,
    note: str,
    at: datetime,
) -> UUID:
    """Set a target or a note beside a figure; a later line takes the place of an earlier one.

    Raises Conflict at `note` when both are empty.
    """
    _require_analyst(actor)
    if target is None and not note.strip():
        raise Conflict("words_missing", field="note")
    row = StatisticsTarget(
        id=uuid4(),
        edition_id=edition_id,
        measure=measure,
        group_code=group,
        target=target,
        note=note.strip(),
        at=at,
        by=actor.account_id,
    )
    work.session.add(row)
    work.publish(TargetNoted(target_id=row.id, at=at, by=actor.account_id))
    return row.id


def _require_analyst(actor: Actor) -> None:
    require(ALLOWED if actor.has(Role.ANALYST) or actor.is_system else Denied("not_an_analyst"))


def _running(work: Work, code: str) -> Campaign | None:
    wanted = select(Campaign).where(Campaign.code == code.upper(), Campaign.ended_at.is_(None))
    return work.session.scalars(wanted).first()


def _one_more(work: Work, campaign_id: UUID, step: str) -> None:
    work.session.execute(
        update(CampaignTally)
        .where(CampaignTally.campaign_id == campaign_id, CampaignTally.step == step)
        .values(persons=CampaignTally.persons + 1)
    )
