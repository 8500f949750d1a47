"""What the author's pages share: their own proposal, what they may do with it, and until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from civic_budget.editions.queries import (
    EditionFacts,
    get_current_edition,
    get_edition,
    get_edition_by_slug,
)
from civic_budget.editions.rules import Milestone
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.decision import Decision, Denied
from civic_budget.kernel.errors import DomainError
from civic_budget.proposals import policy
from civic_budget.proposals.labels import say_reason, say_refusal
from civic_budget.proposals.policy import Relations
from civic_budget.proposals.queries import ProposalFacts, get_proposal, relations_of
from civic_budget.proposals.rules import TEXT_FIELDS, Gap, find_gaps
from civic_budget.proposals.support_rules import support_until
from civic_budget.web.current import actor, now, reading
from civic_budget.web.forms import Form

Result = TypeVar("Result")


@dataclass(frozen=True)
class Offer:
    """Something an author may do with a proposal, or why not."""

    decision: Decision
    url: str

    @property
    def is_open(self) -> bool:
        """Whether it may be done now."""
        return bool(self.decision)

    @property
    def why_not(self) -> str:
        """The reason in words; empty when it may be done."""
        return say_reason(self.decision.reason) if isinstance(self.decision, Denied) else ""


def asked_edition() -> EditionFacts:
    """The edition that the office's address names, for training; without a name the present one."""
    slug = request.args.get("edition", "")
    if slug:
        return get_edition_by_slug(reading(), slug)
    return get_current_edition(reading(), at=now())


@dataclass(frozen=True)
class OwnProposal:
    """An author's proposal with its edition and what the policy knows."""

    facts: ProposalFacts
    edition: EditionFacts
    known: Relations

    @property
    def needed(self) -> int:
        """How many supporters it needs."""
        return self.edition.pool(self.facts.scope).signatures

    @property
    def support_until(self) -> datetime | None:
        """The last moment to support it or to send a list; None before it is sent."""
        sent = self.facts.submitted_at
        due = self.edition.side_dates.get(SideDate.SUPPORT_LISTS_DUE)
        return support_until(sent, due) if sent else None

    @property
    def may_edit(self) -> Decision:
        """Whether the author may write in it now."""
        return policy.may_edit(actor(), self.known, at=now())

    def gaps(self) -> list[Gap]:
        """What it lacks before it may be sent."""
        own, pool = self.facts.original, self.edition.pool(self.facts.scope)
        texts = {name: getattr(own, name) for name in TEXT_FIELDS} | {"place": self.facts.place}
        return find_gaps(
            texts,
            self.facts.costs,
            category=self.facts.category,
            min_cost=pool.min_cost,
            max_cost=pool.max_cost,
        )

    def offers(self) -> Mapping[str, Offer]:
        """Edit, withdraw and appeal: each with its address, or the reason why not."""
        proposal_id = self.facts.id
        return {
            "edit": Offer(self.may_edit, url_for("proposals.tasks", proposal_id=proposal_id)),
            "withdraw": Offer(
                policy.may_withdraw(actor(), self.known),
                url_for("proposals.withdraw", proposal_id=proposal_id),
            ),
            "appeal": Offer(
                policy.may_appeal(actor(), self.known),
                url_for("assessment.appeal", proposal_id=proposal_id),
            ),
        }

    def deadlines(self) -> Mapping[str, datetime]:
        """The moments that matter to the author, by name."""
        moments = {
            "submission": self.edition.moment_of(Milestone.SUBMISSION_CLOSES),
            "assessment": self.edition.moment_of(Milestone.ASSESSMENT_PUBLISHED),
            "appeals": self.edition.moment_of(Milestone.APPEALS_CLOSE),
            "withdrawal": self.edition.moment_of(Milestone.WITHDRAWAL_CLOSES),
            "voting": self.edition.moment_of(Milestone.VOTING_OPENS),
        }
        if self.facts.correct_by is not None:
            moments["correction"] = self.facts.correct_by
        return moments


def own_proposal(proposal_id: UUID) -> OwnProposal:
    """The proposal of the signed-in author or co-author; others get "no such page"."""
    facts = get_proposal(reading(), proposal_id)
    if actor().account_id not in {facts.author_account, *facts.co_authors}:
        abort(404)
    edition = get_edition(reading(), facts.edition_id)
    return OwnProposal(facts, edition, relations_of(facts, edition, at=now()))


def turn_back(own: OwnProposal) -> ResponseReturnValue | None:
    """When the author may not write in it now: say why and go back to the list."""
    if isinstance(own.may_edit, Denied):
        flash(say_reason(own.may_edit.reason), "warning")
        return redirect(url_for("proposals.mine"))
    return None


def account() -> UUID:
    """The signed-in account."""
    account_id = actor().account_id
    assert account_id is not None
    return account_id


def attempt(form: Form, deed: Callable[..., Result], *values: object) -> Result | None:
    """Do a deed; a refusal becomes a sentence on the form and None."""
    try:
        return deed(*values)
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return None
