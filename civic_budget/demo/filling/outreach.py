"""Outreach of the demo city: codes of leaflets, targets beside figures, two invented registers of residents."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from civic_budget.demo.filling.town import Town
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.statistics import outreach, service
from civic_budget.statistics.classes import Residents
from civic_budget.statistics.outreach_queries import list_campaigns

CODES = (
    ("Biblioteka przy ul. Rajskiej", 238, 250),
    ("Plakaty w tramwajach", 412, 1_000),
    ("Punkt informacyjny w Nowej Hucie", 7, 60),
)
"""What carries the code, how often its page was opened, how often that was hoped for."""
WAYS = (0, 1, 0, 2, 0, 1, None, None)
REGISTERS = (
    ("Rejestr A (przykładowy)", {"UA": 6_900, "BY": 2_300, "RU": 1_050, "GE": 740, "IN": 690}),
    ("Rejestr B (przykładowy)", {"UA": 8_400, "BY": 2_600, "RU": 1_200, "GE": 980, "IN": 610}),
)
"""Invented numbers that disagree, as real registers do."""


def give_codes(town: Town) -> None:
    """Make the codes, before anybody registers, and count the visits to their pages."""
    town.progress.begin("Leaflets")
    analyst, at = town.member(Role.ANALYST), town.story.at(-45, 10)
    with town.database.writing() as work:
        for name, _opened, hoped in CODES:
            outreach.make_campaign(
                work,
                analyst,
                edition_id=town.edition_id,
                name=name,
                targets={"visited": hoped, "confirmed": hoped // 10},
                at=at,
            )
    opened = {name: count for name, count, _hoped in CODES}
    with town.database.writing() as work:
        for campaign in list_campaigns(work.session):
            for _ in range(opened[campaign.name]):
                outreach.count_visit(work, code=campaign.code)
    town.progress.add(len(CODES))


def arrive(town: Town, account_id: UUID, at: datetime) -> None:
    """Most people with an account came by a code: of eight three, two and one; two by none."""
    place = WAYS[len(town.residents) % len(WAYS)]
    if place is None:
        return
    with town.database.writing() as work:
        by_name = {campaign.name: campaign.code for campaign in list_campaigns(work.session)}
        outreach.note_arrival(work, Actor(account_id), code=by_name[CODES[place][0]], at=at)


def set_targets(town: Town, past_edition_id: UUID) -> None:
    """Set targets beside the past figures; take the registers of residents in."""
    town.progress.begin("Targets and registers")
    analyst, at = town.member(Role.ANALYST), town.story.ago(days=2)
    with town.database.writing() as work:
        for group, target in (("", 30_000), ("UA", 1_000)):
            outreach.note_target(
                work,
                analyst,
                edition_id=past_edition_id,
                measure="voters",
                group=group,
                target=target,
                note="",
                at=at,
            )
    with town.database.writing() as work:
        for source, counts in REGISTERS:
            register = Residents(source, date(2025, 1, 1), "mieszkańcy", "Kraków", counts)
            service.import_register(work, SYSTEM, residents=register, is_basis=False, at=at)
    town.progress.add(len(REGISTERS))
