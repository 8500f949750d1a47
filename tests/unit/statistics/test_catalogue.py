"""The catalogue: eight tables, what they cost, and what cannot be written into it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from civic_budget.statistics import catalogue as catalogues
from civic_budget.statistics.catalogue import DEFAULT, AgeBand, Catalogue, Table
from civic_budget.statistics.errors import BadCatalogue


def test_tables_and_reserve_spend_exactly_the_epsilon_of_an_edition():
    assert sum(table.eps for table in DEFAULT.tables) == Fraction("1.8")
    assert DEFAULT.reserve == Fraction("0.2")
    assert DEFAULT.eps_edition == 2


@pytest.mark.parametrize(
    ("table", "margin", "show"),
    [
        ("R1", 20, 20),
        ("R2", 20, 20),
        ("R3", 20, 20),
        ("A1", 12, 12),
        ("V1", 9, 10),
        ("V2", 9, 10),
        ("V3", 10, 10),
        ("V4", 30, 30),
    ],
)
def test_margins_and_display_limits_follow_from_epsilon(table, margin, show):
    assert DEFAULT.margin(table) == margin
    assert DEFAULT.show_from(table) == show


def test_a_nationality_is_named_from_53_registered_32_authors_28_voters():
    assert DEFAULT.named_from("R1") == 53
    assert DEFAULT.named_from("A1") == 32
    assert DEFAULT.named_from("V1", cells=2) == 28


def test_more_epsilon_than_the_edition_has_is_refused():
    dear = replace(DEFAULT.tables[0], eps=Fraction("0.16"))
    with pytest.raises(BadCatalogue, match="epsilon"):
        replace(DEFAULT, tables=(dear, *DEFAULT.tables[1:]))


def test_a_ninth_table_must_take_its_epsilon_from_another():
    extra = Table("V5", "voters", ("class", "channel"), Fraction("0.05"))
    with pytest.raises(BadCatalogue, match="epsilon"):
        replace(DEFAULT, tables=(*DEFAULT.tables, extra))
    cheaper = replace(DEFAULT.table("V2"), eps=Fraction("0.30"))
    rest = tuple(cheaper if t.name == "V2" else t for t in DEFAULT.tables)
    assert replace(DEFAULT, tables=(*rest, extra)).table("V5") == extra


def test_the_strict_profile_halves_everything():
    strict = DEFAULT.strict()
    assert strict.eps_edition == 1
    assert strict.margin("V2") == 17


@pytest.mark.parametrize(
    "table",
    [
        Table("X", "voters", ("district",), Fraction(1, 100)),
        Table("X", "voters", ("class", "street"), Fraction(1, 100)),
        Table("X", "voters", ("class", "nat"), Fraction(1, 100)),
        Table("X", "voters", ("class", "sex", "age"), Fraction(1, 100)),
        Table("X", "guests", ("class",), Fraction(1, 100)),
        Table("X", "voters", ("class",), Fraction(0)),
    ],
)
def test_a_malformed_table_is_refused(table):
    with pytest.raises(BadCatalogue):
        Catalogue(tables=(table,))


def test_two_tables_of_one_name_are_refused():
    with pytest.raises(BadCatalogue, match="name"):
        Catalogue(tables=(DEFAULT.tables[0], DEFAULT.tables[0]))


def test_age_bands_leave_no_gap():
    with pytest.raises(BadCatalogue, match="bands"):
        Catalogue(bands=(AgeBand(0, 15), AgeBand(17, None)))
    assert [b.code for b in DEFAULT.bands][:2] == ["0-15", "16-24"]
    assert DEFAULT.band_of(15) == "0-15"
    assert DEFAULT.band_of(16) == "16-24"
    assert DEFAULT.band_of(101) == "65+"
    with pytest.raises(ValueError):
        DEFAULT.band_of(-1)


def test_a_catalogue_survives_writing_and_reading():
    again = catalogues.from_json(DEFAULT.as_json())
    assert again == DEFAULT
    assert again.digest() == DEFAULT.digest()


def test_every_change_changes_the_digest():
    assert replace(DEFAULT, k=11).digest() != DEFAULT.digest()
    assert DEFAULT.strict().digest() != DEFAULT.digest()


def test_a_catalogue_is_read_from_toml(tmp_path):
    path = tmp_path / "city.toml"
    path.write_text(
        'districts = ["I", "II"]\nbands = [0, 18, 65]\nk = 12\n'
        "days = [2026-10-01, 2026-10-14]\n"
        'tables = [{ name = "V2", measure = "voters", dims = ["class", "district"], eps = "0.5" }]\n'
        '[residents]\nsource = "register"\n',
        encoding="utf-8",
    )
    read = catalogues.load(path)
    assert read.districts == ("I", "II")
    assert [b.code for b in read.bands] == ["0-17", "18-64", "65+"]
    assert len(read.days) == 14
    assert read.table("V2").eps == Fraction(1, 2)


@pytest.mark.parametrize(
    "data",
    [
        {"surprise": 1},
        {"eps_edition": 2.0},
        {"eps_edition": "two"},
        {"k": "10"},
        {"tables": [{"name": "V2"}]},
        {"days": ["yesterday"]},
        {"always_own": ["QQ"]},
        {"codes": ["PL", "QQ"]},
    ],
)
def test_a_malformed_catalogue_is_refused(data):
    with pytest.raises(BadCatalogue):
        catalogues.from_json(data)
