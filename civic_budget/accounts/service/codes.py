"""Codes and messages on their way to a contact: made, sent, used once, counted, purged."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from civic_budget.accounts import passwords
from civic_budget.accounts.contacts import Contact, ContactKind
from civic_budget.accounts.models import PasskeyChallenge, PendingCode
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work, keyring_of
from civic_budget.storage.outbox import Task, enqueue

CODE_LIFETIME = timedelta(minutes=30)
CODE_TRIES = 6
MESSAGE = "message"
NO_MESSAGE = "accounts.no-message"


def new_pending(
    work: Work,
    purpose: str,
    contact: Contact,
    language: str,
    *,
    at: datetime,
    lifetime: timedelta = CODE_LIFETIME,
) -> PendingCode:
    """A code that is awaited; until `send_code` no code at all fits it."""
    pending_id = uuid4()
    pending = PendingCode(
        id=pending_id,
        purpose=purpose,
        contact_kind=contact.kind.value,
        contact_sealed=work.keyring.seal(
            "contact", contact.address.encode(), bound_to=f"pending|{pending_id}"
        ),
        language=language,
        code_hash="",
        tries=0,
        created_at=at,
        expires_at=at + lifetime,
    )
    work.session.add(pending)
    return pending


def contact_of_pending(session: Session, pending: PendingCode) -> Contact:
    """The contact to which a code went."""
    ring = keyring_of(session)
    plain = ring.unseal("contact", pending.contact_sealed, bound_to=f"pending|{pending.id}")
    return Contact(ContactKind(pending.contact_kind), plain.decode())


def find_awaited_contact(session: Session, pending_id: UUID) -> Contact | None:
    """Where a code went, for the page that asks for it; None when it has been purged."""
    pending = session.get(PendingCode, pending_id)
    return contact_of_pending(session, pending) if pending is not None else None


def send_code(
    work: Work, message: str, pending: PendingCode, contact: Contact, *, at: datetime
) -> None:
    """Make a six-digit code and send it; only its hash is kept."""
    code = passwords.new_digits()
    pending.code_hash = passwords.hash_code(code, salt=str(pending.id))
    send(work, message, contact, pending.language, {"code": code}, at=at)


def send(
    work: Work,
    message: str,
    contact: Contact,
    language: str,
    values: dict[str, str],
    *,
    at: datetime,
) -> None:
    """Put a message to a contact into the outbox."""
    enqueue(work, MESSAGE, _payload(message, contact, language, values), at=at)


def send_nothing(work: Work, contact: Contact, language: str, *, at: datetime) -> None:
    """Do the same work as `send` where no message may go out, so that the answer takes as long."""
    enqueue(work, NO_MESSAGE, _payload("none", contact, language, {"code": "000000"}), at=at)


def perform_nothing(_task: Task) -> None:
    """What the worker does for `send_nothing`."""


def use_code(work: Work, pending_id: UUID, purpose: str, code: str, *, at: datetime) -> PendingCode:
    """The awaited code, if it is the right one; wrong tries were counted by `count_code_try`.

    Raises Conflict `code_expired` (used, old, too many tries, none at all) or `wrong_code`.
    """
    pending = work.session.scalars(
        select(PendingCode)
        .where(PendingCode.id == pending_id, PendingCode.purpose == purpose)
        .with_for_update()
    ).first()
    if pending is None or pending.used_at is not None or pending.expires_at <= at:
        raise Conflict("code_expired", field="code")
    if pending.tries > CODE_TRIES:
        raise Conflict("code_expired", field="code")
    if not passwords.code_matches(pending.code_hash, code, salt=str(pending.id)):
        raise Conflict("wrong_code", field="code")
    pending.used_at = at
    return pending


def count_code_try(work: Work, *, pending_id: UUID) -> None:
    """Count a try of a code; commit it before the code is compared."""
    work.session.execute(
        update(PendingCode).where(PendingCode.id == pending_id).values(tries=PendingCode.tries + 1)
    )


def void_codes(work: Work, *, account_id: UUID) -> None:
    """Whatever was mailed to get into an account stops working: its keys were changed."""
    work.session.execute(delete(PendingCode).where(PendingCode.account_id == account_id))


def purge_codes(work: Work, *, at: datetime) -> int:
    """Delete codes, links and challenges that can't be used any more, with the contacts in them."""
    spent = work.session.scalars(
        delete(PendingCode)
        .where((PendingCode.expires_at <= at) | PendingCode.used_at.is_not(None))
        .returning(PendingCode.id)
    ).all()
    work.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= at))
    return len(spent)


def _payload(
    message: str, contact: Contact, language: str, values: dict[str, str]
) -> dict[str, object]:
    return {
        "message": message,
        "kind": contact.kind.value,
        "address": contact.address,
        "language": language,
        "values": values,
    }
