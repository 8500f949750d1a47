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


@dataclass(frozen=True, kw_only=True)
class AccountClosed(Event):
    """A resident's account was closed; its contact is gone."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """The owner replaced the password; all other sessions ended."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContactChanged(Event):
    """The owner confirmed another e-mail address or phone number."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class PasskeyAdded(Event):
    """A passkey was added to an account."""

    account_id: UUID
    passkey_id: UUID


@dataclass(frozen=True, kw_only=True)
class PasskeyRemoved(Event):
    """A passkey was removed from an account."""

    account_id: UUID
    passkey_id: UUID


@dataclass(frozen=True, kw_only=True)
class RoleGranted(Event):
    """A member of staff got a role, or another end of it."""

    account_id: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class RoleEnded(Event):
    """A role of a member of staff was ended."""

    account_id: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class StaffDisabled(Event):
    """A member of staff's account was closed."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class StaffEnabled(Event):
    """A member of staff's account was opened again."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class SecondFactorResetAsked(Event):
    """An administrator asked to take a colleague's second factors away."""

    account_id: UUID
    reset_id: UUID


@dataclass(frozen=True, kw_only=True)
class SecondFactorReset(Event):
    """A colleague's second factors were taken away; all sessions ended."""

    account_id: UUID
    reset_id: UUID


@dataclass(frozen=True, kw_only=True)
class ActivationCardIssued(Event):
    """A desk printed a card with a code that opens an account; earlier cards are void."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountActivated(Event):
    """Somebody opened their account with the code of a card and chose a password."""

    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccessReset(Event):
    """A desk took password, passkeys and sessions of an account away, for its owner who lost them."""

    account_id: UUID
