"""Where exactly typed machine-readable lines are wrong: which line, which signs. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from civic_budget.residency.matching.mrz import MrzError, MrzProblem, check_digit, read_mrz

SHAPES: dict[int, str] = {44: "TD3", 36: "TD2", 30: "TD1"}
LINES = {"TD3": 2, "TD2": 2, "TD1": 3}
ALPHABET = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<")

_PLACES: dict[str, dict[MrzProblem, tuple[int, int, int, int]]] = {
    "TD3": {
        MrzProblem.DOCUMENT_NUMBER: (2, 1, 9, 10),
        MrzProblem.BIRTH_DATE: (2, 14, 19, 20),
        MrzProblem.EXPIRY_DATE: (2, 22, 27, 28),
        MrzProblem.OPTIONAL_DATA: (2, 29, 42, 43),
        MrzProblem.COMPOSITE: (2, 1, 43, 44),
    },
    "TD2": {
        MrzProblem.DOCUMENT_NUMBER: (2, 1, 9, 10),
        MrzProblem.BIRTH_DATE: (2, 14, 19, 20),
        MrzProblem.EXPIRY_DATE: (2, 22, 27, 28),
        MrzProblem.COMPOSITE: (2, 1, 35, 36),
    },
    "TD1": {
        MrzProblem.DOCUMENT_NUMBER: (1, 6, 14, 15),
        MrzProblem.BIRTH_DATE: (2, 1, 6, 7),
        MrzProblem.EXPIRY_DATE: (2, 9, 14, 15),
        MrzProblem.COMPOSITE: (2, 1, 29, 30),
    },
}
"""Line, first and last sign of a field, and the sign of its check digit (ICAO 9303 parts 4 to 6)."""


@dataclass(frozen=True)
class Fault:
    """What is wrong: a code, the line (from 1), the signs, and the sign that was typed or wanted."""

    code: str
    line: int = 0
    first: int = 0
    last: int = 0
    check: int = 0
    said: str = ""


def find_faults(text: str, *, today: date) -> list[Fault]:
    """Every fault of typed lines, in reading order; none when they can be read."""
    lines = ["".join(line.split()).upper() for line in text.splitlines() if line.strip()]
    shape = _shape(lines)
    signs = [
        Fault("sign", number, place, place, said=sign)
        for number, line in enumerate(lines, 1)
        for place, sign in enumerate(line, 1)
        if sign not in ALPHABET
    ]
    if signs:
        return signs
    if shape is None:
        return _lengths(lines)
    try:
        read_mrz(text, today=today)
    except MrzError as error:
        return _check_digits(shape, lines, error)
    return []


def _shape(lines: list[str]) -> str | None:
    shape = SHAPES.get(len(lines[0])) if lines else None
    whole = shape is not None and len(lines) == LINES[shape]
    return shape if whole and len({len(line) for line in lines}) == 1 else None


def _lengths(lines: list[str]) -> list[Fault]:
    """Which lines have another length than that of the likeliest document."""
    wanted = 30 if len(lines) == LINES["TD1"] else 44
    if len(lines) not in LINES.values():
        return [Fault("lines", said=str(len(lines)))]
    if len(lines) == LINES["TD3"] and all(
        abs(len(line) - 36) < abs(len(line) - 44) for line in lines
    ):
        wanted = 36
    return [
        Fault("length", number, len(line), wanted)
        for number, line in enumerate(lines, 1)
        if len(line) != wanted
    ]


def _check_digits(shape: str, lines: list[str], error: MrzError) -> list[Fault]:
    """The fields whose check digit differs; the overall digit only when it alone is wrong."""
    problems: list[MrzProblem] = list(error.problems)
    if len(problems) > 1:
        problems = [one for one in problems if one != MrzProblem.COMPOSITE]
    faults = []
    for problem in problems:
        line, first, last, check = _PLACES[shape].get(problem, (0, 0, 0, 0))
        said = ""
        if line and problem != MrzProblem.COMPOSITE:
            said = check_digit(lines[line - 1][first - 1 : last])
        faults.append(Fault(problem.value, line, first, last, check, said))
    return faults
