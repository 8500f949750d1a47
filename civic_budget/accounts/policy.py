"""Who may administer accounts of the staff, and which deeds need a second pair of eyes. Plain Python."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import ALLOWED, Decision, Denied, first_denied

MIN_REASON = 10
RESET_WAITS = timedelta(days=3)


def may_manage_staff(actor: Actor) -> Decision:
    """Administrators, and the platform itself (commands of the operator)."""
    if actor.is_system or actor.has(Role.ADMINISTRATOR):
        return ALLOWED
    return Denied("not_administrator")


def may_manage_colleague(actor: Actor, account_id: UUID) -> Decision:
    """As `may_manage_staff`, for deeds that nobody does to their own account."""
    own = Denied("own_account") if actor.account_id == account_id else ALLOWED
    return first_denied(may_manage_staff(actor), own)


def may_end_role(actor: Actor, account_id: UUID, role: Role) -> Decision:
    """Administrators don't end their own administration: the last one would lock everybody out."""
    is_own = actor.account_id == account_id and role is Role.ADMINISTRATOR
    return first_denied(may_manage_staff(actor), Denied("own_account") if is_own else ALLOWED)


def may_confirm_reset(actor: Actor, *, account_id: UUID, asked_by: UUID | None) -> Decision:
    """Another administrator than the one who asked, and not the one concerned."""
    is_same = actor.account_id is not None and actor.account_id == asked_by
    return first_denied(
        may_manage_colleague(actor, account_id),
        Denied("needs_second_administrator") if is_same else ALLOWED,
    )


def needs_second_administrator(roles: Collection[Role]) -> bool:
    """Whose second factor two administrators take away together: an administrator's."""
    return Role.ADMINISTRATOR in roles
