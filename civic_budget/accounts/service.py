"""Deeds on accounts: opening, signing in and out, second factor, recovery, staff.

Nothing here tells a stranger whether a contact is known: an address that already has an account gets
another message, and the page says the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import delete, select, update

from civic_budget.accounts import passwords, queries
from civic_budget.accounts.contacts import Contact, ContactKind
from civic_budget.accounts.events import (
    AccountOpened,
    PasswordReset,
    PrintedCodesIssued,
    StaffAccountCreated,
    StaffSignedIn,
)
from civic_budget.accounts.models import (
    Account,
    AccountRole,
    PendingCode,
    PrintedCode,
    SignIn,
)
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.storage.db import Work
from civic_budget.storage.outbox import enqueue

CODE_LIFETIME = timedelta(minutes=30)
CODE_TRIES = 6
RESIDENT_SESSION = timedelta(days=14)
STAFF_SESSION = timedelta(hours=10)
MESSAGE = "message"


def start_sign_up(
    work: Work, *, contact: Contact, password: str, language: str, at: datetime
) -> UUID:
    """Send a code to a contact; returns the id under which the code is awaited."""
    _check_password(password)
    taken = queries.find_by_contact(work.session, contact)
    pending = _pending(work, "sign_up", contact, language, at)
    if taken is None:
        pending.password_hash = passwords.hash_password(password)
        _send_code(work, "sign_up_code", pending, contact, at)
    else:
        _send(work, "already_registered", contact, language, {}, at)
    return pending.id


def confirm_sign_up(work: Work, *, pending_id: UUID, code: str, at: datetime) -> UUID:
    """Open the account when the code is right; returns the account's id."""
    pending = _use_code(work, pending_id, "sign_up", code, at)
    contact = _contact_of(work, pending)
    if pending.password_hash is None or queries.find_by_contact(work.session, contact):
        raise Conflict("wrong_code", field="code")
    account = _new_account(contact.kind, pending.language, at)
    account.password_hash = pending.password_hash
    _set_contact(work, account, contact)
    work.session.add(account)
    work.publish(AccountOpened(account_id=account.id, at=at, by=account.id))
    return account.id


def sign_in(work: Work, *, contact: Contact, password: str, at: datetime) -> SignIn:
    """Start a session; raises DomainError `wrong_credentials`, the same for every cause."""
    account = queries.find_by_contact(work.session, contact)
    known_hash = account.password_hash if account else None
    if not passwords.password_matches(known_hash, password) or account is None:
        raise DomainError("wrong_credentials")
    if account.disabled_at is not None:
        raise DomainError("wrong_credentials")
    return start_session(work, account_id=account.id, at=at)


def start_session(work: Work, *, account_id: UUID, at: datetime) -> SignIn:
    """A new session of an account; a member of staff still needs the second factor."""
    is_staff = bool(queries.roles_of(work.session, account_id, at=at))
    session = SignIn(
        id=uuid4(),
        account_id=account_id,
        started_at=at,
        expires_at=at + (STAFF_SESSION if is_staff else RESIDENT_SESSION),
        second_factor_at=None,
        ended_at=None,
    )
    work.session.add(session)
    return session


def pass_second_factor(work: Work, *, sign_in_id: UUID, code: str, at: datetime) -> None:
    """Accept a code of the authenticator or of the printed sheet; raises Conflict `wrong_code`."""
    session = work.session.get_one(SignIn, sign_in_id)
    account = work.session.get_one(Account, session.account_id)
    if not (_totp_matches(work, account, code, at) or _use_printed_code(work, account, code, at)):
        raise Conflict("wrong_code", field="code")
    session.second_factor_at = at
    work.publish(StaffSignedIn(account_id=account.id, at=at, by=account.id))


def sign_out(work: Work, *, sign_in_id: UUID, at: datetime) -> None:
    """End a session."""
    work.session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).values(ended_at=at)
    )


def start_recovery(work: Work, *, contact: Contact, language: str, at: datetime) -> UUID:
    """Send a code for a new password, if the contact has an account; the page says the same anyway."""
    account = queries.find_by_contact(work.session, contact)
    pending = _pending(work, "recovery", contact, language, at)
    if account is not None:
        pending.account_id = account.id
        _send_code(work, "recovery_code", pending, contact, at)
    return pending.id


def reset_password(work: Work, *, pending_id: UUID, code: str, password: str, at: datetime) -> UUID:
    """Set a new password and end all sessions; returns the account's id."""
    _check_password(password)
    pending = _use_code(work, pending_id, "recovery", code, at)
    if pending.account_id is None:
        raise Conflict("wrong_code", field="code")
    account = work.session.get_one(Account, pending.account_id)
    account.password_hash = passwords.hash_password(password)
    work.session.execute(
        update(SignIn)
        .where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
        .values(ended_at=at)
    )
    work.publish(PasswordReset(account_id=account.id, at=at, by=account.id))
    return account.id


def change_language(work: Work, *, account_id: UUID, language: str) -> None:
    """Messages to the account come in this language from now on."""
    work.session.get_one(Account, account_id).language = language


