"""Who may do what with a residence case, and why not. Pure functions; words are in `labels`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import ALLOWED, Decision, Denied, first_denied
from civic_budget.residency.rules import (
    CASE,
    UNDECIDED_STATES,
    CaseAction,
    CaseState,
    Limits,
    Standing,
)


@dataclass(frozen=True)
class CaseRelations:
    """What the policy knows of a case: its state, who acts for its person, who holds it."""

    state: CaseState
    acting_accounts: frozenset[UUID]
    claimed_by: UUID | None
    claimed_at: datetime | None
    refused_by: UUID | None
    interested: frozenset[UUID]
    appeal_due_at: datetime | None = None
    decided_by: UUID | None = None
    check_is_open: bool = False
    check_opened_by: UUID | None = None

    @property
    def is_claimable(self) -> bool:
        """Whether there is something to decide: a confirmed case opens only for a check."""
        return self.state in UNDECIDED_STATES or self.check_is_open


@dataclass(frozen=True)
class PersonRelations:
    """What a desk's policy knows of a person: who acts for them, which officers know them."""

    acting_accounts: frozenset[UUID]
    interested: frozenset[UUID]


@dataclass(frozen=True)
class VisitRelations:
    """A visit at a desk: whose it is and until when."""

    officer: UUID
    ends_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class DeskPlaces:
    """Assistance points that are open, and those of them to which an account is appointed today."""

    open_points: frozenset[UUID]
    appointed: frozenset[UUID]


def may_stand_at(actor: Actor, places: DeskPlaces, point_id: UUID | None) -> Decision:
    """Whether somebody may work at a point now: a clerk of points only where they are appointed today.

    An officer of the bureau stands in anywhere, or serves people in the bureau (no point).
    """
    if not actor.has(Role.OFFICER, Role.DESK):
        return Denied("not_at_a_desk")
    if point_id is not None and point_id not in places.open_points:
        return Denied("point_closed")
    if actor.has(Role.OFFICER):
        return ALLOWED
    if not places.appointed:
        return Denied("no_appointment")
    if point_id is None:
        return Denied("choose_point")
    return ALLOWED if point_id in places.appointed else Denied("other_point")


def may_appoint(actor: Actor, account_id: UUID) -> Decision:
    """Whether somebody may say who works at which point: administrators, about others."""
    is_keeper = actor.is_system or actor.has(Role.ADMINISTRATOR)
    is_own = actor.account_id is not None and actor.account_id == account_id
    return first_denied(
        ALLOWED if is_keeper else Denied("not_administrator"),
        Denied("own_appointment") if is_own else ALLOWED,
    )


@dataclass(frozen=True)
class WardRelations:
    """What the policy knows of a child's record: whose tie is asked about, who acts, who disagrees."""

    guardian: UUID
    acts: bool
    is_disputed: bool


def may_erase_child(actor: Actor, ward: WardRelations) -> Decision:
    """Whether a guardian may erase a child's record: the one who acts, and nobody disagrees with it."""
    return first_denied(
        ALLOWED if actor.account_id == ward.guardian else Denied("not_your_data"),
        Denied("guardians_disagree") if ward.is_disputed else ALLOWED,
        ALLOWED if ward.acts else Denied("other_guardian_erases"),
    )


def may_serve(actor: Actor, person: PersonRelations) -> Decision:
    """Whether somebody at a desk may serve a person: never themselves, never a relative."""
    if not actor.has(Role.OFFICER, Role.DESK):
        return Denied("not_at_a_desk")
    if actor.account_id in person.acting_accounts:
        return Denied("own_case")
    return Denied("declared_interest") if actor.account_id in person.interested else ALLOWED


def may_tell_status(actor: Actor) -> Decision:
    """Whether somebody may tell a caller where a case stands."""
    is_helper = actor.has(Role.HELPDESK, Role.DESK, Role.OFFICER)
    return ALLOWED if is_helper else Denied("not_at_a_desk")


def may_use_visit(
    actor: Actor, visit: VisitRelations, person: PersonRelations, *, at: datetime
) -> Decision:
    """Whether a deed belongs to a running visit of this very officer."""
    runs = visit.closed_at is None and at < visit.ends_at
    return first_denied(
        ALLOWED if actor.account_id == visit.officer else Denied("other_desk"),
        ALLOWED if runs else Denied("visit_over"),
        may_serve(actor, person),
    )


def may_act_for(actor: Actor, case: CaseRelations) -> Decision:
    """Whether the account is the person's own or a guardian's."""
    if actor.is_system or actor.account_id in case.acting_accounts:
        return ALLOWED
    return Denied("not_your_case")


def may_edit(actor: Actor, case: CaseRelations) -> Decision:
    """Whether answers and documents can still be changed by this account."""
    open_to_edit = case.state in {CaseState.DRAFT, CaseState.NEEDS_MORE}
    return first_denied(
        may_act_for(actor, case), ALLOWED if open_to_edit else Denied("already_sent")
    )


