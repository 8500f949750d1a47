"""What a street file would change: each line has one verdict, and hostile files have a sentence."""

from __future__ import annotations

import csv
import io

import pytest

from civic_budget.city.addresses import Stretch
from civic_budget.city.street_changes import Change, compare, fingerprint
from civic_budget.city.street_list import (
    MOST_LINES,
    MOST_STRETCHES,
    ListedStreet,
    read_street_list,
    write_street_list,
    write_table,
)

HEAD = "district,street,numbers_from,numbers_to,parity,kind\n"
IN_USE = [
    ListedStreet("Zachodnia", False, (Stretch(8),)),
    ListedStreet("Długa", False, (Stretch(8, 1, 20), Stretch(18, 21))),
    ListedStreet("Stara", False, (Stretch(18),)),
]


def test_every_line_has_a_verdict_and_streets_that_vanish_are_named() -> None:
    text = HEAD + "8,Zachodnia,,,,\n8,ul. Długa,1,20,,\n18,Długa,23,,,\n18,Nowa,,,,\n"
    found = read_street_list(text.encode(), districts={8, 18})
    plan = compare(IN_USE, found, only_these=True)
    assert [(line.line, line.name, line.change) for line in plan.report] == [
        (2, "Zachodnia", Change.SAME),
        (3, "ul. Długa", Change.CHANGED),
        (4, "ul. Długa", Change.CHANGED),
        (5, "Nowa", Change.NEW),
        (None, "Stara", Change.VANISHES),
    ]
    assert plan.kept == 0
    assert plan.report[2].before == IN_USE[1]
    kept = compare(IN_USE, found)
    assert (kept.removed, kept.kept) == ((), 1)


def test_only_the_line_that_differs_is_reported_of_a_street() -> None:
    text = HEAD + "8,Długa,1,20,,\n18,Długa,21,99,,\n8,Długa,101,,,\n"
    plan = compare(IN_USE, read_street_list(text.encode(), districts={8, 18}))
    assert [line.change for line in plan.report] == [Change.SAME, Change.CHANGED, Change.CHANGED]
    shorter = compare(IN_USE, read_street_list((HEAD + "8,Długa,1,20,,\n").encode(), districts={8}))
    assert [line.change for line in shorter.report] == [Change.CHANGED]


def test_with_a_wrong_line_nothing_is_reported_as_removed() -> None:
    text = HEAD + "8,Zachodnia,,,,\n8,Sta\x00ra,,,,\n"
    plan = compare(IN_USE, read_street_list(text.encode(), districts={8}), only_these=True)
    assert (plan.removed, [p.code for p in plan.problems]) == ((), ["odd_letters"])
    assert plan.counts() == {Change.WRONG: 1, Change.SAME: 1}


def test_what_is_written_is_read_again_and_changes_nothing() -> None:
    again = read_street_list(write_street_list(IN_USE).encode(), districts={8, 18})
    plan = compare(IN_USE, again, only_these=True)
    assert not plan.problems and not plan.changes_something
    assert fingerprint(IN_USE) == fingerprint(list(again.streets)) != fingerprint(IN_USE[:2])


def test_a_name_is_never_a_formula_in_an_office_program() -> None:
    (row,) = csv.reader(io.StringIO(write_table(("=1+1",), [])))
    assert row == ["=1+1"]  # heads are our own words
    text = write_table(("street",), [("=cmd|' /C calc'!A0",), ("+48",), ("Długa",)])
    assert [line[0] for line in csv.reader(io.StringIO(text))][1:] == [
        "'=cmd|' /C calc'!A0",
        "'+48",
        "Długa",
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (HEAD.encode() + b'8,"' + b"x" * 200_000, "broken_line"),
        ((HEAD + "8,Długa,,,,\n" * (MOST_LINES + 1)).encode(), "too_many_lines"),
        (
            (HEAD + "".join(f"8,D,{n},{n},,\n" for n in range(1, MOST_STRETCHES + 3))).encode(),
            "too_many_stretches",
        ),
        (b"PK\x03\x04\x14\x00\x06\x00", "no_column"),
        (HEAD.encode("utf-16"), "not_utf8"),
        (b"\x00" * 5000, "no_column"),
    ],
)
def test_a_hostile_file_is_refused_quickly_with_its_reason(content: bytes, code: str) -> None:
    codes = {problem.code for problem in read_street_list(content, districts={8}).problems}
    assert code in codes


def test_all_line_endings_and_both_separators_are_read() -> None:
    text = HEAD + "8,Nowa,,,,\n8,Stara,,,,\n"
    for changed in (text.replace("\n", "\r"), text.replace("\n", "\r\n"), text.replace(",", ";")):
        found = read_street_list(("\ufeff" + changed).encode(), districts={8})
        assert [street.name for street in found.streets] == ["Nowa", "Stara"], changed
