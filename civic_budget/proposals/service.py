"""Deeds on proposals: begin, save a section, submit, withdraw, appeal, translate; and what assessors decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import CITY_WIDE, Milestone, district_of
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.proposals import events, policy
from civic_budget.proposals.models import (
    ImplementationStep,
    Proposal,
    ProposalCost,
    ProposalText,
    ProposalVersion,
)
from civic_budget.proposals.rules import (
    LIFECYCLE,
    CostItem,
    Gap,
    ProposalAction,
    ProposalState,
    find_gaps,
)
from civic_budget.proposals.search import fold
from civic_budget.residency.queries import district_of_person, standing_of
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import Work

TEXT_FIELDS = ("title", "summary", "description", "justification", "audience")


class Incomplete(Conflict):
    """A proposal that can't be submitted yet; `gaps` tells what is missing where."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__("incomplete", gaps=gaps)
        self.gaps = gaps


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
    """Begin a draft for the city or for the author's own district; returns its id."""
    assert actor.account_id is not None
    edition = get_edition(work.session, edition_id)
    edition.pool(scope)
    standing = standing_of(work.session, person_id, at=at)
    require(policy.may_start(phase=edition.phase(at), has_standing=standing is not Standing.NONE))
    if scope != CITY_WIDE and district_of(scope) != district_of_person(
        work.session, person_id, at=at
    ):
        raise Conflict("not_your_district", field="scope")
    proposal = Proposal(
        id=uuid4(),
        edition_id=edition_id,
        scope=scope,
        state=ProposalState.DRAFT.value,
        author_account=actor.account_id,
        author_person=person_id,
        language=language,
        category="",
        place="",
        accessibility="",
        cost=0,
        upkeep=0,
        search_text="",
        created_at=at,
        changed_at=at,
    )
    proposal.texts = [_empty_text(language, "author")]
    work.session.add(proposal)
    work.publish(events.ProposalStarted(proposal_id=proposal.id, at=at, by=actor.account_id))
    return proposal.id


def save_texts(
    work: Work, actor: Actor, *, proposal_id: UUID, texts: Mapping[str, str], at: datetime
) -> None:
    """Save what the author wrote, in the author's language; incomplete text is kept too."""
    proposal = _editable(work, actor, proposal_id, at)
    own = _text(proposal, proposal.language)
    for name in TEXT_FIELDS:
        if name in texts:
            setattr(own, name, texts[name].strip())
    _touch(proposal, at)


def save_details(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    at: datetime,
    **values: Any,
) -> None:
    """Save category, place, coordinates, accessibility or yearly upkeep (grosze)."""
    proposal = _editable(work, actor, proposal_id, at)
    allowed = {"category", "place", "latitude", "longitude", "accessibility", "upkeep"}
    for name, value in values.items():
        if name not in allowed:
            raise TypeError(f"not a detail of a proposal: {name}")
        setattr(proposal, name, value.strip() if isinstance(value, str) else value)
    _touch(proposal, at)


def save_costs(
    work: Work, actor: Actor, *, proposal_id: UUID, costs: Sequence[CostItem], at: datetime
) -> None:
    """Replace the estimate; its sum becomes the proposal's cost."""
    proposal = _editable(work, actor, proposal_id, at)
    proposal.costs.clear()
    work.session.flush()
    proposal.costs.extend(
        ProposalCost(position=position, name=item.name.strip(), grosze=item.grosze)
        for position, item in enumerate(costs, 1)
    )
    proposal.cost = sum(item.grosze for item in costs)
    _touch(proposal, at)


def gaps_of(work: Work, *, proposal_id: UUID) -> list[Gap]:
    """What a draft still lacks."""
    proposal = _load(work, proposal_id)
    return _gaps(work, proposal)


