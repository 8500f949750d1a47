"""The staff as administrators see them: roles with their ends, places, second factors, requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.accounts.models import Account, AccountRole, ResetRequest
from civic_budget.accounts.policy import RESET_WAITS
from civic_budget.accounts.queries import (
    contact_of,
    count_unused_printed_codes,
    list_passkeys,
    staff_name_of,
)
from civic_budget.kernel.actor import Role
from civic_budget.kernel.alphabet import alphabetic
from civic_budget.kernel.errors import NotFound


@dataclass(frozen=True)
class RoleLine:
    """A role that runs, and until when (None: no end is set)."""

    role: Role
    until_at: datetime | None


@dataclass(frozen=True)
class StaffLine:
    """A member of staff's account."""

    account_id: UUID
    name: str
    contact: str
    language: str
    workplace: str
    roles: Sequence[RoleLine]
    disabled_at: datetime | None
    codes_left: int
    passkeys: int
    has_authenticator: bool

    @property
    def has_second_factor(self) -> bool:
        """Whether any second factor was issued; without one the account can't do anything."""
        return bool(self.codes_left or self.passkeys or self.has_authenticator)


@dataclass(frozen=True)
class WaitingReset:
    """A request that another administrator has to confirm."""

    reset_id: UUID
    account_id: UUID
    reason: str
    asked_by: UUID | None
    asked_by_name: str
    asked_at: datetime


def list_staff(session: Session, *, at: datetime) -> Sequence[StaffLine]:
    """Everybody who works or worked for the city, by name; closed accounts last."""
    rows = session.scalars(select(Account).where(Account.staff_name.is_not(None))).all()
    lines = [_line(session, row, at) for row in rows]
    return sorted(lines, key=lambda one: (one.disabled_at is not None, alphabetic(one.name, "pl")))


def get_staff(session: Session, account_id: UUID, *, at: datetime) -> StaffLine:
    """One member of staff; raises NotFound for a resident."""
    row = session.get(Account, account_id)
    if row is None or row.staff_name is None:
        raise NotFound
    return _line(session, row, at)


def list_waiting_resets(
    session: Session, account_id: UUID, *, at: datetime
) -> Sequence[WaitingReset]:
    """Requests about an account that still wait for another administrator, the oldest first."""
    rows = session.scalars(
        select(ResetRequest)
        .where(
            ResetRequest.account_id == account_id,
            ResetRequest.confirmed_at.is_(None),
            ResetRequest.asked_at > at - RESET_WAITS,
        )
        .order_by(ResetRequest.asked_at)
    )
    return [
        WaitingReset(
            row.id,
            row.account_id,
            row.reason,
            row.asked_by,
            staff_name_of(session, row.asked_by) if row.asked_by else "",
            row.asked_at,
        )
        for row in rows
    ]


def _line(session: Session, row: Account, at: datetime) -> StaffLine:
    contact = contact_of(session, row)
    return StaffLine(
        account_id=row.id,
        name=row.staff_name or "",
        contact=contact.address if contact else "",
        language=row.language,
        workplace=row.workplace or "",
        roles=_roles(session, row.id, at),
        disabled_at=row.disabled_at,
        codes_left=count_unused_printed_codes(session, row.id),
        passkeys=len(list_passkeys(session, row.id)),
        has_authenticator=row.totp_sealed is not None,
    )


def _roles(session: Session, account_id: UUID, at: datetime) -> list[RoleLine]:
    rows = session.scalars(
        select(AccountRole).where(AccountRole.account_id == account_id).order_by(AccountRole.role)
    )
    return [
        RoleLine(Role(row.role), row.until_at)
        for row in rows
        if row.until_at is None or row.until_at > at
    ]
