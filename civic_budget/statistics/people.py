"""Everybody as the release counts them: one row a human, gathered from the rooms below, kept nowhere.

With a person's own page and own export the only reader of citizenship.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from civic_budget.city.queries import list_districts
from civic_budget.editions.queries import EditionFacts, get_edition
from civic_budget.editions.rules import scope_of
from civic_budget.kernel.clock import age_on, city_day
from civic_budget.proposals.queries import list_author_persons
from civic_budget.residency.citizenship import ReleaseRow, list_for_release
from civic_budget.residency.queries import list_clusters, list_eligible_persons
from civic_budget.residency.rules import Standing
from civic_budget.statistics.catalogue import Catalogue, days_between
from civic_budget.statistics.errors import TooEarly, TooLate
from civic_budget.statistics.nationality import UNKNOWN, statistical_nationality
from civic_budget.statistics.tabulate import Frozen, Person, freeze
from civic_budget.voting.keys import RoundSecrets
from civic_budget.voting.queries import RoundFacts, get_round
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.service import participation_of

CHANNELS = ("paper", "web")
Vote = tuple[str, date]
T = TypeVar("T")


def count_people(session: Session, edition_id: UUID, secrets: RoundSecrets) -> Frozen:
    """Count everybody of an edition once, as they were when the round of these secrets was opened.

    Raises TooEarly before the opening and TooLate when the round is final: who took part is no
    longer known then, and counting would say that nobody voted.
    """
    edition = get_edition(session, edition_id)
    opened = require_countable(get_round(session, secrets.round_id))
    catalogue = platform_catalogue(session, edition, opened)
    return freeze(_people(session, edition_id, secrets, opened, catalogue), catalogue)


def require_countable(found: RoundFacts) -> RoundFacts:
    """The round, when its votes can be counted by person now; raises TooEarly or TooLate."""
    if found.status in {RoundStatus.FINAL, RoundStatus.SHREDDED}:
        raise TooLate("the round is final: who took part is no longer known")
    if found.status is not RoundStatus.OPENED:
        raise TooEarly("the round is not opened yet")
    return found


def platform_catalogue(session: Session, edition: EditionFacts, opened: RoundFacts) -> Catalogue:
    """The default tables over the city's districts and the days of the vote."""
    own = {pool.district for pool in edition.pools if pool.district is not None}
    numbers = own | {district.number for district in list_districts(session)}
    return Catalogue(
        districts=tuple(scope_of(number) for number in sorted(numbers)),
        channels=CHANNELS,
        days=days_between(city_day(opened.opens_at), city_day(opened.closes_at)),
    )


@dataclass(frozen=True)
class _Known:
    """What the rooms say of all records: where they are registered, how they voted, who proposed."""

    registered: dict[UUID, int]
    votes: dict[UUID, Vote]
    authors: set[UUID]


def _people(
    session: Session,
    edition_id: UUID,
    secrets: RoundSecrets,
    opened: RoundFacts,
    catalogue: Catalogue,
) -> Iterator[Person]:
    assert opened.opened_at is not None
    human_of = list_clusters(session)
    humans: dict[UUID, list[ReleaseRow]] = {}
    for row in list_for_release(session):
        humans.setdefault(human_of.get(row.person_id, row.person_id), []).append(row)
    records = _records(humans, human_of)
    known = _Known(
        _registered(session, opened.opened_at),
        participation_of(
            session, secrets, [record for part in records.values() for record in part]
        ),
        list_author_persons(session, edition_id),
    )
    for human, rows in humans.items():
        person = _person(human, rows, records[human], known, catalogue)
        if person is not None:
            yield person


def _records(
    humans: dict[UUID, list[ReleaseRow]], human_of: dict[UUID, UUID]
) -> dict[UUID, list[UUID]]:
    """All records of each human who is counted, erased ones among them: they may have voted."""
    records = {human: [row.person_id for row in rows] for human, rows in humans.items()}
    for record, human in human_of.items():
        if human in records and record not in records[human]:
            records[human].append(record)
    return records


def _registered(session: Session, at: datetime) -> dict[UUID, int]:
    return {
        person.person_id: person.district
        for person in list_eligible_persons(session, at=at)
        if person.standing is Standing.CONFIRMED
    }


def _person(
    human: UUID,
    rows: Sequence[ReleaseRow],
    records: Sequence[UUID],
    known: _Known,
    catalogue: Catalogue,
) -> Person | None:
    """The human behind these records; None for somebody of whom no table tells anything.

    Without a birth date no table by age can hold them, so they count as authors only.
    """
    born_on = _first(row.born_on for row in rows)
    district = _first(known.registered.get(record) for record in records)
    vote = _first(known.votes.get(record) for record in records)
    is_author = not known.authors.isdisjoint(records)
    home = _first([district, *(row.district for row in rows)])
    if born_on is None or home is None:
        district = vote = None
    if district is None and vote is None and not is_author:
        return None
    channel, counted_on = vote if vote else (None, None)
    return Person(
        pid=human,
        nationality=_nationality(rows),
        district=catalogue.districts[0] if home is None else scope_of(home),
        age=_age(born_on, catalogue.days[-1]),
        sex=_first(row.sex for row in rows) or "",
        registered=district is not None,
        author=is_author,
        channel=channel,
        counted_on=_within(counted_on, catalogue.days),
    )


def _first(found: Iterable[T | None]) -> T | None:
    return next((one for one in found if one is not None), None)


def _age(born_on: date | None, day: date) -> int:
    return 0 if born_on is None else max(0, age_on(born_on, day))


def _within(day: date | None, days: Sequence[date]) -> date | None:
    """A day of the vote: a server whose clock was wrong for an hour must not stop the release."""
    return None if day is None else min(max(day, days[0]), days[-1])


def _nationality(rows: Iterable[ReleaseRow]) -> str:
    codes = [code for row in rows for code in row.codes]
    return statistical_nationality(codes) if codes else UNKNOWN
