"""Words for accounts: reasons why not, names of roles."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import DomainError

ROLE_NAMES = {
    Role.OFFICER: lazy_gettext("Residence officer"),
    Role.ASSESSOR: lazy_gettext("Assessor"),
    Role.COORDINATOR: lazy_gettext("Assessment coordinator"),
    Role.EDITOR: lazy_gettext("Editor"),
    Role.ANALYST: lazy_gettext("Analyst"),
    Role.COMMISSION: lazy_gettext("Member of the commission"),
    Role.CLERK: lazy_gettext("Ballot clerk"),
    Role.HELPDESK: lazy_gettext("Helpdesk"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}


def say_refusal(error: DomainError) -> str:
    """What to tell a person whom a deed on accounts refused."""
    words = {
        "bad_email": gettext("Write the e-mail address in full, for example olena@example.org."),
        "bad_contact": gettext(
            "Write an e-mail address, or a phone number with nine digits (from another country: "
            "with + and the country's prefix)."
        ),
        "password_too_short": gettext(
            "Choose a password with at least %(minimum)s characters. Three words that you can "
            "remember are a good one.",
            minimum=error.details.get("minimum", 10),
        ),
        "wrong_code": gettext("This is not the code that we sent. Check it and type it again."),
        "code_expired": gettext(
            "This code is used up or too old. Ask for a new one; the last message counts."
        ),
        "wrong_credentials": gettext(
            "The e-mail or phone and the password do not belong together. Check both, or set a "
            "new password."
        ),
        "too_many_tries": gettext(
            "Too many tries. Wait a quarter of an hour and try again; your account is safe."
        ),
        "contact_taken": gettext("An account with this contact already exists."),
    }
    return str(words.get(error.code) or gettext("This could not be done. Please try again."))
