"""Words of the commission and the clerks: deeds of a round, paper, signals, refusals."""

from __future__ import annotations

import json
from datetime import datetime

from flask_babel import gettext, lazy_gettext, ngettext

from civic_budget.kernel.errors import DomainError
from civic_budget.voting.choice import Fault, Reason
from civic_budget.voting.rules import InvalidReason, SampleResult
from civic_budget.web.words import say_deadline

INCIDENT_NAMES = {
    "suspend": lazy_gettext("The vote was suspended"),
    "resume": lazy_gettext("The vote was resumed"),
    "extend": lazy_gettext("The closing time was moved because of an outage"),
    "members": lazy_gettext("The commission was changed by two of its members"),
    "small_batch": lazy_gettext("Two members let a small pile of paper cards be keyed"),
    "cards_missing": lazy_gettext("Two people found identity slips without a ballot card"),
    "missing": lazy_gettext("Two members acknowledged that envelopes are missing"),
    "put_back": lazy_gettext(
        "An envelope that was out lay in the box again, put there by hand; two members took it out anew"
    ),
    "sample": lazy_gettext("A sample of voters was drawn"),
    "sample_dropped": lazy_gettext(
        "The drawn sample holds no longer, because voting was re-opened"
    ),
    "annul": lazy_gettext("The round was annulled"),
    "hold": lazy_gettext("A legal hold was laid on the round"),
    "lift_hold": lazy_gettext("The legal hold was lifted"),
    "shred": lazy_gettext("Envelopes and keys were destroyed"),
}


def say_incident(kind: str, note: str) -> str:
    """The note of an incident; a draw's and an extension's are told in words."""
    if kind == "extend" and note.startswith("{"):
        extended: dict[str, str] = json.loads(note)
        until = say_deadline(datetime.fromisoformat(extended["until"]))
        return str(gettext("New time: %(until)s. %(why)s", until=until, why=extended["why"]))
    if kind != "sample":
        return note
    said: dict[str, object] = {"list_number": "–", **json.loads(note)}
    return str(
        gettext(
            "%(number)s voters of sealed list %(list)s; %(source)s: %(seed)s",
            number=said["number"],
            list=said["list_number"],
            source=said["source"],
            seed=said["seed"],
        )
    )


INVALID_REASONS = {
    InvalidReason.BLANK: lazy_gettext("nothing is marked"),
    InvalidReason.TOO_FEW: lazy_gettext("less is marked than has to be"),
    InvalidReason.TOO_MANY: lazy_gettext("more is marked than allowed"),
    InvalidReason.TWICE: lazy_gettext("the same project is marked twice"),
    InvalidReason.UNREADABLE: lazy_gettext("it cannot be read what is meant"),
    InvalidReason.ALTERED: lazy_gettext("the card was altered or torn"),
    InvalidReason.SIGNED: lazy_gettext("the card is signed or bears a name"),
    InvalidReason.FOREIGN_CARD: lazy_gettext("not a card of this vote or district"),
}

SAMPLE_RESULTS = {
    SampleResult.VOTED: lazy_gettext("says: I voted"),
    SampleResult.ABSENT: lazy_gettext("could not be met"),
    SampleResult.DID_NOT_VOTE: lazy_gettext("says: I did not vote"),
}

SIGNAL_NAMES = {
    "device": lazy_gettext("Many votes from one device"),
    "network": lazy_gettext("Many votes from one network"),
    "account": lazy_gettext("One account (phone or e-mail) voted for many people"),
    "burst": lazy_gettext("Far more votes in one hour than in that hour of other days"),
    "age": lazy_gettext("Voters of a hundred years and more"),
    "pair": lazy_gettext("Two voters who may be one person; officers have not decided yet"),
}

PARTS = {
    "slips": lazy_gettext("registered slips"),
    "keying": lazy_gettext("keyed cards"),
    "control": lazy_gettext("keyed the sample again"),
    "resolving": lazy_gettext("resolved differences"),
    "signing": lazy_gettext("signed the sum off"),
}


