"""How guardianship ends: given up, by age, with the account; and the record handed to its owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from civic_budget.accounts.service import open_handed_account
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.residency.guardian_events import (
    RecordHandedOver,
)
from civic_budget.residency.guardian_models import Guardianship
from civic_budget.residency.guardian_rules import (
    ACCOUNT_CLOSED,
    CASE_REFUSED,
    GIVEN_UP,
    OUT_OF_AGE,
    OUTGROWN,
    TIE,
    TieAction,
    TieState,
    is_ward_age,
)
from civic_budget.residency.models import Person, PersonHolder, ResidenceCase
from civic_budget.residency.queries.cases import find_last_case
from civic_budget.residency.queries.desk import holder_of
from civic_budget.residency.queries.guardians import acted_until_the_end, born_on
from civic_budget.residency.queries.persons import get_limits
from civic_budget.residency.rules import CaseState
from civic_budget.residency.service.tie_rows import (
    end_tie,
    lapse_claim,
    move_tie,
    own_tie,
    withdraw_case_of,
    withdraw_open_case_of,
)
from civic_budget.storage.db import Work


@dataclass(frozen=True)
class HandedOver:
    """Whose the record is now."""

    account_id: UUID
    person_id: UUID


def give_up(work: Work, actor: Actor, *, tie_id: UUID, at: datetime) -> None:
    """A guardian stops: another declared one can be let act by an officer."""
    tie = own_tie(work, actor, tie_id)
    end_tie(work, tie, GIVEN_UP, actor, at)


def end_ties_of_account(work: Work, actor: Actor, *, account_id: UUID, at: datetime) -> None:
    """A guardian's account is closed: its ties end, the children's records stay."""
    rows = work.session.scalars(
        select(Guardianship).where(Guardianship.account_id == account_id).with_for_update()
    ).all()
    for tie in rows:
        if tie.state == TieState.CLAIMED:
            move_tie(tie, TieAction.WITHDRAW, actor, at)
            # Nobody is held in an account by what was decided of a child.
            withdraw_open_case_of(work, actor, tie.person_id, at)
        elif TieAction.END in TIE.actions_from(TieState(tie.state)):
            end_tie(work, tie, ACCOUNT_CLOSED, actor, at)


def end_outgrown_ties(work: Work, *, at: datetime) -> int:
    """End the ties of children who have come of age for an account of their own; returns how many."""
    until_age = get_limits(work.session).hand_over_age
    rows = work.session.scalars(
        select(Guardianship)
        .where(
            Guardianship.state.in_(
                [TieState.ACTING.value, TieState.INFORMED.value, TieState.DISPUTED.value]
            )
        )
        .with_for_update()
    ).all()
    grown = [
        tie
        for tie in rows
        if (born := born_on(work.session, tie.person_id)) is not None
        and not is_ward_age(born, at, until_age=until_age)
    ]
    for tie in grown:
        end_tie(work, tie, OUT_OF_AGE, SYSTEM, at)
    return len(grown)


def end_vain_claims(work: Work, *, at: datetime) -> int:
    """End undecided claims for children who came of age, or whose refusal nobody appealed in time.

    An open case of a child who came of age is taken back: the young person begins their own. Returns
    how many claims ended.
    """
    until_age = get_limits(work.session).hand_over_age
    claims = work.session.scalars(
        select(Guardianship)
        .where(Guardianship.state == TieState.CLAIMED.value)
        .order_by(Guardianship.claimed_at, Guardianship.id)
        .with_for_update()
    ).all()
    ended = 0
    for tie in claims:
        reason = _vain_because(work, tie, until_age, at)
        if reason is None:
            continue
        if reason == OUTGROWN:
            withdraw_case_of(work, SYSTEM, tie.person_id, at)
        lapse_claim(work, tie, reason, at)
        ended += 1
    return ended


def hand_over(
    work: Work,
    actor: Actor,
    *,
    tie_id: UUID,
    pending_id: UUID,
    code: str,
    language: str,
    at: datetime,
) -> HandedOver:
    """Open the young person's own account at their own contact; the record is theirs from now on.

    `code` went to that contact. Raises what `check_hand_over` does, Conflict at `code`.
    """
    tie = check_hand_over(work, actor, tie_id=tie_id, at=at)
    account_id = open_handed_account(
        work, actor, pending_id=pending_id, code=code, language=language, at=at
    )
    work.session.add(
        PersonHolder(account_id=account_id, person_id=tie.person_id, relation="holder", since_at=at)
    )
    work.session.execute(
        update(ResidenceCase)
        .where(ResidenceCase.person_id == tie.person_id)
        .values(account_id=account_id)
    )
    work.session.flush()
    work.publish(RecordHandedOver(person_id=tie.person_id, at=at, by=actor.account_id))
    return HandedOver(account_id, tie.person_id)


def check_hand_over(work: Work, actor: Actor, *, tie_id: UUID, at: datetime) -> Guardianship:
    """The tie of the guardian who acted until the age was reached, while the record has no owner yet.

    Raises Conflict `still_a_child`, `handed_over_already`; NotAllowed `other_guardian_acted` for one who
    was only told or was in a dispute: those young people come to a desk.
    """
    tie = own_tie(work, actor, tie_id)
    born = born_on(work.session, tie.person_id)
    until_age = get_limits(work.session).hand_over_age
    if born is None or is_ward_age(born, at, until_age=until_age):
        raise Conflict("still_a_child")
    if tie.state in {TieState.ACTING, TieState.INFORMED, TieState.DISPUTED}:
        end_tie(work, tie, OUT_OF_AGE, actor, at)
    if tie.state != TieState.ENDED or tie.reason != OUT_OF_AGE:
        raise NotAllowed("not_your_case")
    work.session.flush()
    if not acted_until_the_end(work.session, tie.account_id, tie.person_id, tie.changed_at):
        raise NotAllowed("other_guardian_acted")
    work.session.get_one(Person, tie.person_id, with_for_update=True)
    if holder_of(work.session, tie.person_id) is not None:
        raise Conflict("handed_over_already")
    return tie


def _vain_because(work: Work, tie: Guardianship, until_age: int, at: datetime) -> str | None:
    case = find_last_case(work.session, tie.person_id)
    if case is not None and case.state is CaseState.REFUSED:
        is_over = case.appeal_due_at is not None and case.appeal_due_at <= at
        return CASE_REFUSED if is_over else None
    born = born_on(work.session, tie.person_id)
    is_grown = born is not None and not is_ward_age(born, at, until_age=until_age)
    return OUTGROWN if is_grown else None
