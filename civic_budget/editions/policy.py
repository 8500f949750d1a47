"""Who may prepare, publish and correct an edition, and sign its winner rule. Plain Python."""

from __future__ import annotations

from uuid import UUID

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import ALLOWED, Decision, Denied, first_denied

SIGNERS = (Role.COORDINATOR, Role.ADMINISTRATOR)


def may_prepare(actor: Actor) -> Decision:
    """Coordinators prepare editions."""
    if actor.is_system or actor.has(Role.COORDINATOR):
        return ALLOWED
    return Denied("not_a_coordinator")


def may_edit(actor: Actor, *, is_published: bool) -> Decision:
    """Settings are free until publication; afterwards only corrections change them."""
    return first_denied(may_prepare(actor), Denied("published") if is_published else ALLOWED)


def may_publish(actor: Actor, *, is_published: bool) -> Decision:
    """An administrator publishes, once."""
    if not actor.is_system and not actor.has(Role.ADMINISTRATOR):
        return Denied("not_an_administrator")
    return Denied("published") if is_published else ALLOWED


def may_propose_correction(actor: Actor, *, is_published: bool) -> Decision:
    """Coordinators propose corrections of a published edition."""
    if not actor.has(Role.COORDINATOR):
        return Denied("not_a_coordinator")
    return ALLOWED if is_published else Denied("not_published")


def may_answer_correction(actor: Actor, *, proposed_by: UUID, sign: bool) -> Decision:
    """A second person signs; who proposed may only take it back."""
    if not actor.has(*SIGNERS):
        return Denied("not_a_signer")
    if sign and actor.account_id == proposed_by:
        return Denied("needs_second_person")
    return ALLOWED


def may_sign_rule(actor: Actor, *, is_published: bool, has_signed: bool) -> Decision:
    """Coordinators and administrators sign, each once, before publication."""
    if not actor.has(*SIGNERS):
        return Denied("not_a_signer")
    if is_published:
        return Denied("published")
    return Denied("already_signed") if has_signed else ALLOWED
