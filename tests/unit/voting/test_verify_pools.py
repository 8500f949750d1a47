"""verify.py and pools that share groups and money: what one pool took, another cannot have."""

from dataclasses import replace

import pytest

from civic_budget.selection import rule_from, rule_to
from civic_budget.voting.board import build_board
from civic_budget.voting.choice import BallotRule, Kind
from civic_budget.voting.codes import control_code
from civic_budget.voting.frozen import FrozenLevel, FrozenList, FrozenProject, FrozenScope
from civic_budget.voting.opening import Ballot, Opened

from .boards import facts_of, put, run_verify, winners_of
from .builders import ROUND

APPROVAL = BallotRule(Kind.APPROVAL, max_picks=3)


def refusal(board):
    code, said = run_verify(board)
    assert code == 1, said
    return said


def two_pools(first_groups):
    """The city and one district, each with money for both of its projects; one group in common."""
    city = (FrozenProject("C1", "C1", 100_00, ("square",)), FrozenProject("C2", "C2", 100_00))
    district = (FrozenProject("D1", "D1", 100_00, first_groups), FrozenProject("D2", "D2", 100_00))
    scopes = [
        FrozenScope(code, code, 200_00, APPROVAL, rule_to(APPROVAL_RULE), projects)
        for code, projects in (("city", city), ("d01", district))
    ]
    levels = tuple(FrozenLevel(scope.code, (scope,)) for scope in scopes)
    ballots = tuple(
        Ballot(scope.code, control_code(scope.code, b"n" * 32), scope.projects[0].id)
        for scope in scopes
    )
    return FrozenList(ROUND, "Dwie pule", levels), Opened(ballots, {"web": 1, "paper": 0}, {})


APPROVAL_RULE = rule_from({"name": "test", "ballot": "approval", "draw_event": "dice"})


@pytest.mark.parametrize(("groups", "accepted"), [(("square",), True), ((), False)])
def test_a_group_may_be_taken_only_by_a_winner_of_another_pool(tmp_path, groups, accepted):
    frozen, opened = two_pools(groups)
    city, district = frozen.scopes
    outcomes = {
        "d01": winners_of(district, opened.ballots, APPROVAL_RULE),
        "city": winners_of(city, opened.ballots, APPROVAL_RULE, taken={"square": "D1"}),
    }
    assert outcomes["city"].winners == ("C2",) and "D1" in outcomes["d01"].winners
    facts = replace(facts_of(opened, replace(frozen, levels=())), frozen=frozen, outcomes=outcomes)
    board = put(tmp_path / "b", build_board(facts))
    if accepted:
        assert run_verify(board)[0] == 0
    else:
        assert "city names a group as taken that no other pool served" in refusal(board)


@pytest.mark.parametrize(("left", "accepted"), [(50_00, True), (40_00, False)])
def test_money_added_to_a_pool_must_have_been_left_by_others(tmp_path, left, accepted):
    frozen, opened = two_pools(())
    poor, rich = (
        replace(s, budget=b) for s, b in zip(frozen.scopes, (50_00, 200_00 + left), strict=True)
    )
    frozen = replace(frozen, levels=(FrozenLevel("city", (poor,)), FrozenLevel("d01", (rich,))))
    outcomes = {
        "d01": winners_of(rich, opened.ballots, APPROVAL_RULE),
        "city": winners_of(poor, opened.ballots, APPROVAL_RULE, added=50_00),
    }
    facts = replace(facts_of(opened, replace(frozen, levels=())), frozen=frozen, outcomes=outcomes)
    board = put(tmp_path / "b", build_board(facts))
    if accepted:
        assert "city: 1 ballots, 1 of 2 projects won, 100.00 PLN" in run_verify(board)[1]
    else:
        assert "more money was added to pools than others had left" in refusal(board)