def submit_proposal(work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> str:
    """Submit a complete draft, or a corrected proposal again; returns its reference.

    Raises Incomplete with all gaps, NotAllowed out of time.
    """
    proposal = _editable(work, actor, proposal_id, at)
    gaps = _gaps(work, proposal)
    if gaps:
        raise Incomplete(gaps)
    is_first = proposal.state == ProposalState.DRAFT.value
    action = ProposalAction.SUBMIT if is_first else ProposalAction.CORRECT
    if is_first:
        proposal.reference = _next_reference(work, proposal)
        proposal.submitted_at = at
    _move(proposal, action)
    _keep_version(work, proposal, actor, at)
    happened = events.ProposalSubmitted if is_first else events.ProposalCorrected
    work.publish(happened(proposal_id=proposal.id, at=at, by=actor.account_id))
    assert proposal.reference is not None
    return proposal.reference


def withdraw_proposal(work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> None:
    """The author takes it back; this can't be undone."""
    proposal = _load(work, proposal_id)
    edition = get_edition(work.session, proposal.edition_id)
    state = ProposalState(proposal.state)
    require(
        policy.may_withdraw(
            actor, author_account=proposal.author_account, state=state, phase=edition.phase(at)
        )
    )
    if state is ProposalState.DRAFT:
        work.session.delete(proposal)
    else:
        _move(proposal, ProposalAction.WITHDRAW)
        proposal.withdrawn_at = at
    work.publish(events.ProposalWithdrawn(proposal_id=proposal_id, at=at, by=actor.account_id))


def appeal_rejection(work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> None:
    """The author appeals; the reasons are kept by the assessment."""
    proposal = _load(work, proposal_id)
    edition = get_edition(work.session, proposal.edition_id)
    require(
        policy.may_appeal(
            actor,
            author_account=proposal.author_account,
            state=ProposalState(proposal.state),
            appeals_open=at < edition.moment_of(Milestone.APPEALS_CLOSE),
        )
    )
    _move(proposal, ProposalAction.APPEAL)
    work.publish(events.ProposalAppealed(proposal_id=proposal.id, at=at, by=actor.account_id))


_DECIDED: Mapping[ProposalAction, type[events.ProposalEvent]] = {
    ProposalAction.RETURN: events.ProposalReturned,
    ProposalAction.ADMIT: events.ProposalAdmitted,
    ProposalAction.REJECT: events.ProposalRejected,
    ProposalAction.RESTORE: events.ProposalRestored,
    ProposalAction.DISMISS: events.AppealDismissed,
}


def decide_proposal(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    action: ProposalAction,
    assessed_cost: int | None = None,
    at: datetime,
) -> None:
    """Move a proposal as the assessment decided (who may, is the assessment's policy)."""
    proposal = _load(work, proposal_id)
    _move(proposal, action)
    if assessed_cost is not None:
        proposal.assessed_cost = assessed_cost
    proposal.changed_at = at
    work.publish(_DECIDED[action](proposal_id=proposal.id, at=at, by=actor.account_id))


def put_translation(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    language: str,
    texts: Mapping[str, str],
    source: str = "human",
    is_reviewed: bool = True,
    at: datetime,
) -> None:
    """Add or replace the words in another language than the author's; reviewed by the actor."""
    proposal = _load(work, proposal_id)
    if language == proposal.language:
        raise Conflict("authors_own_language", field="language")
    text = next((t for t in proposal.texts if t.language == language), None)
    if text is None:
        text = _empty_text(language, source)
        proposal.texts.append(text)
    text.source = source
    text.reviewed_by = actor.account_id if is_reviewed else None
    for name in TEXT_FIELDS:
        setattr(text, name, texts.get(name, ""))
    _touch(proposal, at)


def set_ballot_numbers(work: Work, *, numbers: Mapping[UUID, int]) -> None:
    """Give proposals the numbers that were drawn for the ballot."""
    for proposal_id, number in numbers.items():
        work.session.get_one(Proposal, proposal_id).ballot_number = number


def add_step(
    work: Work,
    *,
    proposal_id: UUID,
    stage: str,
    happened_on: date,
    real_cost: int | None,
    notes: Mapping[str, str],
) -> None:
    """Tell what the city did for a winner (`real_cost` in grosze, when it is known)."""
    step = ImplementationStep(
        proposal_id=proposal_id,
        stage=stage,
        happened_on=happened_on,
        real_cost=real_cost,
        notes=dict(notes),
    )
    work.session.add(step)


def _load(work: Work, proposal_id: UUID) -> Proposal:
    proposal = work.session.scalars(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .options(selectinload(Proposal.texts), selectinload(Proposal.costs))
        .with_for_update(of=Proposal)
    ).first()
    if proposal is None:
        raise NotFound("no_such_proposal")
    return proposal


def _editable(work: Work, actor: Actor, proposal_id: UUID, at: datetime) -> Proposal:
    proposal = _load(work, proposal_id)
    edition = get_edition(work.session, proposal.edition_id)
    require(
        policy.may_edit(
            actor,
            author_account=proposal.author_account,
            state=ProposalState(proposal.state),
            phase=edition.phase(at),
        )
    )
    return proposal


def _gaps(work: Work, proposal: Proposal) -> list[Gap]:
    pool = get_edition(work.session, proposal.edition_id).pool(proposal.scope)
    own = _text(proposal, proposal.language)
    texts = {name: getattr(own, name) for name in TEXT_FIELDS}
    texts |= {"place": proposal.place, "accessibility": proposal.accessibility}
    costs = [CostItem(c.name, c.grosze) for c in proposal.costs]
    return find_gaps(
        texts,
        costs,
        category=proposal.category,
        min_cost=pool.min_cost,
        max_cost=pool.max_cost,
    )


def _move(proposal: Proposal, action: ProposalAction) -> None:
    proposal.state = LIFECYCLE.next(ProposalState(proposal.state), action).value


def _next_reference(work: Work, proposal: Proposal) -> str:
    """BO.D8.3/26 for a district, BO.OM.97/26 for the city: Kraków's own pattern."""
    edition = get_edition(work.session, proposal.edition_id)
    taken = work.session.scalar(
        select(func.count()).where(
            Proposal.edition_id == proposal.edition_id,
            Proposal.scope == proposal.scope,
            Proposal.reference.is_not(None),
        )
    )
    district = district_of(proposal.scope)
    where = "OM" if district is None else f"D{district}"
    return f"BO.{where}.{(taken or 0) + 1}/{edition.year % 100:02d}"


def _keep_version(work: Work, proposal: Proposal, actor: Actor, at: datetime) -> None:
    own = _text(proposal, proposal.language)
    content = {name: getattr(own, name) for name in TEXT_FIELDS} | {
        "language": proposal.language,
        "category": proposal.category,
        "place": proposal.place,
        "accessibility": proposal.accessibility,
        "upkeep": proposal.upkeep,
        "costs": [[c.name, c.grosze] for c in proposal.costs],
    }
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


def _text(proposal: Proposal, language: str) -> ProposalText:
    return next(text for text in proposal.texts if text.language == language)


def _empty_text(language: str, source: str) -> ProposalText:
    return ProposalText(language=language, source=source, **dict.fromkeys(TEXT_FIELDS, ""))


def _touch(proposal: Proposal, at: datetime) -> None:
    proposal.changed_at = at
    words = [getattr(text, name) for text in proposal.texts for name in ("title", "summary")]
    proposal.search_text = fold(" ".join([*words, proposal.place, proposal.reference or ""]))
