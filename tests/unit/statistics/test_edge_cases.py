"""The edge cases of the design, each by its name; docs/statistics.md says where the others stand."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from civic_budget.statistics import synthetic
from civic_budget.statistics.catalogue import DEFAULT
from civic_budget.statistics.publish import Publication
from civic_budget.statistics.tabulate import freeze

from .crowds import DAY, person, sealed, town


def law(eps: Fraction, reach: int = 150) -> dict[int, float]:
    """The probability of each noise: discrete Laplace."""
    decay = math.exp(-float(eps))
    return {n: (1 - decay) / (1 + decay) * decay ** abs(n) for n in range(-reach, reach + 1)}


def chance_of_a_name(voters: int) -> float:
    """How probably a nationality without rows of its own is named: its two cells pass the limit together."""
    one = law(DEFAULT.table("V1").eps)
    limit = DEFAULT.named_from("V1", 2) - voters
    beyond = [0.0] * 302
    for n in range(150, -151, -1):
        beyond[n + 150] = beyond[n + 151] + one[n]
    return sum(p * beyond[min(max(limit - n, -150), 151) + 150] for n, p in one.items())


@pytest.mark.parametrize(
    ("voters", "chance"), [(10, 0.004), (20, 0.08), (30, 0.70), (40, 0.98)], ids=str
)
def test_a_nationality_of_10_20_30_or_40_voters_is_named_softly(voters: int, chance: float) -> None:
    assert chance_of_a_name(voters) == pytest.approx(chance, rel=0.35, abs=0.03)


def test_a_one_person_nationality_that_is_named_proves_nothing() -> None:
    one, nobody = chance_of_a_name(1), chance_of_a_name(0)
    assert one < 0.0005
    assert one / nobody < math.exp(float(DEFAULT.table("V1").eps))


def test_a_nationality_that_lives_in_one_district_is_one_large_cell_and_no_zero_elsewhere() -> None:
    people = [
        person(n, "UA" if n < 600 else "PL", district="D1" if n < 600 else f"D{n % 4 + 1}")
        for n in range(3_000)
    ]
    book = Publication(sealed(freeze(people, DEFAULT)))
    cells = {d: book.sum("voters", cls="UA", district=d) for d in book.frame.districts}
    shown = [d for d, one in cells.items() if one.value is not None]
    assert shown == ["D1"]
    assert {one.below for d, one in cells.items() if d != "D1"} == {DEFAULT.show_from("V2")}


def test_a_small_group_of_which_everybody_voted_gets_no_rate() -> None:
    people = [person(n, "VN" if n < 60 else "PL") for n in range(2_000)]
    book = Publication(sealed(freeze(people, DEFAULT)))
    assert "VN" not in book.classes.own()
    assert book.rate(nat="VN") is None


def test_somebody_with_several_proposals_or_as_co_author_is_one_author() -> None:
    people = [person(n, "UA", author=n < 70) for n in range(300)]
    frozen = freeze(people, DEFAULT)
    assert frozen.exact("A1", (("UA",),), {}) == [70]


def test_authors_are_counted_by_nationality_in_the_city_alone() -> None:
    assert [table.dims for table in DEFAULT.of("authors")] == [("nat",)]
    book = Publication(sealed(town()))
    for where in ({"district": book.frame.districts[0]}, {"channel": "web"}):
        with pytest.raises(Exception, match="no"):
            book.sum("authors", nat="UA", **where)


def test_a_tiny_city_degrades_by_coarser_rows_and_not_by_risk() -> None:
    def own(people: int) -> int:
        crowd = synthetic.City(people=people, foreign=0.08)
        release = sealed(freeze(synthetic.people(crowd, 5), DEFAULT))
        return len(release.classes.own())

    assert own(3_000) < own(22_500) < own(90_000)


def test_stateless_unknown_and_undetermined_are_never_polish() -> None:
    people = [
        *(person(n, "ZZ") for n in range(300)),
        *(person(300 + n, "XX") for n in range(300)),
        *(person(600 + n, "PL") for n in range(900)),
    ]
    book = Publication(sealed(freeze(people, DEFAULT)))
    assert "ZZ" in book.classes.own()
    for code, true in (("ZZ", 300), ("XX", 300), ("PL", 900)):
        found = book.sum("voters", nat=code)
        assert found.value is not None
        assert abs(found.value - true) <= 3 * found.margin


def test_a_vote_cast_again_stays_in_the_day_of_the_first() -> None:
    """The people to be counted carry one day each, so a person can't stand in two."""
    once = freeze([person(1, "UA", counted_on=DAY)], DEFAULT)
    assert sum(once.exact("V4", (("UA",), (DAY.isoformat(),)), {"UA": "UA"})) == 1
