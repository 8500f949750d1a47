"""A register is asked about a case whose person wants it; its answer is a proof of the case."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import policy
from civic_budget.residency.city_account import CITY_ACCOUNT
from civic_budget.residency.desk_rules import ProofOutcome, ProofSource
from civic_budget.residency.events import RegisterQuestionRefused
from civic_budget.residency.models import CaseProof, RegisterQuestion, ResidenceCase
from civic_budget.residency.queries.cases import answers_of, relations_of
from civic_budget.residency.queries.desk import list_proofs
from civic_budget.residency.queries.persons import get_limits
from civic_budget.residency.queries.roads import period_of
from civic_budget.residency.registers import Register, fingerprint
from civic_budget.residency.rules import Road
from civic_budget.residency.service.case_rows import load_case, require_open_road
from civic_budget.residency.service.proofs import note_proof
from civic_budget.storage.db import Work

COUNT_KEPT = timedelta(days=400)


def ask_register(
    work: Work, actor: Actor, *, case_id: UUID, register: Register, at: datetime
) -> bool:
    """Ask one register by a keyed fingerprint; True: it knows the person at this home.

    Raises Conflict `road_closed` where the edition asks no list; `tell_home_first` before name, birth date
    and home are told; `no_question_left` when this account got as many answers in this edition as the city
    allows. A "no" leaves the case open to every other proof. An answer and its count are one transaction:
    there is none without the other.
    """
    case = load_case(work, case_id)
    require(policy.may_edit(actor, relations_of(work.session, case_id)))
    require_open_road(work, case, Road.REGISTER, field="register", at=at)
    told = answers_of(work.session, case)
    identity, home = told.identity(), told.address
    if identity is None or home is None:
        raise Conflict("tell_home_first", field="register")
    _count_question(work, actor, at)
    is_known = register.has(fingerprint(work.keyring, identity, home))
    note_proof(
        work,
        actor,
        case,
        source=ProofSource.REGISTER,
        kind=register.name,
        outcome=ProofOutcome.MATCH if is_known else ProofOutcome.NO_MATCH,
        at=at,
    )
    if is_known:
        case.road, case.updated_at = Road.REGISTER.value, at
    return is_known


def note_refused_question(work: Work, actor: Actor, *, case_id: UUID, at: datetime) -> None:
    """Write down that somebody asked beyond the limit of an edition."""
    work.publish(RegisterQuestionRefused(case_id=case_id, at=at, by=actor.account_id))


def forget_questions(work: Work, *, at: datetime) -> None:
    """Drop counts of editions that are long over."""
    work.session.execute(
        delete(RegisterQuestion).where(RegisterQuestion.last_at <= at - COUNT_KEPT)
    )


def _count_question(work: Work, actor: Actor, at: datetime) -> None:
    """Count an answer; raises Conflict `no_question_left` above the limit."""
    most = get_limits(work.session).register_questions
    insert = postgresql.insert if work.dialect == "postgresql" else sqlite.insert
    # One statement: of two questions at one moment the second waits for the first and is counted after it.
    asked = work.session.scalar(
        insert(RegisterQuestion)
        .values(
            account_id=actor.account_id,
            period=period_of(work.session, at=at),
            number=1,
            last_at=at,
        )
        .on_conflict_do_update(
            index_elements=["account_id", "period"],
            set_={"number": RegisterQuestion.number + 1, "last_at": at},
        )
        .returning(RegisterQuestion.number)
    )
    if (asked or 0) > most:
        raise Conflict("no_question_left", field="register", most=most)


def has_match(work: Work, case_id: UUID) -> bool:
    """Whether a register knows the person of a case as it stands."""
    return any(
        proof.source is ProofSource.REGISTER and proof.outcome is ProofOutcome.MATCH
        for proof in list_proofs(work.session, case_id)
    )


def has_answer(work: Work, case_id: UUID) -> bool:
    """Whether a case may be sent on the road of registers: one knows the person, or the city account spoke.

    A "no" of the city account goes to an officer, who looks at the case as at any other.
    """
    return has_match(work, case_id) or any(
        proof.source is ProofSource.REGISTER and proof.kind == CITY_ACCOUNT
        for proof in list_proofs(work.session, case_id)
    )


def forget_matches(work: Work, case: ResidenceCase) -> None:
    """A draft is given up: what registers said about it is nobody's business any more."""
    work.session.execute(
        delete(CaseProof).where(
            CaseProof.case_id == case.id, CaseProof.source == ProofSource.REGISTER.value
        )
    )
    if case.road == Road.REGISTER:
        case.road = None
