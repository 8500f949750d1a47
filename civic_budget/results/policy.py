"""Who may write down and sign acts on results. Plain Python."""

from __future__ import annotations

from uuid import UUID

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import ALLOWED, Decision, Denied


def may_propose_act(actor: Actor) -> Decision:
    """A member of the commission writes down what the mayor has decided."""
    return ALLOWED if actor.has(Role.COMMISSION) else Denied("not_the_commission")


def may_answer_act(actor: Actor, *, proposed_by: UUID, sign: bool) -> Decision:
    """Another member signs; who wrote the act down may only take it back."""
    if not actor.has(Role.COMMISSION):
        return Denied("not_the_commission")
    if sign and actor.account_id == proposed_by:
        return Denied("needs_second_person")
    return ALLOWED


def may_tell_of_building(*, is_public: bool, is_funded: bool) -> Decision:
    """Steps are told of projects whose win is public and whose money still stands."""
    if not is_public:
        return Denied("not_public")
    return ALLOWED if is_funded else Denied("not_funded_any_more")