def create_staff_account(
    work: Work,
    actor: Actor,
    *,
    contact: Contact,
    name: str,
    password: str,
    roles: Iterable[Role],
    language: str = "pl",
    at: datetime,
) -> UUID:
    """A member of staff's account with roles; it can't do anything before a second factor is issued."""
    _check_password(password)
    if queries.find_by_contact(work.session, contact):
        raise Conflict("contact_taken", field="contact")
    account = _new_account(contact.kind, language, at)
    account.password_hash = passwords.hash_password(password)
    account.staff_name = name
    _set_contact(work, account, contact)
    work.session.add(account)
    work.session.flush()
    for role in roles:
        work.session.add(
            AccountRole(
                account_id=account.id,
                role=role.value,
                granted_at=at,
                granted_by=actor.account_id,
                until_at=None,
            )
        )
    work.publish(StaffAccountCreated(account_id=account.id, at=at, by=actor.account_id))
    return account.id


def issue_printed_codes(
    work: Work, actor: Actor, *, account_id: UUID, count: int = 20, at: datetime
) -> list[str]:
    """A fresh sheet of one-time codes, returned once and kept only as hashes; older sheets are void."""
    work.session.execute(delete(PrintedCode).where(PrintedCode.account_id == account_id))
    codes = [passwords.new_printed_code() for _ in range(count)]
    for code in codes:
        code_hash = passwords.hash_code(code, salt=str(account_id))
        work.session.add(PrintedCode(account_id=account_id, code_hash=code_hash, used_at=None))
    work.publish(PrintedCodesIssued(account_id=account_id, at=at, by=actor.account_id))
    return codes


def set_authenticator(work: Work, *, account_id: UUID, secret: str) -> None:
    """Bind an authenticator's base32 secret to an account."""
    account = work.session.get_one(Account, account_id)
    account.totp_sealed = work.keyring.seal("totp", secret.encode(), bound_to=str(account_id))


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
    account = _new_account(contact.kind if contact else None, language, at)
    account.password_hash = passwords.hash_password(password) if password else None
    if contact is not None:
        if queries.find_by_contact(work.session, contact):
            raise Conflict("contact_taken", field="contact")
        _set_contact(work, account, contact)
    work.session.add(account)
    work.session.flush()
    work.publish(AccountOpened(account_id=account.id, at=at, by=actor.account_id))
    return account.id


def _new_account(kind: ContactKind | None, language: str, at: datetime) -> Account:
    return Account(id=uuid4(), language=language, created_at=at)


def _set_contact(work: Work, account: Account, contact: Contact) -> None:
    bound_to = f"account|{account.id}|{contact.kind}"
    sealed = work.keyring.seal("contact", contact.address.encode(), bound_to=bound_to)
    blind = work.keyring.blind(f"contact-{contact.kind}", contact.address)
    if contact.kind is ContactKind.EMAIL:
        account.email_sealed, account.email_blind = sealed, blind
    else:
        account.phone_sealed, account.phone_blind = sealed, blind


def _check_password(password: str) -> None:
    if len(password) < passwords.MIN_LENGTH:
        raise Conflict("password_too_short", field="password", minimum=passwords.MIN_LENGTH)


def _pending(
    work: Work, purpose: str, contact: Contact, language: str, at: datetime
) -> PendingCode:
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
        expires_at=at + CODE_LIFETIME,
    )
    work.session.add(pending)
    return pending


def _contact_of(work: Work, pending: PendingCode) -> Contact:
    plain = work.keyring.unseal("contact", pending.contact_sealed, bound_to=f"pending|{pending.id}")
    return Contact(ContactKind(pending.contact_kind), plain.decode())


def _send_code(
    work: Work, message: str, pending: PendingCode, contact: Contact, at: datetime
) -> None:
    code = passwords.new_digits()
    pending.code_hash = passwords.hash_code(code, salt=str(pending.id))
    _send(work, message, contact, pending.language, {"code": code}, at)


def _send(
    work: Work,
    message: str,
    contact: Contact,
    language: str,
    values: dict[str, str],
    at: datetime,
) -> None:
    payload = {
        "message": message,
        "kind": contact.kind.value,
        "address": contact.address,
        "language": language,
        "values": values,
    }
    enqueue(work, MESSAGE, payload, at=at)


def _use_code(work: Work, pending_id: UUID, purpose: str, code: str, at: datetime) -> PendingCode:
    """The awaited code, if it is the right one; wrong tries were counted by `count_code_try`."""
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


def _totp_matches(work: Work, account: Account, code: str, at: datetime) -> bool:
    if account.totp_sealed is None:
        return False
    secret = work.keyring.unseal("totp", account.totp_sealed, bound_to=str(account.id)).decode()
    return pyotp.TOTP(secret).verify(code.replace(" ", ""), for_time=at, valid_window=1)


def _use_printed_code(work: Work, account: Account, code: str, at: datetime) -> bool:
    code_hash = passwords.hash_code(code, salt=str(account.id))
    used = work.session.execute(
        update(PrintedCode)
        .where(
            PrintedCode.account_id == account.id,
            PrintedCode.code_hash == code_hash,
            PrintedCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(PrintedCode.code_hash)
    ).first()
    return used is not None
