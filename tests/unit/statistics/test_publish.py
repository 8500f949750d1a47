"""What may be read: tables that add up, sums of one table's cells, honest rates and differences."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from civic_budget.statistics.catalogue import DEFAULT
from civic_budget.statistics.classes import Residents
from civic_budget.statistics.errors import NotInCatalogue
from civic_budget.statistics.estimate import Estimate, difference, ratio
from civic_budget.statistics.nationality import REGIONS
from civic_budget.statistics.publish import Publication
from civic_budget.statistics.tabulate import freeze

from .crowds import city, person, seal_of, sealed, town, truth_of, with_values


@pytest.fixture(scope="module")
def book():
    return Publication(sealed(city()))


def count(value, margin=0):
    return Estimate(value, None, margin, margin == 0)


# -- tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [t.name for t in DEFAULT.tables])
def test_a_table_lists_poland_and_every_class_or_named_nationality(book, table):
    rows = dict(book.table(table))
    firsts = list(dict.fromkeys(key[0] for key in rows))
    assert firsts[0] == "PL"
    if DEFAULT.table(table).dims[0] == "class":
        assert tuple(firsts[1:]) == book.classes.order
    else:
        assert set(book.classes.own()) <= set(firsts)


@pytest.mark.parametrize("table", [t.name for t in DEFAULT.tables])
def test_a_number_is_shown_or_is_fewer_than_the_limit(book, table):
    for key, shown in book.table(table):
        assert (shown.value is None) != (shown.below is None), key
        limit = DEFAULT.show_from(table)
        if shown.value is None:
            assert shown.below >= limit
        elif key[0] != "PL":
            assert shown.value >= limit
        assert not shown.exact


def test_no_cell_says_nobody(book):
    for table in DEFAULT.tables:
        assert all(shown.value != 0 for _, shown in book.table(table.name))


def test_the_row_of_poland_is_what_remains_of_the_official_total(book):
    for district in book.frame.districts:
        total = book.sum("voters", district=district)
        foreign = book.sum("voters", cls=book.classes.order, district=district)
        poland = book.sum("voters", cls="PL", district=district)
        assert total.exact
        assert poland.value + foreign.value == total.value
        assert poland.margin == foreign.margin > 0
        assert dict(book.table("V2"))[("PL", district)] == poland


def test_classes_add_up_to_the_same_city_in_every_table(book):
    by_table = {
        book.sum("voters", cls="UA").value,
        book.sum("voters", cls="UA", district=book.frame.districts).value,
        book.sum("voters", cls="UA", age=[b.code for b in DEFAULT.bands]).value,
        book.sum("voters", cls="UA", channel=book.frame.channels).value,
        book.sum("voters", cls="UA", day=book.frame.days).value,
    }
    assert len(by_table) == 1


def test_a_nationality_that_nobody_has_is_hardly_ever_named():
    named = 0
    for seed in range(10):
        release = sealed(town(), seed)
        true = truth_of(release, town())["V1"]
        exact = dict(zip((k for k, _ in seal_of(release, "V1").cells()), true, strict=True))
        for code in Publication(release).named("V1"):
            if code not in release.classes.own():
                named += all(n == 0 for key, n in exact.items() if key[0] == code)
    assert named <= 3


def test_an_unnamed_nationality_is_told_only_as_fewer_than_the_naming_limit(book):
    unnamed = next(c for c in DEFAULT.foreign_codes() if c not in book.named("V1"))
    shown = book.sum("voters", nat=unnamed)
    assert shown.value is None
    assert shown.below >= DEFAULT.named_from("V1", 2)


def test_a_withheld_total_hides_the_row_of_poland():
    frozen = freeze([person(n, age=70 if n < 20 else 30) for n in range(400)], DEFAULT)
    small = Publication(sealed(frozen))
    assert small.sum("voters", age="65+", sex="F") == Estimate(None, 50, 0, True)
    assert small.sum("voters", cls="PL", age="65+", sex="F").below == 50


# -- sums ------------------------------------------------------------------------------------------


def test_regions_are_sums_of_nationalities(book):
    union = book.sum("voters", nat=[c for c in REGIONS["eu-efta"] if c != "PL"])
    assert union.value > book.sum("voters", nat="DE").value
    assert union.margin > book.sum("voters", nat="DE").margin


@pytest.mark.parametrize(
    "asked",
    [
        {"cls": "UA", "district": "D01", "age": "25-34"},
        {"cls": "UA", "district": "D01", "day": "2026-10-01"},
        {"nat": "AD", "district": "D01"},
        {"district": "D01", "age": "25-34"},
        {"cls": "Mars"},
        {"nat": "Mars"},
        {"cls": "UA", "district": "D99"},
        {"cls": "UA", "street": "Long"},
        {"cls": "UA", "nat": "UA"},
    ],
)
def test_what_no_table_holds_cannot_be_asked(book, asked):
    with pytest.raises(NotInCatalogue):
        book.sum("voters", **asked)


def test_unsealed_tables_cannot_be_read():
    release = sealed(town())
    without = replace(release, seals=release.seals[:3])
    with pytest.raises(NotInCatalogue):
        Publication(without).table("V2")
    with pytest.raises(NotInCatalogue):
        Publication(without).sum("voters", cls="ZZ")


def test_any_number_of_questions_says_no_more_than_the_sealed_cells():
    """Every answer follows from the seals: other truths behind the same seals answer the same."""
    release = sealed(town())
    draw = random.Random(4)
    one, other = Publication(release), Publication(sealed(town()))
    for _ in range(300):
        classes = draw.sample(release.classes.order, draw.randint(1, len(release.classes.order)))
        dim = draw.choice(["district", "channel", "day", "age"])
        codes = one._axis(dim)
        asked = {dim: draw.sample(codes, draw.randint(1, len(codes)))}
        assert one.sum("voters", cls=classes, **asked) == other.sum("voters", cls=classes, **asked)


def test_changing_one_sealed_number_changes_the_answer():
    release = sealed(city())
    values = list(seal_of(release, "V2").values)
    place = release.classes.order.index("UA") * len(release.frame.districts)
    values[place] += 500
    changed = Publication(with_values(release, "V2", values))
    first = release.frame.districts[0]
    assert (
        changed.sum("voters", cls="UA", district=first).value
        > Publication(release).sum("voters", cls="UA", district=first).value + 300
    )


# -- rates and differences -------------------------------------------------------------------------


def test_a_rate_is_of_the_registered_and_has_an_interval(book):
    rate = book.rate(cls="UA")
    assert rate.low < rate.value < rate.high
    assert Fraction(55, 100) < rate.value < Fraction(80, 100)


def test_a_rate_of_few_is_not_told(book):
    small = min(book.classes.order, key=lambda c: book.classes.sizes[c])
    assert all(book.rate(cls=small, district=d) is None for d in book.frame.districts)


def test_a_rate_never_passes_one():
    assert ratio(count(130, 9), count(120, 20)).value == 1
    assert ratio(count(130, 9), count(15, 20)).high == 1


def test_rates_by_channel_cannot_be_asked(book):
    with pytest.raises(NotInCatalogue):
        book.rate(cls="UA", channel="web")


def test_who_gave_no_nationality_leads_the_page(book):
    silent = book.non_response()
    assert set(silent) == {"", "paper", "web"}
    assert Fraction(3, 100) < silent[""].value < Fraction(5, 100)


def test_registers_that_disagree_give_an_interval(book):
    low = Residents("a", date(2026, 1, 1), "", "", {"UA": 29_000})
    high = Residents("b", date(2026, 1, 1), "", "", {"UA": 36_300})
    voters = book.sum("voters", cls="UA")
    rate = book.against("UA", [low, high])
    assert rate.low == Fraction(voters.value - voters.margin, 36_300)
    assert rate.high == Fraction(voters.value + voters.margin, 29_000)
    assert book.against("BY", [low, high]) is None


def test_a_difference_is_worth_something_only_beyond_both_margins():
    assert difference(count(120, 9), count(110, 9)).worth == "within"
    assert difference(count(123, 9), count(110, 9)).worth == "within"
    assert difference(count(124, 9), count(110, 9)).worth == "larger"
    assert difference(count(100, 9), count(124, 9)).value == -24
    assert difference(count(100, 9), Estimate(None, 10, 9, False)) is None


def test_small_classes_are_shown_by_week_and_large_ones_by_day(book):
    assert len(book.by_day("UA")) == len(book.by_day()) == 14
    small = min(book.classes.own(), key=lambda c: book.classes.sizes[c])
    weeks = book.by_day(small)
    assert [(w.last - w.first).days for w in weeks] == [6, 6]
    assert all(day.estimate.exact for day in book.by_day())


# -- how good the margins are ----------------------------------------------------------------------


def covered(seeds):
    hits = trials = 0
    for seed in seeds:
        release = sealed(city(), seed)
        book, exact = Publication(release), truth_of(release, city())
        for name in ("R2", "R3", "V2", "V3", "V4"):
            true = dict(
                zip((k for k, _ in seal_of(release, name).cells()), exact[name], strict=True)
            )
            for key, shown in book.table(name):
                if key[0] != "PL" and shown.value is not None:
                    trials += 1
                    hits += abs(shown.value - true[key]) <= shown.margin
    return hits / trials


def test_margins_hold_nineteen_times_out_of_twenty():
    assert covered(range(3)) > 0.94


@pytest.mark.proof
def test_margins_hold_nineteen_times_out_of_twenty_in_forty_releases():
    assert covered(range(40)) >= 0.95
