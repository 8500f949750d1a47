"""Supporters: one click of a resident, or signatures on a paper list that an officer counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic_budget.editions.queries import EditionFacts, get_edition
from civic_budget.editions.rules import district_of
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.proposals import events, policy
from civic_budget.proposals.models import Proposal, ProposalSupport, SupportList, SupportListView
from civic_budget.proposals.queries.facts import ProposalFacts, facts_of
from civic_budget.proposals.queries.people import support_of
from civic_budget.proposals.service.rows import load, load_with_relations
from civic_budget.proposals.support_rules import (
    LIST_KEPT,
    MOST_LISTS,
    MOST_SIGNATURES,
    support_until,
)
from civic_budget.residency.queries import (
    cluster_members,
    district_of_person,
    own_person,
    standing_of,
)
from civic_budget.residency.rules import Standing
from civic_budget.storage.db import Database, Work
from civic_budget.storage.vault import Vault


class SupportDeed(Protocol):
    """Giving support, or taking it back."""

    def __call__(self, work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> None:
        """Do it."""


CLAIM_HOLDS = timedelta(hours=4)


def support_proposal(work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> None:
    """A resident supports a proposal with one click, once as one human.

    Raises NotAllowed with the reason of `policy.may_support`.
    """
    proposal = load(work, proposal_id)
    person = own_person(work.session, actor.account_id) if actor.account_id else None
    facts = facts_of(proposal, with_authors=True)
    ties = supporter_ties(work.session, facts, _needed(work, proposal), actor.account_id, at)
    require(policy.may_support(actor, ties, at=at))
    assert person is not None
    try:
        with work.session.begin_nested():
            work.session.add(ProposalSupport(proposal_id=proposal_id, person_id=person, at=at))
    except IntegrityError:
        raise NotAllowed("already_supported") from None
    work.publish(events.ProposalSupported(proposal_id=proposal_id, at=at, by=None))


def take_support_back(work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> None:
    """A supporter changes their mind while support is collected; raises NotAllowed when it is over."""
    proposal = load(work, proposal_id)
    person = own_person(work.session, actor.account_id) if actor.account_id else None
    if person is None:
        raise NotAllowed("residence_needed")
    until = _until(get_edition(work.session, proposal.edition_id), proposal.submitted_at)
    if until is None or at >= until:
        raise NotAllowed("support_closed")
    work.session.execute(
        delete(ProposalSupport).where(
            ProposalSupport.proposal_id == proposal_id, ProposalSupport.person_id == person
        )
    )


def supporter_ties(
    session: Session, proposal: ProposalFacts, needed: int, account_id: UUID | None, at: datetime
) -> policy.SupportTies:
    """What the policy needs to know of a would-be supporter."""
    person = own_person(session, account_id) if account_id else None
    district = district_of(proposal.scope)
    humans = cluster_members(session, person) if person else ()
    supported = humans and session.scalar(
        select(func.count()).where(
            ProposalSupport.proposal_id == proposal.id, ProposalSupport.person_id.in_(humans)
        )
    )
    return policy.SupportTies(
        state=proposal.state,
        needed=needed,
        until=_until(get_edition(session, proposal.edition_id), proposal.submitted_at) or at,
        author_accounts=frozenset({proposal.author_account, *proposal.co_authors}),
        is_author_person=proposal.author_person in humans,
        has_standing=person is not None
        and standing_of(session, person, at=at) is not Standing.NONE,
        lives_there=district is None
        or (person is not None and district_of_person(session, person, at=at) == district),
        has_supported=bool(supported),
    )


def _until(edition: EditionFacts, submitted_at: datetime | None) -> datetime | None:
    due = edition.side_dates.get(SideDate.SUPPORT_LISTS_DUE)
    return support_until(submitted_at, due) if submitted_at else None


def add_support_list(
    work: Work, actor: Actor, *, proposal_id: UUID, vault_id: str, page_count: int, at: datetime
) -> UUID:
    """Note a signed list whose pages were sealed in the evidence vault; returns its id.

    Raises NotAllowed (not_the_author, support_not_asked, support_closed), Conflict at `file`.
    """
    proposal, known, edition = load_with_relations(work, proposal_id, at)
    require(
        policy.may_send_list(
            actor,
            known,
            needed=edition.pool(proposal.scope).signatures,
            until=_until(edition, proposal.submitted_at),
            at=at,
        )
    )
    sent = work.session.scalar(
        select(func.count()).where(
            SupportList.proposal_id == proposal_id, SupportList.deleted_at.is_(None)
        )
    )
    if (sent or 0) >= MOST_LISTS:
        raise Conflict("too_many_lists", field="file")
    row = SupportList(
        id=uuid4(),
        proposal_id=proposal_id,
        vault_id=vault_id,
        page_count=page_count,
        sent_at=at,
        sent_by=actor.account_id,
    )
    work.session.add(row)
    work.publish(events.SupportListSent(proposal_id=proposal_id, at=at, by=actor.account_id))
    return row.id


def enter_paper_list(
    work: Work, actor: Actor, *, proposal_id: UUID, counted: int, at: datetime
) -> None:
    """An officer counted a list that was handed in on paper: no scan is made of it."""
    require(policy.may_count(actor))
    load(work, proposal_id)
    _check_count(counted)
    work.session.add(
        SupportList(
            id=uuid4(),
            proposal_id=proposal_id,
            page_count=0,
            sent_at=at,
            sent_by=None,
            counted=counted,
            counted_at=at,
            counted_by=actor.account_id,
        )
    )
    work.publish(events.SupportListCounted(proposal_id=proposal_id, at=at, by=actor.account_id))


def claim_list(work: Work, actor: Actor, *, list_id: UUID, at: datetime) -> None:
    """An officer takes a list to count; only they see its pages, for four hours.

    Raises NotAllowed (not_an_officer, list_claimed).
    """
    require(policy.may_count(actor))
    row = _list(work, list_id)
    taken = row.claimed_at is not None and at < row.claimed_at + CLAIM_HOLDS
    if taken and row.claimed_by != actor.account_id:
        raise NotAllowed("list_claimed")
    row.claimed_by, row.claimed_at = actor.account_id, at


def count_list(work: Work, actor: Actor, *, list_id: UUID, counted: int, at: datetime) -> None:
    """The officer who took a list says how many valid signatures it has; its scan goes after 30 days."""
    require(policy.may_count(actor))
    row = _list(work, list_id)
    if row.claimed_by != actor.account_id:
        raise NotAllowed("claim_first")
    _check_count(counted)
    row.counted, row.counted_at, row.counted_by = counted, at, actor.account_id
    row.delete_after = at + LIST_KEPT
    work.publish(events.SupportListCounted(proposal_id=row.proposal_id, at=at, by=actor.account_id))


def authorise_list_view(
    work: Work, *, roles: frozenset[Role], account_id: UUID, sign_in_id: UUID,
    proposal_id: UUID, list_id: UUID, page: int, at: datetime,
) -> str | None:  # fmt: skip
    """The vault's name of a list that this officer holds, after the look was logged; None: no."""
    row = work.session.get(SupportList, list_id)
    if row is None or row.proposal_id != proposal_id or row.vault_id is None or row.deleted_at:
        return None
    held = row.claimed_at is not None and at < row.claimed_at + CLAIM_HOLDS
    if Role.OFFICER not in roles or row.claimed_by != account_id or not held:
        return None
    if not 0 <= page < row.page_count:
        return None
    work.session.add(
        SupportListView(
            list_id=list_id, page=page, at=at, account_id=account_id, sign_in_id=sign_in_id
        )
    )
    return row.vault_id


