"""Put messages into the outbox: in the transaction of the deed that they tell about."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from civic_budget.accounts.contacts import Contact
from civic_budget.storage.db import Work
from civic_budget.storage.outbox import enqueue

MESSAGE = "message"


def notify_contact(
    work: Work,
    *,
    contact: Contact,
    language: str,
    message: str,
    values: dict[str, Any] | None = None,
    at: datetime,
) -> None:
    """Tell somebody without an account something; the outbox keeps the address sealed until then."""
    payload = {
        "message": message,
        "kind": contact.kind.value,
        "address": contact.address,
        "language": language,
        "values": values or {},
    }
    enqueue(work, MESSAGE, payload, at=at)


def notify_account(
    work: Work,
    *,
    account_id: UUID,
    message: str,
    values: dict[str, Any] | None = None,
    at: datetime,
    due_at: datetime | None = None,
) -> None:
    """Tell an account something; its contact and language are looked up when the message leaves.

    `values` fill the gaps of templates/mail/<message>/; ids and codes are better than words here.
    """
    payload = {"message": message, "account_id": str(account_id), "values": values or {}}
    enqueue(work, MESSAGE, payload, at=at, due_at=due_at)
