"""The second look by public lot: a list fixed, a seed entered, one confirmation checked, others wait."""

from __future__ import annotations

from uuid import UUID

from civic_budget.demo.filling.town import Town
from civic_budget.kernel.actor import Role
from civic_budget.residency import service as residency
from civic_budget.residency.drawing import is_drawn
from civic_budget.residency.queries import find_case_by_reference, list_references
from civic_budget.residency.queries.cases import relations_of
from civic_budget.storage.db import Work

PERMILLE = 50
SOURCE = "Lotto, losowanie dzień po ogłoszeniu"
SEED = "5 13 22 27 38 44"
CHECKED = 2
"""How many of the drawn ones a second officer has looked at already."""


def draw_sample(town: Town) -> None:
    """Announce, draw a day later, and let a second officer begin."""
    town.progress.begin("Second look by lot")
    coordinator = town.member(Role.COORDINATOR)
    with town.database.writing() as work:
        draw_id = residency.announce_draw(
            work,
            coordinator,
            source=SOURCE,
            permille=PERMILLE,
            at=town.story.ago(days=2, hours=4),
        )
    with town.database.writing() as work:
        count = residency.enter_seed(
            work, coordinator, draw_id=draw_id, seed=SEED, at=town.story.ago(days=1, hours=4)
        )
        references = list_references(work.session, draw_id)
        drawn = [each for each in references if is_drawn(SEED, each, PERMILLE)]
        for number, reference in enumerate(drawn[:CHECKED]):
            case = find_case_by_reference(work.session, reference)
            assert case is not None
            _uphold(town, work, case.id, number)
    town.progress.add(count)


def _uphold(town: Town, work: Work, case_id: UUID, number: int) -> None:
    at = town.story.ago(hours=20 - number)
    first = relations_of(work.session, case_id).decided_by
    officers = (actor for actor in town.staff.values() if actor.has(Role.OFFICER))
    second = next(actor for actor in officers if actor.account_id != first)
    residency.claim_case(work, second, case_id=case_id, at=at)
    residency.uphold_confirmation(work, second, case_id=case_id, at=at)
