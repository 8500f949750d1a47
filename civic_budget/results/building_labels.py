"""Words for carrying out winners: fields by language, why a deed is refused, what the bill says."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext, lazy_gettext

from civic_budget.kernel.errors import DomainError
from civic_budget.kernel.money import say_money
from civic_budget.proposals.labels import say_refusal as say_proposal_refusal
from civic_budget.web.words import say_day

NOTE_LANGUAGES = {
    "pl": lazy_gettext("What was done, or why it is late, in Polish"),
    "en": lazy_gettext("The same in English"),
    "uk": lazy_gettext("The same in Ukrainian"),
    "ru": lazy_gettext("The same in Russian"),
}
ALT_LANGUAGES = {
    "pl": lazy_gettext("What is seen in the photo, in Polish"),
    "en": lazy_gettext("The same in English"),
    "uk": lazy_gettext("The same in Ukrainian"),
    "ru": lazy_gettext("The same in Russian"),
}


def say_refusal(error: DomainError) -> str:
    """What to tell an official whom a deed on carrying out refused."""
    day = error.details.get("day")
    words = {
        "not_your_project": gettext(
            "Only a coordinator and the people of the unit that carries it out can do this."
        ),
        "too_many_photos": gettext("Six photos of this step are here already. Remove one first."),
        "not_a_picture": gettext("This is a PDF. Choose a photo."),
        "stage_out_of_order": gettext("This stage cannot follow the last one. Choose another."),
        "step_in_future": gettext("This day is still to come. Write what has happened already."),
        "step_before_last": gettext(
            "The step before this one was on %(day)s. Write that day or a later one.",
            day=say_day(day if isinstance(day, date) else None),
        ),
        "step_after_next": gettext(
            "The step after this one was on %(day)s. Write that day or an earlier one.",
            day=say_day(day if isinstance(day, date) else None),
        ),
        "expected_before_step": gettext("It cannot be ready before the day of this step."),
        "new_day_missing": gettext("Write by when it should be ready now."),
        "delay_reason_missing": gettext(
            "Give the reason for the delay in Polish, in at least 20 characters."
        ),
        "note_missing": gettext("Write in Polish what was done."),
        "note_too_long": gettext("This is too long: at most 2000 characters fit."),
        "somebody_recorded": gettext(
            "Somebody else wrote something down about this project meanwhile. Look at it below: "
            "what you typed is still here; send it once more if it is still right."
        ),
        "not_public": gettext("Its result is not public yet."),
        "not_funded_any_more": gettext(
            "An act of the mayor took its money away: its story ends there."
        ),
    }
    return str(words.get(error.code) or say_proposal_refusal(error))


def say_bill(voted: int, real: int | None) -> str:
    """The real cost against the voted one; both in grosze. Empty while the bill is not known."""
    if real is None:
        return ""
    if real == voted:
        return str(gettext("exactly as voted"))
    if real < voted:
        return str(gettext("%(sum)s less than voted", sum=say_money(voted - real)))
    return str(gettext("%(sum)s more than voted", sum=say_money(real - voted)))
