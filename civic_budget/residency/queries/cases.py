"""Looking residence cases up: for their person, for officers, for messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.kernel.errors import NotFound
from civic_budget.residency import sealing
from civic_budget.residency.identity import Answers
from civic_budget.residency.models import (
    CaseDecision,
    CaseSentence,
    ClauseShown,
    Confirmation,
    EvidenceFile,
    Guardianship,
    OfficerInterest,
    ResidenceCase,
    ResidenceCheck,
    ResidenceStatement,
    SampleMember,
)
from civic_budget.residency.policy import CaseRelations
from civic_budget.residency.queries.persons import accounts_of_person
from civic_budget.residency.rules import (
    OPEN_STATES,
    UNDECIDED_STATES,
    CaseAction,
    CaseState,
    Flag,
    Purpose,
    Road,
)
from civic_budget.storage.db import keyring_of

AGAINST_THE_PERSON = (CaseAction.REFUSE.value, CaseAction.REVOKE.value)
"""Decisions that can be appealed: who made one does not decide the appeal."""


@dataclass(frozen=True)
class DecisionFacts:
    """One deed on a case, with the sentence that went with it."""

    at: datetime
    by: UUID | None
    action: CaseAction
    reason: str | None
    sentence: str
    language: str


@dataclass(frozen=True)
class EvidenceFacts:
    """A document of a case that is still there."""

    id: UUID
    vault_id: str
    kind: str
    page_count: int
    received_at: datetime


@dataclass(frozen=True)
class CaseFacts:
    """A case as pages show it; `answers` are opened."""

    id: UUID
    reference: str
    person_id: UUID
    account_id: UUID | None
    purpose: Purpose
    state: CaseState
    road: Road | None
    district: int | None
    language: str
    answers: Answers
    flags: tuple[Flag, ...]
    created_at: datetime
    submitted_at: datetime | None
    due_at: datetime | None
    answer_due_at: datetime | None
    appeal_due_at: datetime | None
    claimed_by: UUID | None
    claimed_at: datetime | None
    decided_at: datetime | None
    words: str
    """What the person wrote with an answer or an appeal."""


@dataclass(frozen=True)
class StatementFacts:
    """A signed statement of residence."""

    version: str
    language: str
    signature: str
    signed_at: datetime
    confirmed_by: str | None


@dataclass(frozen=True)
class MessageFacts:
    """What a message about a case needs: whom, in which language, and the officer's own sentence."""

    case_id: UUID
    person_id: UUID
    account_ids: tuple[UUID, ...]
    reference: str
    language: str
    state: str
    district: int | None
    due_at: datetime | None
    answer_due_at: datetime | None
    appeal_due_at: datetime | None
    reason: str | None
    sentence: str
    valid_until: datetime | None


def get_case(session: Session, case_id: UUID) -> CaseFacts:
    """A case; raises NotFound."""
    row = session.get(ResidenceCase, case_id)
    if row is None:
        raise NotFound
    return _facts(session, row)


def find_case_by_reference(session: Session, reference: str) -> CaseFacts | None:
    """The case with a reference."""
    row = session.scalars(select(ResidenceCase).where(ResidenceCase.reference == reference)).first()
    return _facts(session, row) if row else None


def find_open_case(session: Session, person_id: UUID) -> CaseFacts | None:
    """The person's case that still moves, if there is one."""
    row = session.scalars(
        select(ResidenceCase).where(
            ResidenceCase.person_id == person_id,
            ResidenceCase.state.in_([state.value for state in OPEN_STATES]),
        )
    ).first()
    return _facts(session, row) if row else None


def find_last_case(session: Session, person_id: UUID) -> CaseFacts | None:
    """The person's case that still moves, else the newest one; None before the first."""
    row = session.scalars(
        select(ResidenceCase)
        .where(ResidenceCase.person_id == person_id)
        .order_by(ResidenceCase.created_at.desc(), ResidenceCase.id)
        .limit(1)
    ).first()
    return find_open_case(session, person_id) or (_facts(session, row) if row else None)


def is_undecided(case: CaseFacts) -> bool:
    """Whether a complete case still waits for its end."""
    return case.state in UNDECIDED_STATES


def answers_of(session: Session, case: ResidenceCase) -> Answers:
    """What a person told in a case, opened; empty after its deletion."""
    if case.answers_sealed is None:
        return Answers()
    ring = keyring_of(session)
    return Answers.from_json(sealing.unseal(ring, sealing.CASE, case.id, case.answers_sealed))


def words_of(session: Session, case: ResidenceCase) -> str:
    """What a person wrote with an answer or an appeal."""
    if case.words_sealed is None:
        return ""
    return str(sealing.unseal(keyring_of(session), sealing.SENTENCE, case.id, case.words_sealed))


