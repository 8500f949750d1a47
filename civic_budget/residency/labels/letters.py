"""Words of letters with a code and of registers."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from civic_budget.kernel.errors import DomainError
from civic_budget.residency.city_account import CITY_ACCOUNT
from civic_budget.residency.letter_rules import LetterState

LETTER_STATES = {
    LetterState.ASKED: _("The office prints it next"),
    LetterState.PRINTED: _("Printed, goes to the post"),
    LetterState.POSTED: _("On its way by post"),
    LetterState.ARRIVED: _("Arrived, the code was typed"),
    LetterState.EXPIRED: _("The code is too old"),
    LetterState.SPENT: _("Too many wrong codes"),
    LetterState.CANCELLED: _("Called off"),
}
REGISTER_NAMES = {
    "residents": _("The city’s list of residents"),
    "card": _("Krakow Card (Karta Krakowska)"),
    "university": _("The university’s list of students"),
    "dormitory": _("The list of your hall of residence"),
    "employer": _("Your employer’s list"),
    CITY_ACCOUNT: _("Your account at the city"),
}


def refusals(error: DomainError) -> dict[str, str]:
    """Sentences for letters and registers."""
    return {
        "too_many_letters": gettext(
            "Two letters have been sent in this case. Choose another proof, or come to an assistance "
            "point."
        ),
        "no_letter": gettext("No letter with a code that still works is on its way. Ask for one."),
        "letter_elsewhere": gettext(
            "The letter went to another address than you tell now. Ask for a new one."
        ),
        "letter_spent": gettext("Six wrong codes were typed. Ask for a new letter."),
        "wrong_letter_code": gettext(
            "This is not the code of the letter. Tries that are left: %(left)s.",
            left=error.details.get("left", 0),
        ),
        "reprinted_already": gettext("A letter is printed again only once."),
        "provider_silent": gettext(
            "Your city account does not answer at the moment. Nothing is lost: try again later, or "
            "choose another proof."
        ),
        "provider_declined": gettext(
            "You did not agree, or your city account let nobody in. Nothing was asked and nothing is "
            "lost: try again, or choose another proof."
        ),
        "provider_answer_bad": gettext(
            "The answer of your city account was not right, so we did not believe it. Begin again from "
            "this page; if it happens once more, choose another proof and tell us."
        ),
        "provider_answer_old": gettext(
            "This answer of your city account is used already or too old. Begin again from this page."
        ),
        "provider_not_for_children": gettext(
            "The city account confirms only its own holder. Choose another proof for the child."
        ),
        "tell_home_first": gettext("Tell us your name, birth date and address first."),
        "unknown_register": gettext("Choose one of the lists on this page."),
    }