def list_vault_names(database: Database) -> Sequence[str]:
    """What the evidence vault keeps for signed lists, so that nobody takes it for a stray."""
    with database.reading() as session:
        names = session.scalars(
            select(SupportList.vault_id).where(SupportList.deleted_at.is_(None))
        )
        return [name for name in names if name]


def delete_due_lists(database: Database, vault: Vault, *, at: datetime) -> int:
    """Destroy the scans whose days are over; safe to repeat. Returns how many."""
    with database.reading() as session:
        due = session.execute(
            select(SupportList.id, SupportList.vault_id, SupportList.page_count).where(
                SupportList.delete_after <= at, SupportList.deleted_at.is_(None)
            )
        ).all()
    for row in due:
        if row.vault_id:
            vault.destroy(row.vault_id, page_count=row.page_count)
        with database.writing() as work:
            gone = work.session.get_one(SupportList, row.id, with_for_update=True)
            gone.deleted_at, gone.vault_id = at, None
    return len(due)


def require_supporters(work: Work, proposal: Proposal) -> None:
    """Before a proposal is admitted it has as many supporters as its pool asks; raises Conflict."""
    support = support_of(work.session, proposal.id, needed=_needed(work, proposal))
    if support.missing:
        raise Conflict("supporters_missing", missing=support.missing)


def join_supporters(work: Work, kept: Proposal, joined: Proposal) -> None:
    """After a merge whoever supported a part supports the whole, once."""
    rows = select(ProposalSupport.person_id, ProposalSupport.at)
    have = set(
        work.session.scalars(
            select(ProposalSupport.person_id).where(ProposalSupport.proposal_id == kept.id)
        )
    )
    for person_id, at in work.session.execute(rows.where(ProposalSupport.proposal_id == joined.id)):
        if person_id not in have:
            work.session.add(ProposalSupport(proposal_id=kept.id, person_id=person_id, at=at))


def _needed(work: Work, proposal: Proposal) -> int:
    return get_edition(work.session, proposal.edition_id).pool(proposal.scope).signatures


def _list(work: Work, list_id: UUID) -> SupportList:
    row = work.session.get(SupportList, list_id, with_for_update=True)
    if row is None or row.deleted_at is not None:
        raise NotFound("no_such_list")
    return row


def _check_count(counted: int) -> None:
    if not 0 <= counted <= MOST_SIGNATURES:
        raise Conflict("bad_count", field="counted")
