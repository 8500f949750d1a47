"""Parts of a person's own copy beside identity and cases: account, complaints, visits, letters, ties."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from civic_budget.accounts.queries import count_unused_printed_codes, get_own_account, roles_of
from civic_budget.city.queries import get_point
from civic_budget.residency.copy_parts import say
from civic_budget.residency.models import (
    AddressLetter,
    Complaint,
    DeskVisit,
    ResidenceCheck,
    SampleMember,
)
from civic_budget.residency.queries.complaints import get_complaint
from civic_budget.residency.queries.guardians import TieFacts, list_ties, list_ties_of_child


def copy_account(session: Session, account_id: UUID, *, at: datetime) -> dict[str, Any]:
    """How an account signs in: no secret is in here, only that there is one."""
    own = get_own_account(session, account_id, at=at)
    return {
        "email": own.email,
        "phone": own.phone,
        "card_number": own.card_number,
        "language": own.language,
        "roles": sorted(role.value for role in roles_of(session, account_id, at=at)),
        "has_password": own.has_password,
        "unused_printed_codes": count_unused_printed_codes(session, account_id),
        "signed_in": [
            {"device": str(one.device), "since": say(one.started_at), "until": say(one.expires_at)}
            for one in own.sessions
        ],
        "passkeys": [
            {"device": str(one.device), "since": say(one.created_at), "used": say(one.last_used_at)}
            for one in own.passkeys
        ],
    }


def copy_complaints(
    session: Session, account_id: UUID | None, person_id: UUID
) -> list[dict[str, Any]]:
    """What somebody complained about, online or at a desk, and what was answered."""
    mine = Complaint.account_id == account_id if account_id else false()
    rows = session.scalars(
        select(Complaint.id)
        .where(or_(mine, Complaint.person_id == person_id))
        .order_by(Complaint.received_at, Complaint.id)
    ).all()
    found = []
    for complaint_id in rows:
        facts = get_complaint(session, complaint_id)
        found.append(
            {
                "reference": facts.line.reference,
                "about": facts.line.kind.value,
                "state": facts.line.state.value,
                "received": say(facts.line.received_at),
                "answer_by": say(facts.line.due_at),
                "ended": say(facts.line.ended_at),
                "your_words": facts.words,
                "reference_given": facts.about,
                "name_given": facts.name,
                "birth_date_given": facts.born_on,
                "answer": facts.answer,
            }
        )
    return found


def copy_visits(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    """When the record was opened at a desk, where and what for."""
    rows = session.scalars(
        select(DeskVisit).where(DeskVisit.person_id == person_id).order_by(DeskVisit.opened_at)
    )
    return [
        {
            "at": say(row.opened_at),
            "closed": say(row.closed_at),
            "what_for": row.reason,
            "point": point_name(session, row.point_id),
        }
        for row in rows
    ]


def copy_letters(session: Session, case_id: UUID) -> list[dict[str, Any]]:
    """The letters with a code that were asked for in a case; the code itself is not kept."""
    rows = session.scalars(
        select(AddressLetter)
        .where(AddressLetter.case_id == case_id)
        .order_by(AddressLetter.asked_at)
    )
    return [
        {
            "state": row.state,
            "asked": say(row.asked_at),
            "printed": say(row.printed_at),
            "posted": say(row.posted_at),
            "code_until": say(row.expires_at),
            "ended": say(row.ended_at),
            "wrong_codes": row.tries,
        }
        for row in rows
    ]


def copy_checks(session: Session, case_id: UUID) -> list[dict[str, Any]]:
    """Whether a confirmation was drawn or reopened to be checked again, and what came of it."""
    drawn = session.scalars(
        select(SampleMember).where(SampleMember.case_id == case_id, SampleMember.is_drawn)
    )
    reopened = session.scalars(
        select(ResidenceCheck)
        .where(ResidenceCheck.case_id == case_id)
        .order_by(ResidenceCheck.opened_at)
    )
    return [
        *(
            {"why": "drawn", "opened": None, "checked": say(row.checked_at), "outcome": row.outcome}
            for row in drawn
        ),
        *(
            {
                "why": "complaint",
                "opened": say(row.opened_at),
                "checked": say(row.checked_at),
                "outcome": row.outcome,
            }
            for row in reopened
        ),
    ]


def copy_children(session: Session, account_id: UUID) -> list[dict[str, Any]]:
    """The account's ties to children; what is held about a child is in the child's own copy."""
    return [{"child": str(tie.person_id), **_tie(tie)} for tie in list_ties(session, account_id)]


def copy_guardians(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    """Who is or was tied to this person as guardian: how and since when, not who they are."""
    return [_tie(tie) for tie in list_ties_of_child(session, person_id)]


def point_name(session: Session, point_id: UUID | None) -> str:
    """An assistance point by name; empty for the bureau."""
    return get_point(session, point_id).names["pl"] if point_id else ""


def _tie(tie: TieFacts) -> dict[str, Any]:
    return {
        "name": tie.name,
        "state": tie.state.value,
        "proof": tie.proof,
        "since": say(tie.claimed_at),
        "changed": say(tie.changed_at),
        "reason": tie.reason,
    }
