"""Words for proposals: states, sections, gaps, reasons why not, stages of implementation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from civic_budget.editions.rules import district_of
from civic_budget.kernel.errors import DomainError
from civic_budget.kernel.money import say_money
from civic_budget.proposals.merge_rules import MergeState
from civic_budget.proposals.rules import MOST_PLACES, Gap, Place, ProposalAction, ProposalState
from civic_budget.residency.intake import Reason
from civic_budget.residency.labels import say_refusal as say_file_refusal
from civic_budget.web.words import say_deadline

STATE_NAMES = {
    ProposalState.DRAFT: _("Draft"),
    ProposalState.SUBMITTED: _("Being assessed"),
    ProposalState.RETURNED: _("Waiting for the author’s corrections"),
    ProposalState.ADMITTED: _("On the ballot"),
    ProposalState.REJECTED: _("Rejected"),
    ProposalState.APPEALED: _("Appeal being considered"),
    ProposalState.WITHDRAWN: _("Withdrawn"),
    ProposalState.MERGED: _("Merged with another proposal"),
}

STATE_KINDS = {
    ProposalState.DRAFT: "",
    ProposalState.SUBMITTED: "brand",
    ProposalState.RETURNED: "warn",
    ProposalState.ADMITTED: "ok",
    ProposalState.REJECTED: "danger",
    ProposalState.APPEALED: "brand",
    ProposalState.WITHDRAWN: "",
    ProposalState.MERGED: "",
}

MERGE_STATE_NAMES = {
    MergeState.PROPOSED: _("Waiting for the authors’ answers"),
    MergeState.AGREED: _("Agreed by all the authors"),
    MergeState.REFUSED: _("Refused by an author"),
    MergeState.CANCELLED: _("Taken back"),
    MergeState.LAPSED: _("Not answered in time"),
}

DECISION_NAMES = {
    ProposalAction.RETURN: _("Returned for correction"),
    ProposalAction.ADMIT: _("Admitted to the vote"),
    ProposalAction.REJECT: _("Rejected"),
    ProposalAction.RESTORE: _("Restored and admitted to the vote"),
    ProposalAction.DISMISS: _("Appeal dismissed"),
}

SECTION_NAMES = {
    "about": _("The idea"),
    "category": _("Category"),
    "place": _("Place"),
    "costs": _("Costs"),
    "access": _("Accessibility"),
}

FIELD_NAMES = {
    "title": _("Title"),
    "summary": _("Short description"),
    "description": _("Description"),
    "justification": _("Why it is needed"),
    "audience": _("For whom it is"),
    "category": _("Category"),
    "place": _("Place"),
    "places": _("Places"),
    "costs": _("Estimated costs"),
    "upkeep": _("Yearly upkeep"),
    "accessibility": _("Accessibility"),
}

SORT_NAMES = {
    "number": _("in the order of the list"),
    "cost": _("the cheapest first"),
    "dearest": _("the dearest first"),
    "newest": _("the newest first"),
}

STAGE_NAMES = {
    "planned": _("Planned"),
    "in_progress": _("In progress"),
    "delayed": _("Delayed"),
    "finished": _("Finished"),
    "abandoned": _("Abandoned"),
}

STAGE_KINDS = {"finished": "ok", "in_progress": "brand", "delayed": "warn", "abandoned": "danger"}

UNIT_NAMES = {
    "piece": _("per piece"),
    "set": _("per set"),
    "m2": _("per square metre"),
    "m": _("per metre"),
    "hour": _("per hour"),
    "day": _("per day"),
    "course": _("per course"),
}

SOURCE_NAMES = {
    "author": _("the author’s own words"),
    "human": _("translated by a person"),
    "machine": _("translated by a machine"),
}


def say_scope(scope: str, districts: Mapping[int, str]) -> str:
    """The whole city, or the district's number and name."""
    number = district_of(scope)
    if number is None:
        return str(gettext("The whole city"))
    return str(gettext("District %(name)s", name=districts.get(number, str(number))))


def say_places(place: str, places: Sequence[Place]) -> str:
    """Where a proposal should be in one line: the author's words, then each place with its point."""
    parts = [place]
    for number, one in enumerate(places, 1):
        point = "({:.5f}, {:.5f})".format(*one.point) if one.point else ""
        parts.append(f"{number}. " + " ".join(part for part in (one.words, point) if part))
    return "; ".join(part for part in parts if part)


def say_gap(gap: Gap) -> str:
    """What is missing, as a sentence for the field."""
    limit = gap.limit or 0
    if gap.reason == "too_short":
        return str(
            ngettext(
                "This is too short: write at least %(num)s character.",
                "This is too short: write at least %(num)s characters.",
                limit,
            )
        )
    if gap.reason == "too_long":
        return str(
            ngettext(
                "This is too long: at most %(num)s character fits.",
                "This is too long: at most %(num)s characters fit.",
                limit,
            )
        )
    if gap.reason == "too_cheap":
        return str(gettext("The costs add up to less than %(least)s.", least=say_money(limit)))
    if gap.reason == "too_dear":
        return str(
            gettext(
                "The costs add up to more than %(most)s, the most allowed.", most=say_money(limit)
            )
        )
    return _say_missing(gap.field)


