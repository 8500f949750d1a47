"""Words of claims: kinds, states, refusals."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from civic_budget.kernel.errors import DomainError
from civic_budget.voting.claim_rules import ClaimKind, ClaimState
from civic_budget.voting.labels import say_refusal

CLAIM_KINDS = {
    ClaimKind.MISSING: lazy_gettext("The line is missing on the board"),
    ClaimKind.NOT_MY_CHOICE: lazy_gettext("The line shows something else than was chosen"),
    ClaimKind.NOT_MY_VOTE: lazy_gettext("Somebody else voted in the person's name"),
    ClaimKind.LOST_VOTE: lazy_gettext("The person's vote was lost with the missing envelopes"),
}
CLAIM_STATES = {
    ClaimState.RECEIVED: lazy_gettext("Being looked into"),
    ClaimState.UPHELD: lazy_gettext("The claim is right"),
    ClaimState.DISMISSED: lazy_gettext("The claim is not right"),
}


def say_claim_refusal(error: DomainError) -> str:
    """What to tell a person whose claim, or whose answer to one, was refused."""
    words = {
        "claims_not_open": gettext(
            "Claims about the board are taken once the results are published."
        ),
        "claims_closed": gettext(
            "The time for claims is over. The commission's report says how many there were."
        ),
        "not_a_code": gettext(
            "A control code has twelve letters and digits, for example K7Q2-9FMD-4TXA."
        ),
        "line_is_there": gettext(
            "A ballot with this code is on the board. If it shows something that you did not "
            "choose, choose the other answer above."
        ),
        "line_is_missing": gettext(
            "No ballot on the board has this code. Check it letter by letter. If it is right, "
            "choose the other answer above."
        ),
        "already_claimed": gettext("This was claimed already and is being looked into."),
        "not_your_person": gettext("You can claim this only for yourself and your children."),
        "no_loss_acknowledged": gettext(
            "No envelopes are missing. If this page says that no vote of yours is recorded, vote."
        ),
        "claim_needs_case": gettext(
            "Write the number of the visitor's residence case. Without it nobody knows whose vote is to be "
            "given back."
        ),
        "record_held_by_another": gettext(
            "Somebody else's account holds this record, so the vote would be given back to them. First the "
            "residence office takes the false confirmation back and registers the visitor with a "
            "document; then write the number of that case."
        ),
        "own_claim": gettext("Another member answers your own claim."),
        "wrong_state": gettext("Somebody else answered this claim a moment ago."),
        "too_many_tries": gettext(
            "Too many claims came from this connection. Please try again in an hour, or come to "
            "an assistance point."
        ),
    }
    return words.get(error.code) or say_refusal(error)
