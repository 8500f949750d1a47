"""The staff's accounts: created for a person, a place and a time, with roles that end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from civic_budget.accounts import passwords, policy, queries
from civic_budget.accounts.contacts import Contact
from civic_budget.accounts.events import (
    RoleEnded,
    RoleGranted,
    StaffAccountCreated,
    StaffDisabled,
    StaffEnabled,
)
from civic_budget.accounts.models import Account, AccountRole
from civic_budget.accounts.service.codes import send
from civic_budget.accounts.service.opening import check_password_shape, new_account, set_contact
from civic_budget.accounts.service.sessions import end_sessions
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work


def create_staff_account(
    work: Work,
    actor: Actor,
    *,
    contact: Contact,
    name: str,
    password: str | None,
    roles: Iterable[Role],
    language: str = "pl",
    workplace: str = "",
    until_at: datetime | None = None,
    at: datetime,
) -> UUID:
    """A member of staff's account with roles; it can't do anything before a second factor is issued.

    Without a password the person gets an invitation to set one by a code to the contact.
    """
    require(policy.may_manage_staff(actor))
    if password is not None:
        check_password_shape(password)
    if queries.find_by_contact(work.session, contact):
        raise Conflict("contact_taken", field="contact")
    account = new_account(language, at=at)
    account.password_hash = passwords.hash_password(password) if password is not None else None
    account.staff_name = name
    account.workplace = workplace or None
    set_contact(work, account, contact)
    work.session.add(account)
    work.session.flush()
    work.publish(StaffAccountCreated(account_id=account.id, at=at, by=actor.account_id))
    for role in roles:
        grant_role(work, actor, account_id=account.id, role=role, until_at=until_at, at=at)
    if password is None:
        send(work, "staff_invited", contact, language, {"name": name}, at=at)
    return account.id


def grant_role(
    work: Work,
    actor: Actor,
    *,
    account_id: UUID,
    role: Role,
    until_at: datetime | None,
    at: datetime,
) -> None:
    """Give a role to a member of staff until a moment, or change until when; None: no end.

    Raises Conflict `until_past` at `until`.
    """
    require(policy.may_manage_staff(actor))
    if until_at is not None and until_at <= at:
        raise Conflict("until_past", field="until")
    get_staff_row(work, account_id)
    row = work.session.get(AccountRole, (account_id, role.value))
    if row is None:
        row = AccountRole(account_id=account_id, role=role.value)
        work.session.add(row)
    row.granted_at, row.granted_by, row.until_at = at, actor.account_id, until_at
    work.publish(RoleGranted(account_id=account_id, role=role.value, at=at, by=actor.account_id))


def end_role(work: Work, actor: Actor, *, account_id: UUID, role: Role, at: datetime) -> None:
    """End a role now; sessions that are open lose it with their next step."""
    require(policy.may_end_role(actor, account_id, role))
    row = work.session.get(AccountRole, (account_id, role.value))
    if row is None or (row.until_at is not None and row.until_at <= at):
        raise NotFound
    row.until_at = at
    work.publish(RoleEnded(account_id=account_id, role=role.value, at=at, by=actor.account_id))


def disable_staff(work: Work, actor: Actor, *, account_id: UUID, at: datetime) -> None:
    """Close a member of staff's account: nobody signs in with it, all sessions end."""
    require(policy.may_manage_colleague(actor, account_id))
    get_staff_row(work, account_id).disabled_at = at
    end_sessions(work, account_id=account_id, at=at)
    work.publish(StaffDisabled(account_id=account_id, at=at, by=actor.account_id))


def enable_staff(work: Work, actor: Actor, *, account_id: UUID, at: datetime) -> None:
    """Open a closed account again."""
    require(policy.may_manage_colleague(actor, account_id))
    get_staff_row(work, account_id).disabled_at = None
    work.publish(StaffEnabled(account_id=account_id, at=at, by=actor.account_id))


def get_staff_row(work: Work, account_id: UUID) -> Account:
    """A member of staff's row; raises NotFound for a resident: staff deeds never touch them."""
    account = work.session.get(Account, account_id)
    if account is None or account.staff_name is None:
        raise NotFound
    return account
