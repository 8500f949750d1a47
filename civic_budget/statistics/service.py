"""Deeds of statistics: count everybody once, draw, seal, keep the release. Never twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone, scope_of
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.clock import age_on, city_day
from civic_budget.kernel.errors import NotFound
from civic_budget.proposals.queries import list_author_persons
from civic_budget.residency.citizenship import ReleaseRow, list_for_release
from civic_budget.residency.queries import list_eligible_persons
from civic_budget.residency.rules import Standing
from civic_budget.statistics import files
from civic_budget.statistics.catalogue import Catalogue, days_between
from civic_budget.statistics.classes import Residents
from civic_budget.statistics.events import StatisticsSealed
from civic_budget.statistics.ledger import DirectoryLedger
from civic_budget.statistics.models import StatisticsRelease
from civic_budget.statistics.nationality import UNKNOWN, statistical_nationality
from civic_budget.statistics.release import Release, release
from civic_budget.statistics.storage import DatabaseLedger
from civic_budget.statistics.tabulate import Person
from civic_budget.storage.db import Work
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.queries import find_round_of_edition
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.service import participation_of

CHANNELS = ("paper", "web")
COUNTABLE = frozenset({RoundStatus.OPENED, RoundStatus.FINAL})


def seal_edition(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    secrets: RoundSecrets,
    residents: Residents | None = None,
    at: datetime,
) -> Release:
    """Count everybody, draw the noise, seal all tables of an edition and keep the release.

    Possible once the round is opened, so that voided votes are out. Raises AlreadySealed for a
    second draw and ArchiveDisagrees when the archive outside the database knows a later seal.
    """
    edition = get_edition(work.session, edition_id)
    opened = find_round_of_edition(work.session, edition_id)
    if opened is None or opened.status not in COUNTABLE:
        raise NotFound("round_not_opened")
    first = city_day(edition.moment_of(Milestone.VOTING_OPENS))
    last = city_day(opened.closes_at)
    made = release(
        list(_people(work, edition_id, secrets, last, closed_at=opened.closes_at)),
        edition=edition.slug,
        catalogue=platform_catalogue(edition_districts(edition.pools), first, last),
        ledger=DatabaseLedger(work.session),
        archive=DirectoryLedger(work.instance / "statistics-archive"),
        residents=residents,
        at=at,
    )
    keep_release(work, actor, edition_id=edition_id, made=made, at=at)
    return made


def keep_release(
    work: Work, actor: Actor, *, edition_id: UUID, made: Release, at: datetime
) -> None:
    """Store a release's files, from which every page and download follows."""
    rendered = files.rendered(made)
    work.session.add(StatisticsRelease(edition_id=edition_id, files=rendered, sealed_at=at))
    work.publish(
        StatisticsSealed(
            edition_id=edition_id, head=made.seals[-1].sha256, at=at, by=actor.account_id
        )
    )


def platform_catalogue(districts: tuple[str, ...], first: date, last: date) -> Catalogue:
    """The default tables over this city's districts and the days of the vote."""
    return Catalogue(districts=districts, channels=CHANNELS, days=days_between(first, last))


def edition_districts(pools: Iterable[object]) -> tuple[str, ...]:
    """The districts' codes as in the tables: d01 … d18."""
    numbers = (getattr(pool, "district", None) for pool in pools)
    return tuple(sorted(scope_of(number) for number in numbers if number is not None))


def _people(
    work: Work, edition_id: UUID, secrets: RoundSecrets, day: date, *, closed_at: datetime
) -> Iterator[Person]:
    """Everybody registered at closing, with what they did; one row a human person."""
    rows = list_for_release(work.session)
    voted = participation_of(work.session, secrets, [row.person_id for row in rows])
    authors = list_author_persons(work.session, edition_id)
    registered = {
        person.person_id: person.district
        for person in list_eligible_persons(work.session, at=closed_at)
        if person.standing is Standing.CONFIRMED
    }
    for row in rows:
        district = registered.get(row.person_id, row.district)
        if district is None:
            continue
        channel, counted_on = voted.get(row.person_id, (None, None))
        yield Person(
            pid=row.person_id,
            nationality=_nationality(row),
            district=scope_of(district),
            age=age_on(row.born_on, day) if row.born_on else 0,
            sex=row.sex or "",
            registered=row.person_id in registered,
            author=row.person_id in authors,
            channel=channel,
            counted_on=counted_on,
        )


def _nationality(row: ReleaseRow) -> str:
    return statistical_nationality(row.codes) if row.codes else UNKNOWN
