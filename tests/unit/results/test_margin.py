"""How few removed ballots could change the winners: bounds that hold, exact where they meet."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings

from civic_budget.pabulib import read
from civic_budget.results.margin import Margin, margin
from civic_budget.results.replay import Contest, contest_from
from civic_budget.results.resampling import stability
from civic_budget.selection import (
    Completion,
    EqualShares,
    Measure,
    Method,
    Misfit,
    Rule,
    Threshold,
    load_preset,
    select,
)
from tests.unit.pabulib.samples import needs_real_files, real_files
from tests.unit.selection.elections import (
    APPROVAL,
    KRAKOW,
    Election,
    ballots_of,
    elections,
    projects_of,
    rules,
)


def contest_of(election: Election) -> Contest:
    """The election as a contest."""
    projects, ballots, budget = election
    return Contest(tuple(projects), ballots, budget)


def by_trying_everything(contest: Contest, rule: Rule) -> int | None:
    """The size of the smallest removal after which the winners differ or must be drawn."""
    before = select(contest.projects, contest.ballots, rule, contest.budget)
    cast = list(Counter(contest.ballots).elements())
    for size in range(1, len(cast) + 1):
        for removed in combinations(range(len(cast)), size):
            kept = Counter(ballot for n, ballot in enumerate(cast) if n not in removed)
            after = select(contest.projects, kept, rule, contest.budget)
            if not after.is_complete or set(after.winners) != set(before.winners):
                return size
    return None


def assert_bounds_hold(contest: Contest, rule: Rule, found: Margin) -> None:
    truth = by_trying_everything(contest, rule)
    if truth is None:
        assert found.upper is None
        return
    assert found.lower <= truth
    assert found.upper is None or found.upper >= truth
    if found.upper is not None:
        assert found.removed is not None
        assert sum(found.removed.values()) == found.upper
        kept = Counter(contest.ballots) - Counter(found.removed)
        after = select(contest.projects, kept, rule, contest.budget)
        before = select(contest.projects, contest.ballots, rule, contest.budget)
        assert not after.is_complete or set(after.winners) != set(before.winners)


@settings(deadline=None, max_examples=60)
@given(elections(most_projects=4), rules)
def test_bounds_against_trying_every_removal(election: Election, rule: Rule) -> None:
    contest = contest_of(election)
    found = margin(contest, rule)
    if select(contest.projects, contest.ballots, rule, contest.budget).is_complete:
        assert_bounds_hold(contest, rule, found)
    else:
        assert (found.lower, found.upper) == (0, 0)


@pytest.mark.parametrize(
    ("ballots", "expected"),
    [
        (("a*9", "b*6"), 3),
        (("abc*4", "bca*1"), 2),
        (("ab*5", "ba*4"), 1),
    ],
)
def test_exact_margins_of_two_that_do_not_both_fit(ballots: tuple[str, ...], expected: int) -> None:
    contest = Contest(tuple(projects_of(a=60, b=70, c=99)), ballots_of(*ballots), 90)
    found = margin(contest, KRAKOW)

    assert found.is_exact
    assert found.upper == expected
    assert set(found.changed) == {"a", "b"}


def test_a_winner_near_its_threshold() -> None:
    contest = Contest(tuple(projects_of(a=10, b=10)), ballots_of("a*9", "b*6"), 90)
    rule = replace(APPROVAL, threshold=Threshold(Measure.VOTES, 5))

    assert margin(contest, rule) == Margin(2, 2, ("b",), ballots_of("b*2"))


def test_when_all_are_funded_only_a_threshold_could_change_it() -> None:
    contest = Contest(tuple(projects_of(a=10, b=10)), ballots_of("a*9", "b*6"), 90)

    assert margin(contest, APPROVAL).upper is None


def test_stopping_at_the_misfit() -> None:
    contest = Contest(tuple(projects_of(a=60, b=50, c=40)), ballots_of("a*9", "b*6", "c*4"), 100)
    found = margin(contest, replace(APPROVAL, misfit=Misfit.STOP))

    assert (found.lower, found.upper) == (2, 2)
    assert "c" in found.changed


def test_equal_shares_only_show_an_upper_bound() -> None:
    shares = EqualShares(completion=Completion.NONE)
    rule = replace(APPROVAL, method=Method.EQUAL_SHARES, equal_shares=shares)
    contest = Contest(tuple(projects_of(a=50, b=40)), ballots_of("a*6", "b*4"), 100)
    found = margin(contest, rule)

    assert (found.lower, found.upper) == (1, 1)
    assert_bounds_hold(contest, rule, found)


def test_resampling_is_repeatable_and_tells_firm_from_shaky() -> None:
    contest = Contest(tuple(projects_of(a=30, b=60, c=61)), ballots_of("a*90", "b*41", "c*40"), 100)
    found = stability(contest, APPROVAL, seed="x", rounds=60)

    assert found == stability(contest, APPROVAL, seed="x", rounds=60)
    assert found != stability(contest, APPROVAL, seed="y", rounds=60)
    assert found.wins["a"] == 60
    assert 20 < found.wins["b"] < 60
    assert found.wins["b"] + found.wins["c"] == 60
    assert found.same_winners == found.wins["b"]


def test_resampling_without_voters() -> None:
    empty = Contest(tuple(projects_of(a=30)), Counter(), 100)

    assert stability(empty, APPROVAL, seed="x", rounds=3).same_winners == 3


@needs_real_files
def test_margins_of_real_districts_are_mostly_exact() -> None:
    found = {}
    for path in real_files():
        if "_Krakow_2021_" in path.name:
            found[path.stem] = margin(contest_from(read(path)), load_preset("krakow"))

    assert len(found) == 18
    assert found["Poland_Krakow_2021_Bienczyce"].upper == 1
    assert all(m.upper is not None and m.lower <= m.upper for m in found.values())
    assert sum(m.is_exact for m in found.values()) >= 14
