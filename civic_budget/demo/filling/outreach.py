"""Outreach of the demo city: codes of leaflets, targets beside figures, two invented registers of residents."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from civic_budget.demo.filling.town import Town
from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.statistics import outreach, service
from civic_budget.statistics.classes import Residents
from civic_budget.statistics.outreach_queries import list_campaigns

CODES = (
    ("Biblioteka przy ul. Rajskiej", 238, 250),
    ("Plakaty w tramwajach", 412, 1_000),
    ("Punkt informacyjny w Nowej Hucie", 7, 60),
)
"""What carries the code, how often its page was opened, how often that was hoped for."""
REGISTERS = (
    ("Rejestr A (przykładowy)", {"UA": 6_900, "BY": 2_300, "RU": 1_050, "GE": 740, "IN": 690}),
    ("Rejestr B (przykładowy)", {"UA": 8_400, "BY": 2_600, "RU": 1_200, "GE": 980, "IN": 610}),
)
"""Invented numbers that disagree, as real registers do."""


def reach_out(town: Town, past_edition_id: UUID) -> None:
    """Make the codes and count by them; set targets beside the past figures; take the registers in."""
    town.progress.begin("Leaflets and targets")
    analyst, at = town.member(Role.ANALYST), town.story.ago(days=2)
    with town.database.writing() as work:
        for name, _opened, hoped in CODES:
            outreach.make_campaign(
                work,
                analyst,
                edition_id=town.edition_id,
                name=name,
                targets={"visited": hoped},
                at=at,
            )
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
    opened = {name: count for name, count, _hoped in CODES}
    with town.database.writing() as work:
        for campaign in list_campaigns(work.session):
            for _ in range(opened[campaign.name]):
                outreach.count_visit(work, code=campaign.code)
    with town.database.writing() as work:
        for source, counts in REGISTERS:
            register = Residents(source, date(2025, 1, 1), "mieszkańcy", "Kraków", counts)
            service.import_register(work, SYSTEM, residents=register, is_basis=False, at=at)
    town.progress.add(len(CODES))
