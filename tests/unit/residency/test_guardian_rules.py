"""Guardianship and contested districts: every state with every action; ages; typed document lines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

import pytest

from civic_budget.kernel.workflow import WrongState
from civic_budget.residency.contest_rules import CONTEST, ContestAction, ContestState
from civic_budget.residency.guardian_rules import (
    TIE,
    TieAction,
    TieState,
    is_ward_age,
    may_vote_online,
)
from civic_budget.residency.matching.mrz_faults import find_faults

NOW = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
TIES = {
    "claimed": {
        "accept": "acting",
        "accept_second": "informed",
        "refuse": "refused",
        "withdraw": "withdrawn",
        "lapse": "ended",
    },
    "acting": {"dispute": "disputed", "end": "ended"},
    "disputed": {"let_act": "acting", "stand_back": "informed", "end": "ended"},
    "informed": {"let_act": "acting", "end": "ended"},
}
PASSPORT = """P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
L898902C36UTO7408122F1204159ZE184226B<<<<<10"""
CARD = """I<UTOD231458907<<<<<<<<<<<<<<<
7408122F1204159UTO<<<<<<<<<<<6
ERIKSSON<<ANNA<MARIA<<<<<<<<<<"""


@pytest.mark.parametrize(("state", "action"), list(product(TieState, TieAction)))
def test_every_state_of_a_tie_with_every_action(state: TieState, action: TieAction) -> None:
    expected = TIES.get(state, {}).get(action)
    if expected is None:
        with pytest.raises(WrongState):
            TIE.next(state, action)
    else:
        assert TIE.next(state, action) == expected


@pytest.mark.parametrize(("state", "action"), list(product(ContestState, ContestAction)))
def test_every_state_of_a_contest_with_every_action(
    state: ContestState, action: ContestAction
) -> None:
    ends = {"uphold": "upheld", "dismiss": "dismissed", "withdraw": "withdrawn"}
    if state is ContestState.OPEN:
        assert CONTEST.next(state, action) == ends[action]
    else:
        with pytest.raises(WrongState):
            CONTEST.next(state, action)


def test_a_guardians_power_ends_on_the_birthday_by_the_citys_calendar() -> None:
    born = date(2013, 5, 21)
    before = datetime(2026, 5, 20, 21, 59, tzinfo=UTC)
    midnight_in_the_city = datetime(2026, 5, 20, 22, 0, tzinfo=UTC)
    assert is_ward_age(born, before, until_age=13)
    assert not is_ward_age(born, midnight_in_the_city, until_age=13)


def test_the_city_may_send_the_youngest_to_a_point() -> None:
    assert may_vote_online(date(2026, 5, 1), NOW, from_age=0)
    assert not may_vote_online(date(2020, 5, 21), NOW, from_age=6)
    assert may_vote_online(date(2020, 5, 20), NOW, from_age=6)


@pytest.mark.parametrize("lines", [PASSPORT, CARD, PASSPORT.lower().replace("<<", "< <")])
def test_lines_that_are_right_have_no_fault(lines: str) -> None:
    assert find_faults(lines, today=TODAY) == []


@pytest.mark.parametrize(
    ("lines", "code", "line", "first", "check"),
    [
        (PASSPORT.replace("L898902C3", "L898902O3"), "document_number", 2, 1, 10),
        (PASSPORT.replace("7408122", "7408132"), "birth_date", 2, 14, 20),
        (PASSPORT.replace("1204159", "1204158"), "expiry_date", 2, 22, 28),
        (CARD.replace("D23145890", "D23145891"), "document_number", 1, 6, 15),
        (CARD.replace("<6\n", "<7\n"), "composite", 2, 1, 30),
        (PASSPORT.replace("ANNA", "ANŃA"), "sign", 1, 18, 0),
        (PASSPORT[:-1], "length", 2, 43, 0),
        ("P<UTOERIKSSON", "lines", 0, 0, 0),
    ],
)
def test_a_wrong_place_is_named_exactly(
    lines: str, code: str, line: int, first: int, check: int
) -> None:
    fault = find_faults(lines, today=TODAY)[0]
    assert (fault.code, fault.line, fault.first, fault.check) == (code, line, first, check)
