"""Activation cards: how somebody whom a desk knows opens an account, with or without any contact.

The code exists on the printed card alone; here lies its hash. It works once, for some weeks, and six
wrong tries spend it. A new card makes the former one void.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from civic_budget.accounts import passwords, queries
from civic_budget.accounts.contacts import CardNumber
from civic_budget.accounts.events import AccessReset, AccountActivated, ActivationCardIssued
from civic_budget.accounts.models import Account, ActivationCode, Passkey
from civic_budget.accounts.service.codes import send, void_codes
from civic_budget.accounts.service.opening import check_password_shape
from civic_budget.accounts.service.sessions import end_sessions
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work

CARD_LIFETIME = timedelta(days=21)
CARD_TRIES = 6


@dataclass(frozen=True)
class IssuedCard:
    """What is printed on a card; the code is known nowhere else."""

    number: str
    code: str
    expires_at: datetime


def issue_card(
    work: Work, actor: Actor, *, account_id: UUID, at: datetime, lifetime: timedelta = CARD_LIFETIME
) -> IssuedCard:
    """A fresh card for a resident's account; who may ask for one is the desk's policy."""
    account = _resident(work, account_id)
    if account.card_number is None:
        account.card_number = passwords.new_card_number()
    code = passwords.new_printed_code()
    expires_at = at + lifetime
    work.session.execute(delete(ActivationCode).where(ActivationCode.account_id == account_id))
    work.session.add(
        ActivationCode(
            account_id=account_id,
            code_hash=passwords.hash_code(code, salt=str(account_id)),
            issued_at=at,
            issued_by=actor.account_id,
            expires_at=expires_at,
            tries=0,
            used_at=None,
        )
    )
    work.session.flush()
    work.publish(ActivationCardIssued(account_id=account_id, at=at, by=actor.account_id))
    return IssuedCard(account.card_number, code, expires_at)


def reset_access(
    work: Work, actor: Actor, *, account_id: UUID, drop_contacts: bool, at: datetime
) -> None:
    """Take password, passkeys and sessions away from whoever has them now; the old contacts are told.

    `drop_contacts`: the owner lost the phone or mailbox too, so no code may go there any more.
    """
    account = _resident(work, account_id)
    for contact in queries.contacts_of(work.session, account):
        send(work, "access_reset", contact, account.language, {}, at=at)
    account.password_hash = None
    if drop_contacts:
        account.email_sealed = account.email_blind = None
        account.phone_sealed = account.phone_blind = None
    work.session.execute(delete(Passkey).where(Passkey.account_id == account_id))
    void_codes(work, account_id=account_id)
    end_sessions(work, account_id=account_id, at=at)
    work.publish(AccessReset(account_id=account_id, at=at, by=actor.account_id))


def count_card_try(work: Work, *, card: CardNumber) -> None:
    """Count a try of a card's code; commit it before the code is compared."""
    account = queries.find_by_sign_in_name(work.session, card)
    if account is not None:
        work.session.execute(
            update(ActivationCode)
            .where(ActivationCode.account_id == account.id)
            .values(tries=ActivationCode.tries + 1)
        )


def activate(work: Work, *, card: CardNumber, code: str, password: str, at: datetime) -> UUID:
    """Open the account with a card and choose its password; returns the account's id.

    Raises Conflict `wrong_card` at `code`, the same for an unknown number, a wrong, used or old code
    and a spent one: nobody learns which numbers exist.
    """
    check_password_shape(password)
    account = queries.find_by_sign_in_name(work.session, card)
    password_hash = passwords.hash_password(password)
    row = _usable_card(work, account, code, at) if account else None
    if account is None or row is None:
        raise Conflict("wrong_card", field="code")
    row.used_at = at
    account.password_hash = password_hash
    end_sessions(work, account_id=account.id, at=at)
    void_codes(work, account_id=account.id)
    work.publish(AccountActivated(account_id=account.id, at=at, by=account.id))
    return account.id


def _usable_card(work: Work, account: Account, code: str, at: datetime) -> ActivationCode | None:
    row = work.session.scalars(
        select(ActivationCode).where(ActivationCode.account_id == account.id).with_for_update()
    ).first()
    if row is None or row.used_at is not None or row.expires_at <= at or row.tries > CARD_TRIES:
        return None
    if not queries.may_sign_in(work.session, account, at=at):
        return None
    matches = passwords.code_matches(row.code_hash, code, salt=str(account.id))
    return row if matches else None


def _resident(work: Work, account_id: UUID) -> Account:
    account = work.session.get(Account, account_id, with_for_update=True)
    if account is None or account.staff_name is not None or account.disabled_at is not None:
        raise NotFound
    return account
