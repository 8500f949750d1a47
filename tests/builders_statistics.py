"""Opened rounds and past releases for tests of the statistics."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID

from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM
from civic_budget.statistics import service, synthetic
from civic_budget.statistics.catalogue import Catalogue, days_between
from civic_budget.statistics.classes import Residents
from civic_budget.statistics.ledger import MemoryLedger
from civic_budget.statistics.release import Release, release
from civic_budget.statistics.tabulate import Person
from civic_budget.storage.db import Database
from civic_budget.voting import service as voting
from tests.builders import make_edition
from tests.builders_voting import Round
from tests.conftest import NOW


def open_votes(database: Database, opened: Round) -> None:
    """Close a round and open its envelopes."""
    with database.writing() as work:
        voting.close_round(work, opened.commission[0], round_id=opened.id, at=opened.closes_at)
    with database.writing() as work:
        voting.open_round(
            work,
            opened.commission[0],
            round_id=opened.id,
            secrets=opened.secrets,
            held=opened.held[:2],
            at=opened.closes_at,
        )


def seal(database: Database, opened: Round, *, at: datetime | None = None) -> Release:
    """Seal the tables of an opened round."""
    with database.writing() as work:
        return service.seal_edition(
            work,
            SYSTEM,
            edition_id=opened.edition_id,
            secrets=opened.secrets,
            at=at or opened.closes_at,
        )


@cache
def past_release(
    slug: str,
    *,
    people: int = 6_000,
    seed: int = 7,
    districts: tuple[str, ...] = ("d08", "d18"),
    classes: int | None = None,
) -> Release:
    """A release of an invented crowd; the noise is drawn once for all tests.

    With `classes` it has exactly so many: those of a register, unknown and all others.
    """
    first = date(2025, 10, 1)
    city = synthetic.City(people=people, districts=len(districts), days=7, first_day=first)
    names = dict(zip(city.district_codes(), districts, strict=True))
    crowd: Iterable[Person] = (
        one._replace(district=names[one.district]) for one in synthetic.people(city, seed)
    )
    catalogue = Catalogue(
        districts=districts,
        channels=("paper", "web"),
        days=days_between(first, first + timedelta(days=6)),
    )
    residents = None
    if classes is not None:
        counts = dict.fromkeys(synthetic.foreign_codes()[: classes - 2], 500)
        residents = Residents("Invented", first, "insured", "city", counts)
    return release(
        crowd,
        edition=slug,
        catalogue=catalogue,
        ledger=MemoryLedger(),
        archive=None,
        at=NOW,
        residents=residents,
    )


def make_published(
    database: Database, *, year: int = 2025, made: Release | None = None, at: datetime = NOW
) -> UUID:
    """An edition of `make_city`'s city whose results and participation are public."""
    edition_id = make_edition(database, Phase.RESULTS, year=year)
    with database.writing() as work:
        service.import_release(
            work, SYSTEM, edition_id=edition_id, made=made or past_release(str(year)), at=at
        )
    return edition_id
