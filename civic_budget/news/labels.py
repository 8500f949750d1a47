"""Words for news: what happened, whom it concerns, why something may not be done."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from civic_budget.editions.rules import Milestone
from civic_budget.kernel.errors import DomainError
from civic_budget.proposals.labels import DECISION_NAMES, STAGE_NAMES, say_reason
from civic_budget.proposals.rules import ProposalAction

KINDS = {
    "submitted": lazy_gettext("Published"),
    "changed": lazy_gettext("Its text was corrected by the author"),
    "withdrawn": lazy_gettext("Withdrawn by its author"),
    "merged": lazy_gettext("Merged with another proposal"),
    "won": lazy_gettext("Chosen in the vote"),
    "lost": lazy_gettext("Not chosen in the vote"),
}
MILESTONES = {
    Milestone.SUBMISSION_OPENS: lazy_gettext("Proposals can be written and sent"),
    Milestone.ASSESSMENT_PUBLISHED: lazy_gettext("The outcome of the assessment is published"),
    Milestone.LIST_PUBLISHED: lazy_gettext("The list for the vote is published"),
    Milestone.VOTING_OPENS: lazy_gettext("Voting is open"),
    Milestone.RESULTS_PUBLISHED: lazy_gettext("The results are published"),
}


def say_news(kind: str, code: str) -> str:
    """What happened, in a few words."""
    if kind == "decided":
        return str(DECISION_NAMES[ProposalAction(code)])
    if kind == "stage":
        return str(STAGE_NAMES[code])
    if kind == "calendar":
        return str(MILESTONES[Milestone(code)])
    return str(KINDS[code if kind == "result" else kind])


def say_refusal(error: DomainError) -> str:
    """Why somebody cannot follow or subscribe."""
    words = {
        "bad_email": gettext("This is not an e-mail address. An example: name@example.org."),
        "bad_contact": gettext("This is not an e-mail address. An example: name@example.org."),
        "too_many_subscriptions": gettext(
            "Too many requests came from here today. Please try again tomorrow."
        ),
        "own_proposal": gettext("It is your own proposal: you get all its messages anyway."),
        "nothing_to_follow": gettext("This has no news that could be followed."),
    }
    return str(words.get(error.code) or say_reason(error.code))
