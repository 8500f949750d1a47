"""Deeds at a desk: find a record, take an application down, note a proof, confirm, print a card.

Whoever stands there is served by this officer alone, in a visit that ends by itself, at a point where
the officer works today. Proofs are seen,
not copied. Nobody serves themselves or somebody they said they know.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from civic_budget.accounts import service as accounts
from civic_budget.accounts.contacts import Contact
from civic_budget.accounts.queries import get_desk_account
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.residency import policy
from civic_budget.residency.desk_events import (
    AccessResetAtDesk,
    CardPrinted,
    ContactConfirmedAtDesk,
    DecidedAtDesk,
    DeskSearched,
    DeskVisitClosed,
    DeskVisitOpened,
    ProofSeenAtDesk,
    StatusLookedUp,
    VisitEvent,
)
from civic_budget.residency.desk_rules import (
    VISIT_LASTS,
    ProofOutcome,
    ProofSource,
    VisitReason,
)
from civic_budget.residency.models import DeskVisit, PersonHolder, ResidenceCase
from civic_budget.residency.options import Catalogue, suffices
from civic_budget.residency.queries.cases import find_last_case, find_open_case, relations_of
from civic_budget.residency.queries.complaints import ComplaintLine, find_complaint
from civic_budget.residency.queries.desk import (
    find_person_by_number,
    find_persons_by_name,
    holder_of,
    list_proofs,
    person_relations_of,
)
from civic_budget.residency.queries.options import list_options, offered_codes
from civic_budget.residency.queries.persons import accounts_of_person, get_limits
from civic_budget.residency.queries.status import CaseStatus, find_status
from civic_budget.residency.rules import CaseState
from civic_budget.residency.service.appointments import require_place
from civic_budget.residency.service.case_rows import load_case
from civic_budget.residency.service.proofs import OPEN_TO_PROOF, confirm_by_proof, note_proof
from civic_budget.residency.service.voiding import is_unsent
from civic_budget.storage.db import Work


def search_by_number(
    work: Work, actor: Actor, *, number: str, point_id: UUID | None, at: datetime
) -> Sequence[UUID]:
    """The person of a reference or card number; found or not, the search is in the trail."""
    require_place(work, actor, point_id, at=at)
    person_id = find_person_by_number(work.session, number)
    found = [person_id] if person_id else []
    _note_search(work, actor, "number", found, point_id, at)
    return found


def search_by_name(
    work: Work,
    actor: Actor,
    *,
    given_names: str,
    family_name: str,
    born_on: date,
    point_id: UUID | None,
    at: datetime,
) -> Sequence[UUID]:
    """Persons with a whole name and birth date; found or not, the search is in the trail."""
    require_place(work, actor, point_id, at=at)
    found = find_persons_by_name(
        work.session, given_names=given_names, family_name=family_name, born_on=born_on
    )
    _note_search(work, actor, "name", found, point_id, at)
    return found


def open_visit(
    work: Work,
    actor: Actor,
    *,
    person_id: UUID,
    reason: VisitReason,
    point_id: UUID | None,
    at: datetime,
) -> UUID:
    """Open a person's record at this desk for a while; returns the visit's id.

    Raises NotAllowed: own_case, declared_interest, and as `require_place`.
    """
    appointment_id = require_place(work, actor, point_id, at=at)
    require(policy.may_serve(actor, person_relations_of(work.session, person_id)))
    visit = DeskVisit(
        id=uuid4(),
        officer=actor.account_id,
        person_id=person_id,
        point_id=point_id,
        appointment_id=appointment_id,
        reason=reason.value,
        opened_at=at,
        ends_at=at + VISIT_LASTS,
        closed_at=None,
    )
    work.session.add(visit)
    _tell(work, actor, visit, at, DeskVisitOpened, reason=reason.value)
    return visit.id


def close_visit(work: Work, actor: Actor, *, visit_id: UUID, at: datetime) -> None:
    """The person has gone."""
    visit = load_visit(work, actor, visit_id, at=at)
    visit.closed_at = at
    _tell(work, actor, visit, at, DeskVisitClosed)


def note_seen_proof(
    work: Work,
    actor: Actor,
    *,
    visit_id: UUID,
    kind: str,
    document_on: date | None,
    at: datetime,
) -> None:
    """Note which document was seen: its kind and day. No copy is kept.

    Raises Conflict `unknown_proof` at `kind`, `document_in_future` at `document_on`, and
    `nothing_to_prove` when no case of the person waits.
    """
    visit = load_visit(work, actor, visit_id, at=at)
    if kind not in offered_codes(work.session, Catalogue.PROOF):
        raise Conflict("unknown_proof", field="kind")
    if document_on is not None and document_on > at.date():
        raise Conflict("document_in_future", field="document_on")
    case = _waiting_case(work, visit)
    note_proof(
        work,
        actor,
        case,
        source=ProofSource.DESK,
        kind=kind,
        outcome=ProofOutcome.SEEN,
        document_on=document_on,
        point_id=visit.point_id,
        at=at,
    )
    _tell(work, actor, visit, at, ProofSeenAtDesk, kind=kind)


def confirm_at_desk(work: Work, actor: Actor, *, visit_id: UUID, at: datetime) -> bool:
    """Confirm the residence on what was seen; False when the bureau decides: flags, a child without guardian.

    Raises Conflict `proof_missing`, `answers_unsent`; NotAllowed `claimed_by_other` while an officer works
    on the case.
    """
    visit = load_visit(work, actor, visit_id, at=at)
    case = _waiting_case(work, visit)
    relations, limits = relations_of(work.session, case.id), get_limits(work.session)
    if policy.is_held(relations, limits, at=at) and case.claimed_by != actor.account_id:
        raise NotAllowed("claimed_by_other")
    seen = [
        proof.kind
        for proof in list_proofs(work.session, case.id)
        if proof.source is ProofSource.DESK
    ]
    if not suffices(seen, list_options(work.session, Catalogue.PROOF)):
        raise Conflict("proof_missing", field="kind")
    if is_unsent(work, case):
        raise Conflict("answers_unsent", field="kind")
    is_confirmed = confirm_by_proof(work, actor, case, is_at_desk=True, at=at)
    _tell(work, actor, visit, at, DecidedAtDesk, case_id=case.id, is_confirmed=is_confirmed)
    return is_confirmed


def print_card(
    work: Work, actor: Actor, *, visit_id: UUID, language: str, at: datetime
) -> accounts.IssuedCard:
    """A card with which the person opens their account, made now if there is none.

    Raises Conflict `has_access` when a password or passkey opens it already: then access is reset, so
    that the owner is told. Raises NotAllowed `has_guardian` for a child whose guardian acts.
    """
    visit = load_visit(work, actor, visit_id, at=at)
    account_id = _own_account(work, actor, visit, language, at)
    if get_desk_account(work.session, account_id, at=at).has_access:
        raise Conflict("has_access")
    return _issue(work, actor, visit, account_id, at)


def reset_access_at_desk(
    work: Work, actor: Actor, *, visit_id: UUID, drop_contacts: bool, at: datetime
) -> accounts.IssuedCard:
    """New access for somebody who lost it: the old one ends at once, the old contact is told."""
    visit = load_visit(work, actor, visit_id, at=at)
    account_id = holder_of(work.session, visit.person_id)
    if account_id is None:
        raise NotFound
    accounts.reset_access(work, actor, account_id=account_id, drop_contacts=drop_contacts, at=at)
    _tell(work, actor, visit, at, AccessResetAtDesk)
    return _issue(work, actor, visit, account_id, at)


def send_contact_code(
    work: Work, actor: Actor, *, visit_id: UUID, contact: Contact, at: datetime
) -> UUID:
    """Send a code to a contact that the person gives; only what answers becomes the account's.

    Raises Conflict `wrong_password` at `current` for an account with a password: its owner adds
    contacts alone. Nothing tells whether the contact is known.
    """
    visit = load_visit(work, actor, visit_id, at=at)
    account_id = _own_account(work, actor, visit, _language_of(work, visit), at)
    return accounts.start_contact_change(
        work, account_id=account_id, contact=contact, current="", at=at
    )


def confirm_contact_at_desk(
    work: Work, actor: Actor, *, visit_id: UUID, pending_id: UUID, code: str, at: datetime
) -> None:
    """The person read the code out: the contact belongs to the account."""
    visit = load_visit(work, actor, visit_id, at=at)
    account_id = holder_of(work.session, visit.person_id)
    if account_id is None:
        raise NotFound
    accounts.confirm_contact_change(
        work, account_id=account_id, pending_id=pending_id, code=code, at=at
    )
    _tell(work, actor, visit, at, ContactConfirmedAtDesk)


def look_status_up(
    work: Work, actor: Actor, *, reference: str, point_id: UUID | None = None, at: datetime
) -> CaseStatus | None:
    """Where a case stands, for the helpdesk; every answer is in the trail.

    Somebody who has only the desk's role is asked where they work today, as at the desk.
    """
    _require_helpdesk(work, actor, point_id, at)
    found = find_status(work.session, reference)
    if found is not None:
        work.publish(
            StatusLookedUp(case_id=found.case_id, point_id=point_id, at=at, by=actor.account_id)
        )
    return found


def look_complaint_up(
    work: Work, actor: Actor, *, reference: str, point_id: UUID | None = None, at: datetime
) -> ComplaintLine | None:
    """Where a complaint stands, for the helpdesk; every answer is in the trail."""
    _require_helpdesk(work, actor, point_id, at)
    found = find_complaint(work.session, reference)
    if found is not None:
        work.publish(
            StatusLookedUp(complaint_id=found.id, point_id=point_id, at=at, by=actor.account_id)
        )
    return found


def load_visit(work: Work, actor: Actor, visit_id: UUID, *, at: datetime) -> DeskVisit:
    """A running visit of this officer, locked; raises NotFound, or NotAllowed with the reason."""
    visit = work.session.get(DeskVisit, visit_id, with_for_update=True)
    if visit is None:
        raise NotFound
    relations = policy.VisitRelations(visit.officer, visit.ends_at, visit.closed_at)
    person = person_relations_of(work.session, visit.person_id)
    require(policy.may_use_visit(actor, relations, person, at=at))
    require_place(work, actor, visit.point_id, at=at)
    return visit


def _tell(
    work: Work,
    actor: Actor,
    visit: DeskVisit,
    at: datetime,
    event: type[VisitEvent],
    **values: object,
) -> None:
    work.publish(
        event(
            visit_id=visit.id,
            person_id=visit.person_id,
            point_id=visit.point_id,
            at=at,
            by=actor.account_id,
            **values,
        )
    )


def _note_search(
    work: Work, actor: Actor, means: str, found: Sequence[UUID], point_id: UUID | None, at: datetime
) -> None:
    work.publish(
        DeskSearched(means=means, found=len(found), point_id=point_id, at=at, by=actor.account_id)
    )


def _require_helpdesk(work: Work, actor: Actor, point_id: UUID | None, at: datetime) -> None:
    require(policy.may_tell_status(actor))
    if not actor.has(Role.HELPDESK, Role.OFFICER):
        require_place(work, actor, point_id, at=at)


def _waiting_case(work: Work, visit: DeskVisit) -> ResidenceCase:
    found = find_open_case(work.session, visit.person_id)
    case = load_case(work, found.id) if found else None
    if case is None or CaseState(case.state) not in OPEN_TO_PROOF:
        raise Conflict("nothing_to_prove")
    return case


def _language_of(work: Work, visit: DeskVisit) -> str:
    case = find_last_case(work.session, visit.person_id)
    return case.language if case else "pl"


def _own_account(work: Work, actor: Actor, visit: DeskVisit, language: str, at: datetime) -> UUID:
    known = holder_of(work.session, visit.person_id)
    if known is not None:
        return known
    if accounts_of_person(work.session, visit.person_id):
        raise NotAllowed("has_guardian")
    account_id = accounts.open_account_without_code(
        work, actor, contact=None, password=None, language=language, at=at
    )
    work.session.add(
        PersonHolder(
            account_id=account_id, person_id=visit.person_id, relation="holder", since_at=at
        )
    )
    work.session.flush()
    return account_id


def _issue(
    work: Work, actor: Actor, visit: DeskVisit, account_id: UUID, at: datetime
) -> accounts.IssuedCard:
    lifetime = get_limits(work.session).activation_code_until(at) - at
    card = accounts.issue_card(work, actor, account_id=account_id, at=at, lifetime=lifetime)
    _tell(work, actor, visit, at, CardPrinted)
    return card
