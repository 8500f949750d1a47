"""Looking accounts up. Contacts leave decrypted, one account at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from civic_budget.accounts.contacts import CardNumber, Contact, ContactKind, SignInName
from civic_budget.accounts.devices import Device
from civic_budget.accounts.models import (
    Account,
    AccountRole,
    ActivationCode,
    Passkey,
    PrintedCode,
    SignIn,
)
from civic_budget.kernel.actor import Actor, Role
from civic_budget.storage.db import keyring_of


@dataclass(frozen=True)
class SignedIn:
    """The account behind a running session."""

    sign_in_id: UUID
    account_id: UUID
    roles: frozenset[Role]
    language: str
    staff_name: str | None
    has_second_factor: bool

    @property
    def actor(self) -> Actor:
        """The same as an actor of deeds."""
        return Actor(self.account_id, self.roles)


@dataclass(frozen=True)
class Reachable:
    """How an account is reached, and in which language."""

    account_id: UUID
    contact: Contact | None
    language: str


@dataclass(frozen=True)
class SessionLine:
    """A running session as its owner sees it."""

    sign_in_id: UUID
    device: Device
    started_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class PasskeyLine:
    """A passkey as its owner sees it."""

    passkey_id: UUID
    device: Device
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class OwnAccount:
    """An account as its owner sees it."""

    email: str | None
    phone: str | None
    card_number: str | None
    language: str
    has_password: bool
    sessions: Sequence[SessionLine]
    passkeys: Sequence[PasskeyLine]


def get_own_account(session: Session, account_id: UUID, *, at: datetime) -> OwnAccount:
    """Everything that the owner may see and change; sessions the latest first."""
    account = session.get_one(Account, account_id)
    contacts = {one.kind: one.address for one in contacts_of(session, account)}
    running = session.scalars(
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.expires_at > at)
        .order_by(SignIn.started_at.desc())
    )
    return OwnAccount(
        email=contacts.get(ContactKind.EMAIL),
        phone=contacts.get(ContactKind.PHONE),
        card_number=account.card_number,
        language=account.language,
        has_password=account.password_hash is not None,
        sessions=[
            SessionLine(row.id, Device(row.device), row.started_at, row.expires_at)
            for row in running
        ],
        passkeys=list_passkeys(session, account_id),
    )


def list_passkeys(session: Session, account_id: UUID) -> Sequence[PasskeyLine]:
    """An account's passkeys in the order in which they were added."""
    rows = session.scalars(
        select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.created_at)
    )
    return [
        PasskeyLine(row.id, Device(row.device), row.created_at, row.last_used_at) for row in rows
    ]


def find_by_contact(session: Session, contact: Contact) -> Account | None:
    """The account with this contact."""
    column = Account.email_blind if contact.kind is ContactKind.EMAIL else Account.phone_blind
    blind = keyring_of(session).blind(f"contact-{contact.kind}", contact.address)
    return session.scalars(select(Account).where(column == blind)).first()


def find_by_sign_in_name(session: Session, name: SignInName) -> Account | None:
    """The account that signs in under a contact or a card number."""
    if isinstance(name, CardNumber):
        found = select(Account).where(Account.card_number == name.number)
        return session.scalars(found).first()
    return find_by_contact(session, name)


def find_signed_in(session: Session, sign_in_id: UUID, *, at: datetime) -> SignedIn | None:
    """The account of a session that still runs."""
    rows = session.connection().execute(_SIGNED_IN, {"sign_in_id": sign_in_id, "at": at}).all()
    return read_signed_in(rows, sign_in_id)


def read_signed_in(rows: Sequence[Any], sign_in_id: UUID) -> SignedIn | None:
    """The account in the lines of `select_signed_in`, or of a statement that adds columns to it."""
    if not rows:
        return None
    row, roles = rows[0], frozenset(Role(row.role) for row in rows if row.role is not None)
    if row.staff_name is not None and not roles:
        return None  # the last role ended: a former colleague is nobody here, not a resident
    return SignedIn(
        sign_in_id=sign_in_id,
        account_id=row.account_id,
        roles=roles,
        language=row.language,
        staff_name=row.staff_name,
        has_second_factor=row.second_factor_at is not None,
    )


def may_sign_in(session: Session, account: Account, *, at: datetime) -> bool:
    """Whether an account is open: not disabled, and a member of staff's with a role that runs."""
    if account.disabled_at is not None:
        return False
    return account.staff_name is None or bool(roles_of(session, account.id, at=at))


