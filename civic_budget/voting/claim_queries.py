"""Looking claims up: by reference for whoever holds it, all of a round for its commission, counts for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from civic_budget.kernel.errors import NotFound
from civic_budget.residency.copy_parts import CopyOwner, Row, say
from civic_budget.residency.queries.complaints import (
    ComplaintFacts,
    find_complaint,
    get_complaint,
)
from civic_budget.storage.db import keyring_of
from civic_budget.voting.claim_models import VoteClaim
from civic_budget.voting.claim_rules import ClaimKind, ClaimState

WORDS = "vote-claim"


@dataclass(frozen=True)
class ClaimFacts:
    """A claim as pages see it; `code`, `is_on_board` and `is_signed` only for a line of the board."""

    id: UUID
    round_id: UUID
    reference: str
    kind: ClaimKind
    state: ClaimState
    code: str | None
    is_on_board: bool | None
    is_signed: bool | None
    account_id: UUID | None
    person_id: UUID | None
    complaint_id: UUID | None
    filed_at: datetime
    due_at: datetime
    answered_at: datetime | None
    answer: str | None


def find_claim(session: Session, reference: str) -> ClaimFacts | None:
    """The claim under a reference, if there is one."""
    row = session.scalars(select(VoteClaim).where(VoteClaim.reference == reference)).first()
    return _facts(row) if row else None


def find_claim_of_complaint(session: Session, typed: str) -> ClaimFacts | None:
    """The claim that a complaint became, by the complaint's number."""
    complaint = find_complaint(session, typed)
    if complaint is None:
        return None
    row = session.scalars(select(VoteClaim).where(VoteClaim.complaint_id == complaint.id)).first()
    return _facts(row) if row else None


def find_complainant(session: Session, person_id: UUID) -> ComplaintFacts | None:
    """The newest complaint whose claim was upheld for a person: where they can be told without an account."""
    found = session.scalars(
        select(VoteClaim.complaint_id)
        .where(VoteClaim.person_id == person_id, VoteClaim.complaint_id.is_not(None))
        .order_by(VoteClaim.filed_at.desc())
    ).first()
    return get_complaint(session, found) if found else None


def get_claim(session: Session, claim_id: UUID) -> ClaimFacts:
    """A claim; raises NotFound."""
    row = session.get(VoteClaim, claim_id)
    if row is None:
        raise NotFound("no_such_claim")
    return _facts(row)


def read_claim_words(session: Session, claim_id: UUID) -> str:
    """What the person wrote, for the commission; empty once forgotten. Raises NotFound."""
    row = session.get(VoteClaim, claim_id)
    if row is None:
        raise NotFound("no_such_claim")
    if not row.words:
        return ""
    return keyring_of(session).unseal(WORDS, row.words, bound_to=str(claim_id)).decode()


def list_claims(session: Session, round_id: UUID) -> Sequence[ClaimFacts]:
    """All claims of a round: unanswered ones first, the most urgent at the top."""
    rows = session.scalars(
        select(VoteClaim)
        .where(VoteClaim.round_id == round_id)
        .order_by(VoteClaim.answered_at.is_not(None), VoteClaim.due_at, VoteClaim.reference)
    )
    return [_facts(row) for row in rows]


def count_claims(session: Session, round_id: UUID) -> Mapping[tuple[ClaimKind, ClaimState], int]:
    """(kind, state) → how many, for everybody to see; combinations without a claim are absent."""
    rows = session.execute(
        select(VoteClaim.kind, VoteClaim.state, func.count().label("number"))
        .where(VoteClaim.round_id == round_id)
        .group_by(VoteClaim.kind, VoteClaim.state)
    )
    return {(ClaimKind(row.kind), ClaimState(row.state)): row.number for row in rows}


def list_waiting_persons(
    session: Session, round_id: UUID, *, visitors_until: datetime | None
) -> Sequence[UUID]:
    """Unanswered claims of people about their own vote, by id: the opening waits for their answers.

    For visitors without a known person only when they came until a moment: anybody can write without an
    account, and nobody shall hold the opening up that way.
    """
    in_time: ColumnElement[bool] = VoteClaim.person_id.is_not(None)
    if visitors_until is not None:
        in_time = or_(in_time, VoteClaim.filed_at <= visitors_until)
    return session.scalars(
        select(VoteClaim.id)
        .where(
            VoteClaim.round_id == round_id,
            VoteClaim.state == ClaimState.RECEIVED.value,
            VoteClaim.code.is_(None),
            in_time,
        )
        .order_by(VoteClaim.id)
    ).all()


def count_waiting(session: Session, round_id: UUID) -> int:
    """How many claims about a round's votes wait for their answer."""
    waits = VoteClaim.state == ClaimState.RECEIVED.value
    found = select(func.count()).where(VoteClaim.round_id == round_id, waits)
    return session.scalar(found) or 0


def copy_claims(session: Session, owner: CopyOwner) -> list[Row]:
    """For a person's own copy: what was claimed about their vote, and the answer.

    A claim about a line of the board has a code and no person: it is in nobody's copy.
    """
    rows = session.scalars(
        select(VoteClaim)
        .where(VoteClaim.person_id == owner.person_id)
        .order_by(VoteClaim.filed_at, VoteClaim.id)
    ).all()
    return [
        {
            "reference": row.reference,
            "about": row.kind,
            "state": row.state,
            "received": say(row.filed_at),
            "answer_by": say(row.due_at),
            "answered": say(row.answered_at),
            "your_words": read_claim_words(session, row.id),
            "answer": row.answer,
        }
        for row in rows
    ]


def _facts(row: VoteClaim) -> ClaimFacts:
    return ClaimFacts(
        id=row.id,
        round_id=row.round_id,
        reference=row.reference,
        kind=ClaimKind(row.kind),
        state=ClaimState(row.state),
        code=row.code,
        is_on_board=row.is_on_board,
        is_signed=row.is_signed,
        account_id=row.account_id,
        person_id=row.person_id,
        complaint_id=row.complaint_id,
        filed_at=row.filed_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        answer=row.answer,
    )
