"""Words on pairs of three and four records, in every order, before and after an opening."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, permutations
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed
from civic_budget.residency import queries, service
from civic_budget.residency.models import DuplicateVerdict, PersonCluster, ResidencySetting
from civic_budget.residency.service.registration import add_person
from civic_budget.storage import migrate
from civic_budget.storage.db import Database
from tests.builders import make_city, make_staff
from tests.conftest import NOW

Pair = tuple[int, int]
MINUTE = timedelta(minutes=1)


class Office:
    """Some bare records, two officers, and a clock that goes on with every word."""

    def __init__(self, database: Database, how_many: int = 4) -> None:
        make_city(database)
        self.database = database
        self.officers = [make_staff(database, Role.OFFICER) for _ in range(2)]
        with database.writing() as work:
            ids = sorted(add_person(work, None, "holder", NOW) for _ in range(how_many))
        self.ids = ids
        self.at = NOW

    def same(self, pair: Pair, officer: int) -> bool:
        self.at += MINUTE
        with self.database.writing() as work:
            return service.say_same(work, self.officers[officer], at=self.at, **self._ends(pair))

    def merge(self, pair: Pair) -> None:
        self.same(pair, 0)
        assert self.same(pair, 1)

    def different(self, pair: Pair) -> bool:
        self.at += MINUTE
        with self.database.writing() as work:
            return service.say_different(work, self.officers[0], at=self.at, **self._ends(pair))

    def open_ballots(self) -> None:
        self.at += MINUTE
        with self.database.writing() as work:
            service.fix_merges(work, at=self.at)

    def forget(self) -> None:
        with self.database.writing() as work:
            for table in (DuplicateVerdict, PersonCluster, ResidencySetting):
                work.session.execute(delete(table))

    def clusters(self) -> set[frozenset[int]]:
        """The clusters as they are stored, and as everybody reads them: the same."""
        found: dict[UUID, set[int]] = {}
        with self.database.reading() as session:
            for row in session.scalars(select(PersonCluster)):
                found.setdefault(row.cluster_id, set()).add(self.ids.index(row.person_id))
            humans = queries.list_clusters(session)
            for members in found.values():
                for each in members:
                    known = queries.cluster_members(session, self.ids[each])
                    assert {self.ids.index(one) for one in known} == members
                    assert humans[self.ids[each]] == self.ids[min(members)]
        assert all(len(members) > 1 for members in found.values())
        return {frozenset(members) for members in found.values()}

    def _ends(self, pair: Pair) -> dict[str, UUID]:
        return {"one": self.ids[pair[0]], "other": self.ids[pair[1]]}


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def expected(merges: set[Pair]) -> set[frozenset[int]]:
    """The definition, written as slowly as it reads: who reaches whom along merges."""
    reach = {each: {each} for each in range(4)}
    for _ in range(4):
        for one, other in merges:
            both = reach[one] | reach[other]
            for each in both:
                reach[each] |= both
    return {frozenset(members) for members in reach.values() if len(members) > 1}


def test_three_merges_in_every_order_make_one_cluster_and_fall_apart_in_every_order(
    office: Office,
) -> None:
    chain = [(0, 1), (1, 2), (2, 3)]
    for joining in permutations(chain):
        done: set[Pair] = set()
        for pair in joining:
            office.merge(pair)
            done.add(pair)
            assert office.clusters() == expected(done)
        for pair in reversed(joining):
            assert office.different(pair)
            done.remove(pair)
            assert office.clusters() == expected(done)
        office.forget()


def test_two_clusters_that_were_joined_after_an_opening_part_again_where_they_were_joined(
    office: Office,
) -> None:
    office.merge((0, 1))
    office.merge((2, 3))
    office.open_ballots()
    office.merge((1, 2))
    assert office.clusters() == {frozenset({0, 1, 2, 3})}
    assert office.different((1, 2))
    assert office.clusters() == {frozenset({0, 1}), frozenset({2, 3})}
    for fixed in ((0, 1), (2, 3)):
        with pytest.raises(NotAllowed, match="merge_fixed"):
            office.different(fixed)
    assert office.clusters() == {frozenset({0, 1}), frozenset({2, 3})}


def test_a_third_word_leaves_the_others_as_they_are_and_every_pair_can_be_merged_later(
    office: Office,
) -> None:
    office.merge((0, 1))
    office.merge((1, 2))
    assert not office.different((0, 2))  # still one through 1
    assert office.clusters() == {frozenset({0, 1, 2})}
    assert office.different((1, 2))
    assert office.clusters() == {frozenset({0, 1})}
    office.same((1, 2), 0)
    with pytest.raises(Conflict, match="contradicts_word"):
        office.same((1, 2), 1)
    office.same((0, 2), 0)  # somebody changes their mind: the word that stood in the way is gone
    assert office.same((1, 2), 1)
    assert office.clusters() == {frozenset({0, 1, 2})}


def test_a_word_that_came_between_proposal_and_second_officer_is_heard(office: Office) -> None:
    office.merge((0, 1))
    office.same((1, 2), 0)
    office.different((0, 2))
    with pytest.raises(Conflict, match="contradicts_word"):
        office.same((1, 2), 1)
    assert office.clusters() == {frozenset({0, 1})}


def test_a_child_of_two_guardians_hangs_together_like_any_merge(office: Office) -> None:
    with office.database.writing() as work:
        service.join_child(work, SYSTEM, one=office.ids[0], other=office.ids[1], at=office.at)
    office.merge((1, 2))
    assert office.clusters() == {frozenset({0, 1, 2})}
    assert office.different((1, 2))
    assert office.same((0, 1), 0)  # merged already
    assert office.clusters() == {frozenset({0, 1})}
    assert office.different((0, 1))
    assert office.clusters() == set()


def test_words_on_several_pairs_at_once_leave_the_clusters_that_the_words_say(
    office: Office,
) -> None:
    rounds = 2
    for _ in range(rounds):
        run_at_once(office)
        office.forget()


@pytest.mark.proof
def test_words_on_several_pairs_at_once_many_times(office: Office) -> None:
    for _ in range(40):
        run_at_once(office)
        office.forget()


def run_at_once(office: Office) -> None:
    """Two officers merge three pairs from both ends while a fourth word parts one again."""
    for pair in ((0, 1), (1, 2), (2, 3)):
        office.same(pair, 0)
    start = threading.Barrier(4)

    def deed(pair: Pair, verdict: str, who: Actor) -> None:
        start.wait(10)
        word = service.say_same if verdict == "same" else service.say_different
        try:
            with office.database.writing() as work:
                word(work, who, at=office.at, **office._ends(pair))
        except DomainError:
            pass

    words = [((0, 1), "same"), ((1, 2), "same"), ((3, 2), "same"), ((2, 1), "different")]
    threads = [
        threading.Thread(target=deed, args=(pair, verdict, office.officers[1]))
        for pair, verdict in words
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert office.clusters() == expected(set(accepted(office)))


def accepted(office: Office) -> Iterator[Pair]:
    """The accepted merges as the words stand."""
    with office.database.reading() as session:
        for word in session.scalars(
            select(DuplicateVerdict).where(DuplicateVerdict.seconded_at.is_not(None))
        ):
            yield office.ids.index(word.person_a), office.ids.index(word.person_b)


def all_pairs() -> list[Pair]:
    return list(combinations(range(4), 2))


def test_a_word_that_waits_for_an_opening_is_said_after_it(office: Office) -> None:
    office.merge((0, 1))
    office.same((2, 3), 0)
    at, opening, said = office.at + MINUTE, threading.Event(), []

    def word(pair: Pair, verdict: str) -> None:
        assert opening.wait(10)
        deed = service.say_same if verdict == "same" else service.say_different
        try:
            with office.database.writing() as work:
                deed(work, office.officers[1], at=at - MINUTE / 2, **office._ends(pair))
        except NotAllowed as error:
            said.append(error.code)

    words = [((0, 1), "different"), ((2, 3), "same")]
    threads = [threading.Thread(target=word, args=each) for each in words]
    for thread in threads:
        thread.start()
    with office.database.writing() as work:
        service.hold_merges(work)
        counted = queries.list_clusters(work.session)
        opening.set()
        threads[0].join(0.3)
        service.fix_merges(work, at=at)
    for thread in threads:
        thread.join(60)
    assert said == ["merge_fixed"]
    assert set(counted) == set(office.ids[:2])
    assert office.clusters() == {frozenset({0, 1}), frozenset({2, 3})}
    assert office.different((2, 3))  # accepted after the opening, so it can be taken back


def test_records_that_were_joined_without_a_word_get_one_from_the_migration(
    database: Database,
) -> None:
    office = Office(database, how_many=6)
    office.merge((0, 1))
    with database.writing() as work:
        cluster = work.session.get_one(PersonCluster, office.ids[0]).cluster_id
        other = uuid4()
        for each, of in ((2, cluster), (4, other), (5, other)):
            work.session.add(
                PersonCluster(person_id=office.ids[each], cluster_id=of, joined_at=NOW)
            )
    migrate.downgrade(database.engine, "0040_residency_register_run")
    migrate.upgrade(database.engine)
    assert set(accepted(office)) == {(0, 1), (0, 2), (4, 5)}
    assert office.clusters() == {frozenset({0, 1, 2}), frozenset({4, 5})}
    assert office.different((0, 2))
    assert office.clusters() == {frozenset({0, 1}), frozenset({4, 5})}
