"""What to tell a person whom a deed refused: one sentence for each reason, with what to do next."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from civic_budget.kernel.errors import DomainError
from civic_budget.residency.labels import complaints, desk, letters
from civic_budget.residency.labels.child_refusals import say_about_children


def say_refusal(error: DomainError) -> str:
    """The sentence for a domain error of this room."""
    words = (
        _about_answers(error).get(error.code)
        or _about_files(error).get(error.code)
        or _about_deeds(error).get(error.code)
        or say_about_children(error)
        or desk.refusals().get(error.code)
        or complaints.refusals().get(error.code)
        or letters.refusals(error).get(error.code)
        or _about_settings(error).get(error.code)
    )
    return words or gettext("This could not be done. Please try again.")


def _about_answers(error: DomainError) -> dict[str, str]:
    return {
        "name_missing": gettext("Write your given names as they are in your document."),
        "born_in_future": gettext("This day is still to come. Check the year of your birth date."),
        "born_too_long_ago": gettext(
            "By this date you would be over %(age)s years old. Check the year of your birth date.",
            age=error.details.get("age", 120),
        ),
        "unknown_street": gettext(
            "We do not know “%(street)s” in Kraków. Begin to type and choose the street or place from "
            "the list. If it is not there, describe the place: the link is under this form. If you "
            "live in another town, its own civic budget is the one for you.",
            street=error.details.get("street", ""),
        ),
        "choose_listed_district": gettext(
            "%(street)s lies in more than one district, and our list does not say where the border "
            "is. Choose the district of your home below.",
            street=error.details.get("street", ""),
        ),
        "house_missing": gettext(
            "Write the number of the house. Only a place that is in the list by its name has none."
        ),
        "unknown_house": gettext(
            "This street has no such house number in our list. Write only the number of the house, "
            "for example 12 or 12a; the flat has a field of its own. If the number is right, describe "
            "the place: the link is under this form."
        ),
        "street_off_list": gettext(
            "“%(street)s” is not in the street list. Check the spelling; if it is right, choose the "
            "district below.",
            street=error.details.get("street", ""),
        ),
        "house_off_list": gettext(
            "This street has no such house number in the list. Check it; if it is right, choose the "
            "district below."
        ),
        "describe_at_desk": gettext(
            "The list does not know this place. Write in a few more words where it is."
        ),
        "signature_differs": gettext(
            "Sign with the name that you gave in this application: %(name)s.",
            name=error.details.get("name", ""),
        ),
        "tell_name_first": gettext("Tell us your name first."),
        "road_closed": gettext(
            "This way to show where you live is not open in this edition of the civic budget. Choose "
            "another way, or come to an assistance point."
        ),
        "no_such_day": gettext(
            "There is no such day. Write the birth date in numbers, for example 27 3 1990."
        ),
        "incomplete": gettext("Something is still missing. Go to the open question first."),
        "unknown_country": gettext("Choose a country from the list."),
        "too_many_citizenships": gettext(
            "You can name up to %(most)s citizenships.", most=error.details.get("most", 5)
        ),
        "citizenship_sealed": gettext(
            "The figures of this edition are closed. All answers about citizenship were erased with "
            "that, because they were given for these figures alone, so nothing can be told or changed "
            "now. The question opens again with the next edition."
        ),
        "stateless_and_country": gettext(
            "“Stateless” or “not determined” cannot stand beside a country. Choose one of the two."
        ),
        "appeal_needs_words": gettext("Write in a sentence or two why you disagree."),
        "newer_case": gettext(
            "You have begun a new application since. Withdraw it if you would rather appeal."
        ),
        "choose_reason": gettext("Choose a reason."),
        "sentence_missing": gettext("Write to the person what it is about."),
    }


def _about_kind(found: str) -> str:
    if found in {"zip", "office", "rtf"}:
        said = gettext(
            "This is a document of an office program or an archive. Open it there and save it as a "
            "PDF, or take a picture of the paper."
        )
    elif found == "archive":
        said = gettext("This is an archive. Unpack it and send the PDF or the picture inside.")
    else:
        said = gettext(
            "This kind of file cannot be read here. Send a PDF or a picture (JPEG, PNG, HEIC, WebP)."
        )
    return str(said)


def _about_files(error: DomainError) -> dict[str, str]:
    most = error.details.get("most", 5)
    pages = error.details.get("limit", error.details.get("pages", 20))
    return {
        "unknown_proof": gettext("Choose what kind of document this is."),
        "too_many_files": gettext(
            "You have added %(most)s documents already. Remove one to add another.", most=most
        ),
        "too_large": gettext(
            "The file is larger than 10 MB. Take a smaller picture or split the document."
        ),
        "empty": gettext("The file is empty. Choose it again."),
        "wrong_kind": _about_kind(str(error.details.get("found", ""))),
        "extension_differs": gettext(
            "The name of the file says something else than its content. Save it anew as a PDF or a "
            "picture and choose it again."
        ),
        "encrypted": gettext(
            "The document is protected with a password. Save a copy without it, or take a picture."
        ),
        "damaged": gettext("The file is damaged or cut off. Save it anew and choose it again."),
        "too_many_pages": gettext(
            "The document has too many pages. Send only the pages with your name, the address and "
            "the date (up to %(pages)s).",
            pages=pages,
        ),
        "too_many_pixels": gettext("The picture is too large. Take it again in a smaller size."),
        "too_small": gettext(
            "The picture is so small that nothing can be read. Take it from closer by."
        ),
        "timed_out": gettext(
            "The document took too long to read. Take a picture of the page and send that."
        ),
        "out_of_memory": gettext(
            "The document is too heavy to read. Take a picture of the page and send that."
        ),
        "unreadable": gettext(
            "We could not read this file. Take a picture of the page and send that."
        ),
        "infected": gettext(
            "The virus scanner knows this file as harmful, so it was not taken in. Take a picture of "
            "the page and send that."
        ),
        "scanner_silent": gettext(
            "The virus scanner does not answer just now, so no file is taken in. Try again later, or "
            "choose the statement."
        ),
        "vault_missing": gettext(
            "Documents cannot be taken in just now. Choose the statement, or come back later."
        ),
    }


def _about_deeds(error: DomainError) -> dict[str, str]:
    return {
        "not_your_case": gettext("This application belongs to another account."),
        "already_sent": gettext("This application was sent already and cannot be changed now."),
        "wrong_state": gettext(
            "The matter has changed in the meantime. Look at its present state and decide again."
        ),
        "appeal_too_late": gettext(
            "The time for an appeal is over. You can begin a new application at any time."
        ),
        "not_an_officer": gettext("Only residence officers can do this."),
        "own_case": gettext("This is your own case. Another officer decides it."),
        "declared_interest": gettext(
            "You said that you know this person. Another officer decides the case."
        ),
        "claimed_by_other": gettext(
            "Another officer has just taken this case. Choose the next one."
        ),
        "claim_first": gettext("Take the case first: your claim has ended or was given back."),
        "second_officer": gettext(
            "You made the decision that is appealed. Another officer decides now."
        ),
        "guardian_first": gettext(
            "Decide first whether the guardianship is shown; then the child’s residence."
        ),
        "answers_unsent": gettext(
            "The person has changed their answers and not sent them yet. The case can be decided once they "
            "have pressed “Send the answer”."
        ),
        "second_proof_needed": gettext(
            "This kind of document is not enough alone. Ask for a second one."
        ),
        "nothing_to_decide": gettext("There is nothing to decide in this case."),
        "second_officer_check": gettext(
            "You confirmed this case yourself. Another officer checks it."
        ),
        "second_officer_complaint": gettext(
            "You reopened this case for a complaint. Another officer checks it."
        ),
        "not_drawn": gettext("This case is not to be checked, or its check is done."),
        "already_decided": gettext("This case was decided in the meantime. Nothing was changed."),
        "checklist": gettext("Tick every point of the checklist before you confirm."),
        "merge_fixed": gettext(
            "Ballots were opened under this merge, so it cannot be taken back any more."
        ),
        "contradicts_word": gettext(
            "An officer said that %(one)s and %(other)s are different people, and this would make them "
            "one. Decide that pair first.",
            one=error.details.get("one", "–"),
            other=error.details.get("other", "–"),
        ),
        "no_question_left": ngettext(
            "Lists answered you %(num)s time in this edition, as often as the city allows. Choose another "
            "proof, or come to an assistance point.",
            "Lists answered you %(num)s times in this edition, as often as the city allows. Choose another "
            "proof, or come to an assistance point.",
            int(str(error.details.get("most", 0))),
        ),
        "asked_lists_today": gettext(
            "You have asked lists often enough today. Ask again tomorrow, or choose another proof."
        ),
        "same_officer": gettext("A merge needs a second officer. Ask a colleague to look at it."),
        "not_running": gettext(
            "The service that shows documents does not run just now. Try again in a minute."
        ),
        "not_your_data": gettext("Only the person can see this."),
        "too_many_tries": gettext(
            "Too many tries in a short time. Wait a quarter of an hour and go on then."
        ),
    }


def _about_settings(error: DomainError) -> dict[str, str]:
    return {
        "not_a_settings_role": gettext("Only coordinators and administrators change settings."),
        "out_of_bounds": gettext(
            "Write a number from %(lowest)s to %(highest)s.",
            lowest=error.details.get("lowest", 0),
            highest=error.details.get("highest", 0),
        ),
        "bad_seed": gettext(
            "Write the seed in letters, digits, spaces and the signs . : / + - _, at most 80."
        ),
        "hand_over_too_young": gettext(
            "The age of taking over must be above the youngest age of a child registered online."
        ),
        "documents_too_short": gettext(
            "Documents would be deleted while the office may still need them. Write at least "
            "%(least)s: the days to decide and the days to answer together.",
            least=error.details.get("least", 0),
        ),
        "unknown_setting": gettext("There is no such setting."),
        "source_missing": gettext("Say where the seed will come from."),
        "draw_open": gettext("A draw waits for its seed. Enter the seed first."),
        "draw_done": gettext("This draw is done. Its seed cannot be changed any more."),
        "nothing_to_draw": gettext("No confirmed case has come since the last draw."),
        "seed_too_early": gettext("The seed must become known after the list was fixed."),
        "bad_code": gettext(
            "Write a short code in small Latin letters, digits and underscores, for example "
            "parish_letter. It never changes."
        ),
        "code_taken": gettext("There is an entry with this code already. Change that one."),
        "words_missing": gettext("Write it in all four languages: each resident reads their own."),
        "words_too_long": gettext(
            "This is too long. Characters that fit: %(max)d.", max=error.details.get("most", 0)
        ),
        "nothing_offered": gettext("At least one entry of the list must be offered."),
        "landlord_always_needed": gettext(
            "Without this kind nobody could prove their residence alone without a landlord. Offer "
            "another such kind first."
        ),
    }
