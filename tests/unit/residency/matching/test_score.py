"""Comparisons: who is shown to an officer, who is not, and why."""

from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_budget.residency.matching import (
    SUSPECT_AT,
    Address,
    Document,
    IdentityRecord,
    ReasonCode,
    compare,
)
from civic_budget.residency.matching.score import POINTS

HOME = Address("ul. Długa", "12", "5")
AWAY = Address("ul. Lubicz", "3", "9")
OLENA = IdentityRecord(
    "Olena", "Kravchenko", date(1990, 5, 17), Document("passport", "UKR", "FA123456"), HOME
)
NEW_PAPER = Document("residence_card", "POL", "RR7654321")


def codes(a: IdentityRecord, b: IdentityRecord) -> list[ReasonCode]:
    return [reason.code for reason in compare(a, b).reasons]


def test_another_spelling_paper_and_home_is_still_suspect() -> None:
    again = IdentityRecord("Helena", "Krawczenko", OLENA.birth_on, NEW_PAPER, AWAY)
    assert compare(OLENA, again).is_suspect
    assert codes(OLENA, again) == [
        ReasonCode.GIVEN_EQUIVALENT,
        ReasonCode.FAMILY_SAME,
        ReasonCode.BIRTH_SAME,
    ]


def test_points_are_the_sum_of_the_reasons() -> None:
    comparison = compare(OLENA, replace(OLENA, family_name="Bondar"))
    assert comparison.score == sum(r.points for r in comparison.reasons)
    assert all(r.points == POINTS[r.code] for r in comparison.reasons)


def test_swapped_fields_cost_nothing() -> None:
    swapped = replace(OLENA, given_names="Krawczenko", family_name="Olena")
    assert compare(OLENA, swapped).score == compare(OLENA, OLENA).score
    assert ReasonCode.NAMES_SWAPPED in codes(OLENA, swapped)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mariia", "Maryna"), ("Yuliia", "Liliia"), ("Oleksandr", "Oleksandra"), ("Danylo", "Denys"),
     ("Nina", "Inna"), ("Priya", "Anjali")],
)  # fmt: skip
def test_twins_are_not_suspect(one: str, other: str) -> None:
    twin = replace(OLENA, given_names=one, document=None)
    sister = replace(twin, given_names=other, document=Document("passport", "UKR", "FA123457"))
    assert not compare(twin, sister).is_suspect


def test_siblings_spouses_and_father_and_son_are_not_suspect() -> None:
    sibling = replace(OLENA, given_names="Iryna", birth_on=date(1992, 8, 3), document=NEW_PAPER)
    spouse = replace(OLENA, given_names="Andrii", birth_on=date(1988, 2, 1), document=None)
    father = replace(OLENA, given_names="Ivan", birth_on=date(1960, 2, 1), document=None)
    son = replace(father, birth_on=date(1988, 11, 23))
    assert not compare(OLENA, sibling).is_suspect
    assert not compare(OLENA, spouse).is_suspect
    assert not compare(father, son).is_suspect


def test_namesakes_born_on_different_days_are_not_suspect() -> None:
    namesake = replace(OLENA, birth_on=date(1990, 5, 18), document=NEW_PAPER, address=AWAY)
    assert not compare(OLENA, namesake).is_suspect


@pytest.mark.parametrize(
    "again",
    [
        replace(OLENA, birth_on=date(1990, 5, 18), document=None),
        replace(OLENA, birth_on=date(1991, 8, 9), address=None),
        replace(OLENA, family_name="Bondar", document=NEW_PAPER),
        replace(OLENA, family_name="Bondar", address=AWAY),
        replace(OLENA, given_names="Olenа Petrivna", document=None, address=None),
        replace(OLENA, family_name="Kravchenko-Bondar", document=None, address=None),
        replace(OLENA, family_name="Kravhcenko", document=None, address=None),
        replace(OLENA, document=Document("passport", "POL", "FA123456"), birth_on=date(1990, 6, 17)),
    ],
    ids=["birth slip", "birth otherwise, same paper", "new surname, same home",
         "new surname, same paper", "patronymic", "double surname", "typo", "wrong country"],
)  # fmt: skip
def test_one_change_at_a_time_stays_suspect(again: IdentityRecord) -> None:
    assert compare(OLENA, again).is_suspect


def test_day_and_month_swapped_is_a_known_slip() -> None:
    one, other = (
        replace(OLENA, birth_on=date(1990, 5, 7)),
        replace(OLENA, birth_on=date(1990, 7, 5)),
    )
    assert ReasonCode.BIRTH_DAY_MONTH_SWAPPED in codes(one, other)


