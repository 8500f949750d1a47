"""Personal data in texts for the bulletin: what is found, what is left, what a cover hides."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

import pytest

from civic_budget.assessment.bulletin import (
    Document,
    check_documents,
    cover_documents,
    document_from,
    finding_from,
    hash_documents,
    pack,
)
from civic_budget.assessment.redaction import COVER, cover, find_personal_data


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Proszę dzwonić: 512 345 678, po 16.", [("phone", "512 345 678")]),
        ("tel. +48 512-345-678", [("phone", "+48 512-345-678")]),
        ("pisać na jan.kowalski+bo@example.org.", [("email", "jan.kowalski+bo@example.org")]),
        ("PESEL 90010112345 podano zbędnie", [("pesel", "90010112345")]),
        ("dowód ABC 123456", [("document", "ABC 123456")]),
        ("Autorka, Anna Nowak, prosi", [("name", "Anna Nowak")]),
        ("rozmawiano z Janem Kowalskim o placu", [("name", "Janem Kowalskim")]),
        ("zdaniem Olgi Marii Wójcik-Nowak", [("name", "Olgi Marii Wójcik-Nowak")]),
        ("за словами Олени Шевченко", [("name", "Олени Шевченко")]),
        ("pani Wiśniewska zgłosiła", [("name", "Wiśniewska")]),
        ("podpis J. Kowalski i О. Коваль", [("name", "J. Kowalski"), ("name", "О. Коваль")]),
        ("вместе с Сергеем Ивановым", [("name", "Сергеем Ивановым")]),
        ("Pan Duda i p. Lis", [("name", "Duda"), ("name", "Lis")]),
    ],
)
def test_each_kind_is_found_where_it_stands(text: str, found: list[tuple[str, str]]) -> None:
    assert [(s.kind, text[s.start : s.end]) for s in find_personal_data(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Teren nie należy do miasta. Koszt 1 250 000 zł, dz. nr 123/4.",
        "Zarząd Zieleni Miejskiej i Rada Dzielnicy VIII odmówiły.",
        "Numer BO.D8.3/26; uchwała nr XXXV/903/20 z 12 lutego 2020 r.",
        "Park Krakowski, ulica Zachodnia 5",
    ],
)
def test_what_is_no_personal_data_is_left_alone(text: str) -> None:
    assert find_personal_data(text) == []


def test_covered_words_and_their_length_are_gone() -> None:
    text = "Anna Nowak, 512345678"
    hidden = cover(text, find_personal_data(text))
    assert hidden == f"{COVER}, {COVER}"


def test_a_package_covers_what_a_person_decided_and_lists_its_hashes() -> None:
    rows = (("BO.D8.1/26", "Skwer im. Jana Nowaka"), ("BO.D8.2/26", "Zdaniem Anny Lis nie."))
    document = Document("lista", "Lista", ("Numer", "Powód"), rows)
    assert document_from(document.as_data()) == document
    patron, person = check_documents([document])
    decided = [
        finding_from({**patron.as_data(), "is_covered": False}),
        finding_from({**person.as_data(), "is_covered": True}),
    ]
    (covered,) = cover_documents([document], decided)
    assert covered.rows == (rows[0], ("BO.D8.2/26", f"Zdaniem {COVER} nie."))
    assert hash_documents([covered]) != hash_documents([document])
    content = pack({"b.html": b"b", "a.pdf": b"a"}, {"edition": "Edycja"})
    assert content == pack({"a.pdf": b"a", "b.html": b"b"}, {"edition": "Edycja"})
    with zipfile.ZipFile(BytesIO(content)) as package:
        manifest = json.loads(package.read("manifest.json"))
    assert [one["name"] for one in manifest["files"]] == ["a.pdf", "b.html"]
    assert manifest["files"][0]["sha256"].startswith("ca978112")
