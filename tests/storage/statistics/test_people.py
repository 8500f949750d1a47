"""Who is counted, and how: one row a human, whatever their records, answers and gaps."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.clock import city_day
from civic_budget.residency import citizenship
from civic_budget.residency import service as residency
from civic_budget.statistics import people
from civic_budget.statistics.tabulate import Frozen, Person
from civic_budget.storage.db import Database
from tests.builders import make_staff
from tests.builders_residency import make_identity, make_resident
from tests.builders_statistics import open_votes
from tests.builders_voting import HOMES, Round, cast, choice, make_round, make_voter
from tests.conftest import NOW


@pytest.fixture
def opened(database: Database) -> Round:
    """A round in which voting is open."""
    return make_round(database)


def answer(database: Database, person_id: UUID, *codes: str) -> None:
    with database.writing() as work:
        citizenship.answer(work, SYSTEM, person_id=person_id, codes=codes, at=NOW)


def rows(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> dict[object, Person]:
    """Everybody as they are counted once the votes are opened, by id."""
    seen: list[Person] = []

    def watch(found: object, catalogue: object) -> Frozen:
        seen.extend(found)  # type: ignore[call-overload]
        return frozen(seen, catalogue)  # type: ignore[arg-type]

    frozen = people.freeze
    monkeypatch.setattr(people, "freeze", watch)
    open_votes(database, opened)
    with database.reading() as session:
        people.count_people(session, opened.edition_id, opened.secrets)
    assert len({one.pid for one in seen}) == len(seen)
    return {one.pid: one for one in seen}


def merge(database: Database, *records: UUID) -> UUID:
    """Two officers say that two records are one human; returns the record under which it counts."""
    officers = [make_staff(database, Role.OFFICER) for _ in range(2)]
    one, other = records
    for officer in officers:
        with database.writing() as work:
            residency.say_same(work, officer, one=one, other=other, at=NOW)
    return min(records)


def erase(database: Database, account: Actor) -> None:
    assert account.account_id is not None
    with database.writing() as work:
        residency.erase_person(work, account, account_id=account.account_id, at=NOW)


def test_a_voter_counts_with_channel_day_district_and_answer(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    voter = make_voter(database, district=18)
    answer(database, voter, "UA")
    cast(database, opened, voter, marks=choice(district=18))
    assert rows(database, opened, monkeypatch)[voter] == Person(
        pid=voter,
        nationality="UA",
        district="d18",
        age=36,
        sex="",
        registered=True,
        author=False,
        channel="web",
        counted_on=date(2026, 5, 20),
    )


def test_a_registered_person_who_did_not_vote_has_no_day(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = make_voter(database)
    found = rows(database, opened, monkeypatch)[resident]
    assert (found.registered, found.channel, found.counted_on) == (True, None, None)


@pytest.mark.parametrize(
    ("codes", "counted"),
    [
        ((), "ZZ"),
        (("UA", "PL"), "PL"),
        (("UA", "DE"), "DE"),
        (("VN", "UA"), "VN"),
        (("XX",), "XX"),
        (("ZZ",), "ZZ"),
    ],
    ids=["no answer", "dual with Polish", "dual with EU", "dual", "stateless", "undetermined"],
)
def test_everybody_has_one_statistical_citizenship(
    database: Database,
    opened: Round,
    monkeypatch: pytest.MonkeyPatch,
    codes: tuple[str, ...],
    counted: str,
) -> None:
    person = make_voter(database)
    if codes:
        answer(database, person, *codes)
    assert rows(database, opened, monkeypatch)[person].nationality == counted


def test_a_vote_cast_again_counts_on_the_day_of_the_first(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    voter = make_voter(database)
    cast(database, opened, voter)
    cast(database, opened, voter, at=NOW + timedelta(days=2))
    assert rows(database, opened, monkeypatch)[voter].counted_on == city_day(NOW)


def test_an_answer_withdrawn_before_the_seal_counts_as_not_given(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    voter = make_voter(database)
    answer(database, voter, "GE")
    answer(database, voter)
    assert rows(database, opened, monkeypatch)[voter].nationality == "ZZ"


def test_a_changed_answer_counts_as_it_was_at_the_seal(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    voter = make_voter(database)
    answer(database, voter, "UA")
    answer(database, voter, "PL", "UA")
    assert rows(database, opened, monkeypatch)[voter].nationality == "PL"


def test_records_of_one_human_are_one_row_whichever_of_them_voted(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sorted([make_voter(database), make_voter(database)])
    other = make_voter(database)
    answer(database, second, "GE")
    cast(database, opened, second)
    human = merge(database, first, second)
    found = rows(database, opened, monkeypatch)
    assert set(found) == {human, other}
    assert found[human].nationality == "GE"
    assert found[human].channel == "web"


def test_an_erased_person_is_not_counted(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    (account, _gone), stays = make_resident(database, address=HOMES[8]), make_voter(database)
    erase(database, account)
    assert set(rows(database, opened, monkeypatch)) == {stays}


def test_a_vote_of_an_erased_record_stays_with_its_human(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    (account, gone), stays = make_resident(database, address=HOMES[8]), make_voter(database)
    cast(database, opened, gone)
    human = merge(database, gone, stays)
    erase(database, account)
    found = rows(database, opened, monkeypatch)
    assert set(found) == {human}
    assert found[human].channel == "web"


def test_without_a_birth_date_nobody_stands_in_a_table_by_age(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare, stays = make_voter(database), make_voter(database)
    with database.writing() as work:
        work.session.execute(
            text("DELETE FROM person_identity WHERE person_id = :id").bindparams(
                id=bare.hex if work.dialect == "sqlite" else bare
            )
        )
    assert set(rows(database, opened, monkeypatch)) == {stays}


def test_a_child_is_counted_in_the_youngest_band(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = make_identity("MAŁA", "NOWAK", born_on=date(2016, 1, 1))
    child = make_resident(database, identity=who, address=HOMES[8])[1]
    assert rows(database, opened, monkeypatch)[child].age == 10


def test_a_day_outside_the_vote_counts_on_its_nearest_day(
    database: Database, opened: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    voter = make_voter(database)
    cast(database, opened, voter)
    with database.writing() as work:
        work.session.execute(text("UPDATE participation SET counted_on = '2020-01-01'"))
    first = opened.closes_at.date().replace(year=2026)
    found = rows(database, opened, monkeypatch)[voter]
    assert found.counted_on is not None
    assert found.counted_on.year == first.year
