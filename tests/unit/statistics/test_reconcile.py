"""Reconciled tables are whole, never negative, and agree with each other and the official totals."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_budget.statistics.reconcile import project, reconcile

from .crowds import city, resealed, sealed, town, truth_of

KEYS = [(chr(97 + n),) for n in range(12)]
VALUES = st.dictionaries(st.sampled_from(KEYS), st.integers(-60, 300), min_size=1)
CAPS = st.fixed_dictionaries({key: st.integers(0, 250) for key in KEYS})


@settings(max_examples=200, deadline=None)
@given(VALUES, st.integers(-20, 1500), CAPS)
def test_a_projection_keeps_its_total_and_its_bounds(values, total, caps):
    cells = project(values, total, caps)
    most = sum(caps[key] for key in values)
    assert sum(cells.values()) == max(0, min(total, most))
    assert all(0 <= cells[key] <= caps[key] for key in values)


@settings(max_examples=100, deadline=None)
@given(VALUES, st.integers(0, 1500), CAPS)
def test_a_projection_changes_nothing_the_second_time(values, total, caps):
    once = project(values, total, caps)
    assert project(once, sum(once.values()), caps) == once


@settings(max_examples=100, deadline=None)
@given(VALUES, st.integers(0, 1500), CAPS, st.randoms(use_true_random=False))
def test_the_order_of_cells_does_not_matter(values, total, caps, shuffler):
    keys = list(values)
    shuffler.shuffle(keys)
    assert project({k: values[k] for k in keys}, total, caps) == project(values, total, caps)


@settings(max_examples=100, deadline=None)
@given(VALUES, st.integers(0, 600))
def test_the_projection_is_the_nearest_whole_point(values, total):
    wide = dict.fromkeys(KEYS, 10_000)
    cells = project(values, total, wide)

    def distance(point):
        return sum((point[key] - values[key]) ** 2 for key in values)

    # Moving one person from any cell to any other never comes nearer.
    for giver in values:
        for taker in values:
            if giver != taker and cells[giver] > 0:
                moved = {**cells, giver: cells[giver] - 1, taker: cells[taker] + 1}
                assert distance(moved) >= distance(cells)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_tables_of_a_measure_have_the_same_class_totals(seed):
    release = sealed(city(), seed)
    for measure in ("registered", "authors", "voters"):
        agreed = reconcile(release, measure)
        for cells in agreed.cells.values():
            sums: dict[str, int] = defaultdict(int)
            for key, value in cells.items():
                assert value >= 0
                sums[release.classes.of.get(key[0], key[0])] += value
            assert sums == agreed.totals


def test_no_cell_is_larger_than_the_official_total():
    release = sealed(town())
    agreed = reconcile(release, "voters")
    for (cls, district), value in agreed.cells["V2"].items():
        assert value <= release.totals.cap("voters", ("district",), (district,)), cls


def test_the_order_in_which_tables_were_sealed_does_not_matter():
    release = sealed(town())
    back = resealed(release, release.seals[::-1])
    assert reconcile(back, "voters").cells == reconcile(release, "voters").cells


def test_linked_tables_together_know_a_total_better_than_each_alone():
    release = sealed(city())
    agreed = reconcile(release, "voters")
    alone = agreed.spread["V1"] * agreed.sizes["V1"]["UA"]
    assert agreed.variances["UA"] < alone
    whole_row = agreed.variance_of("V2", {"UA": agreed.sizes["V2"]["UA"]})
    assert whole_row == agreed.variances["UA"]


def test_large_classes_come_out_within_a_few_persons():
    off = []
    for seed in range(5):
        release = sealed(city(), seed)
        exact = truth_of(release, city())["V4"]
        order, days = release.classes.order, len(release.frame.days)
        true = sum(exact[order.index("UA") * days : (order.index("UA") + 1) * days])
        off.append(abs(reconcile(release, "voters").totals["UA"] - true))
    assert true > 2500
    assert sum(off) / 5 < 12
