"""What a proposal lacks, how long a correction may take, the draw, differences, and folded search."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_budget.proposals.comparing import compare_texts, compare_versions
from civic_budget.proposals.drawing import (
    ListedProposal,
    draw_numbers,
    hash_listing,
    write_listing,
)
from civic_budget.proposals.rules import (
    LIMITS,
    SECTIONS,
    CostItem,
    Gap,
    correct_until,
    find_gaps,
    section_of,
    sections_begun,
)
from civic_budget.proposals.search import (
    count_slips,
    fold,
    is_found,
    plan_search,
    search_stems,
)

AT = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)
WHOLE = {name: "x" * limit.least for name, limit in LIMITS.items()}
MONEY = {"category": "green", "min_cost": 250_000, "max_cost": 1_000_000}


def test_a_proposal_at_every_lower_limit_is_complete() -> None:
    assert find_gaps(WHOLE, [CostItem("Ławka", 250_000)], **MONEY) == []


@pytest.mark.parametrize("name", list(LIMITS))
def test_each_text_is_told_when_missing_too_short_or_too_long(name: str) -> None:
    limit = LIMITS[name]
    costs = [CostItem("Ławka", 300_000)]
    for text, reason, number in (
        ("  ", "missing", None),
        ("x" * (limit.least - 1), "too_short", limit.least),
        ("x" * (limit.most + 1), "too_long", limit.most),
    ):
        assert find_gaps({**WHOLE, name: text}, costs, **MONEY) == [Gap(name, reason, number)]


@pytest.mark.parametrize(
    ("grosze", "gaps"),
    [
        (249_999, [Gap("costs", "too_cheap", 250_000)]),
        (250_000, []),
        (1_000_000, []),
        (1_000_001, [Gap("costs", "too_dear", 1_000_000)]),
    ],
)
def test_the_pools_limits_hold_to_the_grosz(grosze: int, gaps: list[Gap]) -> None:
    assert find_gaps(WHOLE, [CostItem("Ławka", grosze)], **MONEY) == gaps


def test_every_field_that_can_be_missing_has_a_section() -> None:
    gaps = find_gaps({}, [], category="", min_cost=1, max_cost=2)
    assert {section_of(gap.field) for gap in gaps} == set(SECTIONS)
    assert sections_begun({"title": "x"}, category="", has_costs=True) == {"about", "costs"}


def test_a_correction_has_two_weeks_but_never_longer_than_the_assessment() -> None:
    assert correct_until(AT, AT + timedelta(days=90)) == AT + timedelta(days=14)
    assert correct_until(AT, AT + timedelta(days=3)) == AT + timedelta(days=3)


def test_the_draw_follows_from_the_published_list_and_the_seed_alone() -> None:
    listed = [
        ListedProposal("d08", f"BO.D8.{n}/26", 100, "Ławki\tna\nulicy") for n in range(1, 6)
    ] + [ListedProposal("city", "BO.OM.1/26", 100, "Drzewa")]
    listing = write_listing(listed[::-1])
    assert listing == write_listing(listed)
    assert hash_listing(listing) == hashlib.sha256(listing.encode()).hexdigest()
    numbers = draw_numbers(listing, "12 24 36")
    assert sorted(numbers[f"BO.D8.{n}/26"] for n in range(1, 6)) == [1, 2, 3, 4, 5]
    assert numbers["BO.OM.1/26"] == 1
    # By hand, as the public page explains it.
    lots = {
        reference: hashlib.sha256(f"12 24 36|{hash_listing(listing)}|{reference}".encode()).digest()
        for reference in numbers
        if ".D8." in reference
    }
    assert sorted(lots, key=lots.__getitem__) == sorted(lots, key=numbers.__getitem__)
    assert draw_numbers(listing, "12 24 37") != numbers


def test_versions_show_words_that_went_and_words_that_came() -> None:
    pieces = compare_texts("dziesięć ławek przy ulicy", "dwanaście ławek przy ulicy")
    assert [(p.kind, p.text.strip()) for p in pieces] == [
        ("removed", "dziesięć"),
        ("added", "dwanaście"),
        ("same", "ławek przy ulicy"),
    ]
    first = {"title": "A", "language": "pl", "costs": [["Ławka", 100_00]], "upkeep": 0}
    second = {**first, "costs": [["Ławka", 200_00, "documentation"]]}
    last, earliest = compare_versions([(1, AT, first), (2, AT, second)], documentation="papers")
    assert (last.number, [c.field for c in last.changes]) == (2, ["costs"])
    assert earliest.changes == ()


@given(st.text(alphabet="ab cd", max_size=40), st.text(alphabet="ab cd", max_size=40))
def test_nothing_is_lost_in_a_comparison(before: str, after: str) -> None:
    pieces = compare_texts(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("lawki", "Ławka na Długiej"),
        ("ŁAWKAMI", "Ławki przy przystanku"),
        ("zieleń", "Zieleni więcej"),
        ("скейтпарк", "Скейтпарк у Дембніках"),
        ("парку", "Парк Йордана"),
        ("kovalenko", "Plac Kowalenki"),
        ("drzewami", "Drzewa na Zachodniej"),
        ("BO.D8.3", "BO.D8.3/26"),
    ],
)
def test_search_finds_folded_inflected_and_transliterated_words(typed: str, title: str) -> None:
    folded = fold(title)
    assert all(stem in folded for stem in search_stems(typed))


def test_search_does_not_find_what_is_not_there() -> None:
    assert not all(stem in fold("Ławka na Długiej") for stem in search_stems("basen"))


WORDS = fold("Ławki przy przystanku, chodnik, plac zabaw, щодня Хмельницький").split()


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("ławki", "lawk"),
        ("przystnaku", "przystanku"),
        ("khmelnytskyi", fold("Хмельницький")),
    ],
)
def test_what_is_nowhere_as_typed_is_read_as_the_nearest_words(typed: str, word: str) -> None:
    (planned,) = plan_search(typed, WORDS)
    assert word in planned.parts
    assert is_found([planned], " ".join(WORDS))


def test_what_is_like_nothing_finds_nothing() -> None:
    assert not is_found(plan_search("telewizor", WORDS), " ".join(WORDS))
    assert [count_slips("lawka", other) for other in ("lawka", "lwaka", "law", "kawka")] == [
        0,
        1,
        2,
        1,
    ]
