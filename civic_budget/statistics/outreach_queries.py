"""Reading outreach: campaigns with their counts as they may be shown, targets beside figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.kernel.errors import NotFound
from civic_budget.residency.copy_parts import CopyOwner, Row, say
from civic_budget.statistics.models import (
    Campaign,
    CampaignArrival,
    CampaignTally,
    StatisticsTarget,
)

SHOWN_FROM, ROUNDED_TO = 10, 5
"""A count below ten is not told, others are rounded down to fives: one person more is seldom seen."""


@dataclass(frozen=True)
class CampaignFacts:
    """A code, what it is for, and by step what was counted (None: fewer than ten) and hoped for."""

    code: str
    edition_id: UUID
    name: str
    note: str
    counts: Mapping[str, int | None]
    targets: Mapping[str, int | None]
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class TargetFacts:
    """A target or note beside a figure; an empty group is everybody."""

    measure: str
    group: str
    target: int | None
    note: str
    at: datetime


def shown(persons: int) -> int | None:
    """A count as it may be told."""
    return None if persons < SHOWN_FROM else persons // ROUNDED_TO * ROUNDED_TO


def find_campaign(session: Session, code: str) -> CampaignFacts | None:
    """The campaign of a code, however it is typed; also an ended one."""
    row = session.scalars(select(Campaign).where(Campaign.code == code.upper())).first()
    return _facts(session, row) if row else None


def get_campaign(session: Session, code: str) -> CampaignFacts:
    """The campaign of a code; raises NotFound."""
    found = find_campaign(session, code)
    if found is None:
        raise NotFound("no_such_campaign")
    return found


def list_campaigns(session: Session) -> list[CampaignFacts]:
    """All campaigns, the running ones first, then by name."""
    rows = session.scalars(select(Campaign).order_by(Campaign.name, Campaign.id))
    found = [_facts(session, row) for row in rows]
    return sorted(found, key=lambda one: one.ended_at is not None)


def copy_arrivals(session: Session, owner: CopyOwner) -> list[Row]:
    """For a person's own copy: the code by which they came, while they agree to be counted."""
    rows = session.execute(
        select(CampaignArrival, Campaign)
        .join(Campaign, Campaign.id == CampaignArrival.campaign_id)
        .where(CampaignArrival.account_id == owner.account_id)
    )
    return [
        {
            "code": campaign.code,
            "name": campaign.name,
            "arrived": say(arrival.arrived_at),
            "began_an_application": say(arrival.started_at),
        }
        for arrival, campaign in rows
    ]


def list_targets(session: Session, edition_id: UUID) -> list[TargetFacts]:
    """The targets and notes of an edition that hold now, by measure and group."""
    rows = session.scalars(
        select(StatisticsTarget)
        .where(StatisticsTarget.edition_id == edition_id)
        .order_by(StatisticsTarget.at, StatisticsTarget.id)
    )
    latest = {
        (row.measure, row.group_code): TargetFacts(
            row.measure, row.group_code, row.target, row.note, row.at
        )
        for row in rows
    }
    return [latest[key] for key in sorted(latest)]


def _facts(session: Session, row: Campaign) -> CampaignFacts:
    tallies = session.scalars(select(CampaignTally).where(CampaignTally.campaign_id == row.id))
    counts = {tally.step: shown(tally.persons) for tally in tallies}
    targets = {
        "visited": row.target_visited,
        "started": row.target_started,
        "confirmed": row.target_confirmed,
    }
    return CampaignFacts(
        row.code, row.edition_id, row.name, row.note, counts, targets, row.made_at, row.ended_at
    )
