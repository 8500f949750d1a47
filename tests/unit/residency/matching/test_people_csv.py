"""Files of people: what is read, which rows are named as bad, what the command says and writes."""

import csv
from datetime import date
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
from click.testing import CliRunner

from civic_budget.residency.commands import commands
from civic_budget.residency.matching import Address, Document, IdentityRecord
from civic_budget.residency.matching.people_csv import (
    COLUMNS,
    UnreadablePeopleError,
    read_people,
)

TODAY = date(2026, 3, 1)
HEADER = ",".join(COLUMNS)
OLENA = "1,Olena,Kravchenko,1990-05-17,passport,UKR,FA123456,ul. Długa,12,5,30-001"
HELENA = "2,Helena,Krawczenko,1990-05-17,residence_card,POL,RR1234567,Długa,12/5,,"
IVAN = "3,Ivan,Bondar,1985-01-02,,,,,,,"


def read(*lines: str) -> list[tuple[str, IdentityRecord]]:
    return read_people(StringIO("\n".join(lines), newline=""), today=TODAY)


def reasons(*lines: str) -> list[str]:
    with pytest.raises(UnreadablePeopleError) as caught:
        read(*lines)
    return [str(row) for row in caught.value.rows]


def test_rows_become_records_in_the_files_order() -> None:
    (first, olena), (second, ivan) = read(HEADER, OLENA, "", IVAN)
    assert (first, second) == ("1", "3")
    assert olena == IdentityRecord(
        "Olena",
        "Kravchenko",
        date(1990, 5, 17),
        Document("passport", "UKR", "FA123456"),
        Address("ul. Długa", "12", "5", "30-001"),
    )
    assert (ivan.document, ivan.address) == (None, None)


def test_semicolons_a_byte_order_mark_other_columns_and_orders_are_read() -> None:
    columns = ("note", *reversed(COLUMNS))
    values = ("x", *reversed(OLENA.split(",")))
    assert read("\ufeff" + ";".join(columns), ";".join(values)) == read(HEADER, OLENA)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (OLENA.replace("1990-05-17", "17.05.1990"), "birth_date '17.05.1990' is not a date"),
        (OLENA.replace("1990-05-17", "1990-02-30"), "birth_date '1990-02-30' is not a date"),
        (OLENA.replace("1990-05-17", "19900517"), "birth_date '19900517' is not a date"),
        (OLENA.replace("1990-05-17", "2026-03-02"), "is in the future"),
        (OLENA.replace("1990-05-17", "1790-05-17"), "is before 1880"),
        (OLENA.replace("1990-05-17", ""), "birth_date '' is not a date"),
        (OLENA.replace("Olena,Kravchenko", ","), "given_names and family_name are both empty"),
        (OLENA.removeprefix("1"), "id is empty"),
        (OLENA + ",more", "12 fields, where the header has 11"),
        ("1,Olena", "2 fields, where the header has 11"),
        (IVAN, "id '3' is already on line 2"),
        ('4,"Olena"x,K,1990-05-17,,,,,,,', "the row cannot be read"),
    ],
)
def test_a_bad_row_is_named_by_line_and_reason(row: str, reason: str) -> None:
    (only,) = reasons(HEADER, IVAN, row)
    assert only.startswith("line 3: ")
    assert reason in only


def test_all_bad_rows_are_named_with_the_line_on_which_they_begin() -> None:
    two_lines = '4,"Olena\nMaria",Bondar,1990-05-17,,,,,,,'
    named = reasons(HEADER, OLENA.replace("1990", "x"), two_lines, IVAN.replace("1985", "y"))
    assert [row.split(":")[0] for row in named] == ["line 2", "line 5"]


def test_missing_columns_are_named() -> None:
    assert reasons("id,given_names,birth_date") == [
        "line 1: missing columns: family_name, document_kind, document_country, document_number, "
        "street, house, flat, postcode"
    ]
    assert "missing columns" in reasons("")[0]


@pytest.mark.parametrize("good_lines", [0, 1, 2])
def test_another_encoding_is_named(good_lines: int) -> None:
    text = "\n".join([*[HEADER, IVAN][:good_lines], "4,Żaneta"]).encode("iso-8859-2")
    file = TextIOWrapper(BytesIO(text), encoding="utf-8", newline="")
    with pytest.raises(UnreadablePeopleError, match="not in UTF-8"):
        read_people(file, today=TODAY)


def run(people: Path, out: Path) -> tuple[int, str]:
    result = CliRunner().invoke(commands, ["match", str(people), "--out", str(out)])
    return result.exit_code, result.stderr


def test_the_command_writes_suspect_pairs_with_reasons(tmp_path: Path) -> None:
    people, out = tmp_path / "people.csv", tmp_path / "pairs.csv"
    people.write_text("\n".join([HEADER, OLENA, IVAN, HELENA]), encoding="utf-8")
    code, said = run(people, out)
    assert code == 0
    assert "keys: 3 of 3 (100 %)" in said
    assert "3 people, 1 pairs compared, 1 suspect pairs" in said
    (pair,) = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert (pair["id_a"], pair["id_b"]) == ("1", "2")
    assert pair["reasons"] == "given_equivalent+22 family_same+36 birth_same+45 address_same+40"
    assert pair["score"] == "143"


def test_the_command_names_bad_rows_writes_nothing_and_ends_with_1(tmp_path: Path) -> None:
    people, out = tmp_path / "people.csv", tmp_path / "pairs.csv"
    bad = [f"{i},Olena,Bondar,yesterday,,,,,,," for i in range(60)]
    people.write_text("\n".join([HEADER, OLENA, *bad]), encoding="utf-8")
    code, said = run(people, out)
    assert code == 1
    assert "people.csv, line 3: birth_date 'yesterday' is not a date like 1990-12-31" in said
    assert "and 10 more bad rows" in said
    assert list(tmp_path.iterdir()) == [people]
