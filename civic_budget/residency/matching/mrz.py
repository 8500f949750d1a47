"""The machine-readable line of passports and cards: ICAO 9303 parts 3 to 6, checked and read.

It must not know people or forms; it says which line and field is wrong, so that a form can.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_WEIGHTS = (7, 3, 1)
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = {symbol: value for value, symbol in enumerate(_ALPHABET)} | {"<": 0}


class MrzProblem(StrEnum):
    """Why a machine-readable zone cannot be accepted."""

    LAYOUT = "layout"
    SYMBOL = "symbol"
    DOCUMENT_NUMBER = "document_number"
    BIRTH_DATE = "birth_date"
    EXPIRY_DATE = "expiry_date"
    OPTIONAL_DATA = "optional_data"
    COMPOSITE = "composite"


class MrzError(ValueError):
    """A zone that is not what ICAO 9303 prints; `problems` names every wrong field, in order."""

    def __init__(self, *problems: MrzProblem) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class MachineReadable:
    """What the zone says: names as printed there (Latin, no marks), dates, document.

    `birth_on` is None when the document leaves day or month unknown; `sex` is "M", "F" or "".
    """

    format: str
    document_code: str
    issuer: str
    family_name: str
    given_names: str
    document_number: str
    nationality: str
    birth_on: date | None
    sex: str
    expires_on: date | None


def check_digit(field: str) -> str:
    """The check digit of a field (ICAO 9303-3, 4.9): weights 7 3 1, modulo 10, `<` is zero.

    Raises MrzError for a symbol that the zone does not have.
    """
    try:
        total = sum(_VALUES[c] * _WEIGHTS[i % len(_WEIGHTS)] for i, c in enumerate(field))
    except KeyError:
        raise MrzError(MrzProblem.SYMBOL) from None
    return str(total % 10)


def read_mrz(text: str, *, today: date) -> MachineReadable:
    """Read a zone of two or three lines as typed; blanks and lower case are forgiven.

    Years of two digits are the latest past year for a birth, and between 50 years ago and
    50 years ahead for the expiry. Raises MrzError with every field whose check digit is wrong.
    """
    lines = ["".join(line.split()).upper() for line in text.splitlines() if line.strip()]
    reader = _READERS.get(tuple(len(line) for line in lines))
    if reader is None:
        raise MrzError(MrzProblem.LAYOUT)
    if any(symbol not in _VALUES for line in lines for symbol in line):
        raise MrzError(MrzProblem.SYMBOL)
    return reader(lines, today)


def _read_td3(lines: list[str], today: date) -> MachineReadable:
    """Passport booklets: two lines of 44."""
    first, second = lines
    optional, optional_check = second[28:42], second[42]
    _check(
        (MrzProblem.DOCUMENT_NUMBER, second[:9], second[9]),
        (MrzProblem.BIRTH_DATE, second[13:19], second[19]),
        (MrzProblem.EXPIRY_DATE, second[21:27], second[27]),
        # An empty optional field may carry a filler where its check digit stands (part 4, 4.2.2).
        (MrzProblem.OPTIONAL_DATA, optional, _digit_or_filler(optional, optional_check)),
        (MrzProblem.COMPOSITE, second[:10] + second[13:20] + second[21:43], second[43]),
    )
    return _assembled("TD3", first[:5] + first[5:], second[:9], second[10:27], today)


def _read_td2(lines: list[str], today: date) -> MachineReadable:
    """Cards and visas' size 2: two lines of 36."""
    first, second = lines
    number, check, _ = _long_number(second[:9], second[9], second[28:35])
    _check(
        (MrzProblem.DOCUMENT_NUMBER, number, check),
        (MrzProblem.BIRTH_DATE, second[13:19], second[19]),
        (MrzProblem.EXPIRY_DATE, second[21:27], second[27]),
        (MrzProblem.COMPOSITE, second[:10] + second[13:20] + second[21:35], second[35]),
    )
    return _assembled("TD2", first, number, second[10:27], today)


def _read_td1(lines: list[str], today: date) -> MachineReadable:
    """Identity and residence cards: three lines of 30."""
    first, second, third = lines
    number, check, _ = _long_number(first[5:14], first[14], first[15:30])
    _check(
        (MrzProblem.DOCUMENT_NUMBER, number, check),
        (MrzProblem.BIRTH_DATE, second[:6], second[6]),
        (MrzProblem.EXPIRY_DATE, second[8:14], second[14]),
        (MrzProblem.COMPOSITE, first[5:] + second[:7] + second[8:15] + second[18:29], second[29]),
    )
    holder = second[15:18] + second[:7] + second[7:14]
    return _assembled("TD1", first[:5] + third, number, holder, today)


_READERS: dict[tuple[int, ...], Callable[[list[str], date], MachineReadable]] = {
    (44, 44): _read_td3,
    (36, 36): _read_td2,
    (30, 30, 30): _read_td1,
}


def _long_number(number: str, check: str, optional: str) -> tuple[str, str, str]:
    """A number of more than nine symbols goes on in the optional data (part 5, note j)."""
    rest = optional.split("<", 1)[0]
    if check != "<" or len(rest) < 2:
        return number, check, optional
    return number + rest[:-1], rest[-1], optional[len(rest) + 1 :]


def _digit_or_filler(field: str, printed: str) -> str:
    return "0" if printed == "<" and not field.strip("<") else printed


def _check(*fields: tuple[MrzProblem, str, str]) -> None:
    wrong = [problem for problem, field, printed in fields if check_digit(field) != printed]
    if wrong:
        raise MrzError(*wrong)


def _assembled(layout: str, head: str, number: str, holder: str, today: date) -> MachineReadable:
    """From the head (code, issuer, names) and the holder (nationality, birth, sex, expiry)."""
    family, _, given = head[5:].partition("<<")
    birth, expiry = holder[3:9], holder[11:17]
    return MachineReadable(
        format=layout,
        document_code=head[:2].rstrip("<"),
        issuer=head[2:5].rstrip("<"),
        family_name=_words(family),
        given_names=_words(given),
        document_number=number.replace("<", ""),
        nationality=holder[:3].rstrip("<"),
        birth_on=_dated(birth, MrzProblem.BIRTH_DATE, latest_year=today.year, today=today),
        sex=holder[10].replace("<", ""),
        expires_on=_dated(expiry, MrzProblem.EXPIRY_DATE, latest_year=today.year + 50),
    )


def _words(names: str) -> str:
    return " ".join(names.replace("<", " ").split())


def _dated(
    field: str, problem: MrzProblem, *, latest_year: int, today: date | None = None
) -> date | None:
    """A date of six digits in the hundred years up to `latest_year`, not after `today`."""
    if "<" in field:
        return None
    try:
        year, month, day = int(field[:2]), int(field[2:4]), int(field[4:6])
        year += (latest_year - year) // 100 * 100
        dated = date(year, month, day)
        if today is not None and dated > today:
            dated = date(year - 100, month, day)
    except ValueError:
        raise MrzError(problem) from None
    return dated
