"""An author's deeds on a draft, or on a proposal that came back: begin, save a section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import CITY_WIDE, district_of
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals import events, policy
from civic_budget.proposals.models import PriceItem, Proposal, ProposalCost
from civic_budget.proposals.rules import (
    TEXT_FIELDS,
    CostItem,
    Gap,
    ProposalState,
    name_priced,
)
from civic_budget.proposals.service.rows import (
    empty_text,
    find_own_gaps,
    load,
    load_editable,
    own_text,
    touch,
)
from civic_budget.residency.queries import acts_for, district_of_person, standing_of
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import Work

DETAILS = frozenset({"category", "place", "upkeep"})


def start_proposal(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    person_id: UUID,
    scope: str,
    language: str,
    at: datetime,
) -> UUID:
    """Begin a draft for the city or for the author's own district; returns its id.

    Raises NotAllowed (not_your_person, submission_closed, residence_needed) and Conflict at
    `scope` for another district than the author's.
    """
    assert actor.account_id is not None
    edition = get_edition(work.session, edition_id)
    edition.pool(scope)
    standing = standing_of(work.session, person_id, at=at)
    require(
        policy.may_start(
            phase=edition.phase(at),
            has_standing=standing is not Standing.NONE,
            is_own_person=acts_for(work.session, actor.account_id, person_id),
        )
    )
    if scope != CITY_WIDE and district_of(scope) != district_of_person(
        work.session, person_id, at=at
    ):
        raise Conflict("not_your_district", field="scope")
    proposal = new_draft(actor.account_id, edition_id, person_id, scope, language, at)
    work.session.add(proposal)
    work.publish(events.ProposalStarted(proposal_id=proposal.id, at=at, by=actor.account_id))
    return proposal.id


def new_draft(
    account_id: UUID, edition_id: UUID, person_id: UUID, scope: str, language: str, at: datetime
) -> Proposal:
    """A row for a draft with empty words in the author's language."""
    proposal = Proposal(
        id=uuid4(),
        edition_id=edition_id,
        scope=scope,
        state=ProposalState.DRAFT.value,
        author_account=account_id,
        author_person=person_id,
        language=language,
        category="",
        place="",
        cost=0,
        upkeep=0,
        search_text="",
        created_at=at,
        changed_at=at,
    )
    proposal.texts = [empty_text(language, "author")]
    proposal.places = []
    return proposal


def save_texts(
    work: Work, actor: Actor, *, proposal_id: UUID, texts: Mapping[str, str], at: datetime
) -> None:
    """Save what the author wrote, in the author's language; incomplete text is kept too."""
    proposal = load_editable(work, actor, proposal_id, at)
    own = own_text(proposal)
    for name in TEXT_FIELDS:
        if name in texts:
            setattr(own, name, texts[name].strip())
    touch(proposal, at)


def save_details(
    work: Work, actor: Actor, *, proposal_id: UUID, at: datetime, **values: Any
) -> None:
    """Save category, the place in words, yearly upkeep (grosze) or accessibility."""
    proposal = load_editable(work, actor, proposal_id, at)
    if "accessibility" in values:
        own_text(proposal).accessibility = values.pop("accessibility").strip()
    for name, value in values.items():
        if name not in DETAILS:
            raise TypeError(f"not a detail of a proposal: {name}")
        setattr(proposal, name, value.strip() if isinstance(value, str) else value)
    touch(proposal, at)


def save_costs(
    work: Work, actor: Actor, *, proposal_id: UUID, costs: Sequence[CostItem], at: datetime
) -> None:
    """Replace the estimate; its sum becomes the proposal's cost.

    A line that names a price is counted from the list, whatever amount it came with; one that was
    saved before keeps its amount though the list has changed. Raises Conflict: cost_of_nothing, no_price.
    """
    proposal = load_editable(work, actor, proposal_id, at)
    costs = _counted(work, proposal, costs)
    if any(item.grosze <= 0 for item in costs):
        raise Conflict("cost_of_nothing", field="costs")
    proposal.costs.clear()
    work.session.flush()
    proposal.costs.extend(
        ProposalCost(
            position=position,
            name=item.name.strip(),
            grosze=item.grosze,
            kind=item.kind,
            price_key=item.price_key,
            quantity=item.quantity,
        )
        for position, item in enumerate(costs, 1)
    )
    proposal.cost = sum(item.grosze for item in costs)
    touch(proposal, at)


def _counted(work: Work, proposal: Proposal, costs: Sequence[CostItem]) -> list[CostItem]:
    saved = {(line.price_key, line.quantity): line.grosze for line in proposal.costs}
    return [_count(work, proposal.language, saved, item) for item in costs]


def _count(
    work: Work, language: str, saved: Mapping[tuple[str | None, int | None], int], item: CostItem
) -> CostItem:
    if item.price_key is None or item.quantity is None:
        return CostItem(item.name, item.grosze, kind=item.kind)
    price = work.session.get(PriceItem, item.price_key)
    if price is None:
        raise Conflict("no_price", field="costs")
    called = name_priced(price.names, language, item.quantity)
    grosze = saved.get((item.price_key, item.quantity), price.grosze * item.quantity)
    return replace(item, name=item.name.strip() or called, grosze=grosze)


def gaps_of(work: Work, *, proposal_id: UUID) -> list[Gap]:
    """What a draft still lacks."""
    return find_own_gaps(work, load(work, proposal_id))
