"""Classes follow from public or sealed numbers, never from what is exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_budget.statistics.catalogue import DEFAULT
from civic_budget.statistics.classes import (
    OTHER,
    ClassMap,
    Residents,
    class_map,
    load_residents,
    residents_from_json,
)
from civic_budget.statistics.errors import BadCatalogue, BadFile

from .crowds import city, seal_of, sealed, truth_of


def residents(**counts: int) -> Residents:
    return Residents("register of residents", date(2026, 1, 1), "stay permits", "the city", counts)


def test_two_hundred_residents_make_a_class_and_the_rest_counts_with_its_region():
    made = class_map(residents(UA=5000, BY=200, DE=199, FR=150, GE=199), DEFAULT)
    assert made.of["UA"] == "UA"
    assert made.of["BY"] == "BY"
    assert made.of["DE"] == made.of["FR"] == made.of["IT"] == "rest:eu-efta"
    assert made.of["GE"] == OTHER
    assert made.sizes["rest:eu-efta"] == 349
    assert made.members("UA") == ("UA",)


def test_those_who_gave_no_nationality_are_always_a_class_and_never_polish():
    made = class_map(residents(UA=5000), DEFAULT)
    assert made.of["ZZ"] == "ZZ"
    assert "PL" not in made.of


def test_a_class_is_kept_down_to_four_fifths():
    before = class_map(residents(UA=5000, DE=200), DEFAULT)
    kept = class_map(residents(UA=5000, DE=160), DEFAULT, before)
    lost = class_map(residents(UA=5000, DE=159), DEFAULT, before)
    assert kept.of["DE"] == "DE"
    assert lost.of["DE"] == OTHER
    assert class_map(residents(UA=5000, DE=160), DEFAULT).of["DE"] == OTHER


def test_every_foreign_code_is_in_exactly_one_class():
    made = class_map(residents(UA=5000, BY=900, IN=300, FR=90, IT=150), DEFAULT)
    assert set(made.of) == set(DEFAULT.foreign_codes())
    assert set(made.of.values()) == set(made.order)


def test_exact_counts_are_not_accepted():
    with pytest.raises(TypeError):
        class_map({"UA": 5000}, DEFAULT)  # type: ignore[arg-type]
    with pytest.raises(BadCatalogue):
        class_map(seal_of(sealed(city()), "V2"), DEFAULT)


def test_the_same_sealed_numbers_give_the_same_classes_whatever_the_truth():
    release = sealed(city())
    r1 = seal_of(release, "R1")
    exact = truth_of(release, city())["R1"]
    other_truth = replace(r1, values=tuple(exact))
    assert class_map(r1, DEFAULT) == release.classes
    assert class_map(other_truth, DEFAULT) != release.classes


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(DEFAULT.foreign_codes()), st.integers(0, 400), min_size=1, max_size=60
    )
)
def test_no_class_but_other_and_unknown_is_thin(counts):
    made = class_map(residents(**counts), DEFAULT)
    assert all(made.sizes[c] >= DEFAULT.k_class for c in made.order if c not in (OTHER, "ZZ"))
    assert isinstance(made, ClassMap)


def test_residents_come_with_the_catalogue(tmp_path):
    (tmp_path / "register.csv").write_text("nationality,residents\nUA,36300\nBY,4100\n")
    path = tmp_path / "city.toml"
    path.write_text(
        '[residents]\nfile = "register.csv"\nsource = "social insurance"\nas_of = 2025-12-31\n'
        'definition = "insured persons"\ngeography = "the city"\n'
    )
    read = load_residents(path)
    assert read is not None
    assert read.counts == {"UA": 36300, "BY": 4100}
    assert residents_from_json(read.as_json()) == read
    path.write_text("k = 10\n")
    assert load_residents(path) is None


@pytest.mark.parametrize(
    "row", ["UA,many", "QQ,5", "UA,36,300", f"UA,{'9' * 5000}", f"UA,{'9' * 140_000}"]
)
def test_a_bad_row_of_residents_is_named(tmp_path, row):
    (tmp_path / "register.csv").write_text(f"nationality,residents\nBY,4100\n{row}\n")
    path = tmp_path / "city.toml"
    path.write_text('[residents]\nfile = "register.csv"\n')
    with pytest.raises(BadFile, match="line 3"):
        load_residents(path)


def test_residents_without_a_source_are_refused():
    whole = residents(UA=1).as_json()
    with pytest.raises(BadCatalogue, match="source"):
        residents_from_json({name: part for name, part in whole.items() if name != "source"})
    with pytest.raises(BadCatalogue, match="QQ"):
        residents_from_json({**whole, "counts": {"QQ": 1}})
