"""Who follows what, for pages and letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.accounts.contacts import ContactKind
from civic_budget.accounts.queries import get_reachable
from civic_budget.editions.queries import get_edition
from civic_budget.news.models import Follower, NewsSubscription
from civic_budget.news.rules import PURPOSE, Subject, hash_token, subject_of
from civic_budget.proposals.queries import name_proposals, tell_of_proposals
from civic_budget.residency.copy_parts import CopyOwner, Row, say
from civic_budget.storage.db import keyring_of


@dataclass(frozen=True)
class Asked:
    """A subscription that waits for its confirmation."""

    id: UUID
    subject: Subject
    asked_at: datetime


def is_following(session: Session, account_id: UUID, proposal_id: UUID) -> bool:
    """Whether an account follows a proposal."""
    found = select(Follower.id).where(
        Follower.proposal_id == proposal_id, Follower.account_id == account_id
    )
    return session.scalar(found) is not None


def list_followed(session: Session, account_id: UUID) -> Sequence[UUID]:
    """The proposals that an account follows, the latest first."""
    return session.scalars(
        select(Follower.proposal_id)
        .where(Follower.account_id == account_id)
        .order_by(Follower.since.desc(), Follower.id)
    ).all()


def find_asked(session: Session, token: str, *, not_before: datetime) -> Asked | None:
    """What a confirmation link is for; None when it does not work (any more)."""
    row = session.scalars(
        select(NewsSubscription).where(
            NewsSubscription.token_hash == hash_token(token),
            NewsSubscription.asked_at >= not_before,
        )
    ).first()
    return Asked(row.id, subject_of(row.edition_id, row.subject), row.asked_at) if row else None


def copy_follows(session: Session, owner: CopyOwner) -> list[Row]:
    """For a person's own copy: the proposals that their account follows, the first first."""
    rows = session.scalars(
        select(Follower)
        .where(Follower.account_id == owner.account_id)
        .order_by(Follower.since, Follower.id)
    ).all()
    return tell_of_proposals(
        session, rows, lambda row: {"since": say(row.since), "told_until": say(row.told_until)}
    )


def contact_key_of(session: Session, account_id: UUID) -> bytes | None:
    """The keyed index under which an account's e-mail address subscribes; None without such an address."""
    reached = get_reachable(session, account_id).contact
    if reached is None or reached.kind is not ContactKind.EMAIL:
        return None
    return keyring_of(session).blind(PURPOSE, reached.address)


def copy_subscriptions(session: Session, owner: CopyOwner) -> list[Row]:
    """For a person's own copy: what their account's address follows, also what nobody confirmed.

    An address that no account has stands in nobody's copy: its letters alone tell of it.
    """
    key = contact_key_of(session, owner.account_id) if owner.account_id else None
    if key is None:
        return []
    rows = session.scalars(
        select(NewsSubscription)
        .where(NewsSubscription.contact_key == key)
        .order_by(NewsSubscription.asked_at, NewsSubscription.id)
    ).all()
    named = name_proposals(session, [row.proposal_id for row in rows if row.proposal_id])
    return [
        {
            "edition": get_edition(session, row.edition_id).slug,
            "scope": subject_of(row.edition_id, row.subject).scope,
            "language": row.language,
            "asked": say(row.asked_at),
            "confirmed": say(row.confirmed_at),
            "told_until": say(row.told_until),
            "proposal": None,
            "title": "",
        }
        | (named[row.proposal_id] if row.proposal_id else {})
        for row in rows
    ]
