"""An author's deeds that change a proposal's state: submit, correct, withdraw, appeal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from civic_budget.editions.queries import EditionFacts
from civic_budget.editions.rules import district_of
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals import events, policy
from civic_budget.proposals.models import Proposal
from civic_budget.proposals.rules import Gap, ProposalAction, ProposalState
from civic_budget.proposals.service.merging import end_open_merge
from civic_budget.proposals.service.people import note_consent
from civic_budget.proposals.service.rows import (
    find_own_gaps,
    keep_version,
    load_with_relations,
    move,
    touch,
)
from civic_budget.storage.db import Work


class Incomplete(Conflict):
    """A proposal that can't be submitted yet; `gaps` tells what is missing where."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__("incomplete", gaps=gaps)
        self.gaps = gaps


def submit_proposal(work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> str:
    """Submit a complete draft, or a corrected proposal again; returns its reference.

    Raises Incomplete with all gaps, NotAllowed out of time. The deadline counts to the second.
    """
    proposal, known, edition = load_with_relations(work, proposal_id, at)
    require(policy.may_edit(actor, known, at=at))
    gaps = find_own_gaps(work, proposal)
    if gaps:
        raise Incomplete(gaps)
    is_first = known.state is ProposalState.DRAFT
    if is_first:
        # Before the state moves: looking the numbers up flushes, and no row is submitted without one.
        proposal.reference = next_reference(work, proposal, edition)
        proposal.submitted_at = at
    move(proposal, ProposalAction.SUBMIT if is_first else ProposalAction.CORRECT)
    if not is_first:
        proposal.correct_by = None
        _doubt_translations(proposal)
    note_consent(work, actor, proposal.id, "own_work", proposal.language, at)
    touch(proposal, at)
    keep_version(work, proposal, actor, at)
    happened = events.ProposalSubmitted if is_first else events.ProposalCorrected
    work.publish(happened(proposal_id=proposal.id, at=at, by=actor.account_id))
    assert proposal.reference is not None
    return proposal.reference


def withdraw_proposal(work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> None:
    """The author takes it back, which can't be undone; a draft that nobody saw is deleted."""
    proposal, known, _edition = load_with_relations(work, proposal_id, at)
    require(policy.may_withdraw(actor, known))
    if known.state is ProposalState.DRAFT:
        work.session.delete(proposal)
        work.publish(events.DraftDiscarded(proposal_id=proposal_id, at=at, by=actor.account_id))
        return
    move(proposal, ProposalAction.WITHDRAW)
    end_open_merge(work, actor, proposal_id=proposal_id, at=at)
    proposal.withdrawn_at = at
    proposal.changed_at = at
    work.publish(events.ProposalWithdrawn(proposal_id=proposal_id, at=at, by=actor.account_id))


def appeal_rejection(work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> None:
    """The author appeals; the reasons are kept by the assessment."""
    proposal, known, _edition = load_with_relations(work, proposal_id, at)
    require(policy.may_appeal(actor, known))
    move(proposal, ProposalAction.APPEAL)
    proposal.changed_at = at
    work.publish(events.ProposalAppealed(proposal_id=proposal.id, at=at, by=actor.account_id))


def _doubt_translations(proposal: Proposal) -> None:
    """What was corrected must be translated and agreed anew."""
    for text in proposal.texts:
        if text.language != proposal.language:
            text.reviewed_by = None
            text.author_agreed_at = None


def next_reference(work: Work, proposal: Proposal, edition: EditionFacts) -> str:
    """BO.D8.3/26 for a district, BO.OM.97/26 for the city: Kraków's own pattern."""
    if work.dialect == "postgresql":
        # Two authors at the same second wait for one another; SQLite has one writer anyway.
        lock = _lock_number(edition.id, proposal.scope)
        work.session.execute(select(func.pg_advisory_xact_lock(lock)))
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


def _lock_number(edition_id: UUID, scope: str) -> int:
    """A number of 63 bits that names an edition's scope in the database's table of locks."""
    return (edition_id.int ^ int.from_bytes(scope.encode()[:8], "big")) % (1 << 63)
