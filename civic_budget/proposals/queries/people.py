"""Co-authors, names and supporters as pages see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civic_budget.proposals.models import (
    CoAuthor,
    Proposal,
    ProposalConsent,
    ProposalSupport,
    SupportList,
)
from civic_budget.proposals.support_rules import Support


@dataclass(frozen=True)
class CoAuthorFacts:
    """An invitation or a co-author; `masked` is what the author knows them by."""

    id: UUID
    masked: str
    account_id: UUID | None
    invited_at: datetime
    expires_at: datetime
    accepted_at: datetime | None


@dataclass(frozen=True)
class ListFacts:
    """A signed list: how many pages its scan has, and what an officer counted."""

    id: UUID
    proposal_id: UUID
    page_count: int
    sent_at: datetime
    counted: int | None
    counted_at: datetime | None
    claimed_by: UUID | None
    claimed_at: datetime | None


def list_co_authors(session: Session, proposal_id: UUID) -> Sequence[CoAuthorFacts]:
    """Whoever was invited and has not left, in the order of invitation."""
    rows = session.scalars(
        select(CoAuthor)
        .where(CoAuthor.proposal_id == proposal_id, CoAuthor.ended_at.is_(None))
        .order_by(CoAuthor.invited_at, CoAuthor.id)
    )
    return [
        CoAuthorFacts(r.id, r.masked, r.account_id, r.invited_at, r.expires_at, r.accepted_at)
        for r in rows
    ]


def list_names(session: Session, proposal_id: UUID) -> Sequence[str]:
    """The names that authors agreed to show, in the order of consent."""
    return session.scalars(
        select(ProposalConsent.words)
        .where(ProposalConsent.proposal_id == proposal_id, ProposalConsent.kind == "name")
        .order_by(ProposalConsent.agreed_at, ProposalConsent.words)
    ).all()


def find_own_name(session: Session, proposal_id: UUID, account_id: UUID) -> str:
    """The name that an account agreed to show; empty: none."""
    row = session.get(ProposalConsent, (proposal_id, account_id, "name"))
    return row.words if row else ""


def support_of(session: Session, proposal_id: UUID, *, needed: int) -> Support:
    """How many support a proposal; one query."""
    clicks = (
        select(func.count()).where(ProposalSupport.proposal_id == proposal_id).scalar_subquery()
    )
    found = session.execute(
        select(
            clicks,
            func.coalesce(func.sum(SupportList.counted), 0),
            func.count(SupportList.id) - func.count(SupportList.counted),
        ).where(SupportList.proposal_id == proposal_id)
    ).one()
    return Support(int(found[0]), int(found[1]), needed, int(found[2]))


def has_supported(session: Session, proposal_id: UUID, person_id: UUID) -> bool:
    """Whether a person supports a proposal."""
    return session.get(ProposalSupport, (proposal_id, person_id)) is not None


def list_support_lists(session: Session, proposal_id: UUID) -> Sequence[ListFacts]:
    """The signed lists of a proposal, the first first."""
    rows = session.scalars(
        select(SupportList)
        .where(SupportList.proposal_id == proposal_id)
        .order_by(SupportList.sent_at, SupportList.id)
    )
    return [_facts(row) for row in rows]


def get_support_list(session: Session, list_id: UUID) -> ListFacts | None:
    """One signed list; None when there is none."""
    row = session.get(SupportList, list_id)
    return _facts(row) if row else None


def list_uncounted(session: Session, edition_id: UUID) -> Sequence[tuple[ListFacts, str, str]]:
    """Lists that wait to be counted, the longest waiting first: list, reference, scope."""
    rows = session.execute(
        select(SupportList, Proposal.reference, Proposal.scope)
        .join(Proposal, Proposal.id == SupportList.proposal_id)
        .where(
            Proposal.edition_id == edition_id,
            SupportList.counted.is_(None),
            SupportList.deleted_at.is_(None),
        )
        .order_by(SupportList.sent_at)
    )
    return [(_facts(row), reference or "", scope) for row, reference, scope in rows]


def _facts(row: SupportList) -> ListFacts:
    return ListFacts(
        id=row.id,
        proposal_id=row.proposal_id,
        page_count=row.page_count,
        sent_at=row.sent_at,
        counted=row.counted,
        counted_at=row.counted_at,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
    )