def _say_missing(field: str) -> str:
    words = {
        "title": gettext("Give your proposal a title."),
        "summary": gettext("Describe the idea in one or two sentences."),
        "description": gettext("Describe what should be done."),
        "justification": gettext("Write why it is needed."),
        "audience": gettext("Write for whom it is."),
        "category": gettext("Choose a category."),
        "place": gettext("Write where it should be."),
        "costs": gettext("Write at least one cost."),
        "accessibility": gettext("Write how people with disabilities will use it."),
    }
    return str(words[field])


def say_reason(reason: str) -> str:
    """Why something may not be done."""
    words = {
        "submission_closed": gettext(
            "Proposals can be written and sent only while submission is open."
        ),
        "residence_needed": gettext(
            "First tell us where you live. As soon as your statement or document is sent, "
            "you can begin."
        ),
        "not_your_person": gettext("You do not act for this person."),
        "not_the_author": gettext("Only the author can do this."),
        "no_longer_a_draft": gettext("It is with the office now and cannot be changed."),
        "correction_closed": gettext("The time for corrections is over."),
        "editing_closed": gettext(
            "The calendar of this edition closed the editing of proposals. Nothing can be changed "
            "any more; the author may only withdraw the proposal."
        ),
        "cannot_be_withdrawn": gettext("In its present state it cannot be withdrawn."),
        "withdrawal_closed": gettext("The last day for withdrawing has passed."),
        "not_rejected": gettext("Only a rejected proposal can be appealed."),
        "appeals_closed": gettext("The last day for appeals has passed."),
        "not_reviewed": gettext("Nobody has approved this translation yet."),
        "list_is_closed": gettext("The list for the vote is closed."),
        "residents_only": gettext("This is for residents’ own accounts, not for staff."),
        "support_not_asked": gettext("This proposal needs no supporters."),
        "support_closed": gettext("Supporters were collected for ten days after it was sent."),
        "send_it_first": gettext("Supporters are counted from the moment you send the proposal."),
        "own_proposal": gettext("It is your own proposal: authors do not count as supporters."),
        "already_supported": gettext("You already support it."),
        "not_an_officer": gettext("Only officers count signatures."),
        "list_claimed": gettext("Another officer is counting this list."),
        "claim_first": gettext("Take the list first: it is not with you."),
        "merge_over": gettext("The time to answer about this merge is over."),
        "already_answered": gettext("You have already answered."),
        "merge_out_of_time": gettext("Proposals are merged only until their assessment ends."),
        "not_an_editor": gettext("Only editors and coordinators translate."),
        "not_a_coordinator": gettext("Only a coordinator can do this."),
        "draw_out_of_time": gettext(
            "Numbers are drawn after the assessment has begun and before voting opens."
        ),
    }
    return str(words.get(reason) or gettext("This could not be done. Please try again."))


