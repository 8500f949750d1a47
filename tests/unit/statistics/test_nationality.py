"""One person counts under one nationality, from a public list cut into regions."""

from __future__ import annotations

import pytest

from civic_budget.statistics import nationality
from civic_budget.statistics.nationality import statistical_nationality


@pytest.mark.parametrize(
    ("declared", "counted"),
    [
        (["PL"], "PL"),
        (["UA", "PL"], "PL"),
        (["UA", "DE"], "DE"),
        (["US", "NO", "FR"], "NO"),
        (["UA", "BY"], "UA"),
        (["XX"], "XX"),
        (["ZZ", "UA"], "UA"),
        (["ZZ"], "ZZ"),
        ([], "ZZ"),
    ],
)
def test_several_nationalities_become_one(declared, counted):
    assert statistical_nationality(declared) == counted


def test_a_code_off_the_list_is_refused():
    with pytest.raises(ValueError, match="QQ"):
        statistical_nationality(["PL", "QQ"])


def test_the_regions_are_a_partition_of_the_list():
    every = [code for codes in nationality.REGIONS.values() for code in codes]
    assert len(every) == len(set(every)) == len(nationality.CODES)
    # ISO 3166-1 has 249 codes; Kosovo, stateless and unknown come on top.
    assert len(every) == 252


def test_european_union_and_efta_are_one_region_of_31_states_and_aland():
    assert len(nationality.EU_EFTA) == 27 + 4 + 1
    assert "GB" not in nationality.EU_EFTA
