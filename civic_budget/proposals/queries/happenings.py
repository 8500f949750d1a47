"""What happened to an edition's proposals that everybody may know, in the order of time: one list for
letters to followers and for feeds. It names no person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from civic_budget.proposals.merge_rules import MergeState
from civic_budget.proposals.models import (
    ImplementationStep,
    MergePart,
    Proposal,
    ProposalDecision,
    ProposalMerge,
    ProposalVersion,
)
from civic_budget.proposals.queries.facts import ProposalFacts, facts_of


@dataclass(frozen=True)
class Window:
    """From which moment (without it) until which (with it), of one proposal or pool, and how many."""

    since: datetime
    until: datetime
    scope: str = ""
    proposal_id: UUID | None = None
    most: int = 500


@dataclass(frozen=True)
class Happening:
    """Something that happened to a proposal. `key` is the same for ever.

    `kind` is submitted, changed, decided, withdrawn, merged or stage; `code` tells more of it; `words`
    are the office's, by language.
    """

    key: str
    kind: str
    code: str
    at: datetime
    proposal_id: UUID
    words: Mapping[str, str] = field(default_factory=dict)
    changed_at: datetime | None = None


def list_happenings(session: Session, edition_id: UUID, window: Window) -> list[Happening]:
    """The latest first; six queries."""
    found = [
        *_moments(session, edition_id, window, "submitted", Proposal.submitted_at),
        *_moments(session, edition_id, window, "withdrawn", Proposal.withdrawn_at),
        *_versions(session, edition_id, window),
        *_decisions(session, edition_id, window),
        *_merges(session, edition_id, window),
        *_steps(session, edition_id, window),
    ]
    return sorted(found, key=lambda one: (one.at, one.key), reverse=True)[: window.most]


def proposals_among(session: Session, ids: Sequence[UUID]) -> dict[UUID, ProposalFacts]:
    """Proposals with their texts, by id; two queries."""
    rows = session.scalars(
        select(Proposal).where(Proposal.id.in_(ids)).options(selectinload(Proposal.texts))
    )
    return {row.id: facts_of(row) for row in rows}


def references_among(
    session: Session, edition_id: UUID, *, proposal_id: UUID | None = None
) -> dict[str, UUID]:
    """Reference → id of an edition's submitted proposals, or of the one that is named."""
    chosen = select(Proposal.reference, Proposal.id).where(
        Proposal.edition_id == edition_id, Proposal.reference.is_not(None)
    )
    if proposal_id is not None:
        chosen = chosen.where(Proposal.id == proposal_id)
    return {row.reference: row.id for row in session.execute(chosen) if row.reference}


def _within(chosen: Any, edition_id: UUID, window: Window, moment: Any) -> Any:
    chosen = chosen.where(
        Proposal.edition_id == edition_id,
        Proposal.submitted_at.is_not(None),
        moment > window.since,
        moment <= window.until,
    )
    if window.scope:
        chosen = chosen.where(Proposal.scope == window.scope)
    if window.proposal_id is not None:
        chosen = chosen.where(Proposal.id == window.proposal_id)
    return chosen.order_by(moment.desc()).limit(window.most)


def _moments(
    session: Session, edition_id: UUID, window: Window, kind: str, moment: Any
) -> Iterator[Happening]:
    rows = session.execute(
        _within(select(Proposal.id, moment.label("at")), edition_id, window, moment)
    )
    for row in rows:
        yield Happening(f"{kind}-{row.id}", kind, "", row.at, row.id)


def _versions(session: Session, edition_id: UUID, window: Window) -> Iterator[Happening]:
    """The first version is the submission itself."""
    version = ProposalVersion
    chosen = (
        select(version.proposal_id, version.number, version.at)
        .join(Proposal, Proposal.id == version.proposal_id)
        .where(version.number > 1)
    )
    for row in session.execute(_within(chosen, edition_id, window, version.at)):
        key = f"version-{row.proposal_id}-{row.number}"
        yield Happening(key, "changed", "", row.at, row.proposal_id)


def _decisions(session: Session, edition_id: UUID, window: Window) -> Iterator[Happening]:
    chosen = select(ProposalDecision).join(Proposal, Proposal.id == ProposalDecision.proposal_id)
    for row in session.scalars(_within(chosen, edition_id, window, ProposalDecision.at)):
        key = f"decision-{row.id}"
        yield Happening(key, "decided", row.action, row.at, row.proposal_id, row.words)


def _merges(session: Session, edition_id: UUID, window: Window) -> Iterator[Happening]:
    chosen = (
        select(MergePart.proposal_id, ProposalMerge.ended_at, ProposalMerge.id)
        .join(ProposalMerge, ProposalMerge.id == MergePart.merge_id)
        .join(Proposal, Proposal.id == MergePart.proposal_id)
        .where(
            ProposalMerge.state == MergeState.AGREED.value,
            MergePart.is_kept.is_(False),
        )
    )
    for row in session.execute(_within(chosen, edition_id, window, ProposalMerge.ended_at)):
        key = f"merge-{row.id}-{row.proposal_id}"
        yield Happening(key, "merged", "", row.ended_at, row.proposal_id)


def _steps(session: Session, edition_id: UUID, window: Window) -> Iterator[Happening]:
    step = ImplementationStep
    chosen = select(step).join(Proposal, Proposal.id == step.proposal_id)
    for row in session.scalars(_within(chosen, edition_id, window, step.recorded_at)):
        yield Happening(
            f"step-{row.id}",
            "stage",
            row.stage,
            row.recorded_at,
            row.proposal_id,
            row.notes,
            row.changed_at,
        )
