"""Acts after the count: money is neither lost nor made, and nothing happens out of turn."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_budget.kernel.errors import Conflict
from civic_budget.results.acts import Act, ActKind, check_act, follow, hash_of_winners
from civic_budget.selection import Project, Protocol, Rule, group_ballots, rule_from, select

RULE: Rule = rule_from({"name": "plain", "ballot": "approval"})
PROJECTS = [Project("a", 60_00), Project("b", 30_00), Project("c", 30_00), Project("d", 50_00)]
VOTES = group_ballots([("a",)] * 4 + [("b",)] * 3 + [("c",)] * 2 + [("d",)])


def protocols(budget: int = 100_00) -> dict[str, Protocol]:
    """a and b win, 10 zł is left."""
    return {"city": select(PROJECTS, VOTES, RULE, budget)}


def act(number: int, kind: ActKind, reference: str = "", signed: bool | None = True) -> Act:
    """An act that somebody wrote down."""
    nobody, moment = UUID(int=1), datetime(2026, 11, 1, tzinfo=UTC)
    words = ("Zarządzenie", date(2026, 11, 1), "", {"pl": "Bo tak."}, "", nobody, moment)
    return Act(number, kind, reference, *words, is_signed=signed)


APPROVED = act(1, ActKind.APPROVED)


def test_what_falls_out_frees_its_money_and_a_grant_takes_it() -> None:
    acts = [
        APPROVED,
        act(2, ActKind.WITHDRAWN, "b"),
        act(3, ActKind.NOT_BUILT, "a", signed=False),
        act(4, ActKind.GRANTED, "c"),
    ]

    rows, pools = follow(protocols(), acts)

    assert [(r.act.number, r.left_before, r.left_after) for r in rows] == [
        (2, 10_00, 40_00),
        (4, 40_00, 10_00),
    ]
    assert pools["city"].funded == {"a", "c"}


@pytest.mark.parametrize(
    ("acts", "kind", "reference", "code"),
    [
        ([], ActKind.WITHDRAWN, "a", "not_approved_yet"),
        ([act(1, ActKind.APPROVED, signed=False)], ActKind.WITHDRAWN, "a", "not_approved_yet"),
        ([APPROVED], ActKind.APPROVED, "", "already_approved"),
        ([APPROVED], ActKind.WITHDRAWN, "d", "not_funded"),
        ([APPROVED], ActKind.NOT_BUILT, "z", "project_unknown"),
        ([APPROVED], ActKind.GRANTED, "a", "already_funded"),
        ([APPROVED], ActKind.GRANTED, "c", "too_little_left"),
        ([APPROVED, act(2, ActKind.WITHDRAWN, "b")], ActKind.GRANTED, "b", "was_withdrawn"),
        ([APPROVED, act(2, ActKind.NOT_BUILT, "b")], ActKind.NOT_BUILT, "b", "not_funded"),
    ],
)
def test_out_of_turn(acts: list[Act], kind: ActKind, reference: str, code: str) -> None:
    with pytest.raises(Conflict) as caught:
        check_act(protocols(), acts, kind, reference)

    assert caught.value.code == code


def test_nothing_is_approved_while_a_draw_is_outstanding() -> None:
    tied = {"city": select(PROJECTS[1:3], group_ballots([("b",), ("c",)]), RULE, 40_00)}

    with pytest.raises(Conflict) as caught:
        check_act(tied, [], ActKind.APPROVED, "")

    assert caught.value.code == "draw_outstanding"


def test_the_hash_is_about_winners_and_money_alone() -> None:
    assert hash_of_winners(protocols(100_00)) == hash_of_winners(protocols(101_00))
    assert hash_of_winners(protocols(100_00)) != hash_of_winners(protocols(120_00))


@given(
    wishes=st.lists(st.tuples(st.sampled_from(list(ActKind)), st.sampled_from("abcd")), max_size=12)
)
def test_money_is_neither_lost_nor_made(wishes: list[tuple[ActKind, str]]) -> None:
    acts: list[Act] = []
    for kind, reference in wishes:
        wanted = "" if kind is ActKind.APPROVED else reference
        try:
            check_act(protocols(), acts, kind, wanted)
        except Conflict:
            continue
        acts.append(act(len(acts) + 1, kind, wanted))
    _rows, pools = follow(protocols(), acts)
    pool = pools["city"]

    assert pool.left >= 0
    assert pool.left + sum(pool.takes[project] for project in pool.funded) == 100_00
