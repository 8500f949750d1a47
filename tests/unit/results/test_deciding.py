"""The pools of a round together: what a district builds, the city does not pay for again."""

from __future__ import annotations

from civic_budget.results.deciding import Decided, decide_all, outcomes_of, served_by
from civic_budget.selection import Draw, Outcome, load_preset, protocol_to, rule_to
from civic_budget.voting.board import Outcome as Declared
from civic_budget.voting.choice import BallotRule, Kind
from civic_budget.voting.frozen import FrozenLevel, FrozenList, FrozenProject, FrozenScope
from civic_budget.voting.opening import Ballot
from tests.unit.voting.builders import ROUND

RULE = rule_to(load_preset("krakow"))


def pool(code: str, budget: int, *projects: tuple[str, int, tuple[str, ...]]) -> FrozenScope:
    """A pool of projects (id, cost, exclusive groups)."""
    listed = tuple(FrozenProject(name, name, cost, groups) for name, cost, groups in projects)
    ballot = BallotRule(Kind.POINTS, min_picks=1, max_picks=3, points=(3, 2, 1))
    return FrozenScope(code, code, budget, ballot, RULE, listed)


def both_lists() -> FrozenList:
    """A park stands on both lists; the district's pool pays for one project only."""
    city = pool("city", 200, ("C1", 100, ("park",)), ("C2", 100, ()), ("C3", 100, ()))
    district = pool("d01", 100, ("D1", 100, ("park",)), ("D2", 100, ()))
    return FrozenList(ROUND, "2026", (FrozenLevel("city", (city,)), FrozenLevel("d", (district,))))


def declared(decided: dict[str, Decided]) -> dict[str, Declared]:
    """What the board says of it, from the protocols as they are kept."""
    protocols = {scope: protocol_to(one.protocol) for scope, one in decided.items()}
    return outcomes_of(both_lists(), protocols)


def decide(*votes: tuple[str, str], draw: Draw | None = None) -> dict[str, Decided]:
    """The votes on both lists, decided together."""
    lines = [Ballot(scope, f"{number:012}", choice) for number, (scope, choice) in enumerate(votes)]
    return decide_all(both_lists(), lines, draw)


CITY_VOTES = (("city", "C1,C2,C3"), ("city", "C1,C2,C3"))


def test_a_district_s_winner_excludes_its_rival_on_the_city_s_list() -> None:
    decided = decide(*CITY_VOTES, ("d01", "D1,D2"), ("d01", "D1,D2"))

    assert decided["d01"].protocol.winners == ("D1",)
    row = decided["city"].protocol.row_of("C1")
    assert (row.outcome, row.excluded_by) == (Outcome.EXCLUDED, "D1")
    assert decided["city"].protocol.winners == ("C2", "C3")
    assert declared(decided)["city"].taken == {"park": "D1"}


def test_where_the_district_chose_something_else_the_city_may() -> None:
    decided = decide(*CITY_VOTES, ("d01", "D2,D1"))

    assert decided["city"].protocol.winners == ("C1", "C2")
    assert declared(decided)["city"].taken == {}


def test_the_city_waits_for_a_district_s_draw_that_could_exclude_a_project() -> None:
    votes = (*CITY_VOTES, ("d01", "D1,D2"), ("d01", "D2,D1"))
    decided = decide(*votes)

    city = decided["city"].protocol
    assert {row.outcome for row in city.decisions} == {Outcome.UNDECIDED}
    assert (city.is_complete, city.spent, city.draws) == (False, 0, decided["d01"].protocol.draws)
    assert declared(decided) == {}

    drawn = decide(*votes, draw=Draw(seed="4 8 15"))
    assert set(declared(drawn)) == {"city", "d01"}
    is_park = drawn["d01"].protocol.winners == ("D1",)
    assert drawn["city"].protocol.winners == (("C2", "C3") if is_park else ("C1", "C2"))


def test_an_order_drawn_before_witnesses_stands_with_each_pool_that_it_settled() -> None:
    votes = (*CITY_VOTES, ("d01", "D1,D2"), ("d01", "D2,D1"))
    drawn = declared(decide(*votes, draw=Draw(order=("C3", "D2", "C1", "D1", "C2"))))
    assert (drawn["d01"].winners, drawn["d01"].drawn) == (("D2",), ("D2", "D1"))
    assert drawn["city"].drawn == ()


def test_what_an_annulled_pool_had_served_stays_with_the_pool_that_was_decided_by_it() -> None:
    decided = decide(*CITY_VOTES, ("d01", "D1,D2"), ("d01", "D1,D2"))
    city = declared({"city": decided["city"]})["city"]
    assert (city.winners, city.taken) == (("C2", "C3"), {"park": "D1"})


def test_a_pool_that_waited_for_an_annulled_pool_s_draw_is_decided_without_it() -> None:
    votes = (*CITY_VOTES, ("d01", "D1,D2"), ("d01", "D2,D1"))
    lines = [Ballot(scope, f"{n:012}", text) for n, (scope, text) in enumerate(votes)]
    decided = decide_all(both_lists(), lines, annulled=["d01"])
    assert set(decided) == {"city"}
    assert decided["city"].protocol.winners == ("C1", "C2")


def test_what_is_decided_stands_and_is_not_decided_anew() -> None:
    first = decide(*CITY_VOTES, ("d01", "D1,D2"), ("d01", "D1,D2"))
    standing = {"d01": first["d01"].protocol}
    lines = [Ballot("city", "0" * 12, "C1,C2,C3")]
    again = decide_all(both_lists(), lines, standing=standing)
    assert again["d01"].protocol is standing["d01"]
    assert again["city"].protocol.row_of("C1").excluded_by == "D1"


def test_what_a_winner_of_another_vote_serves_is_not_paid_for_again() -> None:
    lines = [Ballot("d01", "0" * 12, "D1,D2")]
    anew = FrozenList(ROUND, "2026, d01", (both_lists().levels[1],))
    decided = decide_all(anew, lines, served=served_by(both_lists(), ["C1", "C2"]))
    assert decided["d01"].protocol.row_of("D1").excluded_by == "C1"
    assert decided["d01"].protocol.winners == ("D2",)
    shown = outcomes_of(anew, {"d01": protocol_to(decided["d01"].protocol)})
    assert shown["d01"].taken == {"park": "C1"}
