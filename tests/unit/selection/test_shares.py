"""The Method of Equal Shares: exact, fair to every group, completed and compared as declared."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_budget.selection import (
    Completion,
    Draw,
    EqualShares,
    Method,
    Outcome,
    Project,
    TieStep,
    Utility,
    select,
)
from civic_budget.selection.wallets import electorate, share_out
from tests.unit.selection.elections import (
    APPROVAL,
    KRAKOW,
    Election,
    ballots_of,
    elections,
    projects_of,
    shares_winners,
)

PLAIN = EqualShares(completion=Completion.NONE)
SHARES = replace(APPROVAL, method=Method.EQUAL_SHARES, equal_shares=PLAIN)


def test_a_minority_gets_its_share_where_greedy_gives_all_to_the_majority() -> None:
    projects = projects_of(a=30, b=30, c=30, d=30)
    ballots = ballots_of("abc*4", "ab", "a", "d*3")

    assert set(select(projects, ballots, APPROVAL, 100).winners) == {"a", "b", "c"}
    shared = select(projects, ballots, SHARES, 100)
    assert "d" in shared.winners
    assert shared.adopted == "equal-shares"


def test_prices_are_exact_and_rows_follow_the_order_of_buying() -> None:
    protocol = select(projects_of(a=50, b=20, c=40), ballots_of("ab*2", "b", "c"), SHARES, 100)

    assert [(r.project, r.price, r.left_before, r.left_after) for r in protocol.decisions] == [
        ("b", Fraction(1, 3), 100, 80),
        ("a", None, 80, 80),
        ("c", None, 80, 80),
    ]
    assert protocol.endowment == 25


@pytest.mark.parametrize(
    ("utility", "first"), [(Utility.COST, "a"), (Utility.POINTS, "b")], ids=["cost", "points"]
)
def test_cost_utility_likes_support_point_utility_likes_cheapness(
    utility: Utility, first: str
) -> None:
    rule = replace(SHARES, equal_shares=replace(PLAIN, utility=utility))
    protocol = select(projects_of(a=60, b=6), ballots_of("ab*3", "a"), rule, 100)

    assert protocol.winners[0] == first


def test_points_on_an_ordinal_ballot_weigh_the_payments() -> None:
    """Three points pay three times what one point pays."""
    rule = replace(KRAKOW, method=Method.EQUAL_SHARES, equal_shares=PLAIN)
    protocol = select(projects_of(a=40, b=0, c=0), ballots_of("abc", "bca"), rule, 100)

    row = protocol.row_of("a")
    assert (row.points, row.price) == (4, Fraction(10, 40))


def test_add1_goes_on_until_a_result_would_overspend() -> None:
    """Nothing more fits after the first runs, yet a richer run still finds a better set."""
    projects = projects_of(a=60, b=41, c=40)
    ballots = ballots_of("a*5", "b*3", "c*2")
    none = select(projects, ballots, SHARES, 100)
    add1 = replace(SHARES, equal_shares=EqualShares(step=1))
    completed = select(projects, ballots, add1, 100)

    assert none.winners == ()
    assert completed.winners == ("a",)
    assert completed.endowment == 13
    assert completed.spent <= 100


def test_the_textbook_stops_as_soon_as_nothing_more_fits() -> None:
    projects = projects_of(a=50, b=30, c=20, d=80)
    ballots = ballots_of("a*5", "b*3", "cd*2")
    rules = {
        completion: replace(SHARES, equal_shares=EqualShares(completion=completion, step=1))
        for completion in (Completion.ADD1, Completion.ADD1_EXHAUSTIVE)
    }
    late = select(projects, ballots, rules[Completion.ADD1], 100)
    early = select(projects, ballots, rules[Completion.ADD1_EXHAUSTIVE], 100)

    assert late.endowment is not None and early.endowment is not None
    assert early.endowment == 10 < late.endowment
    assert set(early.winners) == set(late.winners) == {"a", "b", "c"}


def test_the_floor_keeps_out_what_costs_much_and_pleases_few() -> None:
    projects = projects_of(a=90, b=30)
    ballots = ballots_of("a", "b*3", "ab")
    rule = replace(SHARES, equal_shares=replace(PLAIN, floor=Fraction(3)))

    assert select(projects, ballots, rule, 100).row_of("a").outcome is Outcome.NO_MONEY
    strict = replace(SHARES, equal_shares=replace(PLAIN, floor=Fraction(1)))
    assert select(projects, ballots, strict, 100).row_of("a").outcome is Outcome.BELOW_THRESHOLD


def test_the_comparison_adopts_greedy_when_more_voters_prefer_it() -> None:
    """One dear project for six voters against two cheap ones for two each."""
    projects = projects_of(a=90, b=8, c=8)
    ballots = ballots_of("a*6", "b*3", "c*2")
    rule = replace(SHARES, equal_shares=replace(PLAIN, comparison=True))
    alone = select(projects, ballots, SHARES, 100)
    compared = select(projects, ballots, rule, 100)

    assert set(alone.winners) == {"b", "c"}
    assert compared.adopted == "greedy"
    assert compared.notes == {"prefer_equal_shares": 2, "prefer_greedy": 6}
    assert compared.winners == ("a", "b")


def test_lots_for_the_greedy_side_only_when_it_could_be_adopted() -> None:
    rule = replace(SHARES, equal_shares=replace(PLAIN, comparison=True))
    projects = projects_of(a=90, b=8, c=8)
    doubtful = select(projects, ballots_of("a*6", "b*2", "c*2"), rule, 100)
    assert (doubtful.adopted, doubtful.is_complete) == ("greedy", False)
    assert doubtful.draws[0].projects == ("b", "c")

    more = [*projects, *projects_of(d=15, e=12)]
    certain = select(more, ballots_of("a*5", "d*4", "e*3", "b*2", "c*2"), rule, 100)
    assert (certain.adopted, certain.is_complete) == ("equal-shares", True)


def test_the_comparison_keeps_equal_shares_on_a_draw_of_opinions() -> None:
    rule = replace(SHARES, equal_shares=replace(PLAIN, comparison=True))
    protocol = select(projects_of(a=10, b=10), ballots_of("a", "b"), rule, 20)

    assert protocol.adopted == "equal-shares"
    assert protocol.notes == {"prefer_equal_shares": 0, "prefer_greedy": 0}


def test_groups_thresholds_and_withdrawn_projects() -> None:
    group = frozenset({"square"})
    projects = [
        Project("a", 10, groups=group),
        Project("b", 10, groups=group),
        Project("c", 10, withdrawn=True),
        Project("d", 10),
    ]
    ballots = ballots_of("abc*3", "ac", "d")
    protocol = select(projects, ballots, SHARES, 500)

    found = {row.project: (row.outcome.value, row.excluded_by) for row in protocol.decisions}
    assert found == {
        "a": ("selected", None),
        "b": ("excluded", "a"),
        "c": ("withdrawn", None),
        "d": ("selected", None),
    }
    elsewhere = select(projects, ballots, SHARES, 500, taken={"square": "X"})
    assert [elsewhere.row_of(p).excluded_by for p in "ab"] == ["X", "X"]


def test_equal_prices_are_drawn_only_when_it_matters() -> None:
    both = projects_of(a=60, b=60)
    apart = ballots_of("a", "b")
    assert select(both, apart, SHARES, 120).is_complete

    together = ballots_of("ab*2")
    tied = select(both, together, SHARES, 100)
    assert not tied.is_complete
    assert tied.draws[0].projects == ("a", "b")
    assert {row.outcome for row in tied.decisions} == {Outcome.UNDECIDED}
    drawn = select(both, together, SHARES, 100, draw=Draw(order=("b", "a")))
    assert drawn.winners == ("b",)
    assert drawn.draws[0].order == ("b", "a")
    chain = replace(SHARES, ties=(TieStep.LOWER_COST,))
    assert select(projects_of(a=60, b=60), together, chain, 100).is_complete is False


def test_nobody_voted() -> None:
    protocol = select(projects_of(a=10), {}, SHARES, 100)

    assert (protocol.winners, protocol.spent, protocol.is_complete) == ((), 0, True)


@given(elections(most_projects=4), st.booleans())
def test_against_a_voter_by_voter_reference(election: Election, by_cost: bool) -> None:
    """Complete exactly when every order of equal prices gives the same winners; then those."""
    from itertools import permutations

    projects, ballots, budget = election
    utility = Utility.COST if by_cost else Utility.POINTS
    rule = replace(SHARES, equal_shares=replace(PLAIN, utility=utility))
    ids = [project.id for project in projects]
    results = {
        frozenset(shares_winners(election, order, by_cost=by_cost)) for order in permutations(ids)
    }
    protocol = select(projects, ballots, rule, budget)

    assert protocol.is_complete == (len(results) == 1)
    if protocol.is_complete:
        assert frozenset(protocol.winners) in results
    drawn = select(projects, ballots, rule, budget, draw=Draw(order=tuple(ids)))
    reference = shares_winners(election, ids, by_cost=by_cost)
    assert frozenset(drawn.winners) == frozenset(reference)


@given(elections(groups=False), st.integers(1, 40), st.sampled_from(Utility))
def test_every_result_is_priceable(election: Election, endowment: int, utility: Utility) -> None:
    """Voters pay only for what they support, never more than their share, every winner is paid
    in full, and no backers of a loser still hold its cost (Peters and Skowron, 2020)."""
    projects, ballots, _ = election
    running = [project for project in projects if not project.withdrawn]
    rule = replace(SHARES, equal_shares=replace(PLAIN, utility=utility))
    voters = electorate(running, ballots, rule)
    result = share_out(voters, Fraction(endowment), min)
    sizes = list(ballots.values())
    picks = [ballot.picks for ballot in ballots]

    spent = sum((endowment - left) * size for left, size in zip(result.wallets, sizes, strict=True))
    assert spent == sum(voters.projects[project].cost for project in result.bought)
    for left, chosen in zip(result.wallets, picks, strict=True):
        assert 0 <= left <= endowment
        assert left == endowment or set(chosen) & set(result.bought)
    for project in running:
        backing = [
            left * size
            for left, size, chosen in zip(result.wallets, sizes, picks, strict=True)
            if project.id in chosen
        ]
        if project.id not in result.bought:
            assert not backing or sum(backing) < project.cost


@given(elections(), st.sampled_from(Completion), st.booleans())
def test_completion_never_overspends_and_never_buys_less(
    election: Election, completion: Completion, compare: bool
) -> None:
    projects, ballots, budget = election
    parameters = EqualShares(completion=completion, step=1, comparison=compare)
    rule = replace(SHARES, equal_shares=parameters)
    protocol = select(projects, ballots, rule, budget, draw=Draw(seed="3"))

    assert protocol.spent <= budget
    assert sorted(r.project for r in protocol.decisions) == sorted(p.id for p in projects)
    backwards = select(
        projects[::-1], dict(reversed(ballots.items())), rule, budget, draw=Draw(seed="3")
    )
    assert backwards == protocol
