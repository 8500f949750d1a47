"""Deeds on letters with a code: asked for, printed in a batch, posted, typed in, expired.

A code says that its reader gets the post of this address: typed for another address it says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from civic_budget.accounts import passwords
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.residency import policy
from civic_budget.residency.desk_rules import ProofOutcome, ProofSource
from civic_budget.residency.events import LetterAsked, LetterPosted, LetterPrinted
from civic_budget.residency.identity import Answers, HomeAddress
from civic_budget.residency.letter_rules import (
    BATCH,
    CODE_TRIES,
    LETTER,
    LETTERS_A_CASE,
    ON_PAPER,
    REPRINTS,
    RUNNING_LETTERS,
    LetterAction,
    LetterState,
)
from civic_budget.residency.models import AddressLetter, ResidenceCase
from civic_budget.residency.queries.cases import answers_of, relations_of
from civic_budget.residency.queries.persons import get_limits
from civic_budget.residency.rules import CaseState, Road
from civic_budget.residency.service.case_rows import load_case, require_open_road
from civic_budget.residency.service.letter_rows import end_letter
from civic_budget.residency.service.proofs import OPEN_TO_PROOF, confirm_by_proof, note_proof
from civic_budget.storage.db import Work

KIND = "address_letter"


@dataclass(frozen=True)
class PrintedLetter:
    """What stands on a letter; the code is known nowhere else."""

    reference: str
    name: str
    address: HomeAddress
    language: str
    code: str
    expires_at: datetime


def ask_letter(work: Work, actor: Actor, *, case_id: UUID, at: datetime) -> UUID:
    """Ask for a letter to the address of a sent case; the running one is returned when there is one.

    Raises Conflict `too_many_letters` after the second, `nothing_to_prove` when the case does not wait,
    `road_closed` where the edition sends none.
    """
    case = load_case(work, case_id)
    require(policy.may_act_for(actor, relations_of(work.session, case_id)))
    if CaseState(case.state) not in OPEN_TO_PROOF:
        raise Conflict("nothing_to_prove")
    require_open_road(work, case, Road.LETTER, at=at)
    rows = work.session.scalars(
        select(AddressLetter).where(AddressLetter.case_id == case_id).with_for_update()
    ).all()
    running = [row for row in rows if LetterState(row.state) in RUNNING_LETTERS]
    blind = _address_blind(work, answers_of(work.session, case))
    if running and running[0].address_blind == blind:
        return running[0].id
    for row in running:  # the person lives elsewhere than where it was going
        end_letter(work, actor, row, LetterAction.CANCEL, at)
    if len(rows) >= LETTERS_A_CASE:
        raise Conflict("too_many_letters")
    letter = AddressLetter(
        id=uuid4(),
        case_id=case_id,
        state=LetterState.ASKED.value,
        address_blind=blind,
        tries=0,
        reprints=0,
        asked_at=at,
    )
    work.session.add(letter)
    work.session.flush()
    work.publish(LetterAsked(letter_id=letter.id, case_id=case_id, at=at, by=actor.account_id))
    return letter.id


def print_letters(work: Work, actor: Actor, *, at: datetime) -> Sequence[PrintedLetter]:
    """Print what waits, the oldest first, at most a batch; letters of people one knows are left out."""
    rows = work.session.scalars(
        select(AddressLetter)
        .where(AddressLetter.state == LetterState.ASKED.value)
        .order_by(AddressLetter.asked_at, AddressLetter.id)
        .limit(BATCH)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    printed = []
    for row in rows:
        case = work.session.get_one(ResidenceCase, row.case_id)
        if CaseState(case.state) not in OPEN_TO_PROOF:
            end_letter(work, actor, row, LetterAction.CANCEL, at)
        elif policy.may_look(actor, relations_of(work.session, row.case_id)):
            printed.append(_print(work, actor, row, case, LetterAction.PRINT, at))
    return printed


def reprint_letter(work: Work, actor: Actor, *, letter_id: UUID, at: datetime) -> PrintedLetter:
    """Print a letter that got lost on its way, once; the former code is void.

    Raises Conflict `reprinted_already`.
    """
    row = _load(work, letter_id)
    require(policy.may_look(actor, relations_of(work.session, row.case_id)))
    LETTER.next(LetterState(row.state), LetterAction.REPRINT)
    if row.reprints >= REPRINTS:
        raise Conflict("reprinted_already")
    row.reprints, row.tries = row.reprints + 1, 0
    case = work.session.get_one(ResidenceCase, row.case_id)
    return _print(work, actor, row, case, LetterAction.REPRINT, at)


def mark_posted(work: Work, actor: Actor, *, letter_id: UUID, at: datetime) -> None:
    """The letter was given to the post; the person is told, and the code's days begin."""
    row = _load(work, letter_id)
    require(policy.may_look(actor, relations_of(work.session, row.case_id)))
    expires_at = get_limits(work.session).posted_code_until(at)
    row.state = LETTER.next(LetterState(row.state), LetterAction.POST).value
    row.posted_at, row.posted_by, row.expires_at = at, actor.account_id, expires_at
    work.session.flush()
    work.publish(LetterPosted(letter_id=row.id, case_id=row.case_id, at=at, by=actor.account_id))


