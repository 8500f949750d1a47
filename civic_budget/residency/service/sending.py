"""A resident's deeds on a complete case: send, answer a request, appeal, withdraw."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.kernel.clock import age_on, city_day
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import policy
from civic_budget.residency.events import (
    CaseAnswered,
    CaseSubmitted,
    CaseWithdrawn,
    RefusalAppealed,
)
from civic_budget.residency.identity import Answers, Identity
from civic_budget.residency.matching import Document
from civic_budget.residency.models import Confirmation, EvidenceFile, ResidenceCase
from civic_budget.residency.queries.cases import (
    answers_of,
    find_open_case,
    find_statement,
    list_evidence,
    relations_of,
)
from civic_budget.residency.queries.duplicates import find_same_keys
from civic_budget.residency.queries.guardians import is_for_child
from civic_budget.residency.queries.persons import find_confirmation, get_limits, identity_of
from civic_budget.residency.queries.roads import open_roads
from civic_budget.residency.rules import (
    CaseAction,
    CaseState,
    Flag,
    Limits,
    Purpose,
    Road,
    check_birth_date,
    is_in_sample,
)
from civic_budget.residency.service.case_rows import (
    let_go,
    load_case,
    move_case,
    note_deed,
    require_open_road,
    store_words,
)
from civic_budget.residency.service.city_account import bind_identity, is_bound_elsewhere
from civic_budget.residency.service.drafts import forget_draft
from civic_budget.residency.service.granting import grant
from civic_budget.residency.service.letters import ask_letter
from civic_budget.residency.service.person_rows import (
    count_at_home,
    store_identity,
    store_match_keys,
)
from civic_budget.residency.service.registers import has_answer, has_match
from civic_budget.residency.service.tie_rows import withdraw_claims_of
from civic_budget.residency.service.voiding import basis_of_sent, is_unsent
from civic_budget.residency.steps import Step, first_missing
from civic_budget.storage.db import Work, keyring_of

LOT = "sample-lot"


def submit_case(
    work: Work,
    actor: Actor,
    *,
    case_id: UUID,
    at: datetime,
    document: Document | None = None,
    documents_seen: bool = False,
) -> None:
    """Send a complete case: the clock of the officer's deadline starts, provisional standing begins.

    Raises Conflict `incomplete` with the first missing step in `details`, `road_closed` where the edition
    closes the case's road. A hit on a duplicate only flags the case: the person is told nothing about
    others. A document's number is hashed and let go.
    `documents_seen`: a desk or a register saw the proof, no copy is kept.
    """
    case = load_case(work, case_id)
    require(policy.may_act_for(actor, relations_of(work.session, case_id)))
    told = answers_of(work.session, case)
    _require_complete(work, case, told, documents_seen=documents_seen)
    if not documents_seen:
        require_open_road(work, case, Road(case.road or Road.DESK), at=at)
    assert told.born_on is not None
    check_birth_date(told.born_on, at)
    limits = get_limits(work.session)
    move_case(work, case, CaseAction.SUBMIT, at=at)
    case.submitted_at, case.due_at = at, limits.decide_by(at)
    _take_in(work, case, told, document, limits, at=at)
    note_deed(work, actor, case, CaseAction.SUBMIT, at=at)
    work.publish(
        CaseSubmitted(
            case_id=case_id,
            person_id=case.person_id,
            road=case.road or "",
            at=at,
            by=actor.account_id,
        )
    )
    if case.road == Road.LETTER:
        ask_letter(work, actor, case_id=case_id, at=at)
    # The tap of a renewal is a statement too: where the edition closes these, an officer looks.
    states = documents_seen or Road.STATEMENT in open_roads(work.session, at=at)
    confirms = {
        Road.STATEMENT: limits.statement_confirms and states,
        Road.REGISTER: limits.register_confirms and (documents_seen or _is_known(work, case)),
    }
    # A child's renewal repeats what an officer has seen, guardianship and home.
    is_new_ward = _is_ward(work, case) and case.purpose != Purpose.RENEWAL
    by_itself = case.purpose != Purpose.CORRECTION and not is_new_ward
    if by_itself and confirms.get(Road(case.road or Road.DOCUMENT)) and not case.flags:
        grant(work, SYSTEM, case, CaseAction.CONFIRM, limits, at=at)


def answer_request(work: Work, actor: Actor, *, case_id: UUID, words: str, at: datetime) -> None:
    """Answer an officer's request for more: documents were added, words may go with them.

    The officer's deadline runs anew; the claim is kept, so that the same officer goes on.
    """
    case = load_case(work, case_id)
    require(policy.may_act_for(actor, relations_of(work.session, case_id)))
    told = answers_of(work.session, case)
    _require_complete(work, case, told)
    limits = get_limits(work.session)
    move_case(work, case, CaseAction.ANSWER, at=at)
    case.due_at, case.answer_due_at = limits.decide_by(at), None
    store_words(work, case, words)
    _take_in(work, case, told, None, limits, at=at)
    note_deed(work, actor, case, CaseAction.ANSWER, at=at)
    work.publish(
        CaseAnswered(case_id=case_id, person_id=case.person_id, at=at, by=actor.account_id)
    )


def appeal(work: Work, actor: Actor, *, case_id: UUID, words: str, at: datetime) -> None:
    """Appeal a refusal with a sentence why; another officer decides.

    Raises NotAllowed after the deadline, Conflict at `words` without a sentence, Conflict
    `newer_case` when the person has begun again meanwhile.
    """
    case = load_case(work, case_id)
    require(policy.may_appeal(actor, relations_of(work.session, case_id), at=at))
    if not words.strip():
        raise Conflict("appeal_needs_words", field="words")
    if find_open_case(work.session, case.person_id) is not None:
        raise Conflict("newer_case", field="words")
    limits = get_limits(work.session)
    if is_unsent(work, case):  # refused while the person was answering: the appeal sends it
        _take_in(work, case, answers_of(work.session, case), None, limits, at=at)
    move_case(work, case, CaseAction.APPEAL, at=at)
    case.due_at = limits.decide_by(at)
    let_go(case)
    store_words(work, case, words)
    note_deed(work, actor, case, CaseAction.APPEAL, at=at)
    work.publish(
        RefusalAppealed(case_id=case_id, person_id=case.person_id, at=at, by=actor.account_id)
    )


def withdraw_case(work: Work, actor: Actor, *, case_id: UUID, at: datetime) -> None:
    """Take a case back: its documents are deleted soon; a confirmation that holds stays."""
    case = load_case(work, case_id)
    require(policy.may_act_for(actor, relations_of(work.session, case_id)))
    was_draft = case.state == CaseState.DRAFT
    move_case(work, case, CaseAction.WITHDRAW, at=at)
    let_go(case)
    work.session.execute(
        update(EvidenceFile)
        .where(EvidenceFile.case_id == case_id, EvidenceFile.deleted_why.is_(None))
        .values(deleted_why="withdrawn", delete_after=at)
    )
    if was_draft:
        forget_draft(work, case)
    else:
        note_deed(work, actor, case, CaseAction.WITHDRAW, at=at)
    withdraw_claims_of(work, actor, case.person_id, at)
    work.publish(
        CaseWithdrawn(case_id=case_id, person_id=case.person_id, at=at, by=actor.account_id)
    )


def _is_ward(work: Work, case: ResidenceCase) -> bool:
    """A child's case waits for an officer, who looks at the guardianship too."""
    return case.account_id is not None and is_for_child(
        work.session, case.account_id, case.person_id
    )


