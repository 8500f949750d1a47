"""The staff's second factor: authenticator and printed sheet; taking it away from somebody who lost it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import delete, select, update

from civic_budget.accounts import passwords, policy, queries
from civic_budget.accounts.events import (
    PrintedCodesIssued,
    SecondFactorReset,
    SecondFactorResetAsked,
    StaffSignedIn,
)
from civic_budget.accounts.models import Account, Passkey, PrintedCode, ResetRequest, SignIn
from civic_budget.accounts.service.sessions import end_sessions
from civic_budget.accounts.service.staff import get_staff_row
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work

CODES_ON_A_SHEET = 20
STEP_SECONDS = 30


def pass_second_factor(work: Work, *, sign_in_id: UUID, code: str, at: datetime) -> None:
    """Accept a code of the authenticator or of the printed sheet; raises Conflict `wrong_code`."""
    session = work.session.get_one(SignIn, sign_in_id)
    account = work.session.get_one(Account, session.account_id, with_for_update=True)
    if not (_use_totp(work, account, code, at) or _use_printed_code(work, account, code, at)):
        raise Conflict("wrong_code", field="code")
    mark_passed(work, session, at=at)


def mark_passed(work: Work, session: SignIn, *, at: datetime) -> None:
    """The session has both factors now."""
    session.second_factor_at = at
    work.publish(StaffSignedIn(account_id=session.account_id, at=at, by=session.account_id))


def issue_printed_codes(
    work: Work, actor: Actor, *, account_id: UUID, count: int = CODES_ON_A_SHEET, at: datetime
) -> list[str]:
    """A fresh sheet of one-time codes, returned once and kept only as hashes; older sheets are void."""
    require(policy.may_manage_staff(actor))
    get_staff_row(work, account_id)
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
    account.totp_last_step = None


def ask_reset(work: Work, actor: Actor, *, account_id: UUID, reason: str, at: datetime) -> bool:
    """Take away a colleague's second factors for a written reason; True when it is done at once.

    An administrator's waits (`policy.RESET_WAITS`) until another administrator confirms it. Raises Conflict
    `reason_too_short` at `reason`.
    """
    require(policy.may_manage_colleague(actor, account_id))
    get_staff_row(work, account_id)
    if len(reason.strip()) < policy.MIN_REASON:
        raise Conflict("reason_too_short", field="reason", minimum=policy.MIN_REASON)
    row = ResetRequest(
        id=uuid4(),
        account_id=account_id,
        reason=reason.strip(),
        asked_by=actor.account_id,
        asked_at=at,
        confirmed_by=None,
        confirmed_at=None,
    )
    work.session.add(row)
    work.publish(
        SecondFactorResetAsked(account_id=account_id, reset_id=row.id, at=at, by=actor.account_id)
    )
    roles = queries.roles_of(work.session, account_id, at=at)
    if policy.needs_second_administrator(roles):
        return False
    _reset(work, row, actor, at)
    return True


def confirm_reset(work: Work, actor: Actor, *, reset_id: UUID, at: datetime) -> None:
    """Another administrator agrees; raises NotFound when it is done, too old or never asked."""
    row = work.session.scalars(
        select(ResetRequest).where(ResetRequest.id == reset_id).with_for_update()
    ).first()
    if row is None or row.confirmed_at is not None or row.asked_at <= at - policy.RESET_WAITS:
        raise NotFound
    require(policy.may_confirm_reset(actor, account_id=row.account_id, asked_by=row.asked_by))
    _reset(work, row, actor, at)


def _reset(work: Work, row: ResetRequest, actor: Actor, at: datetime) -> None:
    row.confirmed_by, row.confirmed_at = actor.account_id, at
    work.session.execute(delete(PrintedCode).where(PrintedCode.account_id == row.account_id))
    work.session.execute(delete(Passkey).where(Passkey.account_id == row.account_id))
    account = work.session.get_one(Account, row.account_id)
    account.totp_sealed, account.totp_last_step = None, None
    end_sessions(work, account_id=row.account_id, at=at)
    work.publish(
        SecondFactorReset(account_id=row.account_id, reset_id=row.id, at=at, by=actor.account_id)
    )


def _use_totp(work: Work, account: Account, code: str, at: datetime) -> bool:
    """Whether it is the code of this half minute or a neighbour, later than any used before."""
    if account.totp_sealed is None:
        return False
    secret = work.keyring.unseal("totp", account.totp_sealed, bound_to=str(account.id)).decode()
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    typed = "".join(code.split())
    present = int(at.timestamp()) // STEP_SECONDS
    for step in (present - 1, present, present + 1):
        is_fresh = account.totp_last_step is None or step > account.totp_last_step
        if totp.verify(typed, for_time=step * STEP_SECONDS) and is_fresh:
            account.totp_last_step = step
            return True
    return False


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
