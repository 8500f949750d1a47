"""Signing in by a mailed link: for residents, once, within a quarter of an hour.

Opening the link uses nothing up (mail scanners open links); the button on its page does.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.accounts import passwords, queries
from civic_budget.accounts.contacts import Contact, ContactKind
from civic_budget.accounts.devices import Device
from civic_budget.accounts.models import Account, PendingCode, SignIn
from civic_budget.accounts.service.codes import (
    contact_of_pending,
    new_pending,
    send,
    send_nothing,
    use_code,
)
from civic_budget.accounts.service.sessions import start_session
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work

LINK_LIFETIME = timedelta(minutes=15)
TOKEN_BYTES = 24


def start_link(work: Work, *, contact: Contact, language: str, at: datetime) -> UUID:
    """Mail a link to a resident's e-mail; returns the id by which the asking browser knows it.

    Raises Conflict `link_needs_email` for a phone. An unknown address and a member of staff's get
    nothing, and nobody can tell.
    """
    if contact.kind is not ContactKind.EMAIL:
        raise Conflict("link_needs_email", field="contact")
    account = queries.find_by_contact(work.session, contact)
    pending = new_pending(work, "link", contact, language, at=at, lifetime=LINK_LIFETIME)
    token = secrets.token_hex(TOKEN_BYTES)
    token_hash = passwords.hash_code(token, salt=str(pending.id))
    if account is None or not _may_use_link(work, account, at):
        send_nothing(work, contact, language, at=at)
        return pending.id
    pending.account_id = account.id
    pending.code_hash = token_hash
    values = {"link_id": str(pending.id), "token": token}
    send(work, "sign_in_link", contact, language, values, at=at)
    return pending.id


def find_link(session: Session, *, pending_id: UUID, token: str, at: datetime) -> Contact:
    """To whom a link was mailed, without using it up; raises Conflict `link_expired`."""
    pending = session.scalars(
        select(PendingCode).where(PendingCode.id == pending_id, PendingCode.purpose == "link")
    ).first()
    if pending is None or pending.used_at is not None or pending.expires_at <= at:
        raise Conflict("link_expired")
    if not passwords.code_matches(pending.code_hash, token, salt=str(pending.id)):
        raise Conflict("link_expired")
    return contact_of_pending(session, pending)


def use_link(
    work: Work, *, pending_id: UUID, token: str, at: datetime, device: Device = Device.UNKNOWN
) -> SignIn:
    """Start the session for which the link was asked; raises Conflict `link_expired`."""
    try:
        pending = use_code(work, pending_id, "link", token, at=at)
    except Conflict:
        raise Conflict("link_expired") from None
    account = work.session.get(Account, pending.account_id) if pending.account_id else None
    if account is None or not _may_use_link(work, account, at):
        raise Conflict("link_expired")
    return start_session(work, account_id=account.id, at=at, device=device)


def _may_use_link(work: Work, account: Account, at: datetime) -> bool:
    return account.staff_name is None and queries.may_sign_in(work.session, account, at=at)
