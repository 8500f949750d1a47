"""A code to the account's contact that stands for a signature: sent when signing, used once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from civic_budget.accounts import queries
from civic_budget.accounts.contacts import Contact
from civic_budget.accounts.models import Account
from civic_budget.accounts.service.codes import (
    contact_of_pending,
    new_pending,
    send_code,
    use_code,
)
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work

PURPOSE = "signature"


def send_signing_code(work: Work, *, account_id: UUID, language: str, at: datetime) -> UUID:
    """Send a code to the owner of an account; returns the id under which it is awaited.

    Raises Conflict `no_contact_to_sign` at `signature` for an account without e-mail and phone.
    """
    account = work.session.get_one(Account, account_id)
    contacts = queries.contacts_of(work.session, account)
    if not contacts:
        raise Conflict("no_contact_to_sign", field="signature")
    pending = new_pending(work, PURPOSE, contacts[0], language, at=at)
    pending.account_id = account_id
    send_code(work, "signing_code", pending, contacts[0], at=at)
    return pending.id


def use_signing_code(
    work: Work, *, account_id: UUID, pending_id: UUID, code: str, at: datetime
) -> Contact:
    """To which contact the right code went; raises Conflict `wrong_code` or `code_expired` at `code`."""
    pending = use_code(work, pending_id, PURPOSE, code, at=at)
    if pending.account_id != account_id:
        raise Conflict("code_expired", field="code")
    return contact_of_pending(work.session, pending)
