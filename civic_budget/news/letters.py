"""The worker's job: tell followers what is new. What was told and the letter are one transaction.

News of one proposal leaves within minutes; of a pool or an edition in one letter a day. A crash tells
nothing twice: `told_until` moves in the transaction that puts the letter into the outbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic_budget.accounts.contacts import Contact, ContactKind
from civic_budget.accounts.queries import get_reachable
from civic_budget.editions.queries import EditionFacts, list_editions
from civic_budget.news.gathering import NewsItem, gather_news
from civic_budget.news.models import Follower, NewsSubscription
from civic_budget.news.rules import (
    DIGEST_EVERY,
    MOST_IN_A_LETTER,
    SETTLES_IN,
    Subject,
    subject_of,
)
from civic_budget.news.service import read_sealed, stop_token
from civic_budget.notifications.service import notify_contact
from civic_budget.proposals.queries import Window
from civic_budget.storage.db import Database, Work

MOST_GATHERED = 2000


def tell_news(database: Database, *, at: datetime) -> int:
    """Put a letter into the outbox for everybody who has news and is due; returns how many."""
    with database.reading() as session:
        editions = [e for e in list_editions(session) if not (e.is_training or e.is_imported)]
    told = 0
    for edition in editions:
        with database.writing() as work:
            told += _tell_edition(work, edition, at - SETTLES_IN, at)
    return told


def _tell_edition(work: Work, edition: EditionFacts, until: datetime, at: datetime) -> int:
    followers = _due(work, select(Follower).where(Follower.edition_id == edition.id), until)
    subscribers = [
        row
        for row in _due(
            work,
            select(NewsSubscription).where(
                NewsSubscription.edition_id == edition.id,
                NewsSubscription.confirmed_at.is_not(None),
            ),
            until,
        )
        if row.proposal_id is not None or row.told_until <= until - DIGEST_EVERY
    ]
    rows: list[Follower | NewsSubscription] = [*followers, *subscribers]
    if not rows:
        return 0
    since = min(row.told_until for row in rows)
    items = gather_news(work.session, edition, Window(since, until, most=MOST_GATHERED))
    if not items:
        return 0
    told = 0
    for follower in followers:
        subject = Subject(edition.id, proposal_id=follower.proposal_id)
        told += _tell_account(work, follower, _matching(items, subject, follower.told_until), at)
    for row in subscribers:
        subject = subject_of(edition.id, row.subject)
        told += _tell_address(work, row, subject, _matching(items, subject, row.told_until), at)
    for row in rows:
        row.told_until = until
    return told


def _due(work: Work, chosen: Any, until: datetime) -> Sequence[Any]:
    table = chosen.column_descriptions[0]["entity"]
    return work.session.scalars(
        chosen.where(table.told_until < until).order_by(table.id).with_for_update()
    ).all()


def _matching(items: Iterable[NewsItem], subject: Subject, since: datetime) -> list[NewsItem]:
    return [
        item
        for item in items
        if item.at > since
        and (not subject.scope or item.scope == subject.scope)
        and (
            subject.proposal_id is None
            or (item.proposal is not None and item.proposal.id == subject.proposal_id)
        )
    ]


def _tell_account(work: Work, row: Follower, items: Sequence[NewsItem], at: datetime) -> int:
    """By e-mail only: news is not worth a text message. Others read it on their page."""
    if not items:
        return 0
    reachable = get_reachable(work.session, row.account_id)
    if reachable.contact is None or reachable.contact.kind is not ContactKind.EMAIL:
        return 0
    _send(work, row.id, reachable.contact, reachable.language, "proposal", items, at)
    return 1


def _tell_address(
    work: Work, row: NewsSubscription, subject: Subject, items: Sequence[NewsItem], at: datetime
) -> int:
    if not items:
        return 0
    contact = read_sealed(work.keyring, row)
    _send(work, row.id, contact, row.language, subject.name, items, at)
    return 1


def _send(
    work: Work,
    row_id: UUID,
    contact: Contact,
    language: str,
    subject: str,
    items: Sequence[NewsItem],
    at: datetime,
) -> None:
    values = {
        "subject": subject,
        "items": [_told(item, language) for item in items[:MOST_IN_A_LETTER]],
        "more": max(0, len(items) - MOST_IN_A_LETTER),
        "stop": stop_token(work.keyring, row_id),
    }
    notify_contact(work, contact=contact, language=language, message="news", values=values, at=at)


def _told(item: NewsItem, language: str) -> dict[str, Any]:
    proposal = item.proposal
    return {
        "kind": item.kind,
        "code": item.code,
        "at": item.at.isoformat(),
        "proposal_id": str(proposal.id) if proposal else "",
        "reference": proposal.reference if proposal else "",
        "title": item.title(language)[0],
        "words": item.said(language)[0],
    }
