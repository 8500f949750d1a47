"""The same ballots under six rules, side by side."""

from collections import Counter

from civic_budget.results.compare import compare_rules, rules_to_compare, served, usual_step
from civic_budget.results.replay import Contest
from civic_budget.selection import Ballot, Draw, load_preset
from tests.unit.selection.elections import APPROVAL, ballots_of, projects_of

CONTEST = Contest(
    tuple(projects_of(a=30, b=31, c=32, d=30)), ballots_of("abc*4", "ab", "a", "d*3"), 100
)


def test_six_rules_and_what_they_give() -> None:
    results = {r.name: r for r in compare_rules(CONTEST, rules_to_compare(APPROVAL, 1))}

    assert list(results) == [
        "greedy",
        "greedy-points-per-cost",
        "equal-shares-points",
        "equal-shares-points-add1",
        "equal-shares-cost",
        "equal-shares-cost-add1",
    ]
    assert results["greedy"].protocol.winners == ("a", "b", "c")
    assert (results["greedy"].served, results["greedy"].served_per_mille) == (6, 666)
    assert results["equal-shares-cost"].protocol.winners == ("a", "d")
    assert results["equal-shares-cost"].served_per_mille == 1000
    assert results["equal-shares-cost-add1"].protocol.spent <= 100
    assert set(results["equal-shares-cost-add1"].protocol.winners) > {"a", "d"}


def test_thresholds_are_left_out_and_the_ballot_stays() -> None:
    rules = rules_to_compare(load_preset("warszawa"), 100)

    assert {rule.threshold.number for rule in rules.values()} == {0}
    assert {rule.ballot.value for rule in rules.values()} == {"approval"}


def test_served_are_those_who_gave_a_winner_a_point() -> None:
    ballots = Counter({Ballot(("a", "b"), (0, 3)): 2, Ballot(("a",), (1,)): 5, Ballot(()): 1})

    assert served(ballots, ["a"]) == 5
    assert served(ballots, ["a", "b"]) == 7
    assert served(ballots, []) == 0


def test_the_unit_grows_with_the_share_but_is_whole_zloty() -> None:
    few = Contest(CONTEST.projects, ballots_of("a*2"), 2_000_000)

    assert usual_step(CONTEST) == 100
    assert usual_step(few) == 20_000


def test_draws_are_passed_on() -> None:
    tied = Contest(tuple(projects_of(a=60, b=60)), ballots_of("a", "b"), 100)
    rules = rules_to_compare(APPROVAL, 1)

    assert not compare_rules(tied, rules)[0].protocol.is_complete
    assert compare_rules(tied, rules, Draw(order=("b", "a")))[0].protocol.winners == ("b",)
