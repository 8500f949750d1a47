"""The unfinished ballot: marks of every kind of ballot survive the bytes, and no point is given twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_budget.kernel.errors import Conflict
from civic_budget.voting.choice import (
    BallotForm,
    BallotRule,
    Kind,
    Level,
    ScopeForm,
    Section,
    find_faults,
)
from civic_budget.voting.draft import (
    Draft,
    add_mark,
    draft_from_bytes,
    draft_to_bytes,
    give_points,
    move_mark,
    remove_mark,
)

PROJECTS = tuple("ABCDE")
RULES = {
    Kind.POINTS: BallotRule(Kind.POINTS, points=(3, 2, 1)),
    Kind.APPROVAL: BallotRule(Kind.APPROVAL, max_picks=4),
    Kind.ONE: BallotRule(Kind.ONE),
    Kind.CUMULATIVE: BallotRule(Kind.CUMULATIVE, max_points=5),
}
NONCE = bytes(range(32))
presses = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "up", "down", "more", "less"]), st.sampled_from(PROJECTS)
    ),
    max_size=30,
)


def scope(kind: Kind) -> ScopeForm:
    return ScopeForm("city", PROJECTS, RULES[kind])


def press(form: ScopeForm, section: Section, what: str, project: str) -> Section:
    if what == "add":
        return add_mark(form, section, project)
    if what == "remove":
        return remove_mark(section, project)
    if what in {"up", "down"}:
        return move_mark(section, project, -1 if what == "up" else 1)
    return give_points(form, section, project, 1 if what == "more" else -1)


@pytest.mark.parametrize("kind", list(Kind))
@given(pressed=presses)
def test_no_row_of_presses_makes_a_ballot_that_the_box_would_refuse(kind: Kind, pressed) -> None:
    form = scope(kind)
    ballot = BallotForm((Level("city", (form,)),))
    section = Section("city", ())
    for what, project in pressed:
        try:
            section = press(form, section, what, project)
        except Conflict as told:
            assert told.code in {"ballot_full", "project_already_chosen", "points_spent"}
    draft = Draft(NONCE, is_own_secret=True, marks={"city": section}, is_shared_device=True)
    content = draft_to_bytes(ballot, draft)
    assert draft_from_bytes(ballot, content).section("city", "city") == section
    assert draft_from_bytes(ballot, content).is_shared_device
    assert len(content) == len(draft_to_bytes(ballot, Draft(NONCE, is_own_secret=True)))
    if section.picks:
        assert find_faults(ballot, {"city": section}, entitled={"city": frozenset({"city"})}) == ()


def test_points_are_given_one_by_one_and_the_last_takes_the_project_off() -> None:
    form = scope(Kind.CUMULATIVE)
    section = add_mark(form, add_mark(form, Section("city", ()), "A"), "B")
    for _ in range(3):
        section = give_points(form, section, "B", 1)
    assert (section.picks, section.points) == (("A", "B"), (1, 4))
    with pytest.raises(Conflict) as full:
        give_points(form, section, "A", 1)
    assert (full.value.code, full.value.details) == ("points_spent", {"most": 5})
    with pytest.raises(Conflict, match="points_spent"):
        add_mark(form, section, "C")
    assert give_points(form, section, "A", -1) == Section("city", ("B",), (4,))
    assert give_points(form, section, "E", 1) == section


def test_codes_are_shown_shorter_where_others_sit_down() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    own = Draft(NONCE, is_own_secret=True, cast_at=at)
    shared = Draft(NONCE, is_own_secret=True, cast_at=at, is_shared_device=True)
    assert own.shows_codes(at + timedelta(minutes=14))
    assert shared.shows_codes(at + timedelta(minutes=2))
    assert not shared.shows_codes(at + timedelta(minutes=3))
