"""Words for a street list: what a file would change, what is wrong in a line, house numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext, lazy_gettext

from civic_budget.city.addresses import Parity, Stretch
from civic_budget.city.street_changes import Change
from civic_budget.city.street_list import Problem

CHANGES = {
    Change.NEW: lazy_gettext("added to the list"),
    Change.CHANGED: lazy_gettext("changes"),
    Change.SAME: lazy_gettext("stays as it is"),
    Change.VANISHES: lazy_gettext("leaves the list"),
    Change.WRONG: lazy_gettext("wrong line"),
}
CHANGE_TAGS = {
    Change.NEW: "ok",
    Change.CHANGED: "brand",
    Change.VANISHES: "warn",
    Change.WRONG: "danger",
}


def say_numbers(stretch: Stretch) -> str:
    """Which house numbers a stretch covers: "1–53, odd numbers", "all numbers"."""
    if stretch.last is not None:
        said = f"{stretch.first}–{stretch.last}"
    elif stretch.first > 1:
        said = gettext("from %(first)s on", first=stretch.first)
    else:
        said = gettext("all numbers")
    sides = {Parity.ODD: gettext("odd numbers"), Parity.EVEN: gettext("even numbers")}
    side = sides.get(stretch.parity)
    return f"{said}, {side}" if side else said


def say_stretches(stretches: Iterable[Stretch], districts: Mapping[int, str]) -> str:
    """Stretches with their districts in one line: "II Grzegórzki: 1–53; XIV Czyżyny: from 54 on"."""
    return "; ".join(
        f"{districts.get(part.district, part.district)}: {say_numbers(part)}" for part in stretches
    )


def say_problem(problem: Problem) -> str:
    """Why a line cannot be taken over, and what to do about it."""
    said = problem.said
    words = {
        "not_utf8": gettext("The file is not in UTF-8. Save it as “CSV UTF-8”."),
        "no_column": gettext("The first line must name the column: %(said)s.", said=said),
        "broken_line": gettext(
            "From here on the file cannot be read: a quotation mark is not closed, or it is no CSV."
        ),
        "too_many_lines": gettext("The file has more than %(said)s lines.", said=said),
        "too_many_stretches": gettext(
            "This street has more than %(said)s lines. Is a column in the wrong place?", said=said
        ),
        "odd_letters": gettext("The name holds signs that cannot be shown."),
        "no_lines": gettext("There is no street in the file."),
        "no_street": gettext("The street has no name."),
        "long_street": gettext("The name is longer than 120 letters: %(said)s…", said=said),
        "unknown_district": gettext(
            "The city has no district with the number “%(said)s”.", said=said
        ),
        "unknown_kind": gettext("The kind is “%(said)s”; write street or place.", said=said),
        "bad_number": gettext(
            "“%(said)s” is not a house number; write a number from 1 to 9999, or nothing.",
            said=said,
        ),
        "numbers_reversed": gettext("The numbers %(said)s run backwards.", said=said),
        "unknown_parity": gettext("The side is “%(said)s”; write odd, even or both.", said=said),
        "two_kinds": gettext("Line %(said)s says another kind of the same name.", said=said),
        "overlaps": gettext("House numbers of this line are in line %(said)s already.", said=said),
    }
    return str(words[problem.code])
