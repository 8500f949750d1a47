"""Looking complaints up: for their person, for officers, for messages, and counts for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civic_budget.accounts.contacts import Contact, ContactKind
from civic_budget.kernel.errors import NotFound
from civic_budget.residency import sealing
from civic_budget.residency.complaint_rules import (
    OPEN_COMPLAINTS,
    ComplaintKind,
    ComplaintState,
    read_complaint_reference,
)
from civic_budget.residency.models import Complaint
from civic_budget.storage.db import keyring_of

PAGE = 100


@dataclass(frozen=True)
class ComplaintLine:
    """A complaint in a list: nothing about a person."""

    id: UUID
    reference: str
    kind: ComplaintKind
    state: ComplaintState
    received_at: datetime
    due_at: datetime
    taken_by: UUID | None
    ended_at: datetime | None


@dataclass(frozen=True)
class ComplaintFacts:
    """A complaint, opened."""

    line: ComplaintLine
    person_id: UUID | None
    account_id: UUID | None
    language: str
    words: str
    name: str
    born_on: str
    about: str
    contact: Contact | None
    answer: str


def get_complaint(session: Session, complaint_id: UUID) -> ComplaintFacts:
    """A complaint; raises NotFound."""
    row = session.get(Complaint, complaint_id)
    if row is None:
        raise NotFound
    return _facts(session, row)


def find_complaint(session: Session, typed: str) -> ComplaintLine | None:
    """The complaint with a reference, as a line."""
    reference = read_complaint_reference(typed)
    row = session.scalars(select(Complaint).where(Complaint.reference == reference)).first()
    return _line(row) if row else None


def list_own_complaints(session: Session, account_id: UUID) -> Sequence[ComplaintFacts]:
    """What an account complained about, newest first."""
    rows = session.scalars(
        select(Complaint)
        .where(Complaint.account_id == account_id)
        .order_by(Complaint.received_at.desc(), Complaint.id)
    )
    return [_facts(session, row) for row in rows]


def list_complaints(session: Session, *, is_open: bool) -> Sequence[ComplaintLine]:
    """Open complaints, the nearest deadline first; or ended ones, the newest first."""
    states = [state.value for state in OPEN_COMPLAINTS]
    wanted = select(Complaint).limit(PAGE)
    if is_open:
        wanted = wanted.where(Complaint.state.in_(states)).order_by(Complaint.due_at, Complaint.id)
    else:
        wanted = wanted.where(Complaint.state.not_in(states)).order_by(
            Complaint.ended_at.desc(), Complaint.id
        )
    return [_line(row) for row in session.scalars(wanted)]


def count_complaints(session: Session) -> dict[tuple[ComplaintKind, ComplaintState], int]:
    """How many complaints there are of each kind in each state, for everybody to read."""
    rows = session.execute(
        select(Complaint.kind, Complaint.state, func.count()).group_by(
            Complaint.kind, Complaint.state
        )
    )
    return {(ComplaintKind(kind), ComplaintState(state)): count for kind, state, count in rows}


def _facts(session: Session, row: Complaint) -> ComplaintFacts:
    told = _open(session, row, row.sealed)
    contact = told.get("contact")
    answer = _open(session, row, row.answer_sealed)
    return ComplaintFacts(
        line=_line(row),
        person_id=row.person_id,
        account_id=row.account_id,
        language=row.language,
        words=told.get("words", ""),
        name=told.get("name", ""),
        born_on=told.get("born_on", ""),
        about=told.get("about", ""),
        contact=Contact(ContactKind(contact[0]), contact[1]) if contact else None,
        answer=answer.get("answer", ""),
    )


def _open(session: Session, row: Complaint, sealed: bytes | None) -> dict[str, Any]:
    if sealed is None:
        return {}
    found: dict[str, Any] = sealing.unseal(keyring_of(session), sealing.COMPLAINT, row.id, sealed)
    return found


def _line(row: Complaint) -> ComplaintLine:
    return ComplaintLine(
        id=row.id,
        reference=row.reference,
        kind=ComplaintKind(row.kind),
        state=ComplaintState(row.state),
        received_at=row.received_at,
        due_at=row.due_at,
        taken_by=row.taken_by,
        ended_at=row.ended_at,
    )
