"""Sessions: started by a password, a code or a link; ended one by one or all together."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, update

from civic_budget.accounts import passwords, queries
from civic_budget.accounts.contacts import SignInName
from civic_budget.accounts.devices import Device
from civic_budget.accounts.models import SignIn
from civic_budget.kernel.errors import DomainError, NotFound
from civic_budget.storage.db import Work

RESIDENT_SESSION = timedelta(days=14)
STAFF_SESSION = timedelta(hours=10)
KEPT_AFTER_END = timedelta(days=30)


def sign_in(
    work: Work,
    *,
    contact: SignInName,
    password: str,
    at: datetime,
    device: Device = Device.UNKNOWN,
) -> SignIn:
    """Start a session; raises DomainError `wrong_credentials`, the same for every cause."""
    account = queries.find_by_sign_in_name(work.session, contact)
    known_hash = account.password_hash if account else None
    if not passwords.password_matches(known_hash, password) or account is None:
        raise DomainError("wrong_credentials")
    if not queries.may_sign_in(work.session, account, at=at):
        raise DomainError("wrong_credentials")
    return start_session(work, account_id=account.id, at=at, device=device)


def start_session(
    work: Work, *, account_id: UUID, at: datetime, device: Device = Device.UNKNOWN
) -> SignIn:
    """A new session of an account; a member of staff still needs the second factor."""
    is_staff = bool(queries.roles_of(work.session, account_id, at=at))
    session = SignIn(
        id=uuid4(),
        account_id=account_id,
        device=device.value,
        started_at=at,
        expires_at=at + (STAFF_SESSION if is_staff else RESIDENT_SESSION),
        second_factor_at=None,
        ended_at=None,
    )
    work.session.add(session)
    return session


def sign_out(work: Work, *, sign_in_id: UUID, at: datetime) -> None:
    """End a session."""
    work.session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).values(ended_at=at)
    )


def end_session(work: Work, *, account_id: UUID, sign_in_id: UUID, at: datetime) -> None:
    """End one of an account's own sessions; raises NotFound for anybody else's."""
    session = work.session.get(SignIn, sign_in_id)
    if session is None or session.account_id != account_id:
        raise NotFound
    sign_out(work, sign_in_id=sign_in_id, at=at)


def end_sessions(
    work: Work, *, account_id: UUID, at: datetime, except_for: UUID | None = None
) -> None:
    """End all sessions of an account, perhaps but one."""
    ending = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    if except_for is not None:
        ending = ending.where(SignIn.id != except_for)
    work.session.execute(ending.values(ended_at=at))


def purge_sessions(work: Work, *, at: datetime) -> None:
    """Delete sessions that ended or ran out a month ago: nobody needs to know when people came."""
    before = at - KEPT_AFTER_END
    work.session.execute(
        delete(SignIn).where((SignIn.expires_at <= before) | (SignIn.ended_at <= before))
    )
