"""What happened to accounts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from civic_budget.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountOpened(Event):
    """Somebody confirmed a contact and has an account now."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class StaffAccountCreated(Event):
    """A member of staff got an account."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class StaffSignedIn(Event):
    """A member of staff passed both factors."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class PrintedCodesIssued(Event):
    """A sheet of one-time codes was printed; earlier sheets are void."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class PasswordReset(Event):
    """A forgotten password was replaced; all sessions ended."""

    account_id: UUID
