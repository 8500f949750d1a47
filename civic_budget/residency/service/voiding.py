"""What was shown or signed about answers that a person has changed since: it counts no more.

A proof and a signature speak of the names, the birth date and the home that were told at that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from civic_budget.kernel.actor import SYSTEM
from civic_budget.residency import sealing
from civic_budget.residency.identity import Answers
from civic_budget.residency.letter_rules import RUNNING_LETTERS, LetterAction
from civic_budget.residency.models import (
    AddressLetter,
    CaseProof,
    ResidenceCase,
    ResidenceStatement,
)
from civic_budget.residency.queries.cases import answers_of
from civic_budget.residency.rules import CaseState, Road
from civic_budget.residency.service.letter_rows import end_letter
from civic_budget.storage.db import Work


@dataclass(frozen=True)
class Voided:
    """What counts no more since a person told something else."""

    signature: bool = False
    proofs: bool = False


def void_former(
    work: Work, case: ResidenceCase, former: Answers, told: Answers, *, at: datetime
) -> Voided:
    """Drop every proof and the signature of a case whose names, birth date or home are told anew.

    A letter that goes to another name ends; one that goes to another home says so when its code is typed.
    """
    if former.stated() == told.stated():
        return Voided()
    # Each where its outcome, yes or no, is the same to the reader: nothing is told about a register.
    proofs = work.session.scalars(
        delete(CaseProof).where(CaseProof.case_id == case.id).returning(CaseProof.id)
    ).all()
    signed = work.session.scalars(
        delete(ResidenceStatement)
        .where(ResidenceStatement.case_id == case.id)
        .returning(ResidenceStatement.case_id)
    ).all()
    if former.who() != told.who():
        _end_letters(work, case, at)
    if case.road == Road.REGISTER:
        case.road = None
    return Voided(signature=bool(signed), proofs=bool(proofs))


def basis_of_sent(work: Work, told: Answers) -> bytes:
    """A keyed value of who and where, equal as long as nothing of it changes."""
    return work.keyring.blind(sealing.SENT, repr(told.stated()))


def is_unsent(work: Work, case: ResidenceCase) -> bool:
    """Whether a person changed who or where after the case was sent, and has not sent that yet."""
    if case.sent_basis is None:
        # From before this was kept: only while more was asked for could anything be changed.
        return case.state == CaseState.NEEDS_MORE
    return case.sent_basis != basis_of_sent(work, answers_of(work.session, case))


def _end_letters(work: Work, case: ResidenceCase, at: datetime) -> None:
    rows = work.session.scalars(
        select(AddressLetter)
        .where(
            AddressLetter.case_id == case.id,
            AddressLetter.state.in_([state.value for state in RUNNING_LETTERS]),
        )
        .with_for_update()
    ).all()
    for row in rows:
        end_letter(work, SYSTEM, row, LetterAction.CANCEL, at)
