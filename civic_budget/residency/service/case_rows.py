"""The rows of a case under the write lock: load, move through the lifecycle, note the deed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.residency import sealing
from civic_budget.residency.identity import Answers
from civic_budget.residency.models import CaseDecision, CaseSentence, ResidenceCase
from civic_budget.residency.queries.cases import answers_of
from civic_budget.residency.queries.roads import is_open_for
from civic_budget.residency.rules import CASE, CaseAction, CaseState, Road
from civic_budget.residency.service.voiding import Voided, void_former
from civic_budget.storage.db import Work


def load_case(work: Work, case_id: UUID) -> ResidenceCase:
    """A case, locked until the end of the deed; raises NotFound."""
    # Read anew: what this deed saw before it waited for the lock may be out of date by now.
    row = work.session.scalars(
        select(ResidenceCase)
        .where(ResidenceCase.id == case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound
    return row


def require_open_road(
    work: Work, case: ResidenceCase, road: Road, *, field: str = "", at: datetime
) -> None:
    """Raises Conflict `road_closed` at a field where the present edition closes a road."""
    if not is_open_for(work.session, case, road, at=at):
        raise Conflict("road_closed", field=field)


def store_answers(work: Work, case: ResidenceCase, answers: Answers, *, at: datetime) -> Voided:
    """Seal what the person told into the case; returns what counts no more because of it."""
    is_new = case.answers_sealed is None
    former = Answers() if is_new else answers_of(work.session, case)
    case.answers_sealed = sealing.seal(work.keyring, sealing.CASE, case.id, answers.to_json())
    case.updated_at = at
    return Voided() if is_new else void_former(work, case, former, answers, at=at)


def store_words(work: Work, case: ResidenceCase, words: str) -> None:
    """Seal what the person wrote with an answer or an appeal."""
    said = words.strip()
    case.words_sealed = (
        sealing.seal(work.keyring, sealing.SENTENCE, case.id, said) if said else None
    )


def move_case(work: Work, case: ResidenceCase, action: CaseAction, *, at: datetime) -> None:
    """Take the case to the action's next state; raises WrongState."""
    case.state = CASE.next(CaseState(case.state), action).value
    case.updated_at = at


def note_deed(
    work: Work,
    actor: Actor,
    case: ResidenceCase,
    action: CaseAction,
    *,
    at: datetime,
    reason: str | None = None,
    sentence: str = "",
) -> None:
    """Append a deed to the case's history, with the sentence for the person if there is one."""
    deed_id = uuid4()
    before = select(func.count()).where(CaseDecision.case_id == case.id)
    work.session.add(
        CaseDecision(
            id=deed_id,
            case_id=case.id,
            position=(work.session.scalar(before) or 0) + 1,
            at=at,
            by=actor.account_id,
            action=action.value,
            reason=reason,
        )
    )
    if sentence.strip():
        work.session.flush()
        sealed = sealing.seal(work.keyring, sealing.SENTENCE, deed_id, sentence.strip())
        work.session.add(CaseSentence(decision_id=deed_id, language=case.language, sealed=sealed))


def let_go(case: ResidenceCase) -> None:
    """End an officer's claim."""
    case.claimed_by = case.claimed_at = None
