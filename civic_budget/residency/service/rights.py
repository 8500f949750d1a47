"""A person's right to see: a copy of everything that is held about them, as plain values."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic_budget.accounts.queries import get_reachable
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import ALLOWED, Denied, require
from civic_budget.residency import citizenship
from civic_budget.residency.events import PersonExported
from civic_budget.residency.models import (
    Confirmation,
    EvidenceFile,
    EvidenceView,
    ResidenceCase,
)
from civic_budget.residency.queries.cases import (
    find_statement,
    get_case,
    list_clauses_shown,
    list_decisions,
)
from civic_budget.residency.queries.contests import find_contest
from civic_budget.residency.queries.desk import list_proofs
from civic_budget.residency.queries.guardians import list_ties
from civic_budget.residency.queries.persons import (
    accounts_of_person,
    acts_for,
    identity_of,
    sex_of,
)
from civic_budget.storage.db import Work


def export_person(work: Work, actor: Actor, *, person_id: UUID, at: datetime) -> dict[str, Any]:
    """Everything held about a person in this room, as plain values for JSON; noted in the trail.

    Raises NotAllowed for anybody who does not act for the person.
    """
    _require_own(work, actor, person_id)
    session = work.session
    identity = identity_of(session, person_id)
    cases = session.scalars(
        select(ResidenceCase.id)
        .where(ResidenceCase.person_id == person_id)
        .order_by(ResidenceCase.created_at, ResidenceCase.id)
    ).all()
    work.publish(PersonExported(person_id=person_id, at=at, by=actor.account_id))
    return {
        "taken_at": at.isoformat(),
        "person": str(person_id),
        "contact": _contacts(work, person_id),
        "identity": identity.to_json() if identity else None,
        "sex": sex_of(session, person_id),
        "citizenships": list(citizenship.read_for_own_export(session, actor, person_id)),
        "confirmations": _confirmations(work, person_id),
        "cases": [_case(work, case_id) for case_id in cases],
        "children": _children(work, actor),
        "information_shown": [
            {
                "purpose": c.purpose,
                "version": c.version,
                "language": c.language,
                "at": _say(c.shown_at),
            }
            for c in list_clauses_shown(session, person_id)
        ],
    }


def _contacts(work: Work, person_id: UUID) -> list[str]:
    reached = [
        get_reachable(work.session, account_id).contact
        for account_id in accounts_of_person(work.session, person_id)
    ]
    return [contact.address for contact in reached if contact]


def _confirmations(work: Work, person_id: UUID) -> list[dict[str, Any]]:
    rows = work.session.scalars(
        select(Confirmation)
        .where(Confirmation.person_id == person_id)
        .order_by(Confirmation.confirmed_at)
    )
    return [
        {
            "district": row.district,
            "from": _say(row.confirmed_at),
            "until": _say(row.valid_until),
            "taken_back": _say(row.revoked_at),
        }
        for row in rows
    ]


def _case(work: Work, case_id: UUID) -> dict[str, Any]:
    case = get_case(work.session, case_id)
    signed = find_statement(work.session, case_id)
    return {
        "reference": case.reference,
        "state": case.state.value,
        "road": case.road.value if case.road else None,
        "language": case.language,
        "begun": _say(case.created_at),
        "sent": _say(case.submitted_at),
        "answers": case.answers.to_json(),
        "your_words": case.words,
        "statement": {"version": signed.version, "signature": signed.signature} if signed else None,
        "history": [
            {
                "at": _say(deed.at),
                "deed": deed.action.value,
                "reason": deed.reason,
                "said": deed.sentence,
            }
            for deed in list_decisions(work.session, case_id)
        ],
        "documents": _documents(work, case_id),
        "district_contested": _contest(work, case_id),
        "proofs": [
            {"source": proof.source.value, "kind": proof.kind, "outcome": proof.outcome.value}
            for proof in list_proofs(work.session, case_id)
        ],
    }


def _contest(work: Work, case_id: UUID) -> dict[str, Any] | None:
    found = find_contest(work.session, case_id)
    if found is None:
        return None
    return {
        "at": _say(found.said_at),
        "listed": found.listed,
        "meant": found.wanted,
        "your_reason": found.reason,
        "state": found.state.value,
    }


def _children(work: Work, actor: Actor) -> list[dict[str, Any]]:
    """The account's ties to children; what is held about a child is in the child's own copy."""
    assert actor.account_id is not None
    return [
        {
            "child": str(tie.person_id),
            "state": tie.state.value,
            "proof": tie.proof,
            "since": _say(tie.claimed_at),
        }
        for tie in list_ties(work.session, actor.account_id)
    ]


def _documents(work: Work, case_id: UUID) -> list[dict[str, Any]]:
    """Each document with the moments at which an officer looked at a page of it."""
    files = work.session.scalars(
        select(EvidenceFile)
        .where(EvidenceFile.case_id == case_id)
        .order_by(EvidenceFile.received_at)
    ).all()
    found = []
    for file in files:
        looks = work.session.scalars(
            select(EvidenceView.at).where(EvidenceView.file_id == file.id).order_by(EvidenceView.at)
        )
        found.append(
            {
                "kind": file.kind,
                "pages": file.page_count,
                "received": _say(file.received_at),
                "deleted": _say(file.deleted_at),
                "looked_at": [_say(at) for at in looks],
            }
        )
    return found


def _say(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _require_own(work: Work, actor: Actor, person_id: UUID) -> None:
    account_id = actor.account_id
    own = account_id is not None and acts_for(work.session, account_id, person_id)
    require(ALLOWED if own else Denied("not_your_data"))
