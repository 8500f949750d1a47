"""A proposal's row under the write lock, and the small changes that several deeds share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from civic_budget.editions.queries import EditionFacts, get_edition
from civic_budget.editions.rules import Milestone
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import NotFound
from civic_budget.proposals import policy
from civic_budget.proposals.models import Proposal, ProposalText, ProposalVersion
from civic_budget.proposals.policy import Relations
from civic_budget.proposals.queries.facts import ProposalFacts, content_of, facts_of
from civic_budget.proposals.rules import (
    LIFECYCLE,
    TEXT_FIELDS,
    CostItem,
    Gap,
    ProposalAction,
    ProposalState,
    find_gaps,
)
from civic_budget.proposals.search import fold
from civic_budget.storage.db import Work


def load(work: Work, proposal_id: UUID) -> Proposal:
    """A proposal with texts, costs and places, locked; raises NotFound."""
    proposal = work.session.scalars(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .options(
            selectinload(Proposal.texts),
            selectinload(Proposal.costs),
            selectinload(Proposal.places),
            selectinload(Proposal.co_authors),
        )
        .with_for_update(of=Proposal)
        # What was read before the lock may be old by now.
        .execution_options(populate_existing=True)
    ).first()
    if proposal is None:
        raise NotFound("no_such_proposal")
    return proposal


def lock_proposal(work: Work, proposal_id: UUID) -> ProposalFacts:
    """A proposal as it is now, held until the work is done: whoever else wants it waits."""
    return facts_of(load(work, proposal_id), with_costs=True)


def relations(proposal: Proposal, edition: EditionFacts, at: datetime) -> Relations:
    """What the policy needs to know."""
    return Relations(
        author_account=proposal.author_account,
        state=ProposalState(proposal.state),
        phase=edition.phase(at),
        appeals_open=at < edition.moment_of(Milestone.APPEALS_CLOSE),
        withdrawal_open=at < edition.moment_of(Milestone.WITHDRAWAL_CLOSES),
        correct_by=proposal.correct_by,
        co_authors=frozenset(c.account_id for c in proposal.co_authors if c.account_id),
        editing_closes=edition.side_dates.get(SideDate.EDITING_CLOSES),
    )


def load_with_relations(
    work: Work, proposal_id: UUID, at: datetime
) -> tuple[Proposal, Relations, EditionFacts]:
    """A proposal, locked, with its edition and what the policy needs to know."""
    proposal = load(work, proposal_id)
    edition = get_edition(work.session, proposal.edition_id)
    return proposal, relations(proposal, edition, at), edition


def load_editable(work: Work, actor: Actor, proposal_id: UUID, at: datetime) -> Proposal:
    """A proposal that the actor may write in now; raises NotAllowed with the reason."""
    proposal, known, _edition = load_with_relations(work, proposal_id, at)
    require(policy.may_edit(actor, known, at=at))
    return proposal


def find_own_gaps(work: Work, proposal: Proposal) -> list[Gap]:
    """What the proposal lacks before it may be submitted."""
    pool = get_edition(work.session, proposal.edition_id).pool(proposal.scope)
    own = own_text(proposal)
    texts = {name: getattr(own, name) for name in TEXT_FIELDS} | {"place": proposal.place}
    return find_gaps(
        texts,
        [CostItem(c.name, c.grosze) for c in proposal.costs],
        category=proposal.category,
        min_cost=pool.min_cost,
        max_cost=pool.max_cost,
    )


def move(proposal: Proposal, action: ProposalAction) -> None:
    """The next state by the lifecycle; raises WrongState."""
    proposal.state = LIFECYCLE.next(ProposalState(proposal.state), action).value


def own_text(proposal: Proposal) -> ProposalText:
    """The author's own words."""
    return next(text for text in proposal.texts if text.language == proposal.language)


def empty_text(language: str, source: str) -> ProposalText:
    """Words that are still to be written."""
    return ProposalText(language=language, source=source, **dict.fromkeys(TEXT_FIELDS, ""))


def touch(proposal: Proposal, at: datetime) -> None:
    """Note the change and make the words findable."""
    proposal.changed_at = at
    words = [getattr(text, name) for text in proposal.texts for name in ("title", "summary")]
    named = [proposal.place, *(place.words for place in proposal.places)]
    proposal.search_text = fold(" ".join([*words, *named, proposal.reference or ""]))


def keep_version(work: Work, proposal: Proposal, actor: Actor, at: datetime) -> None:
    """Keep what the proposal says now, for ever."""
    content = content_of(facts_of(proposal, with_costs=True))
    last = work.session.scalar(
        select(func.max(ProposalVersion.number)).where(ProposalVersion.proposal_id == proposal.id)
    )
    work.session.add(
        ProposalVersion(
            proposal_id=proposal.id,
            number=(last or 0) + 1,
            content=content,
            at=at,
            by=actor.account_id,
        )
    )
