"""Files: people come in checked line by line, a release goes out whole and can be rebuilt."""

from __future__ import annotations

import csv
import json

import pytest

from civic_budget.statistics import files
from civic_budget.statistics.attack import attack_folder, verify_folder
from civic_budget.statistics.errors import BadFile
from civic_budget.statistics.publish import Publication

from .crowds import person, sealed, town

HEADER = ",".join(files.PEOPLE)
GOOD = "1,UA,D1,30,F,1,0,1,web,2026-10-01"


def people(tmp_path, *rows, header=HEADER):
    path = tmp_path / "people.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return list(files.PeopleFile(path))


@pytest.fixture(scope="module")
def release():
    return sealed(town(), 5)


@pytest.fixture
def folder(tmp_path, release):
    files.write(release, tmp_path / "out")
    return tmp_path / "out"


# -- people ----------------------------------------------------------------------------------------


def test_a_row_becomes_a_person(tmp_path):
    first, second = people(tmp_path, GOOD, "2,ZZ,D2,71,,0,1,0,,")
    assert first == person(1, "UA")._replace(pid="1")
    assert (second.sex, second.registered, second.author, second.channel) == ("", False, True, None)


def test_people_written_are_people_read(tmp_path):
    crowd = [person(str(n), "UA", author=n % 2 == 0) for n in range(5)]
    crowd.append(person("9", channel=None, counted_on=None))
    files.write_people(crowd, tmp_path / "people.csv")
    assert list(files.PeopleFile(tmp_path / "people.csv")) == crowd


def test_columns_may_come_in_any_order_and_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "people.csv"
    names = sorted(files.PEOPLE)
    values = dict(zip(files.PEOPLE, GOOD.split(","), strict=True))
    text = ",".join(names) + "\n" + ",".join(values[n] for n in names) + "\n"
    path.write_text("\ufeff" + text, encoding="utf-8")
    assert list(files.PeopleFile(path)) == [person("1", "UA")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2,UA,D1,thirty,F,1,0,1,web,2026-10-01", "age 'thirty'"),
        ("2,UA,D1,-3,F,1,0,1,web,2026-10-01", "age '-3'"),
        ("2,UA,D1,,F,1,0,1,web,2026-10-01", "age ''"),
        ("2,UA,D1,200,F,1,0,1,web,2026-10-01", "age '200'"),
        ("2,UA,D1,30,F,yes,0,1,web,2026-10-01", "registered is 'yes'"),
        ("2,UA,D1,30,F,1,,1,web,2026-10-01", "author is ''"),
        ("2,UA,D1,30,F,1,0,2,web,2026-10-01", "voted is '2'"),
        ("2,UA,D1,30,F,1,0,1,,2026-10-01", "a vote needs"),
        ("2,UA,D1,30,F,1,0,1,web,", "a vote needs"),
        ("2,UA,D1,30,F,1,0,0,web,", "must be empty"),
        ("2,UA,D1,30,F,1,0,1,web,1.10.2026", "'1.10.2026'"),
        ("2,UA,D1,30,F,1,0,1,web,2026-02-30", "'2026-02-30'"),
        ("2,UA,D1,30,F,1,0,1,web,2026-W40-4", "'2026-W40-4'"),
        (f"2,UA,D1,{'9' * 5000},F,1,0,1,web,2026-10-01", "age '9"),
        (",UA,D1,30,F,1,0,1,web,2026-10-01", "person_id"),
        (" 1,UA,D1,30,F,1,0,1,web,2026-10-01", "could come twice"),
        ("2,UA,D1,30,F,1,0", "7 values instead of 10"),
        ('2,UA,"D1,30', "end of data|unexpected"),
    ],
)
def test_a_bad_row_is_named_by_line_and_reason(tmp_path, row, reason):
    with pytest.raises(BadFile, match=rf"people\.csv, line 3: .*({reason})"):
        people(tmp_path, GOOD, row)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (HEADER.replace("nationality", "country"), "nationality is missing"),
        (HEADER + ",street", "'street' is not expected"),
        (HEADER + ",sex", "twice"),
        ("", "person_id is missing"),
    ],
)
def test_a_bad_header_is_named(tmp_path, header, reason):
    with pytest.raises(BadFile, match=reason):
        people(tmp_path, GOOD, header=header)


