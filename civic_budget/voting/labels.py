"""Words of voting: levels, faults of a choice, states of a round, reasons, refusals."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext, lazy_gettext, ngettext

from civic_budget.kernel.errors import DomainError
from civic_budget.voting.choice import Fault, Kind, Reason, ScopeForm
from civic_budget.voting.commission_labels import commission_refusal
from civic_budget.voting.keys import SecretsRefused
from civic_budget.voting.opening import Trouble
from civic_budget.voting.rules import RoundStatus, VoidReason

LEVEL_NAMES = {
    "district": lazy_gettext("Projects of your district"),
    "city": lazy_gettext("Projects of the whole city"),
}

STATUS_NAMES = {
    RoundStatus.SETUP: lazy_gettext("Being prepared"),
    RoundStatus.READY: lazy_gettext("Ready for votes"),
    RoundStatus.SUSPENDED: lazy_gettext("Suspended"),
    RoundStatus.VERIFICATION: lazy_gettext("Closed, being checked"),
    RoundStatus.OPENED: lazy_gettext("Envelopes opened"),
    RoundStatus.FINAL: lazy_gettext("Final"),
    RoundStatus.SHREDDED: lazy_gettext("Envelopes and keys destroyed"),
    RoundStatus.ANNULLED: lazy_gettext("Annulled"),
}


def say_status(
    status: RoundStatus, *, opens_at: datetime, closes_at: datetime, at: datetime
) -> str:
    """Where a round stands at a moment: its time begins and ends by itself, without a step of anybody."""
    if status is RoundStatus.READY and opens_at <= at < closes_at:
        return str(gettext("Votes are being cast"))
    if status in {RoundStatus.READY, RoundStatus.SUSPENDED} and at >= closes_at:
        return str(gettext("The time is over, not closed yet"))
    return str(STATUS_NAMES[status])


VOID_REASONS = {
    VoidReason.NOT_CONFIRMED: lazy_gettext("Residence was not confirmed in time"),
    VoidReason.DUPLICATE: lazy_gettext("The same person voted more than once"),
    VoidReason.NOT_A_RESIDENT: lazy_gettext("Not a resident of the city"),
    VoidReason.NOT_MY_VOTE: lazy_gettext("Somebody else voted in the person's name"),
    VoidReason.PAPER_STANDS: lazy_gettext("The paper vote of this person stands"),
}

CHANNEL_NAMES = {
    "web": lazy_gettext("Online"),
    "paper": lazy_gettext("On paper"),
}

FINDING_NAMES = {
    "undecided": lazy_gettext("The residence case is not decided yet"),
    "ineligible": lazy_gettext("No confirmed resident stands behind it"),
    "duplicate": lazy_gettext("Two envelopes of one person"),
    "late_slip": lazy_gettext("This person also voted on paper; the card in the urn stands"),
    "former_place": lazy_gettext(
        "It was taken out when this person got another place, yet it lies in the box again"
    ),
    "later_place": lazy_gettext(
        "It was cast anew, but the database no longer knows that the vote was given back. It stays "
        "until the administrator has found out what was changed"
    ),
}

TROUBLE_NAMES = {
    Trouble.FORGED: lazy_gettext("An envelope that this system did not take"),
    Trouble.NOT_ELIGIBLE: lazy_gettext("An envelope without a confirmed resident behind it"),
    Trouble.FORMER_PLACE: lazy_gettext(
        "An envelope that was taken out for good lies in the box again: the database was changed by hand"
    ),
    Trouble.LATER_PLACE: lazy_gettext(
        "A vote cast anew of which nothing tells that it was given back: the database was changed by hand"
    ),
    Trouble.SAME_PERSON: lazy_gettext("Two envelopes of one person"),
    Trouble.TWICE: lazy_gettext("The same envelope twice"),
    Trouble.VOID_FORGED: lazy_gettext("A removal that this system did not record"),
    Trouble.VOID_ALONE: lazy_gettext("A removal by one member alone"),
    Trouble.VOID_OF_NOTHING: lazy_gettext("A removal without an envelope"),
    Trouble.SEALED: lazy_gettext("An envelope that does not open"),
    Trouble.MALFORMED: lazy_gettext("An envelope without a ballot of this round in it"),
    Trouble.SAME_CODE: lazy_gettext("The same control code twice"),
    Trouble.TOO_MANY_CARDS: lazy_gettext("More paper cards than identity slips"),
    Trouble.PAPER_OPEN: lazy_gettext("Paper is not reconciled and closed yet"),
    Trouble.BATCH: lazy_gettext(
        "Paper is not as it was signed off: a number or a card was changed"
    ),
    Trouble.LATE_SLIP: lazy_gettext("A paper slip beside a web vote of the same person"),
    Trouble.OBJECTION: lazy_gettext("The person may still object, or an objection has no answer"),
    Trouble.CONFIRMED: lazy_gettext(
        "An envelope was taken out, and its person's residence is confirmed since: put it back"
    ),
    Trouble.MISSING: lazy_gettext("An envelope of an earlier published list is gone"),
    Trouble.RETURNED: lazy_gettext("A vote that was given back may still be cast"),
    Trouble.LOSS: lazy_gettext("People may still claim that their vote was lost"),
    Trouble.CLAIM: lazy_gettext("A person's claim about their vote waits for the answer"),
    Trouble.ADDED: lazy_gettext("An envelope that came after the sealed list"),
    Trouble.UNSEALED: lazy_gettext(
        "A vote that was given back waits for the list to be sealed anew"
    ),
}


def say_how(scope: ScopeForm, *, is_required: bool = True) -> str:
    """How a list is marked, in a few short sentences, and whether it may be left empty."""
    sentences = [_say_how_many(scope)]
    if scope.rule.kind is Kind.POINTS and scope.bounds[1] > 1:
        sentences.append(gettext("The first place gets the most points."))
    elif scope.rule.kind is Kind.CUMULATIVE:
        points = ngettext(
            "You have %(num)s point to give.",
            "You have %(num)s points to divide between projects as you like.",
            scope.rule.max_points,
        )
        sentences.insert(0, points)
    if not is_required:
        sentences.append(gettext("You may also leave this list empty."))
    return " ".join(map(str, sentences))


def _say_how_many(scope: ScopeForm) -> str:
    """In a short pool the fewest and the most may be one number, whatever the rule says."""
    fewest, most = scope.bounds
    if scope.rule.kind is Kind.ONE:
        return str(gettext("Choose one project."))
    if fewest == most:
        return str(ngettext("Choose %(num)s project.", "Choose %(num)s projects.", most))
    return str(gettext("Choose from %(fewest)s to %(most)s projects.", fewest=fewest, most=most))


def say_fault(fault: Fault) -> str:
    """What is wrong with a choice, at which list, in one sentence."""
    name = str(LEVEL_NAMES.get(fault.level, fault.level))
    limit = fault.limit or 0
    if fault.reason is Reason.MISSING or fault.reason is Reason.TOO_FEW:
        least: str = ngettext(
            "%(list)s: choose at least %(num)s project.",
            "%(list)s: choose at least %(num)s projects.",
            limit,
            list=name,
        )
        return least
    if fault.reason is Reason.TOO_MANY:
        highest: str = ngettext(
            "%(list)s: choose at most %(num)s project.",
            "%(list)s: choose at most %(num)s projects.",
            limit,
            list=name,
        )
        return highest
    if fault.reason in {Reason.TOO_FEW_POINTS, Reason.TOO_MANY_POINTS}:
        return _say_points_fault(fault, name)
    words = {
        Reason.TWICE: gettext("%(list)s: the same project stands there twice.", list=name),
        Reason.WRONG_SCOPE: gettext(
            "%(list)s: you can vote only in the district where you live.", list=name
        ),
        Reason.UNKNOWN: gettext("%(list)s: one of the projects is not on this list.", list=name),
    }
    return str(
        words.get(fault.reason)
        or gettext("%(list)s: the points do not add up. Please check them.", list=name)
    )


def _say_points_fault(fault: Fault, name: str) -> str:
    few: str = ngettext(
        "%(list)s: give at least %(num)s point.",
        "%(list)s: give at least %(num)s points.",
        fault.limit or 0,
        list=name,
    )
    many: str = ngettext(
        "%(list)s: give at most %(num)s point.",
        "%(list)s: give at most %(num)s points.",
        fault.limit or 0,
        list=name,
    )
    return few if fault.reason is Reason.TOO_FEW_POINTS else many


def say_refusal(error: DomainError) -> str:
    """What to tell a person whom a deed of voting refused."""
    if isinstance(error, SecretsRefused):
        return str(
            gettext(
                "Our server lacks something that it needs to take votes safely, so it takes none. The "
                "commission knows. Please try again later."
            )
        )
    return str(
        _voter_words(error)
        or _key_words(error)
        or commission_refusal(error)
        or gettext("This could not be done. Please try again.")
    )


def _voter_words(error: DomainError) -> str | None:
    most = int(str(error.details.get("most", 0)))
    words = {
        "voting_not_open": gettext("Voting has not begun yet."),
        "voting_closed": gettext("Voting is over. This press came after the closing time."),
        "voting_suspended": gettext(
            "Voting is suspended for the moment. Your choice is kept on this device; please try "
            "again later."
        ),
        "suspended_past_end": gettext(
            "Voting was suspended, and its closing time has passed meanwhile. Your choice is kept on "
            "this device: if the commission extends the vote, you can still cast it here."
        ),
        "residence_needed": gettext("To vote, first confirm that you live in the city."),
        "project_not_on_this_list": gettext("This project is not on your list."),
        "project_of_another_district": gettext(
            "This project belongs to another district. You vote in the district where you live."
        ),
        "project_already_chosen": gettext("This project is already on your ballot."),
        "ballot_full": ngettext(
            "You have already chosen %(num)s project. Take it off first, then put another on.",
            "You have already chosen %(num)s projects. Take one off first, then put another on.",
            most,
        ),
        "points_spent": ngettext(
            "You have given your %(num)s point. Take it from another project first.",
            "You have given all %(num)s points. Take some from another project first.",
            most,
        ),
        "ballot_changed": gettext(
            "Your ballot was changed in another window. This is how it looks now: check it and "
            "cast it once more."
        ),
        "nonce_taken": gettext(
            "The secret number of this ballot was already used, so a new one was drawn. Please "
            "cast your vote once more."
        ),
    }
    return words.get(error.code)


def _key_words(error: DomainError) -> str | None:
    member = error.details.get("member", 0)
    wrong = (
        gettext("The passphrase of member %(member)s is wrong. Nothing was changed.", member=member)
        if member
        else gettext("One of the passphrases is wrong. Nothing was changed.")
    )
    words = {
        "wrong_passphrase": wrong,
        "key_file_damaged": gettext(
            "One of the files is not a key file, or it was damaged. Nothing was changed."
        ),
        "key_file_of_another_round": gettext(
            "One of the key files belongs to another round of voting. Nothing was changed."
        ),
        "key_file_of_another_setup": gettext(
            "The key files do not belong together, or not to this round. Nothing was changed."
        ),
        "too_few_key_files": gettext(
            "%(given)s key files were given, %(needed)s of different members are needed. Nothing "
            "was changed.",
            given=error.details.get("given", 0),
            needed=error.details.get("needed", 0),
        ),
        "passphrase_too_short": gettext("A passphrase needs at least 12 characters."),
    }
    return words.get(error.code)
