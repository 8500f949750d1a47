"""Published statistics: the past edition's from 60,000 invented people, the present one's when it is due."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from civic_budget.demo import content
from civic_budget.demo.content.records import PastEdition
from civic_budget.demo.filling.past import count_voters
from civic_budget.demo.filling.town import PAST_PEOPLE, Town
from civic_budget.demo.story import past_calendar_of
from civic_budget.editions.rules import Milestone, Phase, scope_of
from civic_budget.kernel.actor import SYSTEM
from civic_budget.statistics import files, service, synthetic
from civic_budget.statistics.catalogue import Catalogue, days_between
from civic_budget.statistics.jobs import seal_due
from civic_budget.statistics.ledger import MemoryLedger
from civic_budget.statistics.people import CHANNELS
from civic_budget.statistics.release import release
from civic_budget.statistics.tabulate import Person

SEALED_DAY = 263
SEED = 2025


def publish_past_figures(town: Town, edition_id: UUID) -> None:
    """Count an invented crowd through the file of people, seal the tables, keep the release."""
    town.progress.begin("Statistics of the past edition")
    past = content.past_edition()
    at = past_calendar_of(past).moments[Milestone.RESULTS_PUBLISHED] - timedelta(days=1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        files.write_people(invented_people(past, town.past_people), path)
        made = release(
            files.PeopleFile(path),
            edition=str(past.year),
            catalogue=_catalogue(past),
            ledger=MemoryLedger(),
            archive=None,
            at=at,
        )
    with town.database.writing() as work:
        service.keep_release(work, SYSTEM, edition_id=edition_id, made=made, at=at)
    town.progress.add(town.past_people)


def publish_present_figures(town: Town) -> None:
    """Seal the present edition's tables once its round is opened, as the worker does."""
    if town.story.phase is Phase.RESULTS:
        town.progress.begin("Statistics of this edition")
        sealed = seal_due(town.database, town.settings.instance, town.story.at(SEALED_DAY, 3))
        town.progress.add(len(sealed))


def invented_people(past: PastEdition, people: int) -> Iterator[Person]:
    """People of the past edition; of 60,000, as many voted as the city's list has ballots."""
    wanted = count_voters(past) * people // PAST_PEOPLE
    days = (past.voting_closed_on - past.voting_opened_on).days + 1
    city = synthetic.City(
        people=people,
        turnout=1.1 * wanted / people,
        days=days,
        first_day=past.voting_opened_on,
        districts=len(content.districts()),
    )
    voted = 0
    for person in synthetic.people(city, SEED):
        counts = person.channel is not None and voted < wanted
        voted += counts
        yield person._replace(
            district=scope_of(int(person.district[1:])),
            registered=person.registered or not counts,
            channel=person.channel if counts else None,
            counted_on=person.counted_on if counts else None,
        )


def _catalogue(past: PastEdition) -> Catalogue:
    return Catalogue(
        districts=tuple(scope_of(district.number) for district in content.districts()),
        channels=CHANNELS,
        days=days_between(past.voting_opened_on, past.voting_closed_on),
    )
