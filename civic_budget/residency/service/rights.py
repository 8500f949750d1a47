"""A person's right to see: a copy of everything that is held about them, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic_budget.accounts.queries import get_reachable
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import NotAllowed
from civic_budget.residency import citizenship
from civic_budget.residency.city_account import CITY_ACCOUNT
from civic_budget.residency.copy_parts import CopyOwner, CopyPart, say
from civic_budget.residency.events import PersonExported
from civic_budget.residency.models import (
    Confirmation,
    EvidenceFile,
    EvidenceView,
    ResidenceCase,
)
from civic_budget.residency.queries.cases import (
    CaseFacts,
    find_statement,
    get_case,
    list_clauses_shown,
    list_decisions,
)
from civic_budget.residency.queries.contests import find_contest
from civic_budget.residency.queries.desk import list_proofs
from civic_budget.residency.queries.joined import count_records_of_others, records_to_show
from civic_budget.residency.queries.persons import (
    accounts_of_person,
    acts_for,
    identity_of,
    own_person,
    sex_of,
)
from civic_budget.residency.rules import CaseState
from civic_budget.residency.service import own_records
from civic_budget.storage.db import Work


def export_person(
    work: Work, actor: Actor, *, person_id: UUID, parts: Sequence[CopyPart] = (), at: datetime
) -> dict[str, Any]:
    """Everything held about a person, as plain values for JSON; noted in the trail.

    `parts` are what other rooms hold. Records that officers joined to this one and that no account has are
    in it too. Raises NotAllowed for anybody who does not act for the person.
    """
    account_id = _require_own(work, actor, person_id)
    session = work.session
    # What belongs to a guardian's account is no part of a child's copy.
    is_own = own_person(session, account_id) == person_id
    own_account = account_id if is_own else None
    work.publish(PersonExported(person_id=person_id, at=at, by=account_id))
    citizenships = citizenship.read_for_own_export(session, actor, person_id)
    shown = records_to_show(session, person_id, account_id=account_id, is_own=is_own)
    return {
        "taken_at": at.isoformat(),
        "contact": _contacts(work, person_id),
        **_record(work, CopyOwner(person_id, own_account), citizenships, parts),
        "account": own_records.copy_account(session, own_account, at=at) if own_account else None,
        "children": own_records.copy_children(session, own_account) if own_account else [],
        "joined_records": [
            _record(
                work,
                CopyOwner(joined, None),
                citizenship.read_for_own_export(session, actor, person_id, joined=joined),
                parts,
            )
            for joined in shown
        ],
        "joined_records_of_other_accounts": count_records_of_others(session, person_id),
    }


def _record(
    work: Work, owner: CopyOwner, citizenships: Sequence[str], parts: Sequence[CopyPart]
) -> dict[str, Any]:
    """What hangs on one record of a person."""
    session, person_id = work.session, owner.person_id
    identity = identity_of(session, person_id)
    cases = session.scalars(
        select(ResidenceCase.id)
        .where(ResidenceCase.person_id == person_id)
        .order_by(ResidenceCase.created_at, ResidenceCase.id)
    ).all()
    return {
        "person": str(person_id),
        "identity": identity.to_json() if identity else None,
        "sex": sex_of(session, person_id),
        "citizenships": list(citizenships),
        "confirmations": _confirmations(work, person_id),
        "cases": [_case(work, case_id) for case_id in cases],
        "guardians": own_records.copy_guardians(session, person_id),
        "visits": own_records.copy_visits(session, person_id),
        "complaints": own_records.copy_complaints(session, owner.account_id, person_id),
        "information_shown": [
            {
                "purpose": c.purpose,
                "version": c.version,
                "language": c.language,
                "at": say(c.shown_at),
            }
            for c in list_clauses_shown(session, person_id)
        ],
    } | {part.key: part.rows(session, owner) for part in parts}


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
            "from": say(row.confirmed_at),
            "until": say(row.valid_until),
            "taken_back": say(row.revoked_at),
        }
        for row in rows
    ]


def _case(work: Work, case_id: UUID) -> dict[str, Any]:
    case = get_case(work.session, case_id)
    signed = find_statement(work.session, case_id)
    return {
        "reference": case.reference,
        "purpose": case.purpose.value,
        "state": case.state.value,
        "road": case.road.value if case.road else None,
        "language": case.language,
        "district": case.district,
        **_moments(case),
        "answers": case.answers.to_json(),
        "your_words": case.words,
        "statement": {
            "version": signed.version,
            "language": signed.language,
            "signature": signed.signature,
            "signed": say(signed.signed_at),
            "confirmed_by": signed.confirmed_by,
        }
        if signed
        else None,
        "history": [
            {
                "at": say(deed.at),
                "deed": deed.action.value,
                "reason": deed.reason,
                "said": deed.sentence,
            }
            for deed in list_decisions(work.session, case_id)
        ],
        "documents": _documents(work, case_id),
        "district_contested": _contest(work, case_id),
        "proofs": _proofs(work, case),
        "letters": own_records.copy_letters(work.session, case_id),
        "checks": own_records.copy_checks(work.session, case_id),
    }


def _moments(case: CaseFacts) -> dict[str, Any]:
    """When a case was begun, sent and decided, and the deadlines of both sides."""
    return {
        "begun": say(case.created_at),
        "sent": say(case.submitted_at),
        "decision_due": say(case.due_at),
        "answer_due": say(case.answer_due_at),
        "decided": say(case.decided_at),
        "appeal_due": say(case.appeal_due_at),
    }


def _proofs(work: Work, case: CaseFacts) -> list[dict[str, Any]]:
    """What speaks for the residence. What the city account said is told once the case is decided.

    Whoever could ask before would learn by trying what the city knows.
    """
    found = []
    for proof in list_proofs(work.session, case.id):
        is_kept_back = proof.kind == CITY_ACCOUNT and case.state in _BEFORE_DECISION
        said = {
            "source": proof.source.value,
            "kind": proof.kind,
            "outcome": None if is_kept_back else proof.outcome.value,
            "document_of": say(proof.document_on),
            "noted": say(proof.noted_at),
            "point": own_records.point_name(work.session, proof.point_id),
        }
        found.append({**said, "told": "once_decided"} if is_kept_back else said)
    return found


_BEFORE_DECISION = {CaseState.DRAFT, CaseState.SUBMITTED, CaseState.NEEDS_MORE}


def _contest(work: Work, case_id: UUID) -> dict[str, Any] | None:
    found = find_contest(work.session, case_id)
    if found is None:
        return None
    return {
        "at": say(found.said_at),
        "listed": found.listed,
        "meant": found.wanted,
        "your_reason": found.reason,
        "state": found.state.value,
    }


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
                "received": say(file.received_at),
                "kept_until": say(file.delete_after),
                "deleted": say(file.deleted_at),
                "looked_at": [say(at) for at in looks],
            }
        )
    return found


def _require_own(work: Work, actor: Actor, person_id: UUID) -> UUID:
    account_id = actor.account_id
    if account_id is None or not acts_for(work.session, account_id, person_id):
        raise NotAllowed("not_your_data")
    return account_id
