"""Deeds of following: one click for residents, two steps for addresses, one click to end either.

Whether an address is known is told to nobody: the page says the same, the letter goes to its owner.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from civic_budget.accounts.contacts import Contact, ContactKind, read_contact
from civic_budget.accounts.events import AccountClosed
from civic_budget.city.queries import district_names
from civic_budget.editions.queries import EditionFacts, get_edition, list_editions
from civic_budget.editions.rules import CITY_WIDE, Milestone, district_of
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.kernel.keys import KeyRing
from civic_budget.news.models import Follower, NewsSubscription
from civic_budget.news.queries import contact_key_of
from civic_budget.news.rules import (
    CONFIRM_WITHIN,
    KEPT_AFTER_RESULTS,
    PURPOSE,
    Subject,
    hash_token,
    may_follow,
)
from civic_budget.notifications.service import notify_contact
from civic_budget.proposals.queries import ProposalFacts, get_proposal
from civic_budget.proposals.rules import PUBLIC_STATES
from civic_budget.storage.db import Work

STOP_BYTES = 18


def follow_proposal(work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> None:
    """Follow a proposal with one's own account; twice is once.

    Raises NotAllowed (residents_only, own_proposal, nothing_to_follow).
    """
    proposal = get_proposal(work.session, proposal_id)
    edition = get_edition(work.session, proposal.edition_id)
    is_author = actor.account_id in {proposal.author_account, *proposal.co_authors}
    require(
        may_follow(
            actor,
            is_public=proposal.state in PUBLIC_STATES,
            is_training=edition.is_training,
            is_author=is_author,
        )
    )
    assert actor.account_id is not None
    row = Follower(
        proposal_id=proposal_id,
        edition_id=proposal.edition_id,
        account_id=actor.account_id,
        since=at,
        told_until=at,
    )
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        return  # clicked twice


def unfollow_proposal(work: Work, actor: Actor, *, proposal_id: UUID) -> None:
    """Follow it no longer."""
    work.session.execute(
        delete(Follower).where(
            Follower.proposal_id == proposal_id, Follower.account_id == actor.account_id
        )
    )


def ask_for_news(work: Work, *, subject: Subject, address: str, language: str, at: datetime) -> str:
    """Send the owner of an address a link that starts the news, or says that they come already.

    Returns the link's token, of which only a hash is kept; empty when they come already. Raises
    Conflict at `contact` (bad_email), NotFound for what has no news.
    """
    contact = read_email(address)
    edition = get_edition(work.session, subject.edition_id)
    proposal = _checked(work, edition, subject)
    row = _find(work, subject, contact)
    token = secrets.token_urlsafe(32)
    if row is None:
        row = _new(work, subject, contact, at)
    if row.confirmed_at is None:
        row.token_hash, row.asked_at, row.language = hash_token(token), at, language
    values = {
        "subject": subject.name,
        "edition": edition.names,
        "district": _district(work, subject),
        "title": proposal.best_words(language).title if proposal else "",
        "reference": proposal.reference if proposal else "",
        "token": token if row.confirmed_at is None else "",
        "stop": stop_token(work.keyring, row.id),
    }
    notify_contact(
        work, contact=contact, language=language, message="news_confirm", values=values, at=at
    )
    return token if row.confirmed_at is None else ""


def confirm_news(work: Work, *, token: str, at: datetime) -> Subject:
    """The owner of the address agrees; the link is spent. Raises NotFound for one that does not work."""
    row = work.session.scalars(
        select(NewsSubscription)
        .where(
            NewsSubscription.token_hash == hash_token(token),
            NewsSubscription.asked_at >= at - CONFIRM_WITHIN,
        )
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound("no_such_link")
    row.confirmed_at, row.token_hash, row.told_until = at, None, at
    return Subject(row.edition_id, _scope(row.subject), row.proposal_id)


def stop_news(work: Work, *, token: str) -> None:
    """End the news behind a letter's link; a link that was used before is right as well."""
    row_id = _read_stop_token(work.keyring, token)
    for table in (NewsSubscription, Follower):
        work.session.execute(delete(table).where(table.id == row_id))


def stop_token(ring: KeyRing, row_id: UUID) -> str:
    """What a letter's link says: the row and a keyed mark, so that nobody ends what is not theirs."""
    mark = ring.blind("news-stop", str(row_id))[:STOP_BYTES]
    return f"{row_id.hex}.{base64.urlsafe_b64encode(mark).decode()}"


