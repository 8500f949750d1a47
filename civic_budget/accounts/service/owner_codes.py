"""A code to an account's own contact, with which its owner stands for one kind of deed; used once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from civic_budget.accounts import queries
from civic_budget.accounts.models import Account, PendingCode
from civic_budget.accounts.service.codes import new_pending, send_code, use_code
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work


def send_owner_code(
    work: Work,
    account_id: UUID,
    *,
    purpose: str,
    message: str,
    lacking: Conflict,
    language: str,
    at: datetime,
) -> UUID:
    """Send a code for one purpose; returns the id under which it is awaited.

    Raises `lacking` for an account without e-mail and phone.
    """
    account = work.session.get_one(Account, account_id)
    contacts = queries.contacts_of(work.session, account)
    if not contacts:
        raise lacking
    pending = new_pending(work, purpose, contacts[0], language, at=at)
    pending.account_id = account_id
    send_code(work, message, pending, contacts[0], at=at)
    return pending.id


def use_owner_code(
    work: Work, account_id: UUID, *, purpose: str, pending_id: UUID, code: str, at: datetime
) -> PendingCode:
    """Raises Conflict `wrong_code`, or `code_expired` also for a code of another account or purpose."""
    pending = use_code(work, pending_id, purpose, code, at=at)
    if pending.account_id != account_id:
        raise Conflict("code_expired", field="code")
    return pending
