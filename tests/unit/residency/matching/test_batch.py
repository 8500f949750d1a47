"""The engine: seven keys, crowds, processes, and a floor under precision and recall."""

from datetime import date

import pytest

from bench.matching import ordered, record, three_keys
from bench.people import City, true_pairs
from civic_budget.residency.matching import IdentityRecord
from civic_budget.residency.matching.batch import candidate_pairs, match_people
from civic_budget.residency.matching.blocking import LARGEST_BLOCK, Blocks

BORN = date(1990, 5, 17)
OLENA = IdentityRecord("Olena", "Kravchenko", BORN)
HELENA = IdentityRecord("Helena", "Krawczenko", BORN)
IVAN = IdentityRecord("Ivan", "Bondar", date(1985, 1, 2))


def test_pairs_carry_ids_in_the_order_of_the_input() -> None:
    run = match_people([("b", OLENA), ("x", IVAN), ("a", HELENA)])
    (pair,) = run.pairs
    assert (pair.id_a, pair.id_b) == ("b", "a")
    assert (run.compared, run.crowds) == (1, 0)


def test_surest_pairs_come_first() -> None:
    slip = IdentityRecord("Olena", "Kravchenko-Bondar", BORN)
    run = match_people([("1", slip), ("2", OLENA), ("3", OLENA)])
    scores = [pair.comparison.score for pair in run.pairs]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_nobody_and_one_make_no_pair() -> None:
    assert match_people([]).pairs == ()
    assert match_people([("1", OLENA)]).pairs == ()


def test_a_pair_that_shares_several_keys_is_compared_once() -> None:
    assert candidate_pairs([(b"a", b"b"), (b"c",), (b"b", b"a")]) == ([(0, 2)], 0)


def test_a_crowd_is_counted_not_compared() -> None:
    keys = [(b"office",)] * (LARGEST_BLOCK + 1)
    assert candidate_pairs(keys) == ([], 1)
    assert len(candidate_pairs(keys[:-1])[0]) == LARGEST_BLOCK * (LARGEST_BLOCK - 1) // 2


def test_the_largest_crowds_are_passed_over_first_where_too_many_would_meet() -> None:
    blocks = Blocks()
    for position in range(10):
        blocks.add(position, (b"crowd", b"pair1" if position < 2 else b"%d alone" % position))
    met = blocks.meetings(most=20)
    assert (list(met), met.crowds) == ([(0, 1)], 1)
    with pytest.raises(ValueError, match="at most"):
        blocks.add(1 << 24, ())


def test_progress_names_both_stages_and_ends_full() -> None:
    heard: list[tuple[str, int, int]] = []
    match_people([("1", OLENA), ("2", HELENA)], progress=lambda *said: heard.append(said))
    assert heard == [("keys", 2, 2), ("pairs", 1, 1)]


@pytest.mark.parametrize("seed", [51, 52])
def test_precision_and_recall_on_a_small_city(seed: int) -> None:
    """A floor with room for chance; bench/matching.md has the figures of whole cities."""
    entries = City(seed, 3_000, hold_out=True, second_entries=0.1).entries()
    truth = true_pairs(entries)
    people = [(e.row["id"], record(e)) for e in entries]
    found = ordered((p.id_a, p.id_b) for p in match_people(people).pairs)
    at_registration = three_keys(people)
    assert len(truth) > 200
    assert len(found & truth) >= 0.97 * len(found)
    assert len(found & truth) >= 0.95 * len(truth)
    assert len(at_registration & truth) >= 0.97 * len(at_registration)
    assert len(at_registration & truth) >= 0.91 * len(truth)


def test_two_processes_find_what_one_finds() -> None:
    people = [(e.row["id"], record(e)) for e in City(53, 5_200, hold_out=False).entries()]
    assert match_people(people, processes=2) == match_people(people)