def say_card_fault(fault: Fault, name: str) -> str:
    """What is wrong with what a clerk keyed for a list of a card: about the card, not to its voter."""
    limit = fault.limit or 0
    fewer: str = ngettext(
        "%(list)s: fewer than %(num)s project is marked.",
        "%(list)s: fewer than %(num)s projects are marked.",
        limit,
        list=name,
    )
    more: str = ngettext(
        "%(list)s: more than %(num)s project is marked.",
        "%(list)s: more than %(num)s projects are marked.",
        limit,
        list=name,
    )
    words = {
        Reason.MISSING: fewer,
        Reason.TOO_FEW: fewer,
        Reason.TOO_MANY: more,
        Reason.TWICE: gettext("%(list)s: the same project stands there twice.", list=name),
        Reason.UNKNOWN: gettext("%(list)s: one of the numbers is not on this list.", list=name),
    }
    return str(
        words.get(fault.reason)
        or gettext("%(list)s: the points do not add up. Please check them.", list=name)
    )


def commission_refusal(error: DomainError) -> str | None:
    """What to tell a member or a clerk whom a deed refused."""
    said = _round_words(error) or _deed_words(error) or _ending_words(error) or _paper_words(error)
    return said or _prepare_words(error)


def _round_words(error: DomainError) -> str | None:
    words = {
        "voting_still_open": gettext("Voting is still open. It can be closed after its end."),
        "not_a_member_of_the_round": gettext(
            "Only the members who were named when the round was prepared can do this."
        ),
        "not_the_commission": gettext("Only the commission can do this."),
        "second_member_needed": gettext("A second member has to confirm this, not the same one."),
        "void_already_proposed": gettext("This was proposed already; a second member confirms it."),
        "already_proposed": gettext("This was proposed already; a second member confirms it."),
        "already_decided": gettext("This was decided already."),
        "nothing_proposed": gettext("Nobody proposed this. Propose it first."),
        "already_voided": gettext("This envelope was already taken out."),
        "return_it_instead": gettext(
            "Somebody else voted in this person's name: give the vote back instead. The envelope goes "
            "out and the person can vote themselves."
        ),
        "not_in_verification": gettext("This is possible between closing and opening only."),
        "no_such_envelope": gettext("There is no such envelope."),
        "no_such_void": gettext("Nobody proposed to take this envelope out."),
        "opening_refused": gettext(
            "The round cannot be opened: something about the envelopes is not right. Nothing was "
            "opened and nothing was changed. What was found is listed below."
        ),
        "wrong_state": gettext(
            "This step is not possible where the round stands now. Look at its page."
        ),
    }
    return words.get(error.code)


def _prepare_words(error: DomainError) -> str | None:
    words = {
        "one_passphrase_each": gettext("Choose the members, each once."),
        "members_missing": gettext("Choose at least as many members as are needed to open."),
        "members_fixed": gettext("The members cannot be changed in this state of the round."),
        "round_exists": gettext("A round of this edition is already prepared."),
        "numbers_not_drawn": gettext(
            "The list cannot be frozen: some projects have no number on the ballot yet."
        ),
        "nothing_on_the_list": gettext("The list cannot be frozen: there is no project on it."),
        "times_needed": gettext(
            "The calendar's time is over. Write when this round opens; it must lie ahead."
        ),
        "opens_before_closes": gettext("The end must come after the beginning."),
    }
    return words.get(error.code)