def forget_account(work: Work, happened: AccountClosed) -> None:
    """A closed account follows nothing."""
    work.session.execute(delete(Follower).where(Follower.account_id == happened.account_id))


def forget_address(work: Work, account_id: UUID, at: datetime) -> None:
    """Whoever erases everything gets no news at their account's address either."""
    key = contact_key_of(work.session, account_id)
    if key is not None:
        work.session.execute(delete(NewsSubscription).where(NewsSubscription.contact_key == key))


def forget_old(work: Work, *, at: datetime) -> int:
    """Forget addresses that nobody confirmed in time, and everybody two years after the results."""
    gone = [
        *work.session.scalars(
            delete(NewsSubscription)
            .where(
                NewsSubscription.confirmed_at.is_(None),
                NewsSubscription.asked_at < at - CONFIRM_WITHIN,
            )
            .returning(NewsSubscription.id)
        )
    ]
    over = [e.id for e in list_editions(work.session) if _is_over(e, at)]
    for table in (NewsSubscription, Follower):
        gone += work.session.scalars(
            delete(table).where(table.edition_id.in_(over)).returning(table.id)
        )
    return len(gone)


def read_email(address: str) -> Contact:
    """The e-mail address that somebody typed; raises Conflict at `contact`."""
    try:
        contact = read_contact(address)
    except Conflict as error:
        raise Conflict("bad_email", field="contact") from error
    if contact.kind is not ContactKind.EMAIL:
        raise Conflict("bad_email", field="contact")
    return contact


def read_sealed(ring: KeyRing, row: NewsSubscription) -> Contact:
    """The address of a subscription, for a letter that leaves."""
    plain = ring.unseal(PURPOSE, row.contact_sealed, bound_to=str(row.id))
    return Contact(ContactKind.EMAIL, plain.decode())


def _new(work: Work, subject: Subject, contact: Contact, at: datetime) -> NewsSubscription:
    row_id = uuid4()
    row = NewsSubscription(
        id=row_id,
        edition_id=subject.edition_id,
        subject=subject.key,
        proposal_id=subject.proposal_id,
        contact_sealed=work.keyring.seal(PURPOSE, contact.address.encode(), bound_to=str(row_id)),
        contact_key=work.keyring.blind(PURPOSE, contact.address),
        told_until=at,
    )
    work.session.add(row)
    return row


def _find(work: Work, subject: Subject, contact: Contact) -> NewsSubscription | None:
    return work.session.scalars(
        select(NewsSubscription)
        .where(
            NewsSubscription.edition_id == subject.edition_id,
            NewsSubscription.subject == subject.key,
            NewsSubscription.contact_key == work.keyring.blind(PURPOSE, contact.address),
        )
        .with_for_update()
    ).first()


def _checked(work: Work, edition: EditionFacts, subject: Subject) -> ProposalFacts | None:
    """The proposal of a subject, if it is one; raises NotFound for what has no news."""
    if edition.is_training:
        raise NotFound("nothing_to_follow")
    if subject.scope:
        edition.pool(subject.scope)
    if subject.proposal_id is None:
        return None
    proposal = get_proposal(work.session, subject.proposal_id)
    if proposal.state not in PUBLIC_STATES or proposal.edition_id != edition.id:
        raise NotFound("nothing_to_follow")
    return proposal


def _district(work: Work, subject: Subject) -> str:
    number = district_of(subject.scope) if subject.scope not in {"", CITY_WIDE} else None
    return district_names(work.session).get(number, "") if number is not None else ""


def _scope(key: str) -> str:
    return key.removeprefix("scope:") if key.startswith("scope:") else ""


def _is_over(edition: EditionFacts, at: datetime) -> bool:
    return at > edition.moment_of(Milestone.RESULTS_PUBLISHED) + KEPT_AFTER_RESULTS


def _read_stop_token(ring: KeyRing, token: str) -> UUID:
    found, _, _mark = token.partition(".")
    try:
        row_id = UUID(hex=found)
    except ValueError:
        raise NotFound("no_such_link") from None
    if not hmac.compare_digest(stop_token(ring, row_id).encode(), token.encode()):
        raise NotFound("no_such_link")
    return row_id
