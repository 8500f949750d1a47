"""The rows of a tie between guardian and child under the write lock: load, move, end, tell."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.residency.guardian_events import (
    GuardianEnded,
)
from civic_budget.residency.guardian_models import Guardianship
from civic_budget.residency.guardian_rules import TIE, TieAction, TieState
from civic_budget.residency.models import EvidenceFile, PersonHolder, ResidenceCase
from civic_budget.residency.queries.cases import find_last_case, find_open_case
from civic_budget.residency.rules import CaseAction, CaseState
from civic_budget.residency.service.case_rows import let_go, move_case, note_deed
from civic_budget.storage.db import Work


def withdraw_case_of(work: Work, actor: Actor, person_id: UUID, at: datetime) -> None:
    """Take back the open case of a child; raises Conflict for a residence confirmed already."""
    last = find_last_case(work.session, person_id)
    if last is not None and last.state is CaseState.CONFIRMED:
        raise Conflict("child_confirmed_already")
    withdraw_open_case_of(work, actor, person_id, at)


def withdraw_open_case_of(work: Work, actor: Actor, person_id: UUID, at: datetime) -> None:
    """The same, where a residence that was confirmed already stays as it is."""
    known = find_open_case(work.session, person_id)
    if known is None:
        return
    case = work.session.get_one(ResidenceCase, known.id, with_for_update=True)
    was_draft = case.state == CaseState.DRAFT
    move_case(work, case, CaseAction.WITHDRAW, at=at)
    let_go(case)
    work.session.execute(
        update(EvidenceFile)
        .where(EvidenceFile.case_id == case.id, EvidenceFile.deleted_why.is_(None))
        .values(deleted_why="withdrawn", delete_after=at)
    )
    if not was_draft:
        note_deed(work, actor, case, CaseAction.WITHDRAW, at=at)


def move_tie(tie: Guardianship, action: TieAction, actor: Actor, at: datetime) -> None:
    """Take the tie to the action's next state; raises WrongState."""
    tie.state = TIE.next(TieState(tie.state), action).value
    tie.changed_at = at
    if actor.has(Role.OFFICER):
        tie.decided_by = actor.account_id


def load_tie(work: Work, tie_id: UUID) -> Guardianship:
    """A tie, locked until the end of the deed; raises NotFound."""
    tie = work.session.get(Guardianship, tie_id, with_for_update=True)
    if tie is None:
        raise NotFound
    return tie


def own_tie(work: Work, actor: Actor, tie_id: UUID) -> Guardianship:
    """The same, for its own guardian only."""
    tie = load_tie(work, tie_id)
    if actor.account_id != tie.account_id:
        raise NotFound
    return tie


def stop_acting(work: Work, tie: Guardianship, at: datetime) -> None:
    """The guardian may do nothing in the child's name any more."""
    work.session.execute(
        update(PersonHolder)
        .where(
            PersonHolder.account_id == tie.account_id,
            PersonHolder.person_id == tie.person_id,
            PersonHolder.relation == "guardian",
            PersonHolder.until_at.is_(None),
        )
        .values(until_at=at)
    )
    # An open case stays with the record: whoever acts next goes on with it.
    work.session.execute(
        update(ResidenceCase)
        .where(ResidenceCase.person_id == tie.person_id, ResidenceCase.account_id == tie.account_id)
        .values(account_id=None)
    )


def end_tie(work: Work, tie: Guardianship, reason: str, actor: Actor, at: datetime) -> None:
    """End a tie for a reason of `guardian_rules.END_REASONS`."""
    tie.reason = reason
    move_tie(tie, TieAction.END, actor, at)
    stop_acting(work, tie, at)
    tell_end(work, tie, reason, actor, at)


def list_claims(work: Work, person_id: UUID) -> list[Guardianship]:
    """The claims for a child that wait for an officer, locked until the end of the deed."""
    return list(
        work.session.scalars(
            select(Guardianship)
            .where(Guardianship.person_id == person_id, Guardianship.state == TieState.CLAIMED)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def lapse_claim(work: Work, tie: Guardianship, reason: str, at: datetime) -> None:
    """End a claim that nobody decided, for a reason of `guardian_rules.CLAIM_ENDS`."""
    tie.reason = reason
    move_tie(tie, TieAction.LAPSE, SYSTEM, at)
    tell_end(work, tie, reason, SYSTEM, at)


def lapse_claims_of(work: Work, person_id: UUID, reason: str, at: datetime) -> None:
    """A child's case ended without a residence: nothing is left to claim guardianship for."""
    for tie in list_claims(work, person_id):
        lapse_claim(work, tie, reason, at)


def withdraw_claims_of(work: Work, actor: Actor, person_id: UUID, at: datetime) -> None:
    """A child's case was taken back by who claims the child: the claim goes with it."""
    for tie in list_claims(work, person_id):
        move_tie(tie, TieAction.WITHDRAW, actor, at)
        tell_end(work, tie, "withdrawn", actor, at)


def tell_end(work: Work, tie: Guardianship, reason: str, actor: Actor, at: datetime) -> None:
    """Publish that a tie ended."""
    work.publish(
        GuardianEnded(
            person_id=tie.person_id,
            guardian=tie.account_id,
            reason=reason,
            at=at,
            by=actor.account_id,
        )
    )