def _require_complete(
    work: Work, case: ResidenceCase, told: Answers, *, documents_seen: bool = False
) -> None:
    documents = len(list_evidence(work.session, case.id))
    signed = find_statement(work.session, case.id) is not None
    if documents_seen:
        documents = max(documents, 1)
    missing = first_missing(
        told, road=Road(case.road) if case.road else None, is_signed=signed, documents=documents
    )
    if missing is not None:
        raise Conflict("incomplete", step=missing)
    if case.road == Road.REGISTER and not documents_seen and not has_answer(work, case.id):
        raise Conflict("incomplete", step=Step.PROOF)


def _take_in(
    work: Work,
    case: ResidenceCase,
    told: Answers,
    document: Document | None,
    limits: Limits,
    *,
    at: datetime,
) -> None:
    """What is sent is what is compared with other records, flagged, and later decided: nothing else."""
    identity = told.identity()
    assert identity is not None
    case.district, case.sent_basis = told.district, basis_of_sent(work, told)
    if _is_other_human(work, case, identity):
        case.purpose = Purpose.CORRECTION.value
    _store_person(work, case, told, identity, document, at=at)
    work.session.flush()
    _flag(work, case, identity, limits, at=at)


def _is_other_human(work: Work, case: ResidenceCase, identity: Identity) -> bool:
    """Whether somebody who was confirmed once tells another name or birth date now, whatever they began."""
    known = identity_of(work.session, case.person_id)
    was_confirmed = select(Confirmation.id).where(Confirmation.person_id == case.person_id)
    if known is None or work.session.scalars(was_confirmed.limit(1)).first() is None:
        return False
    return replace(known, address=None) != replace(identity, address=None)


def _store_person(
    work: Work,
    case: ResidenceCase,
    told: Answers,
    identity: Identity,
    document: Document | None,
    *,
    at: datetime,
) -> None:
    """Until a confirmation holds, the person is as the case says; later only a decision changes it."""
    is_held = find_confirmation(work.session, case.person_id, at=at) is not None
    store_match_keys(work, case.person_id, identity, document, keeps_former=is_held)
    bind_identity(work, case, at=at)
    if not is_held:
        store_identity(work, case.person_id, identity, told, at=at)


def _is_known(work: Work, case: ResidenceCase) -> bool:
    return has_match(work, case.id) and not is_bound_elsewhere(work, case.person_id)


def _undodgeable(work: Work, limits: Limits) -> Limits:
    """The limits with a seed that nobody outside can compute.

    A reference is known before the case is sent: whoever could compute its lot would begin again
    until it spares them.
    """
    return replace(
        limits, sample_seed=keyring_of(work.session).blind(LOT, limits.sample_seed).hex()
    )


def _flag(
    work: Work, case: ResidenceCase, identity: Identity, limits: Limits, *, at: datetime
) -> None:
    flags = []
    if find_same_keys(work.session, case.person_id):
        flags.append(Flag.DUPLICATE)
    if age_on(identity.born_on, city_day(at)) >= limits.great_age:
        flags.append(Flag.GREAT_AGE)
    if is_in_sample(case.reference, _undodgeable(work, limits)):
        flags.append(Flag.SAMPLE)
    if count_at_home(work, case.person_id) > limits.crowd:
        flags.append(Flag.CROWDED_ADDRESS)
    case.flags = [flag.value for flag in flags]
    case.is_flagged = bool(flags)
