"""Words for the assessment: answers, verdicts, tabs, states of an appeal, reasons why not."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from civic_budget.assessment.queries import Tab
from civic_budget.assessment.rules import Answer, AppealState, Fault, Stage, Verdict
from civic_budget.kernel.errors import DomainError
from civic_budget.proposals.labels import say_refusal as say_proposal_refusal
from civic_budget.web.words import say_moment

STAGE_NAMES = {Stage.FORMAL: _("Formal card"), Stage.MERIT: _("Merit card")}

ANSWER_NAMES = {
    Answer.MET: _("met"),
    Answer.NOT_APPLICABLE: _("not applicable"),
    Answer.CORRECTABLE: _("to be corrected"),
    Answer.CORRECTED: _("corrected"),
    Answer.NOT_MET: _("not met"),
}

VERDICT_NAMES = {
    Verdict.INCOMPLETE: _("not finished"),
    Verdict.PASSES: _("passes"),
    Verdict.TO_CORRECT: _("to be corrected by the author"),
    Verdict.FAILS: _("does not pass"),
}

VERDICT_KINDS = {
    Verdict.INCOMPLETE: "",
    Verdict.PASSES: "ok",
    Verdict.TO_CORRECT: "warn",
    Verdict.FAILS: "danger",
}

TAB_NAMES = {
    Tab.FORMAL: _("Formal card"),
    Tab.MERIT: _("Merit card"),
    Tab.DECIDE: _("To be decided"),
    Tab.RETURNED: _("With the author"),
    Tab.APPEALS: _("Appeals"),
    Tab.DONE: _("Decided"),
}

APPEAL_NAMES = {
    AppealState.LODGED: _("Received"),
    AppealState.HEARING_SET: _("The hearing is set"),
    AppealState.OPINION_GIVEN: _("The council has given its opinion"),
    AppealState.GRANTED: _("Granted"),
    AppealState.DISMISSED: _("Dismissed"),
    AppealState.WITHDRAWN: _("Withdrawn"),
}


PACKAGE_NAMES = {
    "verdicts": _("Results of the assessment, with reasons"),
    "act": _("Act of the mayor"),
    "ballot": _("List for the vote, with numbers"),
}

SUSPICION_NAMES = {
    "name": _("perhaps a person’s name"),
    "phone": _("perhaps a phone number"),
    "email": _("an e-mail address"),
    "pesel": _("perhaps a PESEL number"),
    "document": _("perhaps the number of a document"),
}


def say_reason(reason: str) -> str:
    """Why somebody may not do something; empty when the code is not the assessment's."""
    words = {
        "not_your_role": gettext("Only assessors and coordinators do this."),
        "own_proposal": gettext("This is your own proposal: somebody else has to judge it."),
        "declared_interest": gettext("You stepped aside here: somebody else has to judge it."),
        "not_being_assessed": gettext("The proposal is not being assessed now."),
        "assessment_closed": gettext("The time of the assessment is over."),
        "assigned_to_other": gettext("A colleague is assessing this proposal."),
        "not_appealed": gettext("There is no open appeal."),
        "decided_by_act": gettext("An earlier act of the mayor decided on this proposal."),
        "not_assigned_to_you": gettext("You can only give back what was given to you."),
        "not_of_this_unit": gettext("People of the unit that was asked give the opinion."),
        "judged_it_before": gettext(
            "You judged this proposal before: another person decides on the appeal."
        ),
        "already_appealed": gettext("This rejection has already been appealed once."),
    }
    return str(words.get(reason, ""))


