"""Opening accounts: by a code to a contact, at a desk, or by an import."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from civic_budget.accounts import passwords, queries
from civic_budget.accounts.contacts import Contact, ContactKind
from civic_budget.accounts.events import AccountOpened
from civic_budget.accounts.models import Account
from civic_budget.accounts.service.codes import (
    contact_of_pending,
    new_pending,
    send,
    send_code,
    use_code,
)
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work


def start_sign_up(
    work: Work, *, contact: Contact, password: str, language: str, at: datetime
) -> UUID:
    """Send a code to a contact; returns the id under which the code is awaited.

    A contact that has an account gets another message; the password is hashed all the same.
    """
    check_password_shape(password)
    taken = queries.find_by_contact(work.session, contact)
    pending = new_pending(work, "sign_up", contact, language, at=at)
    password_hash = passwords.hash_password(password)
    if taken is None:
        pending.password_hash = password_hash
        send_code(work, "sign_up_code", pending, contact, at=at)
    else:
        send(work, "already_registered", contact, language, {}, at=at)
    return pending.id


def confirm_sign_up(work: Work, *, pending_id: UUID, code: str, at: datetime) -> UUID:
    """Open the account when the code is right; returns the account's id."""
    pending = use_code(work, pending_id, "sign_up", code, at=at)
    contact = contact_of_pending(work.session, pending)
    if pending.password_hash is None or queries.find_by_contact(work.session, contact):
        raise Conflict("wrong_code", field="code")
    account = new_account(pending.language, at=at)
    account.password_hash = pending.password_hash
    set_contact(work, account, contact)
    work.session.add(account)
    flush_or_refuse(work)
    work.publish(AccountOpened(account_id=account.id, at=at, by=account.id))
    return account.id


def open_account_without_code(
    work: Work,
    actor: Actor,
    *,
    contact: Contact | None,
    password: str | None,
    language: str,
    at: datetime,
) -> UUID:
    """An account whose contact was confirmed by other means (a desk, an import); returns its id."""
    account = new_account(language, at=at)
    account.password_hash = passwords.hash_password(password) if password else None
    if contact is not None:
        if queries.find_by_contact(work.session, contact):
            raise Conflict("contact_taken", field="contact")
        set_contact(work, account, contact)
    work.session.add(account)
    work.session.flush()
    work.publish(AccountOpened(account_id=account.id, at=at, by=actor.account_id))
    return account.id


def new_account(language: str, *, at: datetime) -> Account:
    """An account without any contact yet."""
    return Account(id=uuid4(), language=language, created_at=at)


def set_contact(work: Work, account: Account, contact: Contact) -> None:
    """Put a contact into an account, sealed for its row, in place of the former one of its kind."""
    bound_to = f"account|{account.id}|{contact.kind}"
    sealed = work.keyring.seal("contact", contact.address.encode(), bound_to=bound_to)
    blind = work.keyring.blind(f"contact-{contact.kind}", contact.address)
    if contact.kind is ContactKind.EMAIL:
        account.email_sealed, account.email_blind = sealed, blind
    else:
        account.phone_sealed, account.phone_blind = sealed, blind


def flush_or_refuse(work: Work) -> None:
    """Write; when somebody else took the same contact in this moment, the code is simply wrong."""
    try:
        work.session.flush()
    except IntegrityError:
        raise Conflict("wrong_code", field="code") from None


def check_password_shape(password: str, *, field: str = "password") -> None:
    """Raises Conflict `password_too_short`."""
    if len(password) < passwords.MIN_LENGTH:
        raise Conflict("password_too_short", field=field, minimum=passwords.MIN_LENGTH)
