"""Money that a pool leaves stays, or flows where the rule says; winners exclude across pools."""

from dataclasses import replace

import pytest

from civic_budget.selection import (
    Draw,
    Flow,
    FlowKind,
    Outcome,
    Pool,
    Project,
    SelectionError,
    select_pools,
)
from tests.unit.selection.elections import APPROVAL, ballots_of, projects_of

NORTH = Pool("north", tuple(projects_of(a=60, b=50)), ballots_of("a*3", "b*2"), APPROVAL, 100, 50)
SOUTH = Pool("south", tuple(projects_of(c=70, d=45)), ballots_of("c*4", "d"), APPROVAL, 100, 20)
DRAWS = {"north": Draw(order=("b", "a")), "": Draw(seed="5")}
CITY = Pool("city", tuple(projects_of(e=100, f=65)), ballots_of("e*9", "f*5"), APPROVAL, 100, 70)


def won(pools: list[Pool], kind: FlowKind, target: str = "") -> dict[str, tuple[str, ...]]:
    """Winners by scope."""
    protocols = select_pools(pools, Flow(kind, target))
    return {scope: protocol.winners for scope, protocol in protocols.items()}


def test_leftovers_stay_unless_said_otherwise() -> None:
    protocols = select_pools([NORTH, SOUTH])

    assert {scope: p.winners for scope, p in protocols.items()} == {
        "north": ("a",),
        "south": ("c",),
    }
    assert [p.left for p in protocols.values()] == [40, 30]
    assert [p.scope for p in protocols.values()] == ["north", "south"]


def test_into_the_city_pool_before_it_is_decided() -> None:
    protocols = select_pools([CITY, NORTH, SOUTH], Flow(FlowKind.TO_SCOPE, "city"))

    assert protocols["city"].winners == ("e", "f")
    assert (protocols["city"].budget, protocols["city"].notes["inflow"]) == (170, 70)
    assert protocols["north"].notes["outflow"] == 40


def test_to_the_scope_with_the_highest_turnout_in_a_second_pass() -> None:
    protocols = select_pools([NORTH, SOUTH], Flow(FlowKind.TO_HIGHEST_TURNOUT))
    south = protocols["south"]

    assert south.winners == ("c", "d")
    last = south.decisions[-1]
    assert (last.rank, last.outcome, last.left_before) == (3, Outcome.RESTORED, 70)
    assert (south.budget, south.left) == (140, 25)
    assert protocols["north"].winners == ("a",)


def test_all_leftovers_together_for_the_best_of_what_was_not_funded() -> None:
    protocols = select_pools([NORTH, SOUTH], Flow(FlowKind.TOGETHER))

    assert protocols["north"].winners == ("a", "b")
    assert protocols["south"].winners == ("c",)
    assert protocols["north"].notes == {"outflow": 40, "inflow": 50}
    assert sum(p.spent for p in protocols.values()) <= 200
    assert all(p.left >= 0 for p in protocols.values())


def test_a_winner_excludes_its_rivals_in_later_pools() -> None:
    group = frozenset({"square"})
    first = replace(NORTH, projects=(Project("a", 60, groups=group), Project("b", 50)))
    later = replace(CITY, projects=(Project("e", 50, groups=group), Project("f", 50)))
    protocols = select_pools([first, later])

    assert protocols["city"].winners == ("f",)
    assert protocols["city"].row_of("e").excluded_by == "a"


@pytest.mark.parametrize("kind", [FlowKind.TO_HIGHEST_TURNOUT, FlowKind.TOGETHER])
def test_no_money_moves_while_a_draw_is_outstanding(kind: FlowKind) -> None:
    tied = replace(NORTH, ballots=ballots_of("a", "b"))
    waiting = select_pools([tied, SOUTH], Flow(kind))
    assert not waiting["north"].is_complete
    assert waiting["south"].winners == ("c",)
    assert waiting["south"].notes == {}

    drawn = select_pools([tied, SOUTH], Flow(kind), draws=DRAWS)
    assert drawn["north"].winners[0] == "b"
    assert sum(len(p.winners) for p in drawn.values()) == 3


def test_the_city_waits_for_districts_that_must_draw() -> None:
    tied = replace(NORTH, ballots=ballots_of("a", "b"))

    assert "city" not in select_pools([tied, CITY], Flow(FlowKind.TO_SCOPE, "city"))


def test_what_cannot_be_decided_is_refused() -> None:
    with pytest.raises(SelectionError, match="not listed"):
        select_pools([NORTH], Flow(FlowKind.TO_SCOPE, "west"))
    with pytest.raises(SelectionError, match="listed twice"):
        select_pools([NORTH, NORTH])
    with pytest.raises(SelectionError, match="same turnout"):
        select_pools([NORTH, replace(NORTH, scope="west")], Flow(FlowKind.TO_HIGHEST_TURNOUT))


def test_thresholds_are_not_asked_twice() -> None:
    assert won([NORTH, SOUTH], FlowKind.TOGETHER)["north"] == ("a", "b")
