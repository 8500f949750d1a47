"""Words of the desk: reasons of a visit, where a proof comes from, refusals."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from civic_budget.residency.desk_events import (
    AccessResetAtDesk,
    CardPrinted,
    ComplaintTakenDown,
    ContactConfirmedAtDesk,
    DecidedAtDesk,
    DeskSearched,
    DeskVisitClosed,
    DeskVisitOpened,
    ProofSeenAtDesk,
    RegistrationAsked,
    StatusLookedUp,
)
from civic_budget.residency.desk_rules import (
    AppointmentState,
    ProofOutcome,
    ProofSource,
    VisitReason,
)

VISIT_REASONS = {
    VisitReason.PROOF: _("Shows a document that proves residence"),
    VisitReason.ACCESS: _("Has lost access to the account"),
    VisitReason.ASKED: _("Was asked to come, or asks how the case stands"),
    VisitReason.COMPLAINT: _("Complains about a registration or a vote"),
    VisitReason.OTHER: _("Needs help with something else"),
}
LOGGED_REASONS = {VisitReason.REGISTER: _("Registers for the first time"), **VISIT_REASONS}
SOURCE_NAMES = {
    ProofSource.DESK: _("Seen at an assistance point"),
    ProofSource.LETTER: _("Letter to the address"),
    ProofSource.REGISTER: _("Register"),
}
OUTCOME_NAMES = {
    ProofOutcome.SEEN: _("document seen, no copy kept"),
    ProofOutcome.ARRIVED: _("code from the letter was typed"),
    ProofOutcome.MATCH: _("found in the register"),
    ProofOutcome.RESIDENT: _(
        "known as a resident, but the home was not compared: look at the address"
    ),
    ProofOutcome.NO_MATCH: _("not found in the register"),
}
DOCUMENT_KINDS = {
    "": _("No document in Latin letters at hand"),
    "passport": _("Passport"),
    "identity_card": _("Identity card"),
    "residence_card": _("Residence card"),
    "other": _("Another document"),
}


APPOINTMENT_STATES = {
    AppointmentState.TO_COME: _("begins later"),
    AppointmentState.RUNS: _("runs"),
    AppointmentState.OVER: _("is over"),
    AppointmentState.ENDED: _("was ended or replaced"),
}
DEED_NAMES = {
    DeskSearched.__name__: _("Searched"),
    RegistrationAsked.__name__: _("Asked whether anybody registered as the person"),
    StatusLookedUp.__name__: _("Told where a case or complaint stands"),
    DeskVisitOpened.__name__: _("Opened a record"),
    DeskVisitClosed.__name__: _("Closed the record"),
    ProofSeenAtDesk.__name__: _("Noted a document that was seen"),
    DecidedAtDesk.__name__: _("Decided on what was seen"),
    CardPrinted.__name__: _("Printed an activation card"),
    AccessResetAtDesk.__name__: _("Renewed the access of somebody who lost it"),
    ContactConfirmedAtDesk.__name__: _("Confirmed an e-mail address or phone number"),
    ComplaintTakenDown.__name__: _("Wrote a complaint down"),
}
SEARCH_MEANS = {
    "number": _("by reference or card number"),
    "name": _("by name and birth date"),
}


def refusals() -> dict[str, str]:
    """Sentences for what a desk may not do."""
    return {
        "not_at_a_desk": gettext("Only officers at an assistance point can do this."),
        "no_appointment": gettext(
            "You are not appointed to any assistance point today, so the desk is closed to you. Ask "
            "an administrator to appoint you."
        ),
        "choose_point": gettext("First choose at which assistance point you work today."),
        "other_point": gettext(
            "You are not appointed to this assistance point today. Choose where you work."
        ),
        "point_closed": gettext("This assistance point is closed. Choose another one."),
        "own_appointment": gettext("Another administrator has to appoint you."),
        "no_desk_role": gettext(
            "This account has no role at assistance points. Give it the role first, under Staff."
        ),
        "no_point": gettext("Choose at least one assistance point."),
        "unknown_point": gettext("One of these points is closed now. Choose again."),
        "last_before_first": gettext("The last day is before the first. Check both."),
        "appointment_past": gettext("The last day is already over. Write a later one."),
        "appointment_too_long": gettext(
            "An appointment lasts at most 366 days. Write an earlier last day; you can appoint the "
            "person again."
        ),
        "other_desk": gettext("This record is open at another desk. Find the person yourself."),
        "visit_over": gettext("This visit is over. Find the person again."),
        "nothing_to_prove": gettext(
            "No application of this person waits for a proof. Take a new one down first."
        ),
        "document_in_future": gettext("The day on the document is still to come. Check it."),
        "proof_missing": gettext(
            "What was seen is not enough: note one document that proves residence alone, or two "
            "others."
        ),
        "has_access": gettext(
            "This account opens with a password or passkey already. If the person lost it, renew "
            "the access: the old contact is told."
        ),
        "has_guardian": gettext("A guardian acts for this child. There is no card of its own."),
        "nobody_found": gettext(
            "Nobody is found under these data. Check the spelling and the birth date, or register "
            "the person."
        ),
        "no_such_reference": gettext("There is no case with this reference."),
        "search_needs_all": gettext(
            "Write a whole reference or card number, or given names, family name and the birth "
            "date together. Parts are not searched."
        ),
        "no_such_date": gettext("There is no such day. Write it like 31.12.2026."),
    }
