"""Work on an assessment: assign, fill in the cards, note something, step aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from civic_budget.accounts.queries import roles_of
from civic_budget.assessment import events, policy
from civic_budget.assessment.models import (
    Assessment,
    AssessmentNote,
    AssessorInterest,
    CardAnswer,
    Department,
)
from civic_budget.assessment.queries import get_answers, list_criteria
from civic_budget.assessment.rules import (
    NEEDS_COMMENT,
    Answer,
    CriterionWords,
    Fault,
    Said,
    Stage,
    Verdict,
    find_faults,
    verdict,
)
from civic_budget.assessment.service.rows import check_version, load, note_change
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.proposals.service import lock_proposal
from civic_budget.storage.db import Work


class BadAnswers(Conflict):
    """Answers that the card can't take; `faults` tells which and why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("bad_answers", faults=faults)
        self.faults = faults


def assign(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    department: str | None,
    assessor: UUID | None,
    due_at: datetime | None = None,
    at: datetime,
) -> None:
    """A coordinator gives a proposal to a department and to an assessor (None: to nobody), until a day."""
    row, _proposal, ties = load(work, actor, proposal_id, at)
    require(policy.may_assign(actor, ties))
    if department is not None and work.session.get(Department, department) is None:
        raise Conflict("no_such_department", field="department")
    if assessor is not None and Role.ASSESSOR not in roles_of(work.session, assessor, at=at):
        raise Conflict("not_an_assessor", field="assessor")
    if due_at is not None and due_at != row.due_at and due_at <= at:
        raise Conflict("due_in_the_past", field="due")
    if (row.assessor, row.due_at) != (assessor, due_at):
        row.reminded_at = None
    row.department, row.assessor, row.due_at = department, assessor, due_at
    note_change(row, actor, at)
    work.publish(
        events.AssessmentAssigned(
            proposal_id=proposal_id,
            department=department,
            assessor=assessor,
            at=at,
            by=actor.account_id,
        )
    )


def save_card(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    stage: Stage,
    said: Mapping[str, Said],
    assessed_cost: int | None = None,
    seen_version: int | None = None,
    at: datetime,
) -> Verdict:
    """Write answers on a card (those not named stay); returns what the card comes to now.

    A free proposal becomes the assessor's. `seen_version` is the version that the writer looked at:
    Conflict `changed_meanwhile` names the colleague who was quicker. Raises BadAnswers.
    """
    row, _proposal, ties = load(work, actor, proposal_id, at)
    require(policy.may_assess(actor, ties))
    check_version(work, row, seen_version)
    criteria = list_criteria(work.session, stage, edition_id=row.edition_id)
    _check(criteria, said)
    _write(work, actor, proposal_id, said, at)
    work.session.flush()
    outcome = verdict(criteria, get_answers(work.session, proposal_id))
    if stage is Stage.FORMAL:
        row.formal_verdict = outcome.value
    else:
        row.merit_verdict = outcome.value
        row.assessed_cost = assessed_cost if assessed_cost is not None else row.assessed_cost
    if row.assessor is None and actor.has(Role.ASSESSOR):
        row.assessor = actor.account_id
    note_change(row, actor, at)
    work.publish(
        events.CardSaved(
            proposal_id=proposal_id,
            stage=stage.value,
            verdict=outcome.value,
            at=at,
            by=actor.account_id,
        )
    )
    return outcome


def fill_card(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    stage: Stage,
    but: Mapping[str, Said] | None = None,
    assessed_cost: int | None = None,
    at: datetime,
) -> Verdict:
    """Answer "met" to every criterion of a card except those named; for whole imports and the demo."""
    edition_id = lock_proposal(work, proposal_id).edition_id
    criteria = list_criteria(work.session, stage, edition_id=edition_id)
    said = {c.key: Said(Answer.MET) for c in criteria} | dict(but or {})
    return save_card(
        work,
        actor,
        proposal_id=proposal_id,
        stage=stage,
        said=said,
        assessed_cost=assessed_cost,
        at=at,
    )


def add_note(work: Work, actor: Actor, *, proposal_id: UUID, text: str, at: datetime) -> None:
    """Leave a note for colleagues; it is never public and never changed."""
    require(policy.may_look(actor))
    if not text.strip():
        raise Conflict("note_empty", field="text")
    load(work, actor, proposal_id, at)
    work.session.add(
        AssessmentNote(proposal_id=proposal_id, text=text.strip(), at=at, by=actor.account_id)
    )
    work.publish(events.NoteAdded(proposal_id=proposal_id, at=at, by=actor.account_id))


def declare_interest(work: Work, actor: Actor, *, proposal_id: UUID, at: datetime) -> None:
    """Step aside because of a tie to the author or the place: somebody else judges, now and later."""
    require(policy.may_look(actor))
    assert actor.account_id is not None
    row, _proposal, _ties = load(work, actor, proposal_id, at)
    work.session.merge(
        AssessorInterest(account_id=actor.account_id, proposal_id=proposal_id, declared_at=at)
    )
    if row.assessor == actor.account_id:
        row.assessor = None
    note_change(row, actor, at)
    work.publish(events.InterestDeclared(proposal_id=proposal_id, at=at, by=actor.account_id))


def _check(criteria: Sequence[CriterionWords], said: Mapping[str, Said]) -> None:
    known = {criterion.key for criterion in criteria}
    strange = [Fault(key, "unknown_criterion") for key in said if key not in known]
    faults = [*strange, *find_faults(criteria, said)]
    if faults:
        raise BadAnswers(faults)


def _write(
    work: Work, actor: Actor, proposal_id: UUID, said: Mapping[str, Said], at: datetime
) -> None:
    before = get_answers(work.session, proposal_id)
    for key, one in said.items():
        if before.get(key) == one:
            continue
        work.session.merge(
            CardAnswer(
                proposal_id=proposal_id,
                criterion=key,
                answer=one.answer.value,
                comment=one.comment.strip(),
                at=at,
                by=actor.account_id,
            )
        )


def shortcomings(work: Work, row: Assessment) -> dict[str, Said]:
    """The criteria that the author should correct, or that are not met, with the comments."""
    answers = get_answers(work.session, row.proposal_id)
    return {key: one for key, one in answers.items() if one.answer in NEEDS_COMMENT}