def say_refusal(error: DomainError) -> str:
    """What to tell a person whom a deed on proposals refused."""
    words = {
        "not_your_district": gettext(
            "A district proposal can be sent only for the district where you live."
        ),
        "no_price": gettext("This price has left the list. Choose another, or write your own."),
        "too_many_places": gettext(
            "A proposal has at most %(most)s places. Join some of them in words.", most=MOST_PLACES
        ),
        "not_in_the_city": gettext(
            "A point lies far outside the city. Check its coordinates: the latitude comes first."
        ),
        "cost_of_nothing": gettext("Each cost must be more than 0 zł."),
        "incomplete": gettext("Something is still missing."),
        "wrong_state": gettext(
            "Somebody was quicker: the proposal’s state has changed. Look at it again."
        ),
        "too_many_co_authors": gettext(
            "A proposal has at most three authors. Take an invitation back to send another."
        ),
        "already_an_author": gettext("You already are an author of this proposal."),
        "no_such_invitation": gettext(
            "This link does not work: it was used, taken back, or is older than 14 days."
        ),
        "name_too_long": gettext("Write at most 120 characters."),
        "supporters_missing": gettext(
            "Not enough residents support it yet, so it cannot be admitted."
        ),
        "too_many_lists": gettext("Ten lists are here already. Put the rest into one PDF."),
        "alt_missing": gettext(
            "Say in a sentence of at least 10 characters what is seen in the picture."
        ),
        "alt_too_long": gettext("This is too long: at most 300 characters fit."),
        "too_many_pictures": gettext("Five pictures are here already. Remove one first."),
        "not_a_picture": gettext("This is a PDF. Add it as an attachment, or choose a picture."),
        "attachment_title_missing": gettext("Write what the document is."),
        "too_many_attachments": gettext("Five documents are here already. Remove one first."),
        "bad_count": gettext("Write a number from 0 to 500."),
        "bad_email": gettext("This is not an e-mail address. An example: name@example.org."),
        "bad_contact": gettext("This is not an e-mail address. An example: name@example.org."),
        "nothing_to_merge": gettext("Choose at least one other proposal."),
        "another_edition": gettext("Only proposals of one edition can be merged."),
        "not_mergeable": gettext("Only proposals that are being assessed can be merged."),
        "already_in_merge": gettext("One of these proposals already waits for another merge."),
        "reason_missing": gettext("Write in Polish why they should be merged."),
        "too_little_time": gettext("Give the authors at least three days to answer."),
        "authors_own_language": gettext("This is the language in which the author wrote."),
        "title_missing": gettext("Write the title before you approve the translation."),
        "already_drawn": gettext("The numbers of this edition are already drawn."),
        "seed_already_known": gettext("The event must lie ahead: nobody may know the seed yet."),
        "seed_not_known_yet": gettext(
            "The event that gives the seed has not taken place yet: %(day)s.",
            day=say_deadline(error.details.get("day")),  # type: ignore[arg-type]
        ),
        "protocol_missing": gettext(
            "Write the protocol: where it was drawn, who was there, what was drawn."
        ),
        "text_is_frozen": gettext(
            "The text is on the ballot and its hash is published: it can no longer change."
        ),
        "seed_source_missing": gettext("Write where the seed of the draw will come from."),
        "seed_missing": gettext("Write the seed as the protocol of the draw gives it."),
        "nothing_to_draw": gettext("No proposal is admitted yet."),
        "list_not_published": gettext("Publish the list with its hash first."),
        "list_changed": gettext(
            "The list has changed since it was published. Publish it again before the draw."
        ),
        "no_such_reference": gettext(
            "There is no proposal %(reference)s.", reference=error.details.get("reference", "")
        ),
        "no_such_person": gettext(
            "Nobody has this number. Look at the confirmation of the residence case, or at the card."
        ),
        "author_not_resident": gettext("This person’s residence is not confirmed yet."),
        "author_has_no_account": gettext(
            "This person has no account yet: open one at the desk, then enter the proposal."
        ),
        "not_their_district": gettext("This person lives in another district."),
        "received_in_future": gettext("The day of arrival cannot lie ahead."),
        "received_too_late": gettext("It did not come while proposals on paper were taken."),
        "not_training": gettext("Only an edition for training is filled with invented proposals."),
        "already_filled": gettext("This edition has proposals already."),
        "bad_key": gettext("Use small letters, digits and underscores, for example park_bench."),
        "group_too_small": gettext("Choose at least two proposals."),
        "group_reason_missing": gettext("Write why they exclude one another."),
        "group_of_other_edition": gettext("The proposals are of different editions."),
        "not_in_the_running": gettext(
            "%(reference)s was withdrawn.", reference=error.details.get("reference", "")
        ),
        "group_exists": gettext("These proposals already exclude one another."),
        "group_dissolved": gettext("This group was dissolved before."),
        "list_is_frozen": gettext(
            "The round of voting is prepared and its list is frozen. The commission would have to "
            "prepare it anew."
        ),
    }
    if error.code in set(Reason):
        return say_file_refusal(error)
    return str(words.get(error.code) or say_reason(error.code))


def say_next(state: ProposalState, deadlines: Mapping[str, datetime]) -> str:
    """What happens next to an author's proposal, and by when."""
    until = {name: say_deadline(at) for name, at in deadlines.items()}
    words = {
        ProposalState.DRAFT: gettext(
            "Finish it and send it by %(day)s.", day=until.get("submission", "")
        ),
        ProposalState.SUBMITTED: gettext(
            "The office assesses it. The results are published by %(day)s.",
            day=until.get("assessment", ""),
        ),
        ProposalState.RETURNED: gettext(
            "The office asks you to correct something by %(day)s.",
            day=until.get("correction", until.get("assessment", "")),
        ),
        ProposalState.ADMITTED: gettext(
            "Residents will vote on it. Voting opens on %(day)s.", day=until.get("voting", "")
        ),
        ProposalState.REJECTED: gettext(
            "Appeals are accepted until %(day)s.", day=until.get("appeals", "")
        ),
        ProposalState.APPEALED: gettext(
            "Another person decides on your appeal. You will get a message."
        ),
        ProposalState.WITHDRAWN: gettext("You took it back. It stays in the public list, marked."),
        ProposalState.MERGED: gettext(
            "It lives on in another proposal, as you agreed. Follow that one."
        ),
    }
    return str(words[state])
