"""A proposal brought on paper, typed in by the office on behalf of its author, who is named by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from civic_budget.editions.queries import EditionFacts, get_edition
from civic_budget.editions.rules import CITY_WIDE, Milestone, district_of
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals import events, policy
from civic_budget.proposals.models import PaperProposal, ProposalCost
from civic_budget.proposals.rules import TEXT_FIELDS, CostItem, Place, ProposalAction
from civic_budget.proposals.service.drafting import new_draft
from civic_budget.proposals.service.placing import put_places
from civic_budget.proposals.service.rows import find_own_gaps, keep_version, move, own_text, touch
from civic_budget.proposals.service.submitting import Incomplete, next_reference
from civic_budget.residency.queries import (
    accounts_of_person,
    district_of_person,
    standing_of,
)
from civic_budget.residency.queries.desk import find_person_by_number
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import Work


def enter_on_paper(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    person_number: str,
    scope: str,
    language: str,
    texts: Mapping[str, str],
    category: str,
    place: str,
    costs: Sequence[CostItem],
    places: Sequence[Place] = (),
    received_at: datetime,
    at: datetime,
) -> UUID:
    """Type in a complete proposal; it counts as sent when it was received. Returns its id.

    `person_number` is the reference of the author's residence case or the number of their card: the
    officer needs no look at the person. Raises Conflict at the field: no_such_person,
    author_has_no_account, residence_needed, not_your_district, received_in_future, received_too_late,
    too_many_places, not_in_the_city; Incomplete with all gaps.
    """
    edition = get_edition(work.session, edition_id)
    require(policy.may_enter_paper(actor, phase=edition.phase(at)))
    assert actor.account_id is not None
    _check_day(edition, received_at, at)
    person_id, account_id = _author(work, person_number, scope, at)
    edition.pool(scope)
    proposal = new_draft(account_id, edition_id, person_id, scope, language, at)
    own = own_text(proposal)
    for name in TEXT_FIELDS:
        setattr(own, name, texts.get(name, "").strip())
    proposal.category, proposal.place = category, place.strip()
    proposal.costs = [
        ProposalCost(position=number, name=item.name.strip(), grosze=item.grosze, kind=item.kind)
        for number, item in enumerate(costs, 1)
    ]
    proposal.cost = sum(item.grosze for item in costs)
    put_places(work, proposal, places)
    gaps = find_own_gaps(work, proposal)
    if gaps:
        raise Incomplete(gaps)
    proposal.reference = next_reference(work, proposal, edition)
    proposal.submitted_at = received_at
    move(proposal, ProposalAction.SUBMIT)
    work.session.add(proposal)
    touch(proposal, at)
    work.session.flush()
    keep_version(work, proposal, actor, at)
    work.session.add(
        PaperProposal(
            proposal_id=proposal.id,
            received_at=received_at,
            entered_at=at,
            entered_by=actor.account_id,
        )
    )
    work.publish(events.PaperProposalEntered(proposal_id=proposal.id, at=at, by=actor.account_id))
    work.publish(events.ProposalSubmitted(proposal_id=proposal.id, at=at, by=actor.account_id))
    return proposal.id


def _check_day(edition: EditionFacts, received_at: datetime, at: datetime) -> None:
    """Paper counts by the day of its arrival."""
    if received_at > at:
        raise Conflict("received_in_future", field="received_at")
    opens = edition.moment_of(Milestone.SUBMISSION_OPENS)
    closes = edition.side_dates.get(
        SideDate.PAPER_PROPOSALS_UNTIL, edition.moment_of(Milestone.SUBMISSION_CLOSES)
    )
    if not opens <= received_at <= closes:
        raise Conflict("received_too_late", field="received_at")


def _author(work: Work, number: str, scope: str, at: datetime) -> tuple[UUID, UUID]:
    person_id = find_person_by_number(work.session, number)
    if person_id is None:
        raise Conflict("no_such_person", field="person_number")
    if standing_of(work.session, person_id, at=at) is Standing.NONE:
        raise Conflict("author_not_resident", field="person_number")
    accounts = accounts_of_person(work.session, person_id)
    if not accounts:
        raise Conflict("author_has_no_account", field="person_number")
    own_district = district_of_person(work.session, person_id, at=at)
    if scope != CITY_WIDE and district_of(scope) != own_district:
        raise Conflict("not_their_district", field="scope")
    return person_id, accounts[0]