def relations_of(session: Session, case_id: UUID) -> CaseRelations:
    """What the policy asks of a case; raises NotFound."""
    row = session.get(ResidenceCase, case_id)
    if row is None:
        raise NotFound
    acting = {*accounts_of_person(session, row.person_id)}
    tied = select(Guardianship.account_id).where(Guardianship.person_id == row.person_id)
    if row.account_id is not None:
        acting.add(row.account_id)
    refused_by = session.scalar(
        select(CaseDecision.by)
        .where(CaseDecision.case_id == case_id, CaseDecision.action.in_(AGAINST_THE_PERSON))
        .order_by(CaseDecision.position.desc())
        .limit(1)
    )
    check = session.scalar(
        select(SampleMember.case_id).where(
            SampleMember.case_id == case_id,
            SampleMember.is_drawn,
            SampleMember.checked_at.is_(None),
        )
    )
    opened_by = session.scalar(
        select(ResidenceCheck.opened_by).where(
            ResidenceCheck.case_id == case_id, ResidenceCheck.checked_at.is_(None)
        )
    )
    interested = session.scalars(
        select(OfficerInterest.account_id).where(OfficerInterest.person_id == row.person_id)
    )
    return CaseRelations(
        state=CaseState(row.state),
        acting_accounts=frozenset(acting),
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        refused_by=refused_by,
        interested=frozenset({*interested, *session.scalars(tied)}),
        appeal_due_at=row.appeal_due_at,
        decided_by=row.decided_by,
        check_is_open=check is not None or opened_by is not None,
        check_opened_by=opened_by,
    )


def list_decisions(session: Session, case_id: UUID) -> list[DecisionFacts]:
    """All deeds on a case since it was sent, oldest first."""
    rows = session.execute(
        select(CaseDecision, CaseSentence)
        .outerjoin(CaseSentence, CaseSentence.decision_id == CaseDecision.id)
        .where(CaseDecision.case_id == case_id)
        .order_by(CaseDecision.position)
    )
    ring = keyring_of(session)
    found = []
    for decision, said in rows:
        sentence = sealing.unseal(ring, sealing.SENTENCE, decision.id, said.sealed) if said else ""
        found.append(
            DecisionFacts(
                at=decision.at,
                by=decision.by,
                action=CaseAction(decision.action),
                reason=decision.reason,
                sentence=sentence,
                language=said.language if said else "",
            )
        )
    return found


def find_last_sentence(session: Session, case_id: UUID) -> DecisionFacts | None:
    """The last deed on a case that told the person something in words."""
    told = [deed for deed in list_decisions(session, case_id) if deed.sentence]
    return told[-1] if told else None


def list_evidence(session: Session, case_id: UUID) -> Sequence[EvidenceFacts]:
    """Documents of a case that are still there, in the order of their arrival."""
    rows = session.scalars(
        select(EvidenceFile)
        .where(EvidenceFile.case_id == case_id, EvidenceFile.deleted_why.is_(None))
        .order_by(EvidenceFile.received_at, EvidenceFile.id)
    )
    return [
        EvidenceFacts(row.id, row.vault_id, row.kind, row.page_count, row.received_at)
        for row in rows
    ]


def find_statement(session: Session, case_id: UUID) -> StatementFacts | None:
    """The signed statement of a case."""
    row = session.get(ResidenceStatement, case_id)
    if row is None:
        return None
    signature = sealing.unseal(
        keyring_of(session), sealing.SIGNATURE, case_id, row.signature_sealed
    )
    return StatementFacts(row.version, row.language, signature, row.signed_at, row.confirmed_by)


def list_clauses_shown(session: Session, person_id: UUID) -> Sequence[ClauseShown]:
    """Which information clauses a person was shown, newest first."""
    return session.scalars(
        select(ClauseShown)
        .where(ClauseShown.person_id == person_id)
        .order_by(ClauseShown.shown_at.desc(), ClauseShown.id)
    ).all()


def get_message_facts(session: Session, case_id: UUID) -> MessageFacts:
    """What a message about a case needs; raises NotFound. `language` is the person's, of the case."""
    case = get_case(session, case_id)
    decisions = list_decisions(session, case_id)
    last = decisions[-1] if decisions else None
    return MessageFacts(
        case_id=case.id,
        person_id=case.person_id,
        account_ids=_told_of(session, case),
        reference=case.reference,
        language=case.language,
        state=case.state.value,
        district=case.district,
        due_at=case.due_at,
        answer_due_at=case.answer_due_at,
        appeal_due_at=case.appeal_due_at,
        reason=last.reason if last else None,
        sentence=last.sentence if last else "",
        valid_until=session.scalar(
            select(Confirmation.valid_until).where(Confirmation.case_id == case_id)
        ),
    )


def _told_of(session: Session, case: CaseFacts) -> tuple[UUID, ...]:
    """Who hears of a case: who acts for the person, who claims the child, its other guardians."""
    tied = select(Guardianship.account_id).where(
        Guardianship.person_id == case.person_id,
        Guardianship.state.in_(["claimed", "informed", "disputed"]),
    )
    told = [*accounts_of_person(session, case.person_id), *session.scalars(tied)]
    if case.state is CaseState.DISMISSED and case.account_id is not None:
        # A guardian's claim ended in the same deed; its answer is owed to them all the same.
        told.append(case.account_id)
    return tuple(dict.fromkeys(told))


def _facts(session: Session, row: ResidenceCase) -> CaseFacts:
    return CaseFacts(
        id=row.id,
        reference=row.reference,
        person_id=row.person_id,
        account_id=row.account_id,
        purpose=Purpose(row.purpose),
        state=CaseState(row.state),
        road=Road(row.road) if row.road else None,
        district=row.district,
        language=row.language,
        answers=answers_of(session, row),
        flags=tuple(Flag(flag) for flag in row.flags),
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        due_at=row.due_at,
        answer_due_at=row.answer_due_at,
        appeal_due_at=row.appeal_due_at,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        decided_at=row.decided_at,
        words=words_of(session, row),
    )
