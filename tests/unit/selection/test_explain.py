"""What people ask under a protocol, answered so that following the answer really wins."""

from dataclasses import replace

import pytest
from hypothesis import assume, given

from civic_budget.selection import (
    Ballot,
    Draw,
    Measure,
    Misfit,
    Outcome,
    Project,
    Protocol,
    Threshold,
    money_takers,
    near_misses,
    select,
    support_missing,
    winning_cost,
)
from tests.unit.selection.elections import APPROVAL, Election, ballots_of, elections, projects_of

PROJECTS = projects_of(a=50, b=60, c=45, d=90)
LADDER = ballots_of("a*9", "b*6", "c*5", "d*2")


@pytest.fixture(name="protocol")
def the_protocol() -> Protocol:
    """a and c win, b and d find no money."""
    return select(PROJECTS, LADDER, APPROVAL, 100)


def test_who_took_the_money(protocol: Protocol) -> None:
    assert [row.project for row in money_takers(protocol, "b")] == ["a"]
    assert [row.project for row in money_takers(protocol, "d")] == ["a", "c"]


def test_the_cost_at_which_it_would_have_won(protocol: Protocol) -> None:
    assert winning_cost(protocol, "b") == 50
    cheaper = [replace(p, cost=50) if p.id == "b" else p for p in PROJECTS]
    assert "b" in select(cheaper, LADDER, APPROVAL, 100).winners
    assert winning_cost(protocol, "a") is None


def test_how_many_votes_were_missing(protocol: Protocol) -> None:
    missing = {p.id: support_missing(protocol, p, APPROVAL) for p in PROJECTS}

    assert missing == {"a": None, "b": 4, "c": None, "d": 8}
    assert [miss.project for miss in near_misses(protocol, PROJECTS, APPROVAL)] == ["b", "d"]
    assert len(near_misses(protocol, PROJECTS, APPROVAL, limit=1)) == 1


def test_below_a_threshold_at_least_the_threshold_is_missing() -> None:
    rule = replace(APPROVAL, threshold=Threshold(Measure.VOTES, 4), order=APPROVAL.order.VOTES)
    protocol = select([*PROJECTS, Project("e", 1)], LADDER, rule, 100)

    assert support_missing(protocol, Project("e", 1), rule) == 4


def test_nothing_helps_what_costs_more_than_the_pool(protocol: Protocol) -> None:
    dear = [*projects_of(a=50), Project("d", 101)]
    result = select(dear, ballots_of("a", "d"), APPROVAL, 100)

    assert support_missing(result, dear[1], APPROVAL) is None


@given(elections(groups=True))
def test_the_missing_support_really_wins_and_less_by_one_place_does_not(election: Election) -> None:
    projects, ballots, budget = election
    protocol = select(projects, ballots, APPROVAL, budget)
    assume(protocol.is_complete)
    losers = [row for row in protocol.decisions if row.outcome is Outcome.NO_MONEY]
    for row in losers:
        project = next(p for p in projects if p.id == row.project)
        missing = support_missing(protocol, project, APPROVAL, projects)
        if missing is None:
            continue
        more = ballots.copy()
        more[Ballot((row.project,))] += missing
        helped = select(projects, more, APPROVAL, budget, draw=Draw(seed="5"))
        assert row.project in helped.winners
        if missing > 2:
            less = ballots.copy()
            less[Ballot((row.project,))] += missing - 2
            again = select(projects, less, APPROVAL, budget, draw=Draw(seed="5"))
            assert row.project not in again.winners


def test_after_a_stop_the_missing_support_is_measured_above_the_misfit() -> None:
    rule = replace(APPROVAL, misfit=Misfit.STOP)
    protocol = select(PROJECTS, LADDER, rule, 100)

    assert protocol.row_of("c").outcome is Outcome.NOT_REACHED
    assert support_missing(protocol, PROJECTS[2], rule) == 2


def test_no_support_helps_against_a_winner_of_another_pool() -> None:
    projects = [replace(projects_of(a=10)[0], groups=frozenset({"park"})), *projects_of(b=10)]
    shut_out = select(projects, ballots_of("b*2", "a"), APPROVAL, 10, taken={"park": "elsewhere"})

    assert support_missing(shut_out, projects[0], APPROVAL, projects) is None
    assert (
        support_missing(
            select(projects, ballots_of("b*2", "a"), APPROVAL, 10), projects[0], APPROVAL
        )
        == 2
    )