def test_another_encoding_is_refused(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(f"{HEADER}\n1,UA,Łagiewniki,30,F,1,0,0,,\n".encode("cp1250"))
    with pytest.raises(BadFile, match=r"people\.csv, line 2: the file is not in UTF-8"):
        list(files.PeopleFile(path))


# -- a release -------------------------------------------------------------------------------------


def test_a_release_can_be_rebuilt_from_its_folder(folder, release):
    again = files.read(folder)
    assert again == release
    assert files.rendered(again) == files.rendered(release)


def test_a_table_has_its_dimensions_then_value_below_and_margin(folder, release):
    with (folder / "V2.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["class", "district", "value", "below", "margin"]
    assert all((row["value"] == "") != (row["below"] == "") for row in rows)
    shown = dict(Publication(release).table("V2"))
    for row in rows:
        cell = shown[(row["class"], row["district"])]
        assert row["value"] == ("" if cell.value is None else str(cell.value))
        assert row["margin"] == str(cell.margin)


def test_the_measured_numbers_are_those_that_were_sealed(folder, release):
    with (folder / "V4.measured.csv").open() as file:
        values = tuple(int(row["measured"]) for row in csv.DictReader(file))
    assert values == release.seal_of("V4").values
    assert min(values) < 0


def test_the_folder_holds_every_table_twice_and_no_person(folder):
    names = {path.name for path in folder.iterdir()}
    tables = {"R1", "R2", "R3", "A1", "V1", "V2", "V3", "V4"}
    expected = {f"{t}.csv" for t in tables} | {f"{t}.measured.csv" for t in tables}
    assert names == expected | {"totals.csv", "release.json"}
    assert "person" not in (folder / "release.json").read_text()


def test_a_release_is_never_overwritten(folder, release):
    with pytest.raises(BadFile, match="never overwritten"):
        files.write(release, folder)


def test_a_good_folder_verifies_and_withstands_the_attack(folder):
    assert verify_folder(folder) == []
    assert attack_folder(folder) == []


@pytest.mark.parametrize(
    "name", ["V2.csv", "V2.measured.csv", "totals.csv", "release.json", "R1.csv"]
)
def test_a_missing_file_is_found(folder, name):
    (folder / name).unlink()
    assert {finding.rule for finding in verify_folder(folder)} == {"S5"}


def test_a_changed_table_is_found(folder):
    path = folder / "V2.csv"
    lines = path.read_text().splitlines()
    lines[3] = lines[3].replace(",", ",1", 2)
    path.write_text("\n".join(lines) + "\n")
    assert [(f.rule, f.table) for f in verify_folder(folder)] == [("S5", "V2.csv")]


def test_a_changed_measurement_is_found(folder):
    path = folder / "V2.measured.csv"
    lines = path.read_text().splitlines()
    head, value = lines[1].rsplit(",", 1)
    lines[1] = f"{head},{int(value) + 1}"
    path.write_text("\n".join(lines) + "\n")
    assert "S4" in {finding.rule for finding in attack_folder(folder)}


@pytest.mark.parametrize("line", ["", "UA,D01", "UA,D99,5", "UA,D01,many"])
def test_a_mangled_measurement_is_found(folder, line):
    path = folder / "V2.measured.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:4], line, *lines[5:]]) + "\n")
    assert {finding.rule for finding in attack_folder(folder)} == {"S5"}


def test_another_price_in_the_description_is_found(folder):
    path = folder / "release.json"
    about = json.loads(path.read_text())
    about["catalogue"]["tables"][5]["eps"] = "0.30"
    path.write_text(json.dumps(about))
    assert {"S1", "S4", "S5"} <= {finding.rule for finding in attack_folder(folder)}


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": 1, "catalogue": {"k": "x"}}'])
def test_a_description_that_cannot_be_read_is_found(folder, text):
    (folder / "release.json").write_text(text)
    assert [finding.rule for finding in attack_folder(folder)] == ["S5"]


@pytest.mark.parametrize("header", ["nat,street,value", "Citizenship;district;value"])
def test_a_table_by_nationality_outside_the_catalogue_is_found(folder, header):
    (folder / "extra").mkdir()
    (folder / "extra" / "more.csv").write_text(header + "\nUA,Long,3\n")
    (folder / "extra" / "harmless.csv").write_text("district,voters\nD1,300\n")
    found = [(f.rule, f.table) for f in attack_folder(folder)]
    assert found == [("S5", "extra/more.csv")]
