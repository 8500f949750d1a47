"""What people change in their own account: password, contacts, language of messages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from civic_budget.accounts import passwords, queries
from civic_budget.accounts.contacts import Contact
from civic_budget.accounts.events import (
    AccountClosed,
    ContactChanged,
    PasswordChanged,
    PasswordReset,
)
from civic_budget.accounts.models import Account, ActivationCode, Passkey
from civic_budget.accounts.service.codes import (
    contact_of_pending,
    new_pending,
    send,
    send_code,
    send_nothing,
    use_code,
    void_codes,
)
from civic_budget.accounts.service.opening import (
    check_password_shape,
    flush_or_refuse,
    set_contact,
)
from civic_budget.accounts.service.sessions import end_sessions
from civic_budget.kernel.errors import Conflict
from civic_budget.storage.db import Work


def start_recovery(work: Work, *, contact: Contact, language: str, at: datetime) -> UUID:
    """Send a code for a new password, if the contact has an account; the page says the same anyway."""
    account = queries.find_by_contact(work.session, contact)
    pending = new_pending(work, "recovery", contact, language, at=at)
    if account is not None and queries.may_sign_in(work.session, account, at=at):
        pending.account_id = account.id
        send_code(work, "recovery_code", pending, contact, at=at)
    else:
        send_nothing(work, contact, language, at=at)
    return pending.id


def reset_password(work: Work, *, pending_id: UUID, code: str, password: str, at: datetime) -> UUID:
    """Set a new password and end all sessions; returns the account's id."""
    check_password_shape(password)
    pending = use_code(work, pending_id, "recovery", code, at=at)
    if pending.account_id is None:
        raise Conflict("wrong_code", field="code")
    account = work.session.get_one(Account, pending.account_id)
    if not queries.may_sign_in(work.session, account, at=at):
        raise Conflict("code_expired", field="code")
    account.password_hash = passwords.hash_password(password)
    end_sessions(work, account_id=account.id, at=at)
    void_codes(work, account_id=account.id)
    work.publish(PasswordReset(account_id=account.id, at=at, by=account.id))
    return account.id


def change_password(
    work: Work,
    *,
    account_id: UUID,
    current: str,
    password: str,
    keep_session: UUID,
    at: datetime,
) -> None:
    """Replace the password, or set the first one; all other sessions end and the owner is told.

    Raises Conflict `wrong_password` at `current`, or `password_too_short`.
    """
    account = work.session.get_one(Account, account_id)
    check_current_password(account, current)
    check_password_shape(password)
    account.password_hash = passwords.hash_password(password)
    end_sessions(work, account_id=account_id, at=at, except_for=keep_session)
    void_codes(work, account_id=account_id)
    tell_owner(work, account, "password_changed", at=at)
    work.publish(PasswordChanged(account_id=account_id, at=at, by=account_id))


def start_contact_change(
    work: Work, *, account_id: UUID, contact: Contact, current: str, at: datetime
) -> UUID:
    """Send a code to a new contact; returns the id under which the code is awaited.

    Raises Conflict `wrong_password` at `current`. A contact of another account gets a message without
    a code; the page says the same.
    """
    account = work.session.get_one(Account, account_id)
    check_current_password(account, current)
    pending = new_pending(work, "contact", contact, account.language, at=at)
    pending.account_id = account_id
    if queries.find_by_contact(work.session, contact) is None:
        send_code(work, "contact_code", pending, contact, at=at)
    else:
        send(work, "already_registered", contact, account.language, {}, at=at)
    return pending.id


def confirm_contact_change(
    work: Work, *, account_id: UUID, pending_id: UUID, code: str, at: datetime
) -> None:
    """Put the confirmed contact into the account; the former one is told."""
    pending = use_code(work, pending_id, "contact", code, at=at)
    contact = contact_of_pending(work.session, pending)
    if pending.account_id != account_id or queries.find_by_contact(work.session, contact):
        raise Conflict("wrong_code", field="code")
    account = work.session.get_one(Account, account_id)
    tell_owner(work, account, "contact_changed", at=at)
    set_contact(work, account, contact)
    flush_or_refuse(work)
    void_codes(work, account_id=account_id)
    work.publish(ContactChanged(account_id=account_id, at=at, by=account_id))


def change_language(work: Work, *, account_id: UUID, language: str) -> None:
    """Messages to the account come in this language from now on."""
    work.session.get_one(Account, account_id).language = language


def close_account(work: Work, *, account_id: UUID, at: datetime) -> None:
    """Close a resident's account for good: contact and keys go, sessions end, the bare row stays."""
    account = work.session.get_one(Account, account_id, with_for_update=True)
    account.email_sealed = account.email_blind = None
    account.phone_sealed = account.phone_blind = None
    account.password_hash = account.totp_sealed = account.card_number = None
    account.disabled_at = at
    work.session.execute(delete(ActivationCode).where(ActivationCode.account_id == account_id))
    work.session.execute(delete(Passkey).where(Passkey.account_id == account_id))
    void_codes(work, account_id=account_id)
    end_sessions(work, account_id=account_id, at=at)
    work.publish(AccountClosed(account_id=account_id, at=at, by=account_id))


def check_current_password(account: Account, current: str) -> None:
    """Raises Conflict `wrong_password` at `current`; an account without a password has none to ask."""
    if account.password_hash is None:
        return
    if not passwords.password_matches(account.password_hash, current):
        raise Conflict("wrong_password", field="current")


def tell_owner(work: Work, account: Account, message: str, *, at: datetime) -> None:
    """Tell the owner of an account what happened to it, if there is a contact."""
    contact = queries.contact_of(work.session, account)
    if contact is not None:
        send(work, message, contact, account.language, {}, at=at)
