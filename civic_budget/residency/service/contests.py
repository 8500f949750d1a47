"""Deeds on a contested district: say which one is right and why, decide it, take it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic_budget.city.queries import list_districts
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.residency import policy, sealing
from civic_budget.residency.contest_rules import CONTEST, ContestAction, ContestState
from civic_budget.residency.guardian_events import DistrictContested, DistrictSettled
from civic_budget.residency.models import (
    Confirmation,
    DistrictContest,
    Person,
    ResidenceCase,
)
from civic_budget.residency.queries.cases import answers_of, relations_of
from civic_budget.residency.rules import CaseState
from civic_budget.residency.service.case_rows import load_case, store_answers
from civic_budget.storage.db import Work

CONTESTABLE = frozenset({CaseState.SUBMITTED, CaseState.NEEDS_MORE, CaseState.CONFIRMED})


def contest_district(
    work: Work, actor: Actor, *, case_id: UUID, wanted: int, reason: str, at: datetime
) -> UUID:
    """Say that one's home lies in another district than the list says, and why; an officer decides.

    Until then the listed district counts. Raises Conflict at `district` for none such or the same
    one, at `reason` without a word, `contested_already` while one is open.
    """
    case = load_case(work, case_id)
    require(policy.may_act_for(actor, relations_of(work.session, case_id)))
    if case.state not in CONTESTABLE or case.district is None:
        raise NotAllowed("not_contestable")
    if wanted not in {row.number for row in list_districts(work.session)}:
        raise Conflict("choose_district", field="district")
    if wanted == case.district:
        raise Conflict("same_district", field="district")
    if not reason.strip():
        raise Conflict("contest_needs_words", field="reason")
    contest_id = uuid4()
    work.session.add(
        DistrictContest(
            id=contest_id,
            case_id=case_id,
            listed=case.district,
            wanted=wanted,
            state=ContestState.OPEN.value,
            reason_sealed=sealing.seal(work.keyring, sealing.SENTENCE, contest_id, reason.strip()),
            said_at=at,
            changed_at=at,
        )
    )
    try:
        work.session.flush()
    except IntegrityError:
        raise Conflict("contested_already", field="district") from None
    work.publish(
        DistrictContested(
            case_id=case_id, listed=case.district, wanted=wanted, at=at, by=actor.account_id
        )
    )
    return contest_id


def decide_contest(
    work: Work, actor: Actor, *, contest_id: UUID, is_right: bool, at: datetime
) -> None:
    """An officer decides which district the home lies in; a vote cast before stays where it was cast.

    Raises NotAllowed for one's own or a relative's case, and while another officer holds it.
    """
    contest, case = _load(work, contest_id)
    relations = relations_of(work.session, case.id)
    require(policy.may_look(actor, relations))
    if relations.claimed_by not in {None, actor.account_id}:
        raise NotAllowed("claimed_by_other")
    _move(contest, ContestAction.UPHOLD if is_right else ContestAction.DISMISS, at)
    contest.decided_by = actor.account_id
    if is_right:
        _correct(work, case, contest.wanted, at)
    _tell(work, actor, contest, case, at)


def withdraw_contest(work: Work, actor: Actor, *, contest_id: UUID, at: datetime) -> None:
    """The person takes the contest back: the listed district stays."""
    contest, case = _load(work, contest_id)
    require(policy.may_act_for(actor, relations_of(work.session, case.id)))
    _move(contest, ContestAction.WITHDRAW, at)
    _tell(work, actor, contest, case, at)


def _correct(work: Work, case: ResidenceCase, district: int, at: datetime) -> None:
    told = answers_of(work.session, case)
    store_answers(work, case, told.told(district=district), at=at)
    case.district = district
    work.session.execute(
        update(Confirmation)
        .where(Confirmation.case_id == case.id, Confirmation.revoked_at.is_(None))
        .values(district=district)
    )
    newest = select(ResidenceCase.id).where(ResidenceCase.person_id == case.person_id)
    last = work.session.scalars(newest.order_by(ResidenceCase.created_at.desc())).first()
    if last == case.id:
        work.session.get_one(Person, case.person_id).district = district


def _load(work: Work, contest_id: UUID) -> tuple[DistrictContest, ResidenceCase]:
    contest = work.session.get(DistrictContest, contest_id)
    if contest is None:
        raise NotFound
    case = load_case(work, contest.case_id)
    work.session.refresh(contest, with_for_update=True)
    return contest, case


def _move(contest: DistrictContest, action: ContestAction, at: datetime) -> None:
    contest.state = CONTEST.next(ContestState(contest.state), action).value
    contest.changed_at = at


def _tell(
    work: Work, actor: Actor, contest: DistrictContest, case: ResidenceCase, at: datetime
) -> None:
    is_right = contest.state == ContestState.UPHELD
    work.publish(
        DistrictSettled(
            case_id=case.id,
            person_id=case.person_id,
            outcome=contest.state,
            district=contest.wanted if is_right else contest.listed,
            at=at,
            by=actor.account_id,
        )
    )
