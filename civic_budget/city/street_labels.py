"""Words for what may be wrong in a line of a street list."""

from __future__ import annotations

from flask_babel import gettext

from civic_budget.city.street_list import Problem


def say_problem(problem: Problem) -> str:
    """Why a line cannot be taken over, and what to do about it."""
    said = problem.said
    words = {
        "not_utf8": gettext("The file is not in UTF-8. Save it as “CSV UTF-8”."),
        "no_column": gettext("The first line must name the column: %(said)s.", said=said),
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
