"""Carrying out what won: who is a winner now, whose task it is, and the deeds of the office on it.

Which project has its money is said by the protocol and the acts after it; the steps themselves belong
to the proposal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from civic_budget.assessment.queries import departments_of, get_assessment
from civic_budget.editions.queries import get_edition
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import NotFound
from civic_budget.proposals import service as proposals
from civic_budget.proposals.implementation_rules import StepWords
from civic_budget.proposals.policy import may_record_step
from civic_budget.proposals.queries import (
    ProposalFacts,
    Step,
    find_picture,
    find_step,
    get_proposal,
)
from civic_budget.results.acts import follow
from civic_budget.results.policy import may_tell_of_building
from civic_budget.results.protocols import protocol_from
from civic_budget.results.queries import are_published, list_acts, list_scope_results
from civic_budget.storage.db import Work


@dataclass(frozen=True)
class Winner:
    """A project that won: its pool, what was voted for it in grosze, whether its money still stands."""

    reference: str
    scope: str
    voted: int
    is_funded: bool


def list_winners(session: Session, edition_id: UUID) -> Mapping[str, Winner]:
    """Reference → every project that won or was granted money, also when an act took it away again."""
    protocols = {
        one.scope: protocol_from(one.protocol, scope=one.scope)
        for one in list_scope_results(session, edition_id)
    }
    rows, pools = follow(protocols, list_acts(session, edition_id))
    touched = {row.act.reference for row in rows}
    return {
        reference: Winner(reference, scope, takes, reference in pool.funded)
        for scope, pool in pools.items()
        for reference, takes in pool.takes.items()
        if reference in pool.funded or reference in touched
    }


def is_responsible(session: Session, actor: Actor, proposal_id: UUID) -> bool:
    """Whether the actor works in the unit that assessed the project, and so carries it out."""
    if actor.account_id is None or not actor.has(Role.ASSESSOR):
        return False
    unit = get_assessment(session, proposal_id).department
    return unit is not None and unit in departments_of(session, actor.account_id)


def tell_step(
    work: Work, actor: Actor, *, proposal_id: UUID, step: StepWords, after: int, at: datetime
) -> UUID:
    """Tell the next stage of a winner; `after` as for `record_step`. Returns the step's id.

    Raises NotFound for what did not win, NotAllowed (not_your_project, not_funded_any_more).
    """
    mine = _open_winner(work, actor, get_proposal(work.session, proposal_id), at)
    return proposals.record_step(
        work, actor, proposal_id=proposal_id, step=step, after=after, is_responsible=mine, at=at
    )


def correct_told(
    work: Work,
    actor: Actor,
    *,
    step_id: UUID,
    step: StepWords,
    seen: datetime | None,
    at: datetime,
) -> None:
    """Correct day, cost or words of a step that was told."""
    held = get_step(work.session, step_id)
    proposals.correct_step(
        work,
        actor,
        step_id=step_id,
        step=step,
        seen=seen,
        is_responsible=is_responsible(work.session, actor, held.proposal_id),
        at=at,
    )


def add_photo(
    work: Work, actor: Actor, *, step_id: UUID, page: bytes, alt: Mapping[str, str], at: datetime
) -> UUID:
    """Show a step in a photo; `alt` says by language what is seen, Polish must be there."""
    held = get_step(work.session, step_id)
    mine = is_responsible(work.session, actor, held.proposal_id)
    return proposals.add_step_photo(
        work, actor, step_id=step_id, page=page, alt=alt, is_responsible=mine, at=at
    )


def remove_photo(work: Work, actor: Actor, *, picture_id: UUID, at: datetime) -> None:
    """Take a photo of a step away."""
    held = find_picture(work.session, picture_id)
    if held is None:
        raise NotFound("no_such_picture")
    mine = is_responsible(work.session, actor, held.proposal_id)
    proposals.remove_step_photo(work, actor, picture_id=picture_id, is_responsible=mine, at=at)


def get_step(session: Session, step_id: UUID) -> Step:
    """One step; raises NotFound."""
    held = find_step(session, step_id)
    if held is None:
        raise NotFound("no_such_step")
    return held


def _open_winner(work: Work, actor: Actor, proposal: ProposalFacts, at: datetime) -> bool:
    mine = is_responsible(work.session, actor, proposal.id)
    require(may_record_step(actor, is_responsible=mine))
    edition = get_edition(work.session, proposal.edition_id)
    winner = list_winners(work.session, edition.id).get(proposal.reference or "")
    if winner is None:
        raise NotFound("not_a_winner")
    require(
        may_tell_of_building(is_public=are_published(edition, at=at), is_funded=winner.is_funded)
    )
    return mine
