"""Passkeys: added to an account, used instead of a password or as the staff's second factor."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from civic_budget.accounts import passkeys, queries
from civic_budget.accounts.devices import Device
from civic_budget.accounts.events import PasskeyAdded, PasskeyRemoved
from civic_budget.accounts.models import Account, Passkey, PasskeyChallenge, SignIn
from civic_budget.accounts.passkeys import PasskeyRefused, RelyingParty
from civic_budget.accounts.service.own import tell_owner
from civic_budget.accounts.service.second_factor import mark_passed
from civic_budget.accounts.service.sessions import start_session
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work

CHALLENGE_LIFETIME = timedelta(minutes=5)
CHALLENGE_BYTES = 32
MOST_PASSKEYS = 10


def ask_new_passkey(
    work: Work, party: RelyingParty, *, account_id: UUID, at: datetime
) -> tuple[UUID, str]:
    """The question to a new authenticator: the challenge's id and the options as JSON.

    Raises Conflict `too_many_passkeys`.
    """
    present = _credential_ids(work, account_id)
    if len(present) >= MOST_PASSKEYS:
        raise Conflict("too_many_passkeys")
    account = work.session.get_one(Account, account_id)
    contact = queries.contact_of(work.session, account)
    row = _challenge(work, "add", account_id, at)
    options = passkeys.registration_options(
        party,
        account_id=account_id,
        label=account.staff_name or (contact.masked if contact else str(account_id)[:8]),
        challenge=row.challenge,
        present=present,
    )
    return row.id, options


def add_passkey(
    work: Work,
    party: RelyingParty,
    *,
    account_id: UUID,
    challenge_id: UUID,
    answer: str,
    device: Device,
    at: datetime,
) -> UUID:
    """Keep the key of a genuine answer and tell the owner; raises PasskeyRefused."""
    challenge = _use_challenge(work, challenge_id, "add", account_id, at)
    new = passkeys.verify_new(party, answer=answer, challenge=challenge)
    known = select(Passkey.id).where(Passkey.credential_id == new.credential_id)
    if work.session.scalar(known) is not None:
        raise PasskeyRefused
    row = Passkey(
        id=uuid4(),
        account_id=account_id,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        device=device.value,
        created_at=at,
        last_used_at=None,
    )
    work.session.add(row)
    tell_owner(work, work.session.get_one(Account, account_id), "passkey_added", at=at)
    work.publish(PasskeyAdded(account_id=account_id, passkey_id=row.id, at=at, by=account_id))
    return row.id


def remove_passkey(work: Work, *, account_id: UUID, passkey_id: UUID, at: datetime) -> None:
    """Forget one of an account's own keys; raises NotFound for anybody else's."""
    row = work.session.get(Passkey, passkey_id)
    if row is None or row.account_id != account_id:
        raise NotFound
    work.session.delete(row)
    work.publish(PasskeyRemoved(account_id=account_id, passkey_id=passkey_id, at=at, by=account_id))


def ask_passkey(work: Work, party: RelyingParty, *, at: datetime) -> tuple[UUID, str]:
    """The question to a stranger's device: the same for everybody, so it tells nobody's secrets."""
    row = _challenge(work, "enter", None, at)
    return row.id, passkeys.authentication_options(party, challenge=row.challenge)


def enter_with_passkey(
    work: Work,
    party: RelyingParty,
    *,
    challenge_id: UUID,
    answer: str,
    at: datetime,
    device: Device = Device.UNKNOWN,
) -> SignIn:
    """Start a resident's session; raises PasskeyRefused, or DomainError `passkey_of_staff`.

    Staff begin with their password: a passkey is their second step, never the only one.
    """
    challenge = _use_challenge(work, challenge_id, "enter", None, at)
    account = _verify(work, party, answer, challenge, at)
    if not queries.may_sign_in(work.session, account, at=at):
        raise PasskeyRefused
    if account.staff_name is not None:
        raise Conflict("passkey_of_staff")
    return start_session(work, account_id=account.id, at=at, device=device)


def ask_second_factor(
    work: Work, party: RelyingParty, *, account_id: UUID, at: datetime
) -> tuple[UUID, str]:
    """The question to a colleague's own keys, once the password was right; NotFound without any."""
    allowed = _credential_ids(work, account_id)
    if not allowed:
        raise NotFound
    row = _challenge(work, "second", account_id, at)
    options = passkeys.authentication_options(party, challenge=row.challenge, allowed=allowed)
    return row.id, options


def pass_second_factor_with_passkey(
    work: Work,
    party: RelyingParty,
    *,
    sign_in_id: UUID,
    challenge_id: UUID,
    answer: str,
    at: datetime,
) -> None:
    """Accept a passkey as the second factor of a session; raises PasskeyRefused."""
    session = work.session.get_one(SignIn, sign_in_id)
    challenge = _use_challenge(work, challenge_id, "second", session.account_id, at)
    account = _verify(work, party, answer, challenge, at)
    if account.id != session.account_id:
        raise PasskeyRefused
    mark_passed(work, session, at=at)


def _verify(
    work: Work, party: RelyingParty, answer: str, challenge: bytes, at: datetime
) -> Account:
    credential_id, handle = passkeys.credential_of(answer)
    row = work.session.scalars(
        select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    ).first()
    if row is None or (handle is not None and handle != row.account_id.bytes):
        raise PasskeyRefused
    row.sign_count = passkeys.verify_known(
        party,
        answer=answer,
        challenge=challenge,
        public_key=row.public_key,
        sign_count=row.sign_count,
    )
    row.last_used_at = at
    return work.session.get_one(Account, row.account_id)


def _credential_ids(work: Work, account_id: UUID) -> Sequence[bytes]:
    return work.session.scalars(
        select(Passkey.credential_id).where(Passkey.account_id == account_id)
    ).all()


def _challenge(work: Work, purpose: str, account_id: UUID | None, at: datetime) -> PasskeyChallenge:
    row = PasskeyChallenge(
        id=uuid4(),
        purpose=purpose,
        account_id=account_id,
        challenge=secrets.token_bytes(CHALLENGE_BYTES),
        expires_at=at + CHALLENGE_LIFETIME,
    )
    work.session.add(row)
    return row


def _use_challenge(
    work: Work, challenge_id: UUID, purpose: str, account_id: UUID | None, at: datetime
) -> bytes:
    """A challenge is used up by the first answer that succeeds: the row goes with its deed."""
    row = work.session.execute(
        delete(PasskeyChallenge)
        .where(PasskeyChallenge.id == challenge_id, PasskeyChallenge.purpose == purpose)
        .returning(
            PasskeyChallenge.challenge, PasskeyChallenge.expires_at, PasskeyChallenge.account_id
        )
    ).first()
    if row is None or row.expires_at <= at or row.account_id != account_id:
        raise PasskeyRefused
    challenge: bytes = row.challenge
    return challenge
