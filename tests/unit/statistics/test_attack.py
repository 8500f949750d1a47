"""The attack finds every broken release and nothing in a good one."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest

from civic_budget.statistics import attack_lp, synthetic
from civic_budget.statistics.attack import attack
from civic_budget.statistics.attack_lp import Infeasible, System, intervals
from civic_budget.statistics.catalogue import DEFAULT
from civic_budget.statistics.release import measure
from civic_budget.statistics.tabulate import Frozen, freeze

from .crowds import city, dice, resealed, seal_of, sealed, town, truth_of, with_values


def rules(release, truth=None):
    return {(finding.rule, finding.table) for finding in attack(release, truth)}


def noise_of(release, table, frozen):
    exact = truth_of(release, frozen)[table]
    return [v - n for v, n in zip(seal_of(release, table).values, exact, strict=True)]


@pytest.fixture(
    scope="module", params=[21, *(pytest.param(n, marks=pytest.mark.proof) for n in range(22, 31))]
)
def good(request):
    """A good release; the long checks break each of ten."""
    return sealed(city(), request.param)


@pytest.fixture(scope="module")
def exact(good):
    return truth_of(good, city())


# -- no false alarm --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.proof) for n in (2, 3))])
def test_a_good_release_has_no_finding(seed):
    release = sealed(city(), seed)
    assert attack(release) == []
    assert attack(release, city()) == []


def test_a_good_release_of_a_small_town_has_no_finding():
    assert attack(sealed(town()), town()) == []


@pytest.mark.parametrize(
    ("people", "districts", "days"),
    [
        (300, 1, 1),
        (900, 2, 3),
        (5_000, 3, 14),
        pytest.param(20_000, 9, 30, marks=pytest.mark.proof),
    ],
)
def test_a_good_release_of_any_size_has_no_finding(people, districts, days):
    crowd = synthetic.City(people=people, districts=districts, days=days)
    frozen = freeze(synthetic.people(crowd, 3), DEFAULT)
    assert attack(sealed(frozen, 4), frozen) == []


def test_a_city_of_one_district_spends_less_epsilon_on_voters():
    one = freeze(synthetic.people(synthetic.City(people=2_000, districts=1), 3), DEFAULT)
    assert one.catalogue.table("V2").eps < DEFAULT.table("V2").eps
    assert one.catalogue.table("R2").eps == DEFAULT.table("R2").eps
    assert city().catalogue == DEFAULT


@pytest.mark.proof
def test_two_hundred_good_releases_have_no_finding():
    found = []
    for seed in range(200):
        release = sealed(city(), 1000 + seed)
        found += [(seed, finding) for finding in attack(release)]
        if seed % 10 == 0:
            found += [(seed, finding) for finding in attack(release, city())]
    assert found == []


# -- the ten negative controls ---------------------------------------------------------------------


def test_control_1_exact_values_in_one_table(good, exact):
    broken = with_values(good, "V2", exact["V2"])
    assert ("A4", "V2") in rules(broken, city())


def test_control_2_a_quarter_of_the_declared_noise(good, exact):
    quarter = [
        n + round(x / 4) for n, x in zip(exact["V3"], noise_of(good, "V3", city()), strict=True)
    ]
    assert ("A4", "V3") in rules(with_values(good, "V3", quarter), city())


def test_control_3_zeros_kept_exact(good, exact):
    values = seal_of(good, "V1").values
    kept = [0 if n == 0 else v for n, v in zip(exact["V1"], values, strict=True)]
    assert ("A4", "V1") in rules(with_values(good, "V1", kept), city())


def test_control_4_a_table_drawn_again_and_published_twice(good, exact):
    again = replace(seal_of(good, "V2"), values=measure(exact["V2"], Fraction("0.35"), dice(8)))
    broken = rules(resealed(good, [*good.seals, again]))
    assert ("S2", "V2") in broken
    assert ("S3", "") in broken


@pytest.mark.parametrize("with_truth", [False, True])
def test_control_5_the_same_noise_every_day(good, exact, with_truth):
    days = len(good.frame.days)
    drawn = noise_of(good, "V4", city())
    same = [n + drawn[place // days * days] for place, n in enumerate(exact["V4"])]
    broken = with_values(good, "V4", same)
    assert ("A5", "V4") in rules(broken, city() if with_truth else None)


def reused(release):
    """The release with the noise of V2 in V3 as far as it goes, row by row."""
    exact = truth_of(release, city())
    drawn = noise_of(release, "V2", city())
    districts = len(release.frame.districts)
    cells = len(exact["V3"]) // len(release.classes.order)
    copied = list(seal_of(release, "V3").values)
    for place, n in enumerate(exact["V3"]):
        row, column = divmod(place, cells)
        if column < districts:
            copied[place] = n + drawn[row * districts + column]
    return with_values(release, "V3", copied)


def test_control_6_noise_of_one_table_used_in_another(good):
    assert ("A5", "V2") in rules(reused(good), city())


@pytest.mark.proof
def test_control_6_is_found_without_the_truth_more_often_than_not():
    found = [("A5", "V2") in rules(reused(sealed(city(), seed))) for seed in range(21, 31)]
    assert sum(found) >= 6


def test_control_7_two_epsilon_on_one_table():
    dear = replace(
        DEFAULT,
        eps_edition=Fraction(4),
        tables=tuple(replace(t, eps=Fraction(2)) if t.name == "V2" else t for t in DEFAULT.tables),
    )
    assert ("A1", "V2") in rules(sealed(town(), catalogue=dear))


def test_control_8_a_table_outside_the_catalogue(good):
    extra = replace(seal_of(good, "V2"), table="X9")
    assert ("S1", "X9") in rules(resealed(good, [*good.seals, extra]))


def test_control_9_a_protection_that_eight_editions_wear_down(good):
    wider = replace(DEFAULT, p=6)
    frozen = Frozen(wider, city().frame, city().totals, city()._counts)
    assert ("A2", "V1") in rules(sealed(frozen))
    assert "A2" not in {rule for rule, _ in rules(good)}


def test_control_10_only_hiding_what_is_below_ten(good, exact):
    broken = good
    for table in ("V1", "V2"):
        broken = with_values(broken, table, [0 if n < 10 else n for n in exact[table]])
    found = rules(broken, city())
    assert {("A4", "V1"), ("A4", "V2")} <= found


# -- structure -------------------------------------------------------------------------------------


def test_a_number_changed_after_sealing_is_found(good):
    first = good.seals[0]
    touched = replace(first, values=(first.values[0] + 40, *first.values[1:]))
    broken = replace(good, seals=(touched, *good.seals[1:]))
    assert ("S4", "") in rules(broken)


def test_another_catalogue_than_the_sealed_one_is_found(good):
    assert ("S4", "V2") in rules(replace(good, catalogue=replace(DEFAULT, k=5)))


def test_classes_that_do_not_follow_from_their_source_are_found(good):
    moved = {**good.classes.of, "DE": "DE" if good.classes.of["DE"] != "DE" else "other"}
    broken = replace(good, classes=replace(good.classes, of=moved))
    assert any(rule == "S4" for rule, _ in rules(broken))


def test_a_second_epoch_beyond_the_reserve_is_found(good):
    second = replace(seal_of(good, "V4"), epoch="2", eps=Fraction("0.25"))
    assert ("S3", "") in rules(resealed(good, [*good.seals, second]))


# -- the linear-programming attacker ---------------------------------------------------------------


def margins_of(table):
    """What is published beside a table of rows and columns: every sum."""
    rows = {("row", r): sum(line) for r, line in enumerate(table)}
    columns = {("column", c): sum(line[c] for line in table) for c in range(len(table[0]))}
    return rows | columns


def attacked(table, bounds):
    """The range left to each cell of a table with exact margins; `bounds[(r, c)]` is known."""
    system = System()
    for r, line in enumerate(table):
        for c, _ in enumerate(line):
            system.cell((r, c), *bounds[(r, c)])
    for (kind, place), total in margins_of(table).items():
        names = [n for n in system.bounds if n[0 if kind == "row" else 1] == place]
        system.known_sum(names, total, total)
    return intervals(system, list(system.bounds))


TABLE = [[40, 3, 12], [7, 25, 18], [15, 30, 2], [60, 11, 33]]


def test_naive_suppression_is_broken():
    hidden = {
        (r, c): (0, 9) if n < 10 else (n, n)
        for r, line in enumerate(TABLE)
        for c, n in enumerate(line)
    }
    found = attacked(TABLE, hidden)
    for r, c in ((0, 1), (1, 0), (2, 2)):
        assert found[(r, c)] == (TABLE[r][c], TABLE[r][c])


def test_complementary_suppression_is_broken_by_knowing_the_rule():
    pattern = {(0, 0), (0, 1), (1, 0), (1, 1)}
    table = [[9, 1, 30], [1, 9, 40], [20, 25, 50]]

    def known(low, high):
        return {
            (r, c): (low, high) if (r, c) in pattern else (n, n)
            for r, line in enumerate(table)
            for c, n in enumerate(line)
        }

    assert attacked(table, known(0, math.inf))[(0, 1)] == (0, 10)
    # Hidden means 1 to 9: the second row and column leave only one way.
    found = attacked(table, known(1, 9))
    assert found[(0, 1)] == (1, 9)
    assert found[(0, 0)] == (1, 9)
    tight = attacked([[9, 1, 30], [9, 9, 40], [20, 25, 50]], known(1, 9))
    assert tight[(0, 1)] == (1, 1)


def test_rounding_to_five_is_broken_by_exact_totals():
    table = [[2, 3], [3, 2]]
    rounded = {(r, c): (3 - 2, 3) for r in range(2) for c in range(2)}
    found = attacked(table, rounded)
    assert all(high - low <= 2 for low, high in found.values())


def test_the_release_leaves_a_wide_range_to_every_small_count(good, exact):
    targets = [
        ("V2", key)
        for (key, _), n in zip(seal_of(good, "V2").cells(), exact["V2"], strict=True)
        if n < 10
    ]
    found = intervals(attack_lp.known_of(good, "voters"), targets)
    true = dict(zip((k for k, _ in seal_of(good, "V2").cells()), exact["V2"], strict=True))
    widths = [high - low for low, high in found.values()]
    assert len(widths) > 50
    assert min(widths) >= 20
    assert all(low - 1e-6 <= true[name[1]] <= high + 1e-6 for name, (low, high) in found.items())


def test_numbers_that_no_truth_fits_are_a_finding(good, exact):
    values = [v + 100_000 for v in seal_of(good, "V2").values]
    assert any(rule == "A3" for rule, _ in rules(with_values(good, "V2", values), city()))
    system = System()
    system.cell("a", 0, 1)
    system.known_sum(["a"], 5, 5)
    with pytest.raises(Infeasible):
        intervals(system, ["a"])
