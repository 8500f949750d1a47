"""Deeds on guardianship: claim a child, accept, refuse, take back, dispute, settle."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.residency import policy
from civic_budget.residency.events import CaseStarted
from civic_budget.residency.guardian_events import (
    GuardianAccepted,
    GuardianClaimed,
    GuardianDisputed,
    GuardianRefused,
    GuardianSettled,
)
from civic_budget.residency.guardian_models import Guardianship
from civic_budget.residency.guardian_rules import (
    AT_DESK,
    GUARDIAN_PROOFS,
    TieAction,
    TieState,
    is_ward_age,
)
from civic_budget.residency.identity import Answers
from civic_budget.residency.models import Person, PersonHolder, ResidenceCase
from civic_budget.residency.queries.cases import find_last_case, relations_of
from civic_budget.residency.queries.guardians import (
    born_on,
    child_key_of,
    find_guardian_in_charge,
    is_declared,
)
from civic_budget.residency.queries.persons import (
    find_confirmation,
    get_limits,
    identity_of,
    own_person,
)
from civic_budget.residency.rules import (
    REFUSAL_REASONS,
    CaseState,
    Purpose,
    Road,
    new_reference,
)
from civic_budget.residency.service.case_rows import store_answers
from civic_budget.residency.service.merging import join_child
from civic_budget.residency.service.tie_rows import (
    load_tie,
    move_tie,
    own_tie,
    stop_acting,
    tell_end,
    withdraw_case_of,
)
from civic_budget.storage.db import Work

MOST_CHILDREN = 12


def claim_child(
    work: Work, actor: Actor, *, account_id: UUID, proof: str, language: str, at: datetime
) -> UUID:
    """Begin to register a child as one's ward: a record, an open case, a tie that waits for an officer.

    The home is the guardian's own as long as nothing else is told. Returns the case's id. Raises
    Conflict at `proof` for an unknown paper, `too_many_children` past a dozen open ties.
    """
    if proof not in GUARDIAN_PROOFS:
        raise Conflict("choose_paper", field="proof")
    # Two claims of one account in one instant: the second is counted after the first.
    work.take_turns(b"claims|" + account_id.bytes)
    live = work.session.scalars(
        select(Guardianship.id).where(
            Guardianship.account_id == account_id, Guardianship.state == TieState.CLAIMED
        )
    ).all()
    if len(live) >= MOST_CHILDREN:
        raise Conflict("too_many_children", field="proof")
    child, case_id = uuid4(), uuid4()
    work.session.add(Person(id=child, created_at=at))
    work.session.flush()
    work.session.add(
        Guardianship(
            id=uuid4(),
            account_id=account_id,
            person_id=child,
            state=TieState.CLAIMED.value,
            proof=proof,
            claimed_at=at,
            changed_at=at,
        )
    )
    case = _child_case(child, case_id, account_id, proof, language, at)
    work.session.add(case)
    store_answers(work, case, _home_of(work, account_id, at), at=at)
    work.session.flush()
    work.publish(CaseStarted(case_id=case_id, person_id=child, at=at, by=actor.account_id))
    work.publish(GuardianClaimed(person_id=child, at=at, by=account_id))
    return case_id


def tie_ward(work: Work, actor: Actor, *, account_id: UUID, person_id: UUID, at: datetime) -> None:
    """Note the guardianship of a child that was registered in one deed, its paper seen already."""
    work.session.add(
        Guardianship(
            id=uuid4(),
            account_id=account_id,
            person_id=person_id,
            state=TieState.ACTING.value,
            proof=AT_DESK,
            child_key=_key_of(work, person_id),
            claimed_at=at,
            changed_at=at,
        )
    )
    work.session.flush()
    work.publish(
        GuardianAccepted(
            person_id=person_id, guardian=account_id, acts=True, at=at, by=actor.account_id
        )
    )


def accept_guardian(
    work: Work, actor: Actor, *, tie_id: UUID, is_second: bool = False, at: datetime
) -> None:
    """An officer saw the paper: the guardian acts, or (`is_second`) is told beside the one who acts.

    Raises Conflict `other_guardian_acts` when somebody acts for the same child already, also when
    that was decided in this very moment; `nobody_acts` for a second one without a first.
    """
    tie = load_tie(work, tie_id)
    _require_officer(work, actor, tie, at)
    known = born_on(work.session, tie.person_id)
    if known is None:
        raise Conflict("child_not_told")
    if not is_ward_age(known, at, until_age=get_limits(work.session).hand_over_age):
        raise Conflict("no_child_any_more")
    in_charge = find_guardian_in_charge(work.session, tie.person_id)
    if is_second:
        _join_second(work, actor, tie, in_charge, at)
        return
    if in_charge is not None:
        raise Conflict("other_guardian_acts")
    tie.child_key = _key_of(work, tie.person_id)
    move_tie(tie, TieAction.ACCEPT, actor, at)
    _begin_to_act(work, tie, at)
    work.publish(
        GuardianAccepted(
            person_id=tie.person_id, guardian=tie.account_id, acts=True, at=at, by=actor.account_id
        )
    )


def refuse_guardian(
    work: Work, actor: Actor, *, tie_id: UUID, reason: str = "not_guardian", at: datetime
) -> None:
    """An officer does not see the guardianship in the papers; the child's open case ends with it."""
    if reason not in REFUSAL_REASONS:
        raise Conflict("choose_reason", field="reason")
    tie = load_tie(work, tie_id)
    _require_officer(work, actor, tie, at)
    move_tie(tie, TieAction.REFUSE, actor, at)
    tie.reason = reason
    withdraw_case_of(work, actor, tie.person_id, at)
    work.publish(
        GuardianRefused(
            person_id=tie.person_id,
            guardian=tie.account_id,
            reason=reason,
            at=at,
            by=actor.account_id,
        )
    )


