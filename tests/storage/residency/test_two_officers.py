"""Two officers click at once, and every state of a pair with every word on it: one wins, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import DomainError, NotAllowed, NotFound
from civic_budget.residency import queries, service
from civic_budget.residency.identity import Answers
from civic_budget.residency.queries.duplicates import find_verdict
from civic_budget.residency.queries.pairs import (
    PairFilter,
    PairState,
    count_pairs,
    find_oldest_open,
    list_pairs,
)
from civic_budget.residency.rules import CaseState
from civic_budget.residency.service.person_rows import store_identity
from civic_budget.storage.db import Database
from tests.builders import make_account, make_staff
from tests.builders_residency import (
    claim,
    make_case,
    make_city_that_decides_nothing_alone,
    make_identity,
)
from tests.conftest import NOW

Click = Callable[[], object]


@pytest.fixture
def city(database: Database) -> Database:
    make_city_that_decides_nothing_alone(database)
    return database


@pytest.fixture
def officers(city: Database) -> list[Actor]:
    return [make_staff(city, Role.OFFICER) for _ in range(3)]


@pytest.fixture
def doubles(city: Database) -> tuple[UUID, UUID]:
    """Two records of one human, the second a day younger."""
    first = make_case(city, make_account(city))
    second = make_case(
        city,
        make_account(city),
        identity=make_identity("Олена", "Коваленко"),
        at=NOW + timedelta(days=1),
    )
    with city.reading() as session:
        one = queries.get_case(session, first).person_id
        other = queries.get_case(session, second).person_id
    return one, other


def at_once(*clicks: Click) -> list[str]:
    """Do deeds in threads that start together; what each came to, sorted."""
    said: list[str] = []
    start = threading.Barrier(len(clicks))

    def click(deed: Click) -> None:
        start.wait(10)
        try:
            said.append(f"done {deed()}".removesuffix(" None"))
        except DomainError as error:
            said.append(error.code)

    threads = [threading.Thread(target=click, args=(deed,)) for deed in clicks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(said)


def confirm(database: Database, officer: Actor, case_id: UUID) -> None:
    with database.writing() as work:
        service.confirm_case(work, officer, case_id=case_id, at=NOW)


def refuse(database: Database, officer: Actor, case_id: UUID) -> None:
    with database.writing() as work:
        service.refuse_case(
            work, officer, case_id=case_id, reason="outdated", sentence="Застаріло.", at=NOW
        )


def same(database: Database, officer: Actor, one: UUID, other: UUID) -> bool:
    with database.writing() as work:
        return service.say_same(work, officer, one=one, other=other, at=NOW)


def different(database: Database, officer: Actor, one: UUID, other: UUID) -> None:
    with database.writing() as work:
        service.say_different(work, officer, one=one, other=other, at=NOW)


def state_of(database: Database) -> PairState:
    with database.reading() as session:
        (pair,) = list_pairs(session, PairFilter(state=None))
    return pair.state


def test_two_claims_at_once_give_the_case_to_one(city: Database, officers: list[Actor]) -> None:
    case_id = make_case(city, make_account(city))
    said = at_once(*(lambda who=who: claim(city, who, case_id) for who in officers[:2]))
    assert said == ["claimed_by_other", "done"]


def test_a_decision_in_two_windows_happens_once(city: Database, officers: list[Actor]) -> None:
    for clicks in (
        (confirm, confirm),
        (confirm, refuse),
        (refuse, refuse),
    ):
        case_id = make_case(city, make_account(city))
        claim(city, officers[0], case_id)
        said = at_once(*(partial(deed, city, officers[0], case_id) for deed in clicks))
        assert said == ["already_decided", "done"]
        with city.reading() as session:
            decided = queries.get_case(session, case_id)
            deeds = [row.action.value for row in queries.list_decisions(session, case_id)]
        assert decided.state in {CaseState.CONFIRMED, CaseState.REFUSED}
        assert len(deeds) == 2


def test_a_second_officer_for_an_appeal_is_one(city: Database, officers: list[Actor]) -> None:
    person = make_account(city)
    case_id = make_case(city, person)
    claim(city, officers[0], case_id)
    refuse(city, officers[0], case_id)
    with city.writing() as work:
        service.appeal(work, person, case_id=case_id, words="Це мій дім.", at=NOW)
    said = at_once(*(lambda who=who: claim(city, who, case_id) for who in officers))
    assert said == ["claimed_by_other", "done", "second_officer"] or said == [
        "claimed_by_other",
        "claimed_by_other",
        "done",
    ]


def test_two_words_at_once_on_a_pair(
    city: Database, officers: list[Actor], doubles: tuple[UUID, UUID]
) -> None:
    first, second, third = officers
    one, other = doubles
    # Each comes from the other side, and still they do not wait for each other for ever.
    said = at_once(lambda: same(city, first, one, other), lambda: same(city, second, other, one))
    assert said == ["done False", "done True"]
    assert state_of(city) is PairState.MERGED
    different(city, third, one, other)
    same(city, first, one, other)
    said = at_once(lambda: same(city, second, one, other), lambda: same(city, third, other, one))
    assert said == ["done True", "done True"]
    assert state_of(city) is PairState.MERGED
    different(city, third, one, other)
    said = at_once(*(lambda: same(city, first, one, other),) * 2)
    assert said == ["done False", "same_officer"]
    assert state_of(city) is PairState.PROPOSED


def test_every_state_of_a_pair_with_every_word(
    city: Database, officers: list[Actor], doubles: tuple[UUID, UUID]
) -> None:
    first, second, third = officers
    one, other = doubles
    ways = {
        PairState.OPEN: (),
        PairState.PROPOSED: ((same, first),),
        PairState.MERGED: ((same, first), (same, second)),
        PairState.DIFFERENT: ((different, first),),
    }
    # (state, is fixed by an opening) → what each word of each officer comes to
    table = {
        (PairState.OPEN, "same", first): PairState.PROPOSED,
        (PairState.OPEN, "different", first): PairState.DIFFERENT,
        (PairState.PROPOSED, "same", first): "same_officer",
        (PairState.PROPOSED, "same", second): PairState.MERGED,
        (PairState.PROPOSED, "different", first): PairState.DIFFERENT,
        (PairState.PROPOSED, "different", second): PairState.DIFFERENT,
        (PairState.MERGED, "same", third): PairState.MERGED,
        (PairState.MERGED, "different", first): PairState.DIFFERENT,
        (PairState.MERGED, "different", third): PairState.DIFFERENT,
        (PairState.DIFFERENT, "same", first): PairState.PROPOSED,
        (PairState.DIFFERENT, "same", second): PairState.PROPOSED,
        (PairState.DIFFERENT, "different", second): PairState.DIFFERENT,
    }
    for (state, word, officer), expected in table.items():
        different(city, third, one, other)
        with city.writing() as work:
            work.session.delete(find_verdict(work.session, one, other))
        for deed, who in ways[state]:
            deed(city, who, one, other)
        assert state_of(city) is state
        deed = same if word == "same" else different
        try:
            deed(city, officer, one, other)
            came_to: PairState | str = state_of(city)
        except DomainError as error:
            came_to = error.code
            assert state_of(city) is state
        assert came_to == expected, (state, word)


def test_a_merge_is_taken_back_until_ballots_are_opened(
    city: Database, officers: list[Actor], doubles: tuple[UUID, UUID]
) -> None:
    one, other = doubles
    same(city, officers[0], one, other)
    same(city, officers[1], one, other)
    different(city, officers[2], one, other)
    same(city, officers[0], one, other)
    same(city, officers[1], one, other)
    with city.writing() as work:
        service.fix_merges(work, at=NOW)
    with pytest.raises(NotAllowed, match="merge_fixed"):
        different(city, officers[2], one, other)
    assert state_of(city) is PairState.MERGED


def test_the_list_counts_filters_and_opens_nobody_without_a_trace(
    city: Database, officers: list[Actor], doubles: tuple[UUID, UUID]
) -> None:
    make_case(city, make_account(city), identity=make_identity("PETRO", "INSHYI"))
    one, other = sorted(doubles)
    with city.reading() as session:
        (pair,) = list_pairs(session, PairFilter())
        assert (pair.one, pair.other, pair.keys) == (one, other, ("k1", "k3"))
        assert all(reference.startswith("R-") for reference in pair.references)
        assert count_pairs(session) == {(PairState.OPEN, 2): 1}
        assert find_oldest_open(session) == pair.since == NOW + timedelta(days=1)
        assert list_pairs(session, PairFilter(strength=3)) == []
        assert list_pairs(session, PairFilter(state=PairState.MERGED)) == []
        assert len(list_pairs(session, PairFilter(strength=2))) == 1
    with city.writing() as work:
        service.open_pair(work, officers[0], one=one, other=other, at=NOW)
    third = make_case(city, make_account(city), identity=make_identity("IVAN", "NIKHTO"))
    with city.reading() as session:
        stranger = queries.get_case(session, third).person_id
    with pytest.raises(NotFound), city.writing() as work:
        service.open_pair(work, officers[0], one=one, other=stranger, at=NOW)


def test_nobody_judges_a_pair_with_themselves_or_a_relative(
    city: Database, officers: list[Actor], doubles: tuple[UUID, UUID]
) -> None:
    one, other = doubles
    own = make_case(city, officers[0])
    with city.reading() as session:
        mine = queries.get_case(session, own).person_id
        last = queries.find_last_case(session, one)
    assert last is not None
    claim(city, officers[1], last.id)
    with city.writing() as work:
        service.declare_interest(work, officers[1], case_id=last.id, at=NOW)
    for officer, left, right, why in (
        (officers[0], mine, other, "own_case"),
        (officers[1], one, other, "declared_interest"),
        (officers[1], other, one, "declared_interest"),
        (make_staff(city, Role.DESK), one, other, "not_an_officer"),
    ):
        for deed in (same, different):
            with pytest.raises(NotAllowed, match=why):
                deed(city, officer, left, right)
        with pytest.raises(NotAllowed, match=why), city.writing() as work:
            service.open_pair(work, officer, one=left, other=right, at=NOW)


def test_a_proposal_is_no_word_on_data_that_changed_since(
    city: Database, officers: list[Actor], doubles: tuple[UUID, UUID]
) -> None:
    one, other = doubles
    assert not same(city, officers[0], one, other)
    with city.writing() as work:
        changed = make_identity("OLENA", "TKACHUK")
        told = Answers.known(changed, sex=None, address=None, district=None)
        store_identity(work, other, changed, told, at=NOW)
    assert not same(city, officers[1], one, other)  # a first word on what is there now
    with pytest.raises(NotAllowed, match="same_officer"):
        same(city, officers[1], one, other)
    assert same(city, officers[0], one, other)
