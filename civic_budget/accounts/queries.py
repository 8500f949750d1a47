"""Looking accounts up. Contacts leave decrypted, one account at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from civic_budget.accounts.contacts import Contact, ContactKind
from civic_budget.accounts.models import Account, AccountRole, PrintedCode, SignIn
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


def find_by_contact(session: Session, contact: Contact) -> Account | None:
    """The account with this contact."""
    column = Account.email_blind if contact.kind is ContactKind.EMAIL else Account.phone_blind
    blind = keyring_of(session).blind(f"contact-{contact.kind}", contact.address)
    return session.scalars(select(Account).where(column == blind)).first()


def find_signed_in(session: Session, sign_in_id: UUID, *, at: datetime) -> SignedIn | None:
    """The account of a session that still runs."""
    row = session.execute(
        select(SignIn, Account)
        .join(Account, Account.id == SignIn.account_id)
        .where(
            SignIn.id == sign_in_id,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > at,
            Account.disabled_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    sign_in, account = row
    return SignedIn(
        sign_in_id=sign_in.id,
        account_id=account.id,
        roles=roles_of(session, account.id, at=at),
        language=account.language,
        staff_name=account.staff_name,
        has_second_factor=sign_in.second_factor_at is not None,
    )


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
    """An account's contact, decrypted."""
    ring = keyring_of(session)
    for kind, sealed in (
        (ContactKind.EMAIL, account.email_sealed),
        (ContactKind.PHONE, account.phone_sealed),
    ):
        if sealed is not None:
            plain = ring.unseal("contact", sealed, bound_to=f"account|{account.id}|{kind}")
            return Contact(kind, plain.decode())
    return None


def list_accounts_with_role(session: Session, role: Role) -> Sequence[UUID]:
    """The accounts that hold a role."""
    return session.scalars(
        select(AccountRole.account_id).where(AccountRole.role == role.value)
    ).all()


def staff_name_of(session: Session, account_id: UUID) -> str:
    """The name under which a member of staff works; empty for others."""
    return session.scalar(select(Account.staff_name).where(Account.id == account_id)) or ""


def count_unused_printed_codes(session: Session, account_id: UUID) -> int:
    """How many codes are left on a member's sheet."""
    left = select(func.count()).where(
        PrintedCode.account_id == account_id, PrintedCode.used_at.is_(None)
    )
    return session.scalar(left) or 0