def withdraw_claim(work: Work, actor: Actor, *, tie_id: UUID, at: datetime) -> None:
    """The claimant takes the claim back, and the child's open case with it."""
    tie = own_tie(work, actor, tie_id)
    move_tie(tie, TieAction.WITHDRAW, actor, at)
    withdraw_case_of(work, actor, tie.person_id, at)
    tell_end(work, tie, "withdrawn", actor, at)


def dispute_guardian(work: Work, actor: Actor, *, tie_id: UUID, at: datetime) -> None:
    """A declared guardian disagrees that the other one acts: nobody acts online until a desk settles.

    `tie_id` is the tie of the guardian who acts. Raises NotAllowed for anybody but another declared
    guardian of the same child.
    """
    tie = load_tie(work, tie_id)
    account_id = actor.account_id
    if account_id is None or account_id == tie.account_id:
        raise NotAllowed("not_another_guardian")
    if not is_declared(work.session, account_id, tie.person_id):
        raise NotAllowed("not_another_guardian")
    move_tie(tie, TieAction.DISPUTE, actor, at)
    stop_acting(work, tie, at)
    work.publish(
        GuardianDisputed(person_id=tie.person_id, guardian=tie.account_id, at=at, by=account_id)
    )


def settle_dispute(work: Work, actor: Actor, *, tie_id: UUID, at: datetime) -> None:
    """An officer at a desk settles who acts: the guardian of this tie; the other one is told."""
    chosen = load_tie(work, tie_id)
    _require_officer(work, actor, chosen, at)
    others = work.session.scalars(
        select(Guardianship)
        .where(
            Guardianship.person_id == chosen.person_id,
            Guardianship.id != chosen.id,
            Guardianship.state.in_([TieState.ACTING.value, TieState.DISPUTED.value]),
        )
        .with_for_update()
    ).all()
    for other in others:
        if other.state != TieState.DISPUTED:
            raise Conflict("other_guardian_acts")
        move_tie(other, TieAction.STAND_BACK, actor, at)
        chosen.child_key = other.child_key
        work.session.flush()
    if chosen.child_key is None:
        chosen.child_key = _key_of(work, chosen.person_id)
    move_tie(chosen, TieAction.LET_ACT, actor, at)
    _begin_to_act(work, chosen, at)
    work.publish(
        GuardianSettled(
            person_id=chosen.person_id, guardian=chosen.account_id, at=at, by=actor.account_id
        )
    )


def _child_case(
    child: UUID, case_id: UUID, account_id: UUID, proof: str, language: str, at: datetime
) -> ResidenceCase:
    return ResidenceCase(
        id=case_id,
        reference=new_reference(),
        person_id=child,
        account_id=account_id,
        purpose=Purpose.FIRST.value,
        state=CaseState.DRAFT.value,
        road=(Road.STATEMENT if proof == AT_DESK else Road.DOCUMENT).value,
        language=language,
        flags=[],
        is_flagged=False,
        created_at=at,
        updated_at=at,
    )


def _key_of(work: Work, child: UUID) -> bytes:
    """What makes a child one: names and birth date; the record itself for a name without letters."""
    return child_key_of(work.session, child) or child.bytes


def _home_of(work: Work, account_id: UUID, at: datetime) -> Answers:
    """What is known of a child before the first question: the guardian's confirmed home."""
    own = own_person(work.session, account_id)
    held = find_confirmation(work.session, own, at=at) if own else None
    known = identity_of(work.session, own) if own else None
    if held is None or known is None or known.address is None:
        return Answers()
    return Answers(address=known.address, district=held.district)


def _join_second(
    work: Work, actor: Actor, tie: Guardianship, in_charge: UUID | None, at: datetime
) -> None:
    """The same child, claimed by its other guardian: one record stays, the claim's own one ends."""
    if in_charge is None:
        raise Conflict("nobody_acts")
    spare = tie.person_id
    if is_declared(work.session, tie.account_id, in_charge):
        raise Conflict("other_guardian_acts")
    withdraw_case_of(work, actor, spare, at)
    move_tie(tie, TieAction.ACCEPT_SECOND, actor, at)
    tie.person_id = in_charge
    join_child(work, actor, one=in_charge, other=spare, at=at)
    work.publish(
        GuardianAccepted(
            person_id=in_charge, guardian=tie.account_id, acts=False, at=at, by=actor.account_id
        )
    )


def _begin_to_act(work: Work, tie: Guardianship, at: datetime) -> None:
    work.session.add(
        PersonHolder(
            account_id=tie.account_id, person_id=tie.person_id, relation="guardian", since_at=at
        )
    )
    try:
        work.session.flush()
    except IntegrityError:
        raise Conflict("other_guardian_acts") from None
    # Whoever acts goes on with what the one before had begun.
    work.session.execute(
        update(ResidenceCase)
        .where(ResidenceCase.person_id == tie.person_id, ResidenceCase.account_id.is_(None))
        .values(account_id=tie.account_id)
    )


def _require_officer(work: Work, actor: Actor, tie: Guardianship, at: datetime) -> None:
    """An officer, not a guardian of the child nor a friend; an open case must be theirs to decide."""
    if actor.is_system:
        return
    last = find_last_case(work.session, tie.person_id)
    if last is None:
        raise NotFound
    relations = relations_of(work.session, last.id)
    require(policy.may_look(actor, relations))
    if last.state in _WITH_OFFICER and relations.claimed_by != actor.account_id:
        raise NotAllowed("claim_first")


_WITH_OFFICER = frozenset({CaseState.SUBMITTED, CaseState.NEEDS_MORE, CaseState.APPEALED})