def _deed_words(error: DomainError) -> str | None:
    words = {
        "round_not_extendable": gettext("The closing time cannot be moved in this state."),
        "too_late_to_extend": gettext(
            "The closing time can be moved until 24 hours after it, not later."
        ),
        "extension_must_be_later": gettext("The new time must lie ahead, and after the old one."),
        "extension_after_results": gettext(
            "By the calendar the results are published before this time. Check the day and the year."
        ),
        "outage_missing": gettext("Write what the outage was and how long it lasted."),
        "reason_missing": gettext("Write the reason."),
        "act_missing": gettext("Write which act decides it: its number, its day, who issued it."),
        "no_such_scope": gettext("Choose one of the lists."),
        "scope_annulled_already": gettext("The vote of this list was annulled already."),
        "round_not_annullable": gettext("Nothing can be annulled in this state of the round."),
        **_return_words(),
        "nothing_to_object_to": gettext("There is nothing to object to."),
        "objection_too_late": gettext("The days to object are over."),
        "objection_made": gettext("You have objected already; the commission answers it."),
        "objection_words_missing": gettext("Write why the vote is yours and should count."),
        "card_cannot_be_taken_out": gettext(
            "This person's paper card lies in the urn and cannot be found again: the web vote "
            "stays out."
        ),
        "urn_changed": gettext(
            "While the envelopes were being opened, something was decided about one of them, or a person "
            "behind one changed. So nothing was written and nobody saw a choice. Open the votes once more."
        ),
        "nothing_missing": gettext("No envelope of a published list is missing."),
        "sample_drawn": gettext("The sample was drawn already."),
        "not_in_the_sample": gettext("This envelope is not in the sample."),
        "seed_missing": gettext("Write what the public event gave."),
        "source_missing": gettext("Write which public event it was, and when."),
        "number_needed": gettext("Write a number from 1 upwards."),
    }
    return words.get(error.code)


def _return_words() -> dict[str, str]:
    return {
        "return_before_opening_only": gettext(
            "A vote can be given back only before the envelopes are opened."
        ),
        "no_vote_to_return": gettext("There is no vote of this person to give back."),
        "paper_cannot_be_returned": gettext(
            "This vote was cast on paper. Its card lies in the urn and cannot be found again, so it "
            "cannot be given back."
        ),
        "voted_anew": gettext("The person has voted anew: that vote stands, this one stays out."),
        "returned_vote_may_come": gettext(
            "A vote that was given back may still be cast. Seal the list when its time is over."
        ),
        "nothing_to_seal_anew": gettext("No returned vote came in; the sealed list stands."),
        "strange_envelopes": gettext(
            "Envelopes came that are neither slips nor votes given back. The list is not sealed anew: "
            "call the administrator and lay a legal hold on the round."
        ),
        "paper_waits": gettext(
            "Paper slips came in too. Close the paper vote: that seals both together."
        ),
        "no_paper_to_seal": gettext(
            "No paper waits for the sealed list: there is none, or it is sealed already."
        ),
    }


def _ending_words(error: DomainError) -> str | None:
    last = error.details.get("last")
    words = {
        "results_not_published": gettext("First the results have to be published."),
        "statistics_not_sealed": gettext(
            "The statistics of participation are not sealed yet. They come first: afterwards "
            "nobody knows any more who took part."
        ),
        "keep_until_must_come": gettext("The end of the appeals must lie ahead."),
        "claims_need_it": gettext(
            "Claims about votes may come and be answered until %(last)s. Envelopes and keys are kept "
            "at least until then.",
            last=say_deadline(last if isinstance(last, datetime) else None),
        ),
        "claims_wait": gettext(
            "Claims about votes wait for an answer. Answer them first: afterwards nobody knows any "
            "more who took part."
        ),
        "appeals_may_come": gettext("The time for appeals is not over yet."),
        "legal_hold_stands": gettext("A legal hold stands. Nothing may be destroyed."),
        "round_annulled": gettext("This round is annulled."),
        "round_not_annulled": gettext("This round is not annulled as a whole."),
        "no_hold": gettext("There is no legal hold."),
        "destroyed_already": gettext("The envelopes are destroyed already."),
        "not_shredded": gettext("The envelopes are not deleted yet."),
    }
    return words.get(error.code)


