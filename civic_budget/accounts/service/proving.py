"""That it is the owner who asks for a deed that nobody can undo: the password, or a code to the contact."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from civic_budget.accounts.models import Account
from civic_budget.accounts.service.own import check_current_password
from civic_budget.accounts.service.owner_codes import send_owner_code, use_owner_code
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work

PURPOSE = "erasure"


def check_owner(work: Work, *, account_id: UUID, current: str) -> None:
    """Raises Conflict at `current`: `password_missing`, `wrong_password`, `no_password` for one without."""
    account = work.session.get_one(Account, account_id)
    if account.password_hash is None:
        raise Conflict("no_password", field="current")
    if not current:
        raise Conflict("password_missing", field="current")
    check_current_password(account, current)


def send_erasing_code(work: Work, *, account_id: UUID, language: str, at: datetime) -> UUID:
    """Send a code to the owner of an account; returns the id under which it is awaited.

    Raises Conflict `no_contact_to_prove` for an account without e-mail and phone.
    """
    return send_owner_code(
        work,
        account_id,
        purpose=PURPOSE,
        message="erasing_code",
        lacking=Conflict("no_contact_to_prove"),
        language=language,
        at=at,
    )


def use_erasing_code(
    work: Work, *, account_id: UUID, pending_id: UUID, code: str, at: datetime
) -> None:
    """Raises Conflict `wrong_code` or `code_expired` at `code`, also for another account's code."""
    use_owner_code(work, account_id, purpose=PURPOSE, pending_id=pending_id, code=code, at=at)
