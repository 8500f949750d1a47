"""A code to the account's contact that stands for a signature: sent when signing, used once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from civic_budget.accounts.contacts import Contact
from civic_budget.accounts.service.codes import contact_of_pending
from civic_budget.accounts.service.owner_codes import send_owner_code, use_owner_code
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work

PURPOSE = "signature"


def send_signing_code(work: Work, *, account_id: UUID, language: str, at: datetime) -> UUID:
    """Send a code to the owner of an account; returns the id under which it is awaited.

    Raises Conflict `no_contact_to_sign` at `signature` for an account without e-mail and phone.
    """
    return send_owner_code(
        work,
        account_id,
        purpose=PURPOSE,
        message="signing_code",
        lacking=Conflict("no_contact_to_sign", field="signature"),
        language=language,
        at=at,
    )


def use_signing_code(
    work: Work, *, account_id: UUID, pending_id: UUID, code: str, at: datetime
) -> Contact:
    """To which contact the right code went; raises Conflict `wrong_code` or `code_expired` at `code`."""
    pending = use_owner_code(
        work, account_id, purpose=PURPOSE, pending_id=pending_id, code=code, at=at
    )
    return contact_of_pending(work.session, pending)
