"""Walking down the list: fund what fits, and say in every row why not."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from civic_budget.selection import (
    Ballot,
    BallotKind,
    Draw,
    Measure,
    Misfit,
    Order,
    Outcome,
    Project,
    Rule,
    SelectionError,
    Threshold,
    TieStep,
    select,
)
from tests.unit.selection.elections import (
    APPROVAL,
    KRAKOW,
    Election,
    ballots_of,
    elections,
    greedy_results,
    projects_of,
    rules,
)

LADDER = ballots_of("a*5", "b*4", "c*3", "d*2")


def outcomes(rule: Rule, projects: list[Project], budget: int) -> dict[str, str]:
    """What is decided about each project when a, b, c, d stand in this order."""
    protocol = select(projects, LADDER, rule, budget)
    return {row.project: row.outcome.value for row in protocol.decisions}


def test_krakow_points_and_skipping() -> None:
    projects = projects_of(a=50, b=60, c=40, d=10)
    ballots = ballots_of("abc*3", "bac*2", "cda")
    protocol = select(projects, ballots, KRAKOW, 100)

    assert [
        (r.rank, r.project, r.points, r.votes, r.outcome.value) for r in protocol.decisions
    ] == [
        (1, "a", 14, 6, "selected"),
        (2, "b", 12, 5, "no_money"),
        (3, "c", 8, 6, "selected"),
        (4, "d", 2, 1, "selected"),
    ]
    assert [(row.left_before, row.left_after) for row in protocol.decisions] == [
        (100, 50),
        (50, 50),
        (50, 10),
        (10, 0),
    ]
    assert (protocol.winners, protocol.spent, protocol.left) == (("a", "c", "d"), 100, 0)


@pytest.mark.parametrize(
    ("misfit", "expected"),
    [
        (Misfit.SKIP, "selected no_money selected selected"),
        (Misfit.STOP, "selected no_money not_reached not_reached"),
        (Misfit.TOP_UP, "selected topped_up not_reached not_reached"),
    ],
)
def test_what_happens_at_a_misfit(misfit: Misfit, expected: str) -> None:
    found = outcomes(replace(APPROVAL, misfit=misfit), projects_of(a=50, b=60, c=30, d=20), 100)

    assert " ".join(found.values()) == expected


def test_topping_up_takes_the_rest_of_the_pool_and_names_the_reserve() -> None:
    rule = replace(APPROVAL, misfit=Misfit.TOP_UP)
    protocol = select(projects_of(a=60, b=50), LADDER_AB, rule, 100)

    assert protocol.decisions[1].reserve == 10
    assert (protocol.spent, protocol.left) == (100, 0)
    assert select(projects_of(a=60, b=51), LADDER_AB, rule, 100).winners == ("a",)


LADDER_AB = ballots_of("a*5", "b*4")


@pytest.mark.parametrize(
    ("threshold", "winners"),
    [
        (Threshold(), "abcd"),
        (Threshold(Measure.VOTES, 3), "abc"),
        (Threshold(Measure.POINTS, 4), "ab"),
        (Threshold(share=Fraction(4, 14)), "ab"),
        (Threshold(Measure.VOTES, 5, Fraction(1, 14)), "a"),
    ],
)
def test_thresholds_as_number_and_share(threshold: Threshold, winners: str) -> None:
    rule = replace(APPROVAL, threshold=threshold)
    found = outcomes(rule, projects_of(a=1, b=1, c=1, d=1), 10)

    assert "".join(project for project in found if found[project] == "selected") == winners
    assert set(found.values()) <= {"selected", "below_threshold"}


def test_of_an_exclusive_group_only_the_first_wins() -> None:
    projects = [
        Project("a", 10, groups=frozenset({"square"})),
        Project("b", 10, groups=frozenset({"square", "street"})),
        Project("c", 10, groups=frozenset({"street"})),
        Project("d", 90, groups=frozenset()),
    ]
    protocol = select(projects, LADDER, APPROVAL, 50)

    assert {row.project: (row.outcome.value, row.excluded_by) for row in protocol.decisions} == {
        "a": ("selected", None),
        "b": ("excluded", "a"),
        "c": ("selected", None),
        "d": ("no_money", None),
    }


def test_a_group_served_in_another_pool_excludes_here() -> None:
    projects = [Project("a", 10, groups=frozenset({"square"})), Project("b", 10)]
    protocol = select(projects, LADDER_AB, APPROVAL, 50, taken={"square": "D7.1"})

    assert protocol.winners == ("b",)
    assert protocol.row_of("a").excluded_by == "D7.1"


def test_a_withdrawn_project_keeps_its_votes_and_cannot_win() -> None:
    projects = [Project("a", 10, withdrawn=True), Project("b", 10)]
    protocol = select(projects, LADDER_AB, APPROVAL, 50)

    assert (protocol.row_of("a").outcome, protocol.row_of("a").votes) == (Outcome.WITHDRAWN, 5)
    assert protocol.winners == ("b",)


@pytest.mark.parametrize(
    ("kind", "ballots", "expected"),
    [
        (BallotKind.APPROVAL, [Ballot(("a", "b")), Ballot(("b",))], {"a": (1, 1), "b": (2, 2)}),
        (BallotKind.CHOOSE_ONE, [Ballot(("a",)), Ballot(())], {"a": (1, 1), "b": (0, 0)}),
        (
            BallotKind.CUMULATIVE,
            [Ballot(("a", "b"), (2, 1)), Ballot(("b",), (3,))],
            {"a": (2, 1), "b": (4, 2)},
        ),
        (BallotKind.POINTS, [Ballot(("a", "b"), (0, 5))], {"a": (0, 0), "b": (5, 1)}),
    ],
)
def test_every_kind_of_ballot_is_counted(
    kind: BallotKind, ballots: list[Ballot], expected: dict[str, tuple[int, int]]
) -> None:
    rule = Rule(name="test", ballot=kind)
    protocol = select(projects_of(a=1, b=1), Counter(ballots), rule, 5)

    assert {row.project: (row.points, row.votes) for row in protocol.decisions} == expected


def test_order_by_votes_by_points_and_by_points_per_cost() -> None:
    ballots = ballots_of("ab*2", "cb", "ca")

    def ranking(order: Order) -> str:
        rule = replace(KRAKOW, order=order)
        rows = select(projects_of(a=40, b=30, c=10), ballots, rule, 100).decisions
        return "".join(row.project for row in rows)

    assert ranking(Order.POINTS) == "abc"
    assert ranking(Order.VOTES) == "abc"
    assert ranking(Order.POINTS_PER_COST) == "cab"


@pytest.mark.parametrize(
    ("code", "projects", "ballots", "rule", "budget"),
    [
        ("project_twice", [Project("a", 1), Project("a", 2)], {}, APPROVAL, 1),
        ("cost_negative", [Project("a", -1)], {}, APPROVAL, 1),
        ("budget_negative", [Project("a", 1)], {}, APPROVAL, -1),
        ("unknown_project", [Project("a", 1)], {Ballot(("b",)): 1}, APPROVAL, 1),
        ("pick_twice", [Project("a", 1)], {Ballot(("a", "a")): 1}, APPROVAL, 1),
        ("count_negative", [Project("a", 1)], {Ballot(("a",)): -1}, APPROVAL, 1),
        (
            "too_many_picks",
            projects_of(a=1, b=1),
            ballots_of("ab"),
            Rule(name="test", ballot=BallotKind.CHOOSE_ONE),
            1,
        ),
        (
            "points_missing",
            [Project("a", 1)],
            ballots_of("a"),
            Rule(name="test", ballot=BallotKind.CUMULATIVE),
            1,
        ),
        (
            "points_negative",
            [Project("a", 1)],
            {Ballot(("a",), (-1,)): 1},
            Rule(name="test", ballot=BallotKind.POINTS),
            1,
        ),
    ],
)
def test_impossible_input_is_refused(
    code: str, projects: list[Project], ballots: dict[Ballot, int], rule: Rule, budget: int
) -> None:
    with pytest.raises(SelectionError) as caught:
        select(projects, ballots, rule, budget)

    assert caught.value.code == code
    assert "{" not in str(caught.value)


@given(elections(), rules)
def test_the_only_possible_result_or_a_draw(election: Election, rule: Rule) -> None:
    """Against every order of equal projects: complete exactly when all give the same winners."""
    projects, ballots, budget = election
    results = greedy_results(election, rule)
    protocol = select(projects, ballots, rule, budget)

    assert protocol.is_complete == (len(results) == 1)
    if protocol.is_complete:
        assert {frozenset(protocol.winners)} == results
    drawn = select(projects, ballots, rule, budget, draw=Draw(seed="7 11 19"))
    assert drawn.is_complete
    assert frozenset(drawn.winners) in results


@given(elections(), rules)
def test_the_protocol_adds_up(election: Election, rule: Rule) -> None:
    projects, ballots, budget = election
    protocol = select(projects, ballots, rule, budget, draw=Draw(seed="7"))
    rows = protocol.decisions

    assert sorted(row.project for row in rows) == sorted(project.id for project in projects)
    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    standing = [row.points if rule.order is Order.POINTS else row.votes for row in rows]
    assert standing == sorted(standing, reverse=True)
    left = budget
    for row in rows:
        assert row.left_before == left
        left -= row.cost - row.reserve if row.won else 0
        assert row.left_after == left >= 0
    assert protocol.left == left
    assert protocol.spent <= budget


@given(elections(), rules)
def test_order_of_input_and_names_do_not_matter(election: Election, rule: Rule) -> None:
    projects, ballots, budget = election
    protocol = select(projects, ballots, rule, budget)
    backwards = select(projects[::-1], dict(reversed(ballots.items())), rule, budget)
    assert backwards == protocol

    name = {project.id: f"p{9 - n}" for n, project in enumerate(projects)}
    renamed = select(
        [replace(project, id=name[project.id]) for project in projects],
        {Ballot(tuple(name[p] for p in b.picks)): size for b, size in ballots.items()},
        rule,
        budget,
    )
    assert renamed.is_complete == protocol.is_complete
    assert set(renamed.winners) == {name[project] for project in protocol.winners}


@given(elections(groups=False))
def test_more_money_never_leaves_more_unspent_than_the_cheapest_loser(election: Election) -> None:
    """Skipping misfits exhausts the pool: no project that lost could still be paid."""
    projects, ballots, budget = election
    protocol = select(projects, ballots, KRAKOW, budget, draw=Draw(seed="1"))
    lost = [row.cost for row in protocol.decisions if row.outcome is Outcome.NO_MONEY]

    assert all(cost > protocol.left for cost in lost)


def test_chain_before_lots() -> None:
    """Equal points: the declared steps decide in their order, lots only what they leave."""
    projects = projects_of(a=60, b=70)
    rule = replace(KRAKOW, ties=(TieStep.MORE_FIRST_CHOICES, TieStep.LOWER_COST))
    equal = ballots_of("a", "b")

    assert not select(projects, equal, KRAKOW, 100).is_complete
    decided = select(projects, equal, rule, 100)
    assert decided.winners == ("a",)
    tie = decided.row_of("b").tie
    assert tie is not None
    assert (tie.projects, tie.settled_by) == (("a", "b"), "lower-cost")
    assert not select(projects_of(a=60, b=60), equal, rule, 100).is_complete
