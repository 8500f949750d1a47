"""The signed-in account, as Flask-Login, doors and templates see it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from flask_login import UserMixin

from civic_budget.accounts.queries import SignedIn, find_signed_in
from civic_budget.kernel.actor import Actor, Role
from civic_budget.web.current import reading


class CurrentUser(UserMixin):  # type: ignore[misc]
    """The signed-in account, as templates and doors see it."""

    def __init__(self, signed_in: SignedIn) -> None:
        self.id = str(signed_in.sign_in_id)
        self.account_id = signed_in.account_id
        self.roles: frozenset[Role] = signed_in.roles
        self.has_second_factor = signed_in.has_second_factor
        self.display_name = signed_in.staff_name or ""
        self.actor: Actor = signed_in.actor

    @property
    def is_staff(self) -> bool:
        """Whether the account works for the city."""
        return bool(self.roles)


class SignInLoader(Protocol):
    """Finds the account of a sign-in, if that still runs."""

    def __call__(self, sign_in_id: UUID, *, at: datetime) -> CurrentUser | None:
        """As `load_current_user`."""


def load_current_user(sign_in_id: UUID, *, at: datetime) -> CurrentUser | None:
    """The account of a session that still runs, for Flask-Login."""
    signed_in = find_signed_in(reading(), sign_in_id, at=at)
    return CurrentUser(signed_in) if signed_in else None
