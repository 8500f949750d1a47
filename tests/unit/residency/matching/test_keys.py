"""Blind indexes: stable, keyed, and meeting for one human's different papers."""

from datetime import date

import pytest

from civic_budget.residency.matching import (
    Address,
    Document,
    IdentityRecord,
    blind_keys,
    run_keys,
)
from civic_budget.residency.matching.keys import BlindKeys, prepare

KEY = bytes(range(32))
BORN = date(1990, 5, 17)
PASSPORT = Document("passport", "UKR", "FA 123456")
HOME = Address("ul. gen. Tadeusza Kościuszki", "12", "5", "30-001")


def keys(
    given_names: str = "Mykola",
    family_name: str = "Shcherbakov",
    birth_on: date = BORN,
    document: Document | None = PASSPORT,
    address: Address | None = HOME,
    *,
    k_match: bytes = KEY,
) -> BlindKeys:
    return blind_keys(
        k_match,
        given_names=given_names,
        family_name=family_name,
        birth_on=birth_on,
        document=document,
        address=address,
    )


def test_keys_are_stable_over_releases() -> None:
    # Stored indexes must be found by the next version: a change here needs a re-indexing run.
    found = keys()
    assert [k.hex()[:16] for k in found if k] == STORED
    assert all(k is not None and len(k) == 32 for k in found)


STORED = ["62114b5cf912fec7", "088b100c28605a60", "a33fb562fccfce5a"]


def test_another_key_gives_other_indexes() -> None:
    assert not set(keys()) & set(keys(k_match=bytes(32)))


def test_kinds_never_meet() -> None:
    assert len(set(keys())) == 3


def test_other_spellings_and_swapped_fields_meet() -> None:
    assert keys("Szczerbakow", "Mikołaj") == keys("Николай", "Щербаков") == keys()


def test_a_new_family_name_leaves_document_and_home() -> None:
    before, after = keys("Olena", "Bondar"), keys("Olena", "Kovalska")
    assert before.k1 != after.k1
    assert (before.k2, before.k3) == (after.k2, after.k3)


def test_documents_meet_as_people_write_them() -> None:
    for written in ("fa123456", "FA-123456", "FА 123456"):  # the last with a Cyrillic А
        assert keys(document=Document("Passport", "ua", written)).k2 == keys().k2
    assert keys(document=Document("identity_card", "UKR", "FA123456")).k2 != keys().k2
    assert keys(document=Document("passport", "POL", "FA123456")).k2 != keys().k2


@pytest.mark.parametrize(
    "written",
    [
        Address("Kościuszki", "12", "5"),
        Address("ulica Kosciuszki", "12/5"),
        Address("UL. T. KOŚCIUSZKI", "12 m. 5", "", "30-999"),
        Address("gen. Kościuszki", "12", "m. 5"),
    ],
)
def test_addresses_meet_as_people_write_them(written: Address) -> None:
    assert keys(address=written).k3 == keys().k3


def test_neighbours_do_not_meet() -> None:
    assert keys(address=Address("Kościuszki", "12", "6")).k3 != keys().k3
    assert keys(address=Address("Kościuszki", "12a", "5")).k3 != keys().k3
    assert keys(address=Address("Kościelna", "12", "5")).k3 != keys().k3


def test_what_is_missing_has_no_index() -> None:
    bare = keys(document=None, address=None)
    assert bare.k1 is not None
    assert (bare.k2, bare.k3) == (None, None)
    assert keys(document=Document("passport", "UKR", " - ")).k2 is None
    assert keys(address=Address("", "12")).k3 is None
    assert keys("", "").k1 is None


def test_parts_are_length_prefixed() -> None:
    one = keys(document=Document("passport", "UKR", "1FA2"))
    other = keys(document=Document("passport", "UKR1", "FA2"))
    assert one.k2 != other.k2


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        keys(k_match=b"short")


def test_a_run_has_seven_keys_and_fewer_for_less_data() -> None:
    full = IdentityRecord("Mykola", "Shcherbakov", BORN, PASSPORT, HOME)
    bare = IdentityRecord("Mykola", "Shcherbakov", BORN)
    assert len(set(run_keys(KEY, prepare(full)))) == 7
    assert set(run_keys(KEY, prepare(bare))) < set(run_keys(KEY, prepare(full)))
    assert not set(run_keys(KEY, prepare(full))) & set(keys())


@pytest.mark.parametrize(
    "other",
    [
        IdentityRecord("Bondar", "Olena", BORN),
        IdentityRecord("Olena", "Kovalska", BORN),
        IdentityRecord("Olena", "Bondar", date(1990, 7, 5)),
        IdentityRecord("Olena", "Bondar", date(1991, 5, 17)),
        IdentityRecord("Ilona", "Kovalska", BORN, address=HOME),
        IdentityRecord("Olena", "Kovalska", date(2001, 1, 1), address=HOME),
        IdentityRecord("X", "Y", date(2001, 1, 1), document=PASSPORT),
    ],
)
def test_a_run_meets_what_one_agreement_leaves(other: IdentityRecord) -> None:
    olena = IdentityRecord("Olena", "Bondar", BORN, PASSPORT, HOME)
    assert set(run_keys(KEY, prepare(olena))) & set(run_keys(KEY, prepare(other)))