def say_refusal(error: DomainError) -> str:
    """What to tell a person whom a deed of the assessment refused."""
    if error.code == "changed_meanwhile":
        return _say_changed(error)
    words = {
        "nothing_to_correct": gettext(
            "No criterion is marked as to be corrected, so there is nothing to ask for."
        ),
        "cards_not_passed": gettext("Both cards must be finished and pass first."),
        "nothing_failed": gettext("No criterion is marked as not met."),
        "no_such_reason": gettext("Choose one of the reasons."),
        "words_missing": gettext("Write what the author and the public will read."),
        "no_such_department": gettext("There is no such department."),
        "not_an_assessor": gettext("This person is no assessor."),
        "note_empty": gettext("Write the note."),
        "bad_answers": gettext("Some answers need another look."),
        "reasons_too_short": gettext(
            "Write your reasons so that somebody else understands them: at least %(least)s "
            "characters.",
            least=error.details.get("least", ""),
        ),
        "hearing_in_the_past": gettext("The day of the hearing must lie ahead."),
        "hearing_place_missing": gettext("Write where the hearing takes place."),
        "opinion_missing": gettext("Write the council’s opinion."),
    }
    said = words.get(error.code) or _say_unit_refusal(error) or say_reason(error.code)
    if said and error.details.get("proposal"):
        return f"{error.details['proposal']}: {said}"
    return str(said or say_proposal_refusal(error))


def say_scan_refusal(error: DomainError) -> str:
    """What to tell a coordinator whose scan of an act was not taken in."""
    heavy = gettext("The scan is too heavy to read. Scan it anew at a lower resolution.")
    words = {
        "not_a_pdf": gettext("This is a picture. Save the scan as a PDF and choose that file."),
        "wrong_kind": gettext("This is not a PDF. Save the scan as a PDF and choose that file."),
        "too_large": gettext("The scan is larger than 10 MB. Scan it anew at a lower resolution."),
        "encrypted": gettext(
            "The scan is protected with a password. Save a copy without it and choose that one."
        ),
        "too_many_pages": gettext(
            "The scan has more than %(pages)s pages. Leave the annexes out: the act itself is enough.",
            pages=error.details.get("limit", 20),
        ),
        "too_small": gettext("The pages are so small that nobody can read them. Scan them anew."),
        "unreadable": gettext("This file cannot be read. Scan the act anew as a PDF."),
        "timed_out": heavy,
        "out_of_memory": heavy,
        "too_many_pixels": heavy,
    }
    return str(words.get(error.code) or say_refusal(error))


def _say_unit_refusal(error: DomainError) -> str:
    words = {
        "handback_reason_missing": gettext("Write why somebody else should assess it."),
        "question_missing": gettext("Write what the unit should answer."),
        "due_in_the_past": gettext("The day must lie ahead."),
        "opinion_waits": gettext("This unit has not answered your last question yet."),
        "opinion_answered": gettext("A colleague has answered already."),
        "answer_missing": gettext("Write the reasons."),
        "nothing_to_publish": gettext("There is nothing to publish in this list yet."),
        "findings_open": gettext("Decide first on every place that may be personal data."),
        "already_released": gettext("This package is public already and stays as it is."),
        "cards_begun": gettext(
            "Somebody has begun to fill in cards of this edition: its checklists stay as they are."
        ),
        "bad_key": gettext("Use small letters, digits and underscores, for example near_school."),
        "wrong_stage": gettext("Another card already has a criterion with this code."),
        "words_incomplete": gettext("Write it in all four languages."),
        "act_number_missing": gettext("Write the number of the act."),
        "act_number_taken": gettext("An act with this number has been entered already."),
        "signed_in_future": gettext("The day of the signature cannot lie ahead."),
        "act_empty": gettext("Choose what the act decides on at least one proposal."),
    }
    return str(words.get(error.code, ""))


def _say_changed(error: DomainError) -> str:
    at = error.details.get("at")
    return str(
        gettext(
            "%(who)s changed this proposal’s assessment at the same time (%(at)s). Nothing of yours "
            "was saved yet: look at the present answers, then send yours again.",
            who=error.details.get("who") or gettext("Somebody else"),
            at=say_moment(at) if isinstance(at, datetime) else "",
        )
    )


def say_fault(fault: Fault) -> str:
    """What is wrong with one answer of a card."""
    words = {
        "comment_missing": gettext("Write what is wrong, so that the author understands it."),
        "not_correctable": gettext("This criterion cannot be repaired."),
        "unknown_criterion": gettext("This criterion is no longer on the list."),
    }
    return str(words[fault.reason])
