"""Words of complaints: kinds, states, actions, drafted answers, refusals."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from civic_budget.residency.complaint_rules import ComplaintAction, ComplaintKind, ComplaintState

KIND_NAMES = {
    ComplaintKind.REGISTRATION: _("Somebody registered under my name"),
    ComplaintKind.VOTE: _("A vote was cast that is not mine"),
    ComplaintKind.QUESTION: _("Has anybody registered as me?"),
}
KIND_HINTS = {
    ComplaintKind.REGISTRATION: _(
        "For example, you hear that you are registered already though you never were."
    ),
    ComplaintKind.VOTE: _(
        "For example, you got a message about a vote that you did not cast. The commission gets it too."
    ),
    ComplaintKind.QUESTION: _(
        "Only after your own residence is confirmed: else it would be a way to look others up."
    ),
}
COMPLAINT_STATE_NAMES = {
    ComplaintState.RECEIVED: _("Received"),
    ComplaintState.IN_WORK: _("An officer works on it"),
    ComplaintState.UPHELD: _("Upheld"),
    ComplaintState.DISMISSED: _("Dismissed"),
    ComplaintState.HANDED_OVER: _("Handed over to the commission"),
    ComplaintState.WITHDRAWN: _("Withdrawn"),
}
COMPLAINT_STATE_KINDS = {
    ComplaintState.RECEIVED: "brand",
    ComplaintState.IN_WORK: "brand",
    ComplaintState.UPHELD: "ok",
    ComplaintState.DISMISSED: "danger",
}
ANSWER_NAMES = {
    ComplaintAction.UPHOLD: _("Uphold: it is as the person says"),
    ComplaintAction.DISMISS: _("Dismiss: it is not as the person says"),
    ComplaintAction.HAND_OVER: _("Hand over to the commission"),
}
DRAFTS = {
    (ComplaintKind.REGISTRATION, ComplaintAction.UPHOLD): _(
        "You were right to write to us. A second officer now checks the registration under your name. "
        "If it is not yours, it is taken back, and a ballot cast with it is not counted as long as the "
        "ballots have not been opened."
    ),
    (ComplaintKind.REGISTRATION, ComplaintAction.DISMISS): _(
        "We have looked into it and found no registration under your name that is not yours."
    ),
    (ComplaintKind.VOTE, ComplaintAction.UPHOLD): _(
        "You were right: the vote was not cast by you. The commission decides what becomes of it and "
        "publishes how many such cases there were."
    ),
    (ComplaintKind.VOTE, ComplaintAction.DISMISS): _(
        "We have looked into it and found no sign that a vote was cast in your name by somebody else."
    ),
    (ComplaintKind.VOTE, ComplaintAction.HAND_OVER): _(
        "The commission that counts the votes has your complaint now and answers it."
    ),
    (ComplaintKind.QUESTION, ComplaintAction.UPHOLD): _(
        "Yes: besides yours there is another registration that looks like you. An officer checks it. "
        "Come to an assistance point with a document if you want to say more."
    ),
    (ComplaintKind.QUESTION, ComplaintAction.DISMISS): _(
        "No: besides yours we found no other registration that looks like you."
    ),
}
"""What an officer may send as it is or change; in the person's language."""
UNKNOWN_DRAFT = _(
    "We have looked into your complaint and done what has to be done. As we cannot know from here who "
    "writes to us, we may not say whether anybody is registered. Come to an assistance point with a "
    "document: there you learn it at once."
)
"""The same whatever was found: an answer to somebody unproved must not tell whether a name is known."""
PUBLIC_STATE_NAMES = {
    ComplaintState.RECEIVED: _("Received: an officer takes it next"),
    ComplaintState.IN_WORK: _("An officer works on it"),
    ComplaintState.UPHELD: _("Answered"),
    ComplaintState.DISMISSED: _("Answered"),
    ComplaintState.HANDED_OVER: _("Handed over to the commission"),
    ComplaintState.WITHDRAWN: _("Withdrawn"),
}
"""What whoever knows a reference may read: never how a complaint was answered."""


def refusals() -> dict[str, str]:
    """Sentences for what cannot be complained about, or answered, like this."""
    return {
        "sign_in_first": gettext("Sign in first: the answer is about you alone."),
        "confirm_first": gettext(
            "Confirm your residence first. Or come to an assistance point with a document: there you "
            "get the answer at once."
        ),
        "complaint_words_short": gettext("Write in a sentence or two what happened."),
        "complaint_name": gettext("Write your name, so that we know whom it is about."),
        "complaint_contact": gettext(
            "Write an e-mail address or phone number, so that the answer can reach you."
        ),
        "only_registrations_checked": gettext(
            "Only a complaint about a registration can reopen a case."
        ),
        "check_no_case": gettext("There is no case with this reference. Look at it again."),
        "check_undecided": gettext(
            "This case is not decided yet. Decide it in the queue; nothing has to be reopened."
        ),
        "check_not_confirmed": gettext(
            "This case has no confirmation that could be taken back: it was refused, taken back or "
            "never sent."
        ),
        "check_open_already": gettext("This case is being checked again already."),
        "check_needs_upheld": gettext(
            "A case is reopened only with an upheld complaint. Choose that answer, or leave this empty."
        ),
        "only_votes_go_on": gettext("Only complaints about votes go to the commission."),
        "no_such_complaint": gettext(
            "There is no complaint with this reference. It looks like C-7K2M-94QF."
        ),
        "too_many_complaints": gettext(
            "You have written several times today. We answer what we have; come back tomorrow."
        ),
    }
