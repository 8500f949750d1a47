"""The register compared with itself: what three keys miss is found; judged pairs stay away; runs resume."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.residency import queries, service
from civic_budget.residency.identity import Answers, HomeAddress, Identity
from civic_budget.residency.matching.score import ReasonCode
from civic_budget.residency.models import (
    MatchRun,
    PersonIdentity,
    PersonMatchKey,
    SuspectedPair,
    Tombstone,
)
from civic_budget.residency.queries.duplicates import BY_RUN, list_suspects
from civic_budget.residency.queries.pairs import (
    PairFilter,
    PairLine,
    PairState,
    count_pairs,
    list_pairs,
)
from civic_budget.residency.queries.register_runs import RunFacts, find_last_run, why_due
from civic_budget.residency.rules import Flag
from civic_budget.residency.service import register_runs
from civic_budget.residency.service.erasing import wipe_record
from civic_budget.residency.service.person_rows import store_identity, store_match_keys
from civic_budget.storage.db import Database
from tests.builders import make_account, make_staff
from tests.builders_residency import make_case, make_city_that_decides_nothing_alone
from tests.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KMU = Identity("MYKOLA", "KRAVCHENKO", date(1985, 3, 17))
POLISH = Identity("MIKOŁAJ", "KRAWCZEMKO", date(1985, 3, 17))
"""The same man as his Polish card spells him, with a slip in the family name."""
OTHER_HOME = HomeAddress("Zachodnia", "14", "2")


@pytest.fixture
def city(database: Database) -> Database:
    make_city_that_decides_nothing_alone(database)
    return database


@pytest.fixture
def doubles(city: Database) -> tuple[UUID, UUID]:
    """Two records of one man that share no blind key, and somebody else; ids in order."""
    make_case(city, make_account(city), identity=Identity("OLENA", "BONDAR", date(1990, 4, 2)))
    cases = [
        make_case(city, make_account(city), identity=KMU),
        make_case(city, make_account(city), identity=POLISH, address=OTHER_HOME),
    ]
    with city.reading() as session:
        found = [queries.get_case(session, case_id) for case_id in cases]
    assert all(not case.flags for case in found)
    one, other = sorted(case.person_id for case in found)
    return one, other


def run(database: Database, at: object = NOW) -> RunFacts:
    found = service.compare_register(database, reason="command", at=at)  # type: ignore[arg-type]
    assert found is not None
    return found


def lines(database: Database, state: PairState | None = None) -> list[PairLine]:
    with database.reading() as session:
        return list(list_pairs(session, PairFilter(state=state)))


def officer(database: Database) -> Actor:
    return make_staff(database, Role.OFFICER)


def say(database: Database, deed: object, pair: tuple[UUID, UUID]) -> None:
    with database.writing() as work:
        deed(work, officer(database), one=pair[1], other=pair[0], at=NOW)  # type: ignore[operator]


def change(database: Database, person_id: UUID, identity: Identity) -> None:
    """A decision changes what is held of a person."""
    with database.writing() as work:
        store_match_keys(work, person_id, identity)
        store_identity(work, person_id, identity, Answers(), at=NOW + HOUR)


def test_a_double_that_shares_no_key_is_found_with_reasons_and_flags_its_cases(
    city: Database, doubles: tuple[UUID, UUID]
) -> None:
    assert lines(city) == []
    found = run(city)
    assert (found.people, found.found) == (3, 1)
    (pair,) = lines(city)
    assert (pair.one, pair.other) == doubles
    assert (pair.keys, pair.state, pair.since) == ((BY_RUN,), PairState.OPEN, NOW)
    assert pair.score is not None
    assert pair.score >= 75
    assert ReasonCode.GIVEN_EQUIVALENT in pair.reasons
    with city.reading() as session:
        assert count_pairs(session) == {(PairState.OPEN, 0): 1}
        for person_id in doubles:
            case = queries.find_last_case(session, person_id)
            assert case is not None
            assert case.flags == (Flag.DUPLICATE,)
            (suspect,) = list_suspects(session, person_id)
            assert (suspect.keys, suspect.score) == ((BY_RUN,), pair.score)
        stored = session.scalars(select(SuspectedPair)).one()
        plain = repr(vars(stored)).casefold()
        assert not any(word in plain for word in ("mykola", "krawcz", "1985", "zachodnia"))


def test_a_pair_that_meets_under_an_account_of_the_city_alone_is_listed_with_its_moment(
    city: Database, doubles: tuple[UUID, UUID]
) -> None:
    with city.writing() as work:
        for person_id in doubles:
            work.session.add(PersonMatchKey(person_id=person_id, kind="account", value=bytes(32)))
    (pair,) = lines(city)
    assert (pair.keys, pair.since) == (("account",), NOW)
    with city.reading() as session:
        assert count_pairs(session) == {(PairState.OPEN, 1): 1}


def test_running_again_changes_nothing(city: Database, doubles: tuple[UUID, UUID]) -> None:
    run(city)
    before = lines(city)
    assert run(city, NOW + DAY).found == 0
    assert lines(city) == before


def test_a_judged_pair_comes_back_only_when_a_record_changes(
    city: Database, doubles: tuple[UUID, UUID]
) -> None:
    run(city)
    say(city, service.say_different, doubles)
    assert [pair.state for pair in lines(city)] == [PairState.DIFFERENT]
    assert run(city, NOW + DAY).found == 0
    assert [pair.state for pair in lines(city)] == [PairState.DIFFERENT]
    change(city, doubles[0], Identity("MYKOLA", "KRAVCHENOK", date(1985, 3, 17)))
    assert run(city, NOW + 2 * DAY).found == 1
    (back,) = lines(city, PairState.OPEN)
    assert back.has_changed
    with city.reading() as session:
        assert list_suspects(session, doubles[0])[0].has_changed
    say(city, service.say_different, doubles)
    assert run(city, NOW + 3 * DAY).found == 0
    assert [pair.state for pair in lines(city)] == [PairState.DIFFERENT]


def test_a_merged_pair_is_not_new_and_stays_in_the_list(
    city: Database, doubles: tuple[UUID, UUID]
) -> None:
    run(city)
    for _ in range(2):
        say(city, service.say_same, doubles)
    assert run(city, NOW + DAY).found == 0
    assert [pair.state for pair in lines(city)] == [PairState.MERGED]
    change(city, doubles[0], Identity("SOMEBODY", "ELSE", date(1950, 1, 1)))
    run(city, NOW + 2 * DAY)
    assert [pair.state for pair in lines(city)] == [PairState.MERGED]


def test_what_is_not_alike_any_more_is_forgotten_unless_a_record_was_erased(
    city: Database, doubles: tuple[UUID, UUID]
) -> None:
    run(city)
    with city.writing() as work:
        wipe_record(work, SYSTEM, doubles[0], NOW)
        work.session.add(Tombstone(person_id=doubles[0], erased_at=NOW))
    run(city, NOW + DAY)
    assert len(lines(city)) == 1
    with city.writing() as work:
        service.clear_tombstones(work, at=NOW)
    run(city, NOW + 2 * DAY)
    assert lines(city) == []


def test_a_killed_run_goes_on_where_it_stopped(
    city: Database, doubles: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        identity = Identity("OLENA", "BONDAR", date(1990, 4, 2))
        home = HomeAddress("Zachodnia", str(20 + number))
        make_case(city, make_account(city), identity=identity, address=home)
    monkeypatch.setattr(register_runs, "PAIRS_AT_ONCE", 3)
    compared: list[int] = []
    plain = register_runs._compare

    def dies(database: Database, held: MatchRun, *rest: object) -> None:
        if len(compared) == 2:
            raise KeyboardInterrupt
        plain(database, held, *rest)  # type: ignore[arg-type]
        compared.append(1)

    monkeypatch.setattr(register_runs, "_compare", dies)
    with pytest.raises(KeyboardInterrupt):
        run(city, NOW + HOUR)
    with city.reading() as session:
        half = session.scalar(select(func.count()).select_from(SuspectedPair))
        assert why_due(session, closed_at=None, at=NOW + 2 * HOUR) == "command"
    assert service.compare_register(city, reason="night", at=NOW + HOUR) is None  # leased
    monkeypatch.setattr(register_runs, "_compare", plain)
    heard: list[tuple[str, int, int]] = []
    done = service.compare_register(
        city, reason="night", at=NOW + 2 * HOUR, progress=lambda *said: heard.append(said)
    )
    assert done is not None
    assert done.begun_at == NOW + HOUR
    assert done.compared == 11
    assert [said for said in heard if said[0] == "pairs"][-1][1] == 11 - 6
    with city.reading() as session:
        pairs = session.scalars(select(SuspectedPair)).all()
        assert half is not None
        assert half < len(pairs) == 11
        assert len({pair.run_id for pair in pairs}) == 1
        assert find_last_run(session) == done


def test_somebody_changed_behind_the_cursor_is_compared_by_the_resumed_run(
    city: Database, doubles: tuple[UUID, UUID]
) -> None:
    run(city)
    with city.writing() as work:
        work.session.execute(
            update(MatchRun).values(
                is_running=True,
                finished_at=None,
                cursor_a=UUID(int=2**128 - 2),
                cursor_b=UUID(int=2**128 - 1),
            )
        )
        work.session.execute(update(PersonIdentity).values(updated_at=NOW - DAY))
    change(city, doubles[0], Identity("MYKOLA", "KRAVCHENOK", date(1985, 3, 17)))
    assert run(city, NOW + HOUR).found == 2  # one from before, one for the changed record


def test_when_the_register_is_compared(city: Database, doubles: tuple[UUID, UUID]) -> None:
    def due(at: object, closed_at: object = None) -> str | None:
        with city.reading() as session:
            return why_due(session, closed_at=closed_at, at=at)  # type: ignore[arg-type]

    midnight = NOW.replace(hour=0, minute=30, second=0, microsecond=0)  # 02:30 in a summer's city
    assert due(midnight) == "night"
    assert service.compare_when_due(city, lambda _: None, at=midnight)
    assert not service.compare_when_due(city, lambda _: None, at=midnight)
    assert due(midnight + 23 * HOUR) is None
    assert due(midnight + DAY) == "night"
    assert due(midnight + 2 * HOUR, midnight + HOUR) == "window"
    run(city, midnight + 2 * HOUR)
    with city.writing() as work:
        work.session.execute(update(PersonIdentity).values(updated_at=midnight))
    assert due(midnight + 6 * HOUR, midnight + HOUR) is None
    with city.writing() as work:
        work.session.execute(update(PersonIdentity).values(updated_at=midnight + 3 * HOUR))
    assert due(midnight + 4 * HOUR, midnight + HOUR) is None
    assert due(midnight + 6 * HOUR, midnight + HOUR) == "window"


def test_the_command_compares_and_says_what_it_found(
    app: Flask, city: Database, doubles: tuple[UUID, UUID]
) -> None:
    made = app.test_cli_runner().invoke(args=["residency", "match-register"])
    assert made.exit_code == 0, made.output
    assert "3 people, 1 pairs compared, 1 new suspect pairs" in made.output
    assert [pair.keys for pair in lines(city)] == [(BY_RUN,)]
    with city.writing() as work:
        work.session.execute(
            update(MatchRun).values(is_running=True, lease_until=datetime(2999, 1, 1, tzinfo=UTC))
        )
    made = app.test_cli_runner().invoke(args=["residency", "match-register"])
    assert made.exit_code == 1
    assert "another process" in made.output