def _paper_words(error: DomainError) -> str | None:
    details = error.details
    words = {
        "not_a_clerk": gettext("Only clerks and the commission can do this."),
        "another_clerk_needed": gettext(
            "You did another part of this batch. Somebody else has to do this one."
        ),
        "paper_closed": gettext("Paper votes are not taken any more."),
        "points_open": gettext(
            "Points are still open. Close them, or wait for the end of the paper deadline."
        ),
        "batches_open": gettext("Some batches are not reconciled yet."),
        "no_such_batch": gettext("There is no such batch."),
        "batch_closed": gettext("This batch is reconciled and closed."),
        "batch_begun": gettext("Cards of this batch were keyed already; it cannot be mixed."),
        "batch_too_small": gettext(
            "Fewer than %(fewest)s slips: let the batch fill, or mix another batch of the district in, "
            "so that nobody can be guessed from the cards. What is left after the last slip is keyed "
            "by an act of two members.",
            fewest=details.get("fewest", 20),
        ),
        "batch_not_sealed": gettext(
            "Slips may still be added to this batch. Seal it first: whoever keys cards while slips "
            "come sees which belong together."
        ),
        "batch_sealed": gettext(
            "This batch is sealed: no slip is added to it any more. Open another batch for new slips."
        ),
        "batch_empty": gettext("There is no slip in this batch."),
        "batch_large_enough": gettext("This batch is large enough: a clerk seals it."),
        "slips_may_come": gettext(
            "Slips may still come. Wait until all points are closed or the paper deadline has passed."
        ),
        "batch_can_be_mixed": gettext(
            "Another batch of this district waits too. Mix the two and shuffle their cards."
        ),
        "batches_of_different_districts": gettext("Choose another batch of the same district."),
    }
    return words.get(error.code) or _point_words(error) or _card_words(error) or _slip_words(error)


def _point_words(error: DomainError) -> str | None:
    words = {
        "point_open_already": gettext("This point is open already."),
        "point_closed": gettext("This point is closed."),
        "point_has_slips": gettext(
            "Slips of this point were registered already: how they come in stays as it was."
        ),
    }
    return words.get(error.code)


def _card_words(error: DomainError) -> str | None:
    words = {
        "no_such_card": gettext("There is no card with this number. Check it on the card."),
        "card_already_used": gettext("This card was keyed or spoiled already."),
        "card_of_another_district": gettext("This card belongs to another district."),
        "card_not_in_the_sample": gettext("This card is not one of those to be keyed again."),
        "card_does_not_differ": gettext("This card's two keyings do not differ."),
        "count_unchanged": gettext("This is the number that stands already. Write the right one."),
        "count_changed": gettext(
            "Somebody changed this count in the meantime: %(counted)s now. Compare with the cards and "
            "write the right number.",
            counted=error.details.get("counted", 0),
        ),
        "more_cards_than_slips": gettext(
            "There are more cards than identity slips in this batch. Stop and call the commission."
        ),
    }
    return words.get(error.code)


def _slip_words(error: DomainError) -> str | None:
    details = error.details
    words = {
        "controls_open": gettext("Cards of the sample still wait for another clerk."),
        "batch_not_reconciled": gettext(
            "The sum is wrong: %(claimed)s slips, but %(counted)s cards keyed, invalid and missing.",
            claimed=details.get("claimed", 0),
            counted=details.get("counted", 0),
        ),
        "missing_counted_by_one": gettext(
            "Who keyed the cards states another number of slips without a card. Count again together; "
            "who keyed enters the number with its reason first."
        ),
        "protocol_number_missing": gettext("Write the number of the protocol."),
        "protocol_number_taken": gettext("Another batch has this protocol number."),
        "person_of_another_district": gettext(
            "This person votes in another district than this batch is for."
        ),
        "residence_needed_on_paper": gettext(
            "This person has no confirmed residence and no complete case, so no card can be given."
        ),
        "no_such_person": gettext("Nobody has this case number. Check it on the confirmation."),
    }
    return words.get(error.code)
