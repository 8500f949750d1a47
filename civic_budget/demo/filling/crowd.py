"""The generated residents register: many to a unit of work, without accounts, as at a desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from civic_budget.demo.crowd import CrowdPerson, crowd
from civic_budget.demo.filling.cases import everybody_in_the_sample
from civic_budget.demo.filling.residents import answer_citizenship, confirm_waiting
from civic_budget.demo.filling.town import Resident, Town, in_batches
from civic_budget.kernel.actor import SYSTEM
from civic_budget.kernel.clock import city_day
from civic_budget.residency import service as residency
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.queries import get_case
from civic_budget.residency.rules import Road
from civic_budget.storage.db import Work

ROADS = (Road.STATEMENT, Road.DESK, Road.DOCUMENT)
SHARES = (60, 25, 15)
WAITING = 8
"""How many of the last ones wait for an officer: their statements are in the drawn sample."""


def register_crowd(town: Town) -> None:
    """Register and confirm the crowd over the past months; the last few still wait."""
    town.progress.begin("Residents without names")
    people = list(crowd(town.crowd_size, city_day(town.story.now)))
    waiting = min(WAITING, len(people) // 4)
    earliest, latest = town.story.at(-30, 9), min(town.story.at(238), town.story.ago(days=3))
    span = latest - earliest
    moments = [earliest + span * number / max(len(people), 1) for number in range(len(people))]
    planned = list(zip(people, moments, strict=True))
    for batch in in_batches(planned[: len(planned) - waiting], town.progress.add):
        with town.database.writing() as work:
            _register(town, work, batch)
    with town.database.writing() as work, everybody_in_the_sample(work):
        for person, at in planned[len(planned) - waiting :]:
            _, resident = _register_one(town, work, person, Road.STATEMENT, at)
            town.crowd.append(resident)
    town.progress.add(waiting)


def _register(town: Town, work: Work, batch: Sequence[tuple[CrowdPerson, datetime]]) -> None:
    for person, at in batch:
        road = town.random.choices(ROADS, SHARES)[0]
        case_id, waiting = _register_one(town, work, person, road, at)
        confirmed_at = at + timedelta(hours=20)
        confirm_waiting(town, work, [case_id], confirmed_at)
        town.crowd.append(
            Resident(waiting.person_id, None, person.district, person.language, confirmed_at)
        )


def _register_one(
    town: Town, work: Work, person: CrowdPerson, road: Road, at: datetime
) -> tuple[UUID, Resident]:
    home = HomeAddress(person.street, person.house, person.flat)
    case_id = residency.register_person(
        work,
        SYSTEM,
        account_id=None,
        identity=Identity(person.given_names, person.family_name, person.born_on, address=home),
        address=home,
        district=person.district,
        road=road,
        sex=person.sex,
        language=person.language,
        at=at,
    )
    person_id = get_case(work.session, case_id).person_id
    answer_citizenship(work, person_id, person.citizenships, at)
    return case_id, Resident(person_id, None, person.district, person.language, None)
