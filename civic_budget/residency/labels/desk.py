"""Words of the desk: reasons of a visit, where a proof comes from, refusals."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from civic_budget.residency.desk_rules import ProofOutcome, ProofSource, VisitReason

VISIT_REASONS = {
    VisitReason.PROOF: _("Shows a document that proves residence"),
    VisitReason.ACCESS: _("Has lost access to the account"),
    VisitReason.ASKED: _("Was asked to come, or asks how the case stands"),
    VisitReason.COMPLAINT: _("Complains about a registration or a vote"),
    VisitReason.OTHER: _("Needs help with something else"),
}
SOURCE_NAMES = {
    ProofSource.DESK: _("Seen at an assistance point"),
    ProofSource.LETTER: _("Letter to the address"),
    ProofSource.REGISTER: _("Register"),
}
OUTCOME_NAMES = {
    ProofOutcome.SEEN: _("document seen, no copy kept"),
    ProofOutcome.ARRIVED: _("code from the letter was typed"),
    ProofOutcome.MATCH: _("found in the register"),
    ProofOutcome.NO_MATCH: _("not found in the register"),
}
DOCUMENT_KINDS = {
    "": _("No document in Latin letters at hand"),
    "passport": _("Passport"),
    "identity_card": _("Identity card"),
    "residence_card": _("Residence card"),
    "other": _("Another document"),
}


def refusals() -> dict[str, str]:
    """Sentences for what a desk may not do."""
    return {
        "not_at_a_desk": gettext("Only officers at an assistance point can do this."),
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
        "no_such_day": gettext("There is no such day. Write it in numbers, for example 27 3 1990."),
    }
