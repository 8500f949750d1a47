"""Who may change the city's own lists. Plain Python."""

from __future__ import annotations

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import ALLOWED, Decision, Denied


def may_keep_lists(actor: Actor) -> Decision:
    """Administrators, and the platform itself (imports, the demo)."""
    is_keeper = actor.is_system or actor.has(Role.ADMINISTRATOR)
    return ALLOWED if is_keeper else Denied("not_administrator")
