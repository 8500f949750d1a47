"""Streets: the same sound from four languages' spellings, and a list whose every bad line is named."""

from __future__ import annotations

import pytest

from civic_budget.city.addresses import fold_street, sound_of
from civic_budget.city.street_list import read_street_list

HEAD = "district,street,numbers_from,numbers_to,parity\n"


@pytest.mark.parametrize(
    ("polish", "ukrainian", "russian"),
    [
        ("Grzegórzecka", "вул. Гжегужецька", "ул. Гжегужецкая"),
        ("Floriańska", "Флоріанська", "Флорианская"),
        ("Księcia Józefa", "Ксєнця Юзефа", "Ксенця Юзефа"),
        ("Zwierzyniecka", "Звєжинецька", "Звежинецкая"),
        ("Dębowa", "Дембова", "Дембова"),
        ("Juliusza Lea", "Юліуша Леа", "Юлиуша Леа"),
    ],
)
def test_one_street_sounds_the_same_in_every_spelling(
    polish: str, ukrainian: str, russian: str
) -> None:
    assert sound_of(polish) == sound_of(ukrainian) == sound_of(russian)


def test_titles_and_marks_do_not_count() -> None:
    assert fold_street("ul. Łobzowska") == fold_street("lobzowska")
    assert fold_street("os. Kościuszkowskie") == "kosciuszkowskie"
    assert sound_of("Szewska") != sound_of("Sławkowska")


def test_a_list_is_read_with_its_stretches() -> None:
    text = HEAD + "8,Zachodnia,,,\n8,Długa,1,20,\n18,Długa,21,,odd\n18,Długa,22,,even\n"
    found = read_street_list(text.encode(), districts={8, 18})
    assert found.problems == ()
    long = next(street for street in found.streets if street.name == "Długa")
    assert [stretch.district for stretch in long.stretches] == [8, 18, 18]


def test_a_whole_street_in_two_districts_leaves_the_border_open() -> None:
    text = HEAD + "8,Graniczna,,,\n18,Graniczna,,,\n8,Długa,1,20,\n18,Długa,,,\n8,Długa,,,\n"
    found = read_street_list(text.encode(), districts={8, 18})
    assert [(problem.line, problem.code) for problem in found.problems] == [
        (5, "overlaps"),
        (6, "overlaps"),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("19,Długa,,,", "unknown_district"),
        ("x,Długa,,,", "unknown_district"),
        ("8,,,,", "no_street"),
        ("8,Długa,a,,", "bad_number"),
        ("8,Długa,9,3,", "numbers_reversed"),
        ("8,Długa,,,left", "unknown_parity"),
        ("8,Krótka,5,9,", "overlaps"),
        ("18,krotka,1,9,odd", "overlaps"),
        ("8," + "d" * 121 + ",,,", "long_street"),
    ],
)
def test_a_bad_line_is_named_with_its_reason(line: str, code: str) -> None:
    text = HEAD + "8,Krótka,1,5,\n" + line + "\n8,Dobra,,,\n"
    (problem,) = read_street_list(text.encode(), districts={8, 18}).problems
    assert (problem.line, problem.code) == (3, code)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"district,name\n8,D\n", "no_column"),
        ("district,street\n8,Długa\n".encode("cp1250"), "not_utf8"),
        (HEAD.encode(), "no_lines"),
        (b"", "no_column"),
    ],
)
def test_a_file_of_another_shape_says_so(content: bytes, code: str) -> None:
    assert read_street_list(content, districts={8}).problems[0].code == code