def test_papers_printed_one_after_another_are_not_a_slip() -> None:
    next_one = replace(OLENA, document=Document("passport", "UKR", "FA123457"))
    slip = replace(OLENA, document=Document("passport", "UKR", "FA124356"))
    assert ReasonCode.DOCUMENT_NEAR not in codes(OLENA, next_one)
    assert ReasonCode.DOCUMENT_NEAR not in codes(OLENA, replace(slip, document=NEW_PAPER))
    one_digit = replace(OLENA, document=Document("passport", "UKR", "FA193456"))
    assert ReasonCode.DOCUMENT_NEAR in codes(OLENA, one_digit)


def test_different_later_names_are_a_doubt() -> None:
    one = replace(OLENA, given_names="Thi Lan", family_name="Nguyen", document=None, address=None)
    other = replace(one, given_names="Thi Mai")
    assert not compare(one, other).is_suspect


_names = st.sampled_from(
    [
        "Olena",
        "Helena",
        "Kravchenko",
        "Krawczenko",
        "Bondar",
        "Thi Lan",
        "Лан",
        "Anna Maria",
        "",
        "Ia",
    ]
)
_records = st.builds(
    IdentityRecord,
    _names,
    _names,
    st.sampled_from([date(1990, 5, 7), date(1990, 7, 5), date(1991, 5, 7), date(1960, 1, 1)]),
    st.sampled_from([None, OLENA.document, NEW_PAPER]),
    st.sampled_from([None, HOME, AWAY]),
)


@given(_records, _records)
def test_the_order_of_two_records_changes_nothing(a: IdentityRecord, b: IdentityRecord) -> None:
    assert compare(a, b) == compare(b, a)


def test_agreement_never_gives_fewer_points_than_difference() -> None:
    scores = [POINTS[c] for c in ReasonCode if c.startswith("given")]
    assert scores[:4] == sorted(scores[:4], reverse=True)
    twins = (
        POINTS[ReasonCode.FAMILY_SAME] + POINTS[ReasonCode.BIRTH_SAME]
        + POINTS[ReasonCode.ADDRESS_SAME] + POINTS[ReasonCode.DOCUMENT_NEAR]
    )  # fmt: skip
    for given_code in (ReasonCode.GIVEN_DIFFERENT, ReasonCode.GIVEN_UNSURE):
        without_paper = twins - POINTS[ReasonCode.DOCUMENT_NEAR] + POINTS[given_code]
        assert without_paper < SUSPECT_AT
    assert twins + POINTS[ReasonCode.GIVEN_DIFFERENT] < SUSPECT_AT


def test_the_printed_table_is_current() -> None:
    text = (Path(__file__).parents[4] / "docs" / "matching.md").read_text(encoding="utf-8")
    for code, points in POINTS.items():
        assert f"| `{code}` | {points:+d} |" in text
    assert f"**{SUSPECT_AT}**" in text


def test_every_reason_can_be_given() -> None:
    variants = [
        replace(OLENA, given_names=g, family_name=f, birth_on=b)
        for g, f, b in product(
            ("Olena", "Helena", "Olena Petrivna", "Lenaa", "Iryna", "Selena", "Olexa", "Nguyen"),
            ("Kravchenko", "Kravchnko", "Kravchuk", "Bondar", "Kravchenko-Bondar", "Karachko", ""),
            (
                OLENA.birth_on,
                date(1990, 5, 18),
                date(1990, 9, 27),
                date(1970, 1, 1),
                date(1990, 5, 7),
            ),
        )
    ]
    variants += [
        replace(OLENA, given_names="Kravchenko", family_name="Olena"),
        replace(OLENA, birth_on=date(1990, 7, 5)),
        replace(OLENA, birth_on=date(1991, 5, 30)),
        replace(OLENA, document=Document("passport", "POL", "FA123456")),
        replace(OLENA, document=Document("passport", "UKR", "FA193456")),
        replace(OLENA, address=Address("Długa", "12", "6")),
        replace(OLENA, address=Address("Długa", "14", "5")),
    ]
    first = [OLENA, replace(OLENA, birth_on=date(1990, 5, 7))]
    given_reasons = {code for a in first for v in variants for code in codes(a, v)}
    for one, other in (("Priya", "Pooja"), ("Thi Lan", "Thi Mai")):
        given_reasons.update(
            codes(replace(OLENA, given_names=one), replace(OLENA, given_names=other))
        )
    assert given_reasons == set(ReasonCode)
