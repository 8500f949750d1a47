"""Machine-readable lines: the public specimens of ICAO 9303 parts 4, 5 and 6."""

from datetime import date

import pytest

from civic_budget.residency.matching.mrz import MrzError, MrzProblem, check_digit, read_mrz

TODAY = date(2026, 3, 1)
TD3 = """P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
L898902C36UTO7408122F1204159ZE184226B<<<<<10"""
TD2 = """I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<
D231458907UTO7408122F1204159<<<<<<<6"""
TD1 = """I<UTOD231458907<<<<<<<<<<<<<<<
7408122F1204159UTO<<<<<<<<<<<6
ERIKSSON<<ANNA<MARIA<<<<<<<<<<"""


@pytest.mark.parametrize(
    ("field", "digit"),
    [("520727", "3"), ("AB2134<<<", "5"), ("L898902C3", "6"), ("740812", "2"), ("120415", "9"),
     ("ZE184226B<<<<<", "1"), ("HA672242<658022549601086<<<<<<<<<<<<<<0", "8")],
)  # fmt: skip
def test_check_digits_of_the_standard(field: str, digit: str) -> None:
    assert check_digit(field) == digit


@pytest.mark.parametrize(
    ("zone", "layout", "number"),
    [(TD3, "TD3", "L898902C3"), (TD2, "TD2", "D23145890"), (TD1, "TD1", "D23145890")],
)
def test_specimens_are_read(zone: str, layout: str, number: str) -> None:
    person = read_mrz(zone, today=TODAY)
    assert (person.format, person.document_number) == (layout, number)
    assert (person.family_name, person.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert (person.issuer, person.nationality, person.sex) == ("UTO", "UTO", "F")
    assert (person.birth_on, person.expires_on) == (date(1974, 8, 12), date(2012, 4, 15))


def test_blanks_and_small_letters_are_forgiven() -> None:
    typed = TD3.lower().replace("eriksson", "eriks son") + "\n\n"
    assert read_mrz(typed, today=TODAY) == read_mrz(TD3, today=TODAY)


@pytest.mark.parametrize(
    ("wrong", "right", "problem"),
    [
        ("L898902C3", "L898902C4", MrzProblem.DOCUMENT_NUMBER),
        ("740812", "740821", MrzProblem.BIRTH_DATE),
        ("120415", "120514", MrzProblem.EXPIRY_DATE),
        ("ZE184226B", "ZE184226C", MrzProblem.OPTIONAL_DATA),
    ],
)
def test_a_typing_slip_names_its_field(wrong: str, right: str, problem: MrzProblem) -> None:
    with pytest.raises(MrzError) as caught:
        read_mrz(TD3.replace(wrong, right), today=TODAY)
    assert caught.value.problems[0] == problem
    assert MrzProblem.COMPOSITE in caught.value.problems


@pytest.mark.parametrize("zone", [TD3, TD2, TD1])
def test_every_changed_digit_is_noticed(zone: str) -> None:
    names_from = 0 if zone is TD1 else zone.index("\n")
    names_to = zone.rindex("\n") if zone is TD1 else len(zone)
    for i in range(names_from, names_to):
        if zone[i].isdigit():
            changed = zone[:i] + str((int(zone[i]) + 1) % 10) + zone[i + 1 :]
            with pytest.raises(MrzError):
                read_mrz(changed, today=TODAY)


def test_other_layouts_and_symbols_are_refused() -> None:
    for zone, problem in (
        ("", MrzProblem.LAYOUT),
        (TD3[:-1], MrzProblem.LAYOUT),
        (TD3.replace("ANNA", "ÄNNA"), MrzProblem.SYMBOL),
    ):
        with pytest.raises(MrzError) as caught:
            read_mrz(zone, today=TODAY)
        assert caught.value.problems == (problem,)
    with pytest.raises(MrzError):
        check_digit("A*")


def test_a_long_number_goes_on_in_the_optional_data() -> None:
    # Part 5, note j: nine symbols, a filler for the check digit, then the rest and the digit.
    first = "I<UTOD23145890<7349<<<<<<<<<<<"
    assert check_digit("D23145890734") == "9"
    second = "3407127M9507122UTO<<<<<<<<<<<"
    second += check_digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    zone = f"{first}\n{second}\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
    person = read_mrz(zone, today=TODAY)
    assert person.document_number == "D23145890734"
    assert person.birth_on == date(1934, 7, 12)


def test_an_unknown_day_of_birth_is_left_unknown() -> None:
    birth = "7408<<"
    line = "L898902C36UTO" + birth + check_digit(birth) + "F1204159<<<<<<<<<<<<<<0"
    line += check_digit(line[:10] + line[13:20] + line[21:43])
    assert read_mrz(TD3.split("\n", maxsplit=1)[0] + "\n" + line, today=TODAY).birth_on is None


def test_a_date_that_no_calendar_has_is_refused() -> None:
    birth = "741312"
    line = "L898902C36UTO" + birth + check_digit(birth) + "F1204159<<<<<<<<<<<<<<<"
    line += check_digit(line[:10] + line[13:20] + line[21:43])
    with pytest.raises(MrzError) as caught:
        read_mrz(TD3.split("\n", maxsplit=1)[0] + "\n" + line, today=TODAY)
    assert caught.value.problems == (MrzProblem.BIRTH_DATE,)
