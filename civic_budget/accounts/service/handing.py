"""An account opened for somebody else at their own contact: a code goes there, then a message."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from civic_budget.accounts import queries
from civic_budget.accounts.contacts import Contact
from civic_budget.accounts.models import Account
from civic_budget.accounts.service.codes import (
    contact_of_pending,
    new_pending,
    send,
    send_code,
    use_code,
)
from civic_budget.accounts.service.opening import open_account_without_code
from civic_budget.accounts.service.own import tell_owner
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work

PURPOSE = "hand_over"


def send_hand_over_code(
    work: Work, *, asked_by: UUID, contact: Contact, language: str, at: datetime
) -> UUID:
    """Send a code to the contact of another person; returns the id under which it is awaited.

    A contact that has an account gets a message without a code; the page says the same. Raises Conflict
    `own_contact` at `contact` for the contact of who asks.
    """
    known = queries.find_by_contact(work.session, contact)
    if known is not None and known.id == asked_by:
        raise Conflict("own_contact", field="contact")
    pending = new_pending(work, PURPOSE, contact, language, at=at)
    pending.account_id = asked_by
    if known is None:
        send_code(work, "hand_over_code", pending, contact, at=at)
    else:
        send(work, "already_registered", contact, language, {}, at=at)
    return pending.id


def open_handed_account(
    work: Work, actor: Actor, *, pending_id: UUID, code: str, language: str, at: datetime
) -> UUID:
    """Open the account at the contact to which the right code went, and tell its owner; returns its id.

    It has no password: the owner chooses one from a code to the same contact. Raises Conflict
    `wrong_code` or `code_expired` at `code`.
    """
    pending = use_code(work, pending_id, PURPOSE, code, at=at)
    contact = contact_of_pending(work.session, pending)
    if pending.account_id != actor.account_id:
        raise Conflict("code_expired", field="code")
    if queries.find_by_contact(work.session, contact) is not None:
        raise Conflict("wrong_code", field="code")
    account_id = open_account_without_code(
        work, actor, contact=contact, password=None, language=language, at=at
    )
    tell_owner(work, work.session.get_one(Account, account_id), "record_handed_over", at=at)
    return account_id
