"""Looking up which proposals exclude one another, and neighbours of which nobody has decided yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from civic_budget.proposals.models import (
    ClearedPair,
    ExclusiveGroup,
    ExclusiveMember,
    Proposal,
    ProposalPlace,
)
from civic_budget.proposals.nearness import NearPair, Point, find_near
from civic_budget.proposals.queries.facts import OfficeRow
from civic_budget.proposals.queries.lists import list_office_rows, list_rows_among
from civic_budget.proposals.rules import ProposalState

OUT = frozenset({ProposalState.DRAFT, ProposalState.WITHDRAWN, ProposalState.MERGED})


@dataclass(frozen=True)
class GroupFacts:
    """A group that stands: its number within the edition, why, and its proposals by reference."""

    id: UUID
    number: int
    reason: str
    members: Sequence[OfficeRow]


@dataclass(frozen=True)
class Candidate:
    """Two neighbours that may exclude one another; the distance in metres."""

    first: OfficeRow
    second: OfficeRow
    metres: int


def list_groups(session: Session, edition_id: UUID) -> Sequence[GroupFacts]:
    """The groups of an edition that stand, in their order."""
    rows = {row.id: row for row in list_office_rows(session, edition_id)}
    members = defaultdict(list)
    for group_id, proposal_id in session.execute(_standing(edition_id)):
        if proposal_id in rows:
            members[group_id].append(rows[proposal_id])
    groups = session.scalars(
        select(ExclusiveGroup)
        .where(ExclusiveGroup.edition_id == edition_id, ExclusiveGroup.dissolved_at.is_(None))
        .order_by(ExclusiveGroup.number)
    )
    return [
        GroupFacts(g.id, g.number, g.reason, sorted(members[g.id], key=lambda row: row.reference))
        for g in groups
    ]


def exclusive_groups(session: Session, edition_id: UUID) -> dict[UUID, tuple[str, ...]]:
    """Proposal id → the names of the groups in which at most one can win; for ballot and winners."""
    found = session.execute(
        select(ExclusiveMember.proposal_id, ExclusiveGroup.number)
        .join(ExclusiveGroup, ExclusiveGroup.id == ExclusiveMember.group_id)
        .where(ExclusiveGroup.edition_id == edition_id, ExclusiveGroup.dissolved_at.is_(None))
        .order_by(ExclusiveGroup.number)
    )
    groups: dict[UUID, tuple[str, ...]] = {}
    for proposal_id, number in found:
        groups[proposal_id] = (*groups.get(proposal_id, ()), f"X{number}")
    return groups


def list_excluded(session: Session, proposal_id: UUID) -> Sequence[OfficeRow]:
    """The other proposals with which this one shares a group, by reference; one query."""
    own, other = aliased(ExclusiveMember), aliased(ExclusiveMember)
    others = (
        select(other.proposal_id)
        .join(own, own.group_id == other.group_id)
        .join(ExclusiveGroup, ExclusiveGroup.id == own.group_id)
        .where(
            own.proposal_id == proposal_id,
            other.proposal_id != proposal_id,
            ExclusiveGroup.dissolved_at.is_(None),
        )
    )
    return sorted(list_rows_among(session, others), key=lambda row: row.reference)


def list_candidates(session: Session, edition_id: UUID) -> Sequence[Candidate]:
    """Neighbours of which nobody has said yet whether they exclude one another, the nearest first."""
    rows = {row.id: row for row in list_office_rows(session, edition_id) if row.state not in OUT}
    decided = _decided(session, edition_id)
    return [
        Candidate(rows[pair.first], rows[pair.second], round(pair.metres))
        for pair in _near(session, edition_id)
        if pair.first in rows
        and pair.second in rows
        and frozenset({pair.first, pair.second}) not in decided
    ]


def _near(session: Session, edition_id: UUID) -> list[NearPair]:
    points = session.execute(
        select(Proposal.id, ProposalPlace.latitude, ProposalPlace.longitude)
        .join(ProposalPlace, ProposalPlace.proposal_id == Proposal.id)
        .where(
            Proposal.edition_id == edition_id,
            Proposal.reference.is_not(None),
            ProposalPlace.latitude.is_not(None),
        )
    )
    return find_near(Point(row.id, row.latitude or 0, row.longitude or 0) for row in points)


def _decided(session: Session, edition_id: UUID) -> set[frozenset[UUID]]:
    cleared = session.execute(
        select(ClearedPair.first, ClearedPair.second)
        .join(Proposal, Proposal.id == ClearedPair.first)
        .where(Proposal.edition_id == edition_id)
    )
    decided = {frozenset({row.first, row.second}) for row in cleared}
    members = defaultdict(list)
    for group_id, proposal_id in session.execute(_standing(edition_id)):
        members[group_id].append(proposal_id)
    for joined in members.values():
        decided |= {frozenset({a, b}) for a in joined for b in joined if a != b}
    return decided


def _standing(edition_id: UUID) -> Select[UUID, UUID]:
    return (
        select(ExclusiveMember.group_id, ExclusiveMember.proposal_id)
        .join(ExclusiveGroup, ExclusiveGroup.id == ExclusiveMember.group_id)
        .where(ExclusiveGroup.edition_id == edition_id, ExclusiveGroup.dissolved_at.is_(None))
    )
