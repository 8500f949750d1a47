"""Merges as pages see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from civic_budget.kernel.errors import NotFound
from civic_budget.proposals.merge_rules import MergeState
from civic_budget.proposals.models import MergePart, Proposal, ProposalMerge
from civic_budget.proposals.queries.facts import POLISH, ProposalFacts, facts_of


@dataclass(frozen=True)
class MergePartFacts:
    """One proposal in a merge, and what its author answered (None: not yet)."""

    proposal: ProposalFacts
    is_kept: bool
    agrees: bool | None
    answered_at: datetime | None


@dataclass(frozen=True)
class MergeFacts:
    """A proposed merge; the kept proposal is the first of the parts."""

    id: UUID
    edition_id: UUID
    state: MergeState
    words: Mapping[str, str]
    proposed_at: datetime
    answer_by: datetime
    ended_at: datetime | None
    parts: tuple[MergePartFacts, ...]

    @property
    def kept(self) -> MergePartFacts:
        """The proposal that remains."""
        return next(part for part in self.parts if part.is_kept)

    def part_of(self, proposal_id: UUID) -> MergePartFacts:
        """A proposal's part; raises NotFound."""
        for part in self.parts:
            if part.proposal.id == proposal_id:
                return part
        raise NotFound("no_such_merge")

    def sentence(self, language: str) -> tuple[str, str]:
        """The office's reason and its language: the reader's, else Polish."""
        if self.words.get(language):
            return self.words[language], language
        return self.words[POLISH], POLISH


def get_merge(session: Session, merge_id: UUID) -> MergeFacts:
    """A merge with its proposals; raises NotFound."""
    row = session.scalars(
        select(ProposalMerge)
        .where(ProposalMerge.id == merge_id)
        .options(selectinload(ProposalMerge.parts))
    ).first()
    if row is None:
        raise NotFound("no_such_merge")
    return _facts(session, [row])[0]


def find_merge_of(session: Session, proposal_id: UUID) -> MergeFacts | None:
    """The open merge of a proposal, else its latest; None when there never was one."""
    row = session.scalars(
        select(ProposalMerge)
        .join(MergePart, MergePart.merge_id == ProposalMerge.id)
        .where(MergePart.proposal_id == proposal_id)
        .order_by(MergePart.is_open.desc(), ProposalMerge.proposed_at.desc())
        .options(selectinload(ProposalMerge.parts))
        .limit(1)
    ).first()
    return _facts(session, [row])[0] if row else None


def list_merges(session: Session, edition_id: UUID) -> Sequence[MergeFacts]:
    """All merges of an edition, the open ones first, then the latest."""
    rows = session.scalars(
        select(ProposalMerge)
        .where(ProposalMerge.edition_id == edition_id)
        .order_by(ProposalMerge.ended_at.is_not(None), ProposalMerge.proposed_at.desc())
        .options(selectinload(ProposalMerge.parts))
    ).all()
    return _facts(session, rows)


def list_waiting_for(session: Session, account_id: UUID) -> frozenset[UUID]:
    """The account's proposals in an open merge that it has not answered yet."""
    return frozenset(
        session.scalars(
            select(MergePart.proposal_id)
            .join(Proposal, Proposal.id == MergePart.proposal_id)
            .where(
                Proposal.author_account == account_id,
                MergePart.is_open.is_(True),
                MergePart.agrees.is_(None),
            )
        )
    )


def _facts(session: Session, rows: Sequence[ProposalMerge]) -> list[MergeFacts]:
    wanted = {part.proposal_id for row in rows for part in row.parts}
    found = session.scalars(
        select(Proposal).where(Proposal.id.in_(wanted)).options(selectinload(Proposal.texts))
    )
    proposals = {row.id: facts_of(row) for row in found}
    return [
        MergeFacts(
            id=row.id,
            edition_id=row.edition_id,
            state=MergeState(row.state),
            words=row.words,
            proposed_at=row.proposed_at,
            answer_by=row.answer_by,
            ended_at=row.ended_at,
            parts=tuple(
                MergePartFacts(proposals[p.proposal_id], p.is_kept, p.agrees, p.answered_at)
                for p in row.parts
            ),
        )
        for row in rows
    ]