def may_appeal(actor: Actor, case: CaseRelations, *, at: datetime) -> Decision:
    """Whether a refusal can be appealed now."""
    in_time = case.appeal_due_at is None or at < case.appeal_due_at
    return first_denied(
        may_act_for(actor, case),
        ALLOWED if in_time else Denied("appeal_too_late"),
    )


def may_look(actor: Actor, case: CaseRelations) -> Decision:
    """Whether an officer may open a case: not their own, not a relative's."""
    if not actor.has(Role.OFFICER) and not actor.is_system:
        return Denied("not_an_officer")
    if actor.account_id in case.acting_accounts:
        return Denied("own_case")
    return Denied("declared_interest") if actor.account_id in case.interested else ALLOWED


def may_claim(actor: Actor, case: CaseRelations, limits: Limits, *, at: datetime) -> Decision:
    """Whether an officer may take a case: nobody else holds it, and it isn't their own refusal."""
    held = is_held(case, limits, at=at) and case.claimed_by != actor.account_id
    return first_denied(
        may_look(actor, case),
        ALLOWED if case.is_claimable else Denied("nothing_to_decide"),
        Denied("claimed_by_other") if held else ALLOWED,
        _second_officer(actor, case),
    )


def may_decide(
    actor: Actor, case: CaseRelations, action: CaseAction, limits: Limits, *, at: datetime
) -> Decision:
    """Whether an officer may decide: they hold the claim, and the state has such an action."""
    if actor.is_system:
        return ALLOWED
    is_own_claim = case.claimed_by == actor.account_id
    is_over = action not in CASE.actions_from(case.state)
    gone = not case.is_claimable and (is_own_claim or is_over)
    return first_denied(
        may_look(actor, case),
        # Who held the case, or clicks a moment late, hears that it was decided.
        Denied("already_decided") if gone else ALLOWED,
        may_claim(actor, case, limits, at=at),
        ALLOWED if is_own_claim else Denied("claim_first"),
        ALLOWED if action in CASE.actions_from(case.state) else Denied("already_decided"),
    )


def may_check(actor: Actor, case: CaseRelations, limits: Limits, *, at: datetime) -> Decision:
    """Whether an officer may say that a checked confirmation holds: another one than its first."""
    return first_denied(
        may_decide(actor, case, CaseAction.REVOKE, limits, at=at),
        ALLOWED if case.check_is_open else Denied("not_drawn"),
    )


def may_set(actor: Actor) -> Decision:
    """Whether somebody may change the city's settings of residence."""
    if actor.is_system or actor.has(Role.COORDINATOR, Role.ADMINISTRATOR):
        return ALLOWED
    return Denied("not_a_settings_role")


def is_held(case: CaseRelations, limits: Limits, *, at: datetime) -> bool:
    """Whether somebody's claim still keeps others away."""
    return case.claimed_at is not None and at < limits.claim_until(case.claimed_at)


def _second_officer(actor: Actor, case: CaseRelations) -> Decision:
    if case.state is CaseState.APPEALED and case.refused_by == actor.account_id:
        return Denied("second_officer")
    if case.state is CaseState.CONFIRMED and case.decided_by == actor.account_id:
        return Denied("second_officer_check")
    if actor.account_id is not None and case.check_opened_by == actor.account_id:
        return Denied("second_officer_complaint")
    return ALLOWED


def may_ask_about_registrations(actor: Actor, standing: Standing) -> Decision:
    """Only somebody whose residence is confirmed may ask online: else it would be a way to look others up."""
    if actor.account_id is None:
        return Denied("sign_in_first")
    return ALLOWED if standing is Standing.CONFIRMED else Denied("confirm_first")


@dataclass(frozen=True)
class ComplaintRelations:
    """What the policy knows of a complaint: whose it is, who works on it, who knows the person."""

    filed_by: UUID | None
    acting_accounts: frozenset[UUID]
    interested: frozenset[UUID]
    taken_by: UUID | None


def may_take_complaint(actor: Actor, complaint: ComplaintRelations) -> Decision:
    """Whether an officer may work on a complaint: not their own, not a relative's, not a colleague's."""
    own = actor.account_id in {complaint.filed_by, *complaint.acting_accounts}
    known = actor.account_id in complaint.interested
    other = complaint.taken_by is not None and complaint.taken_by != actor.account_id
    return first_denied(
        ALLOWED if actor.has(Role.OFFICER) else Denied("not_an_officer"),
        Denied("own_case") if own else ALLOWED,
        Denied("declared_interest") if known else ALLOWED,
        Denied("claimed_by_other") if other else ALLOWED,
    )


def may_answer_complaint(actor: Actor, complaint: ComplaintRelations) -> Decision:
    """Whether an officer may answer a complaint: the one who took it."""
    taken = complaint.taken_by is not None and complaint.taken_by == actor.account_id
    return first_denied(
        may_take_complaint(actor, complaint), ALLOWED if taken else Denied("claim_first")
    )
