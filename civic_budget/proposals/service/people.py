"""Co-authors: invite by a link, accept once, leave; and whose name may be shown."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError

from civic_budget.accounts.contacts import ContactKind, read_contact
from civic_budget.accounts.service import MESSAGE
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.proposals import events, policy
from civic_budget.proposals.models import CoAuthor, Proposal, ProposalConsent
from civic_budget.proposals.service.rows import load, load_with_relations, own_text
from civic_budget.proposals.support_rules import INVITATION_TIME, MOST_CO_AUTHORS, hash_token
from civic_budget.storage.db import Work
from civic_budget.storage.outbox import enqueue

LONGEST_NAME = 120


def invite_co_author(
    work: Work, actor: Actor, *, proposal_id: UUID, address: str, language: str, at: datetime
) -> str:
    """Invite somebody by e-mail; returns the token of the link, of which only a hash is kept.

    The letter goes in `language`. Raises NotAllowed (not_the_author, no_longer_a_draft,
    submission_closed) and Conflict at `contact` (bad_email, too_many_co_authors).
    """
    contact = read_contact(address)
    if contact.kind is not ContactKind.EMAIL:
        raise Conflict("bad_email", field="contact")
    proposal, known, edition = load_with_relations(work, proposal_id, at)
    require(policy.may_invite(actor, known, at=at))
    present = work.session.scalar(
        select(func.count()).where(
            CoAuthor.proposal_id == proposal.id,
            CoAuthor.ended_at.is_(None),
            or_(CoAuthor.accepted_at.is_not(None), CoAuthor.expires_at > at),
        )
    )
    if (present or 0) >= MOST_CO_AUTHORS:
        raise Conflict("too_many_co_authors", field="contact")
    token = secrets.token_urlsafe(32)
    row = CoAuthor(
        id=uuid4(),
        proposal_id=proposal_id,
        masked=contact.masked,
        token_hash=hash_token(token),
        invited_at=at,
        expires_at=at + INVITATION_TIME,
    )
    work.session.add(row)
    if not edition.is_training:
        values = {"token": token, "title": own_text(proposal).title}
        letter = {"message": "co_author_invited", "values": values, "language": language}
        sent_to = {"kind": contact.kind.value, "address": contact.address}
        enqueue(work, MESSAGE, {**letter, **sent_to}, at=at)
    work.publish(events.CoAuthorInvited(proposal_id=proposal_id, at=at, by=actor.account_id))
    return token


def find_invitation(work: Work, *, token: str, at: datetime) -> CoAuthor:
    """The invitation behind a link that still works; raises NotFound for any other."""
    row = work.session.scalars(
        select(CoAuthor)
        .where(
            CoAuthor.token_hash == hash_token(token),
            CoAuthor.ended_at.is_(None),
            CoAuthor.expires_at > at,
        )
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound("no_such_invitation")
    return row


def accept_invitation(work: Work, actor: Actor, *, token: str, at: datetime) -> UUID:
    """Become a co-author with one's own account; the link is spent. Returns the proposal's id.

    Raises NotFound for a link that does not work, Conflict (already_an_author).
    """
    if actor.account_id is None or actor.roles:
        raise NotAllowed("residents_only")
    row = find_invitation(work, token=token, at=at)
    proposal = load(work, row.proposal_id)
    if proposal.author_account == actor.account_id:
        raise Conflict("already_an_author")
    row.account_id, row.accepted_at, row.token_hash = actor.account_id, at, None
    try:
        work.session.flush()
    except IntegrityError as twice:
        raise Conflict("already_an_author") from twice
    work.publish(events.CoAuthorJoined(proposal_id=proposal.id, at=at, by=actor.account_id))
    return proposal.id


def end_co_author(
    work: Work, actor: Actor, *, proposal_id: UUID, co_author_id: UUID, at: datetime
) -> None:
    """The author takes an invitation or a co-author back, or a co-author leaves; the name goes too."""
    proposal = load(work, proposal_id)
    row = work.session.get(CoAuthor, co_author_id, with_for_update=True)
    if row is None or row.proposal_id != proposal_id or row.ended_at is not None:
        raise NotFound("no_such_co_author")
    is_own = row.account_id is not None and row.account_id == actor.account_id
    if actor.account_id != proposal.author_account and not is_own:
        raise NotAllowed("not_the_author")
    row.ended_at, row.token_hash = at, None
    if row.account_id is not None:
        _forget_name(work, proposal_id, row.account_id)
    work.publish(events.CoAuthorLeft(proposal_id=proposal_id, at=at, by=actor.account_id))


def show_name(
    work: Work, actor: Actor, *, proposal_id: UUID, name: str, language: str, at: datetime
) -> None:
    """An author agrees to be named, in the words that they typed; an empty name takes that back.

    It may be done in every state: it is the person's own consent. Raises Conflict at `name`.
    """
    proposal, known, _edition = load_with_relations(work, proposal_id, at)
    require(policy.is_an_author(actor, known))
    assert actor.account_id is not None
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise Conflict("name_too_long", field="name")
    _forget_name(work, proposal.id, actor.account_id)
    if name:
        note_consent(work, actor, proposal.id, "name", language, at, words=name)
    work.publish(events.AuthorNamed(proposal_id=proposal_id, at=at, by=actor.account_id))


def note_consent(
    work: Work,
    actor: Actor,
    proposal_id: UUID,
    kind: str,
    language: str,
    at: datetime,
    words: str = "",
) -> None:
    """Keep what an author agreed to; a repeated consent is renewed."""
    if actor.account_id is None:
        return
    work.session.merge(
        ProposalConsent(
            proposal_id=proposal_id,
            account_id=actor.account_id,
            kind=kind,
            words=words,
            language=language,
            agreed_at=at,
        )
    )


def join_authors(work: Work, kept: Proposal, joined: Proposal, at: datetime) -> None:
    """After a merge the authors of what was joined are co-authors of what remains."""
    present = {kept.author_account} | _accounts(work, kept.id)
    newcomers = ({joined.author_account} | _accounts(work, joined.id)) - present
    for account_id in sorted(newcomers):
        work.session.add(
            CoAuthor(
                proposal_id=kept.id,
                account_id=account_id,
                masked=joined.reference or "",
                invited_at=at,
                expires_at=at + INVITATION_TIME,
                accepted_at=at,
            )
        )


def _accounts(work: Work, proposal_id: UUID) -> set[UUID]:
    rows = work.session.scalars(
        select(CoAuthor.account_id).where(
            CoAuthor.proposal_id == proposal_id,
            CoAuthor.accepted_at.is_not(None),
            CoAuthor.ended_at.is_(None),
        )
    )
    return {one for one in rows if one is not None}


def _forget_name(work: Work, proposal_id: UUID, account_id: UUID) -> None:
    work.session.execute(
        delete(ProposalConsent).where(
            ProposalConsent.proposal_id == proposal_id,
            ProposalConsent.account_id == account_id,
            ProposalConsent.kind == "name",
        )
    )
