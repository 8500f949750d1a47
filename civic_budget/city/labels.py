"""Words for why a change of the city's lists was refused."""

from __future__ import annotations

from flask_babel import gettext

from civic_budget.kernel.errors import DomainError


def say_refusal(error: DomainError) -> str:
    """What to tell an officer whom a deed on the city's lists refused."""
    words = {
        "words_missing": gettext("Write this in all four languages, or people cannot read it."),
        "bad_phone": gettext("Write the phone number in digits, for example +48 12 345 67 89."),
        "address_missing": gettext("Write the address."),
        "no_language": gettext("Choose at least one language that is spoken there."),
        "point_changed": gettext(
            "Somebody changed this point meanwhile. Open it again and repeat your change."
        ),
        "not_administrator": gettext("Only an administrator may do this."),
        "no_file": gettext("Choose a file with the street list."),
        "file_too_large": gettext("The file is larger than 2 MB. A street list is much smaller."),
        "wrong_lines": gettext(
            "The file has lines that are wrong. Mend them and send the file again; nothing was changed."
        ),
        "list_changed": gettext(
            "Somebody changed the street list meanwhile. Look at the comparison again, then take the "
            "file over."
        ),
        "bad_number": gettext("Please write a number."),
    }
    return str(words.get(error.code) or gettext("This could not be done. Please try again."))
