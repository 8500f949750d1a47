"""The kernel: money as people write it, keys bound to purpose and row, workflows that refuse."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import pytest

from civic_budget.kernel.alphabet import alphabetic
from civic_budget.kernel.clock import age_on
from civic_budget.kernel.decision import ALLOWED, Denied, first_denied, require
from civic_budget.kernel.errors import NotAllowed
from civic_budget.kernel.keys import KeyRing, length_prefixed
from civic_budget.kernel.money import read_money, say_money
from civic_budget.kernel.workflow import Workflow, WrongState

RING = KeyRing(b"a pepper of at least thirty-two bytes")


@pytest.mark.parametrize(
    ("grosze", "said"),
    [
        (171_613_817, "1 716 138,17 zł"),
        (1_020_000_000, "10 200 000 zł"),
        (5, "0,05 zł"),
        (-100, "−1 zł"),
    ],
)
def test_money_is_said_alike_everywhere(grosze: int, said: str) -> None:
    assert say_money(grosze) == said.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("typed", "grosze"),
    [("12 500", 1_250_000), ("12500,50 zł", 1_250_050), ("0.5", 50), ("1\u00a0000", 100_000)],
)
def test_money_is_read_as_people_type_it(typed: str, grosze: int) -> None:
    assert read_money(typed) == grosze


@pytest.mark.parametrize("typed", ["", "-5", "1,234", "abc", "1.2.3", "9" * 13])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_money(typed)


def test_a_sealed_value_opens_only_in_its_row_and_purpose() -> None:
    sealed = RING.seal("identity", b"Olena", bound_to="person 1")
    assert RING.unseal("identity", sealed, bound_to="person 1") == b"Olena"
    assert RING.seal("identity", b"Olena", bound_to="person 1") != sealed
    for purpose, row in (("identity", "person 2"), ("contact", "person 1")):
        with pytest.raises(ValueError, match="does not open"):
            RING.unseal(purpose, sealed, bound_to=row)


def test_blind_indexes_meet_and_tell_nothing_across_purposes_or_peppers() -> None:
    other = KeyRing(b"another pepper of at least 32 bytes!!")
    assert RING.blind("match", "x") == RING.blind("match", "x")
    assert RING.blind("match", "x") != RING.blind("contact", "x")
    assert RING.blind("match", "x") != other.blind("match", "x")
    assert RING.fingerprint != other.fingerprint
    with pytest.raises(ValueError, match="32 bytes"):
        KeyRing(b"short")


def test_length_prefixes_leave_no_ambiguity() -> None:
    assert length_prefixed(b"ab", b"c") != length_prefixed(b"a", b"bc")


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"


class Push(StrEnum):
    SHUT = "shut"
    SLAM = "slam"


def test_a_workflow_knows_its_moves_and_no_others() -> None:
    door = Workflow[Door, Push]("door", {(Door.OPEN, Push.SHUT): Door.SHUT})
    assert door.next(Door.OPEN, Push.SHUT) is Door.SHUT
    assert door.actions_from(Door.SHUT) == ()
    assert "open --> shut: shut" in door.mermaid()
    with pytest.raises(WrongState) as refusal:
        door.next(Door.SHUT, Push.SLAM)
    assert refusal.value.details == {"state": "shut", "action": "slam"}


def test_the_first_refusal_is_told() -> None:
    assert first_denied(ALLOWED, Denied("late"), Denied("tired")) == Denied("late")
    with pytest.raises(NotAllowed, match="late"):
        require(Denied("late"))
    require(first_denied(ALLOWED, ALLOWED))


def test_ages_count_completed_years() -> None:
    born = date(2008, 2, 29)
    assert age_on(born, date(2026, 2, 28)) == 17
    assert age_on(born, date(2026, 3, 1)) == 18


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("uk", "Андрій Богдан Ганна Ґражина Євген Зоряна Ігор Їлень Яна Anna Łukasz Zofia"),
        ("ru", "Андрей Елена Ёлкина Жанна Яна Anna Łukasz Zofia"),
        ("pl", "Anna Ćwikła Danuta Lena Łukasz Maria Zofia Źrebiec Żaneta Андрій Іван"),
        ("en", "Åland Anna Łukasz Maria Zofia"),
    ],
)
def test_names_stand_in_the_readers_alphabet(language: str, names: str) -> None:
    backwards = names.split()[::-1]
    assert " ".join(sorted(backwards, key=lambda name: alphabetic(name, language))) == names


def test_a_space_comes_before_a_letter() -> None:
    names = ["nowy", "Nowak", "Nowa Huta"]
    assert sorted(names, key=lambda name: alphabetic(name, "pl")) == names[::-1]