def roles_of(session: Session, account_id: UUID, *, at: datetime) -> frozenset[Role]:
    """The roles that an account holds now."""
    rows = session.scalars(
        select(AccountRole.role).where(
            AccountRole.account_id == account_id,
            or_(AccountRole.until_at.is_(None), AccountRole.until_at > at),
        )
    )
    return frozenset(Role(role) for role in rows)


def get_reachable(session: Session, account_id: UUID) -> Reachable:
    """How to reach an account: by e-mail if it has one, else by phone, else not at all."""
    account = session.get_one(Account, account_id)
    return Reachable(account.id, contact_of(session, account), account.language)


def contact_of(session: Session, account: Account) -> Contact | None:
    """An account's contact, decrypted: the e-mail address if it has one, else the phone."""
    found = contacts_of(session, account)
    return found[0] if found else None


def contacts_of(session: Session, account: Account) -> list[Contact]:
    """An account's contacts, decrypted, e-mail first."""
    ring = keyring_of(session)
    return [
        Contact(
            kind, ring.unseal("contact", sealed, bound_to=f"account|{account.id}|{kind}").decode()
        )
        for kind, sealed in (
            (ContactKind.EMAIL, account.email_sealed),
            (ContactKind.PHONE, account.phone_sealed),
        )
        if sealed is not None
    ]


def list_accounts_with_role(
    session: Session, role: Role, *, at: datetime | None = None
) -> Sequence[UUID]:
    """The open accounts that hold a role; with a moment, without those whose role has ended by then."""
    found = (
        select(AccountRole.account_id)
        .join(Account, Account.id == AccountRole.account_id)
        .where(AccountRole.role == role.value, Account.disabled_at.is_(None))
    )
    if at is not None:
        found = found.where(or_(AccountRole.until_at.is_(None), AccountRole.until_at > at))
    return session.scalars(found).all()


def staff_name_of(session: Session, account_id: UUID) -> str:
    """The name under which a member of staff works; empty for others."""
    return session.scalar(select(Account.staff_name).where(Account.id == account_id)) or ""


def count_unused_printed_codes(session: Session, account_id: UUID) -> int:
    """How many codes are left on a member's sheet."""
    left = select(func.count()).where(
        PrintedCode.account_id == account_id, PrintedCode.used_at.is_(None)
    )
    return session.scalar(left) or 0


@dataclass(frozen=True)
class DeskAccount:
    """What a desk may see of a resident's account: how it is reached (masked), whether it opens."""

    card_number: str | None
    masked_contacts: Sequence[str]
    language: str
    has_access: bool
    """A password or a passkey opens it."""
    card_until: datetime | None
    """Until when the card that was printed last can still be used."""


def get_desk_account(session: Session, account_id: UUID, *, at: datetime) -> DeskAccount:
    """An account as a desk sees it."""
    account = session.get_one(Account, account_id)
    card = session.get(ActivationCode, account_id)
    is_waiting = card is not None and card.used_at is None and card.expires_at > at
    has_passkey = bool(list_passkeys(session, account_id))
    return DeskAccount(
        card_number=account.card_number,
        masked_contacts=[contact.masked for contact in contacts_of(session, account)],
        language=account.language,
        has_access=account.password_hash is not None or has_passkey,
        card_until=card.expires_at if card is not None and is_waiting else None,
    )


def select_signed_in() -> Select[Any]:
    """The session `sign_in_id` with its account, if it still runs at `at`: a line for each role, or one."""
    sign_in, account = SignIn.__table__.c, Account.__table__.c
    role = AccountRole.__table__.c
    runs = or_(role.until_at.is_(None), role.until_at > bindparam("at"))
    return (
        select(
            sign_in.account_id,
            sign_in.second_factor_at,
            account.language,
            account.staff_name,
            role.role,
        )
        .select_from(SignIn.__table__)
        .join(Account.__table__, account.id == sign_in.account_id)
        .outerjoin(AccountRole.__table__, and_(role.account_id == account.id, runs))
        .where(
            sign_in.id == bindparam("sign_in_id"),
            sign_in.ended_at.is_(None),
            sign_in.expires_at > bindparam("at"),
            account.disabled_at.is_(None),
        )
    )


# Built once: every request of a signed-in person asks it.
_SIGNED_IN = select_signed_in()