def count_letter_try(work: Work, *, case_id: UUID) -> None:
    """Count a try of a letter's code; commit it before the code is compared."""
    work.session.execute(
        update(AddressLetter)
        .where(
            AddressLetter.case_id == case_id,
            AddressLetter.state.in_([state.value for state in ON_PAPER]),
        )
        .values(tries=AddressLetter.tries + 1)
    )


def type_letter_code(work: Work, actor: Actor, *, case_id: UUID, code: str, at: datetime) -> bool:
    """Type the code of the letter that arrived; True when that confirms the residence at once.

    Raises Conflict at `code`: `no_letter` (none is on its way, or too old), `letter_elsewhere` (it went to
    another address than the case tells now), `letter_spent` (six wrong tries), `wrong_letter_code`.
    """
    case = load_case(work, case_id)
    require(policy.may_act_for(actor, relations_of(work.session, case_id)))
    row = work.session.scalars(
        select(AddressLetter)
        .where(
            AddressLetter.case_id == case_id,
            AddressLetter.state.in_([state.value for state in ON_PAPER]),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None or row.expires_at is None or row.expires_at <= at:
        raise Conflict("no_letter", field="code")
    if row.address_blind != _address_blind(work, answers_of(work.session, case)):
        raise Conflict("letter_elsewhere", field="code")
    if row.tries > CODE_TRIES:
        raise Conflict("letter_spent", field="code")
    if not passwords.code_matches(row.code_hash or "", code, salt=str(row.id)):
        raise Conflict("wrong_letter_code", field="code", left=max(0, CODE_TRIES - row.tries))
    end_letter(work, actor, row, LetterAction.ARRIVE, at)
    note_proof(
        work,
        actor,
        case,
        source=ProofSource.LETTER,
        kind=KIND,
        outcome=ProofOutcome.ARRIVED,
        at=at,
    )
    if not get_limits(work.session).letter_confirms:
        return False
    return confirm_by_proof(work, SYSTEM, case, is_at_desk=False, at=at)


def end_letters(work: Work, *, at: datetime) -> int:
    """Expire codes whose days are over, spend those with too many tries; returns how many."""
    rows = work.session.scalars(
        select(AddressLetter)
        .where(
            AddressLetter.state.in_([state.value for state in ON_PAPER]),
            (AddressLetter.expires_at <= at) | (AddressLetter.tries > CODE_TRIES),
        )
        .with_for_update()
    ).all()
    for row in rows:
        is_spent = row.tries > CODE_TRIES
        end_letter(work, SYSTEM, row, LetterAction.SPEND if is_spent else LetterAction.EXPIRE, at)
    return len(rows)


def count_letters_of(work: Work, case_id: UUID) -> int:
    """How many letters a case has had."""
    found = select(func.count()).where(AddressLetter.case_id == case_id)
    return work.session.scalar(found) or 0


def _print(
    work: Work,
    actor: Actor,
    row: AddressLetter,
    case: ResidenceCase,
    action: LetterAction,
    at: datetime,
) -> PrintedLetter:
    told = answers_of(work.session, case)
    if told.address is None or row.address_blind != _address_blind(work, told):
        raise Conflict("letter_elsewhere")
    code, expires_at = passwords.new_printed_code(), get_limits(work.session).posted_code_until(at)
    row.state = LETTER.next(LetterState(row.state), action).value
    row.code_hash = passwords.hash_code(code, salt=str(row.id))
    row.printed_at, row.printed_by = at, actor.account_id
    row.posted_at = row.posted_by = None
    row.expires_at = expires_at
    work.session.flush()
    work.publish(LetterPrinted(letter_id=row.id, case_id=case.id, at=at, by=actor.account_id))
    return PrintedLetter(
        reference=case.reference,
        name=told.original_name or f"{told.given_names} {told.family_name}".strip(),
        address=told.address,
        language=case.language,
        code=code,
        expires_at=expires_at,
    )


def _load(work: Work, letter_id: UUID) -> AddressLetter:
    row = work.session.scalars(
        select(AddressLetter)
        .where(AddressLetter.id == letter_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound
    return row


def _address_blind(work: Work, told: Answers) -> bytes:
    line = told.address.one_line() if told.address else ""
    return work.keyring.blind("letter-address", line.casefold())
