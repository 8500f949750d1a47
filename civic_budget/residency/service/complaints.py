"""Deeds on complaints: filed by a person or a visitor, taken, answered, handed over, taken back, forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import and_, or_, select, update

from civic_budget.accounts.contacts import Contact
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import ALLOWED, Denied, require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.residency import policy, sealing
from civic_budget.residency.complaint_rules import (
    COMPLAINT,
    CONTENT_KEPT,
    LEAST_WORDS,
    OPEN_COMPLAINTS,
    ComplaintAction,
    ComplaintKind,
    ComplaintState,
    new_complaint_reference,
)
from civic_budget.residency.desk_events import ComplaintTakenDown, RegistrationAsked
from civic_budget.residency.events import (
    ComplaintDismissed,
    ComplaintEvent,
    ComplaintHandedOver,
    ComplaintReceived,
    ComplaintReleased,
    ComplaintTaken,
    ComplaintUpheld,
    ComplaintWithdrawn,
    VoteDisputed,
)
from civic_budget.residency.models import Complaint
from civic_budget.residency.policy import ComplaintRelations, PersonRelations
from civic_budget.residency.queries.desk import (
    find_persons_by_name,
    holder_of,
    person_relations_of,
)
from civic_budget.residency.queries.persons import get_limits, own_person, standing_of
from civic_budget.residency.rules import Standing
from civic_budget.residency.service.appointments import require_place
from civic_budget.residency.service.checking import open_check
from civic_budget.residency.service.desk import load_visit
from civic_budget.storage.db import Work

ENDINGS: dict[ComplaintAction, type[ComplaintEvent]] = {
    ComplaintAction.UPHOLD: ComplaintUpheld,
    ComplaintAction.DISMISS: ComplaintDismissed,
    ComplaintAction.HAND_OVER: ComplaintHandedOver,
}


def file_complaint(
    work: Work,
    actor: Actor,
    *,
    kind: ComplaintKind,
    words: str,
    language: str,
    about: str = "",
    name: str = "",
    born_on: date | None = None,
    contact: Contact | None = None,
    at: datetime,
) -> str:
    """Complain, signed in or not; returns the reference.

    A visitor gives name and contact, so that an answer can reach them. A question may be asked only
    by somebody confirmed. Raises Conflict `complaint_words_short` at `words`, `complaint_name` at
    `name`, `complaint_contact` at `contact`; NotAllowed `sign_in_first`, `confirm_first`.
    """
    account_id = actor.account_id
    person_id = own_person(work.session, account_id) if account_id else None
    if kind is ComplaintKind.QUESTION:
        held = standing_of(work.session, person_id, at=at) if person_id else Standing.NONE
        require(policy.may_ask_about_registrations(actor, held))
    elif len(words.strip()) < LEAST_WORDS:
        raise Conflict("complaint_words_short", field="words")
    if account_id is None and not name.strip():
        raise Conflict("complaint_name", field="name")
    if account_id is None and contact is None:
        raise Conflict("complaint_contact", field="contact")
    told = {
        "words": words.strip(),
        "about": about.strip(),
        "name": name.strip(),
        "born_on": born_on.isoformat() if born_on else "",
        "contact": [contact.kind.value, contact.address] if contact else None,
    }
    return _add(work, actor, kind, told, person_id, account_id, language, at)


def file_at_desk(
    work: Work,
    actor: Actor,
    *,
    visit_id: UUID,
    kind: ComplaintKind,
    words: str,
    language: str,
    at: datetime,
) -> str:
    """Write down what somebody at a desk complains about; returns the reference."""
    visit = load_visit(work, actor, visit_id, at=at)
    if kind is not ComplaintKind.QUESTION and len(words.strip()) < LEAST_WORDS:
        raise Conflict("complaint_words_short", field="words")
    account_id = holder_of(work.session, visit.person_id)
    told = {"words": words.strip()}
    reference = _add(work, actor, kind, told, visit.person_id, account_id, language, at)
    work.publish(
        ComplaintTakenDown(
            visit_id=visit.id,
            person_id=visit.person_id,
            point_id=visit.point_id,
            kind=kind.value,
            at=at,
            by=actor.account_id,
        )
    )
    return reference


def answer_at_desk(
    work: Work,
    actor: Actor,
    *,
    given_names: str,
    family_name: str,
    born_on: date,
    point_id: UUID | None,
    at: datetime,
) -> bool:
    """Whether anybody is registered under this name and birth date: yes or no, nothing else.

    For somebody who stands at the desk with a document; whoever asks about their own account's doubles
    asks online.
    """
    require_place(work, actor, point_id, at=at)
    found = find_persons_by_name(
        work.session, given_names=given_names, family_name=family_name, born_on=born_on
    )
    for person_id in found:
        # Not even yes or no about oneself or a relative.
        require(policy.may_serve(actor, person_relations_of(work.session, person_id)))
    work.publish(
        RegistrationAsked(found=bool(found), point_id=point_id, at=at, by=actor.account_id)
    )
    return bool(found)


def take_complaint(work: Work, actor: Actor, *, complaint_id: UUID, at: datetime) -> None:
    """Begin to work on a complaint; its words open to this officer alone. Taking it twice is no harm."""
    row = _load(work, complaint_id)
    require(policy.may_take_complaint(actor, complaint_relations_of(work, row)))
    if row.taken_by == actor.account_id:
        return
    row.state = COMPLAINT.next(ComplaintState(row.state), ComplaintAction.TAKE).value
    row.taken_by, row.taken_at = actor.account_id, at
    _tell(work, ComplaintTaken, row, actor, at)


def release_complaint(work: Work, actor: Actor, *, complaint_id: UUID, at: datetime) -> None:
    """Give a complaint back."""
    row = _load(work, complaint_id)
    require(policy.may_answer_complaint(actor, complaint_relations_of(work, row)))
    row.state = COMPLAINT.next(ComplaintState(row.state), ComplaintAction.RELEASE).value
    row.taken_by = row.taken_at = None
    _tell(work, ComplaintReleased, row, actor, at)


def answer_complaint(
    work: Work,
    actor: Actor,
    *,
    complaint_id: UUID,
    action: ComplaintAction,
    answer: str,
    check: str = "",
    at: datetime,
) -> None:
    """End a complaint with a sentence in the person's language: upheld, dismissed, handed over.

    `check` is the reference of a confirmed case that an upheld complaint reopens for another officer.
    Raises Conflict `sentence_missing` at `sentence`, `only_votes_go_on` for a hand-over of anything but a
    vote; WrongState when it has ended.
    """
    row = _load(work, complaint_id)
    following = COMPLAINT.next(ComplaintState(row.state), action)
    require(policy.may_answer_complaint(actor, complaint_relations_of(work, row)))
    if action not in ENDINGS:
        raise Conflict("choose_reason", field="action")
    if action is ComplaintAction.HAND_OVER and row.kind != ComplaintKind.VOTE:
        raise Conflict("only_votes_go_on", field="action")
    if not answer.strip():
        raise Conflict("sentence_missing", field="sentence")
    if check.strip():
        if action is not ComplaintAction.UPHOLD:
            raise Conflict("check_needs_upheld", field="check")
        open_check(work, actor, complaint=row, reference=check, at=at)
    row.answer_sealed = sealing.seal(
        work.keyring, sealing.COMPLAINT, row.id, {"answer": answer.strip()}
    )
    _end(row, following, actor, at)
    _tell(work, ENDINGS[action], row, actor, at)


def withdraw_complaint(work: Work, actor: Actor, *, complaint_id: UUID, at: datetime) -> None:
    """Take one's own complaint back."""
    row = _load(work, complaint_id)
    own = actor.account_id is not None and row.account_id == actor.account_id
    require(ALLOWED if own else Denied("not_your_case"))
    following = COMPLAINT.next(ComplaintState(row.state), ComplaintAction.WITHDRAW)
    _end(row, following, actor, at)
    _tell(work, ComplaintWithdrawn, row, actor, at)


def forget_complaints(work: Work, *, at: datetime) -> int:
    """Wipe words, names, contacts and answers of complaints that ended long ago; returns how many."""
    wiped = work.session.scalars(
        update(Complaint)
        .where(Complaint.ended_at <= at - CONTENT_KEPT, Complaint.sealed.is_not(None))
        .values(sealed=None, answer_sealed=None)
        .returning(Complaint.id)
    ).all()
    return len(wiped)


def forget_complaints_of(
    work: Work, actor: Actor, *, person_id: UUID | None, account_id: UUID | None, at: datetime
) -> None:
    """Wipe what somebody who erases their data wrote; a complaint that is open ends as taken back."""
    rows = work.session.scalars(
        select(Complaint)
        .where(
            or_(
                and_(Complaint.person_id.is_not(None), Complaint.person_id == person_id),
                and_(Complaint.account_id.is_not(None), Complaint.account_id == account_id),
            )
        )
        .order_by(Complaint.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        row.sealed = row.answer_sealed = None
        if ComplaintState(row.state) in OPEN_COMPLAINTS:
            following = COMPLAINT.next(ComplaintState(row.state), ComplaintAction.WITHDRAW)
            _end(row, following, actor, at)
            _tell(work, ComplaintWithdrawn, row, actor, at)


def complaint_relations_of(work: Work, row: Complaint) -> ComplaintRelations:
    """Whose complaint it is and who works on it."""
    person = (
        person_relations_of(work.session, row.person_id)
        if row.person_id
        else PersonRelations(frozenset(), frozenset())
    )
    return ComplaintRelations(
        filed_by=row.account_id,
        acting_accounts=person.acting_accounts,
        interested=person.interested,
        taken_by=row.taken_by,
    )


def _add(
    work: Work,
    actor: Actor,
    kind: ComplaintKind,
    told: Mapping[str, object],
    person_id: UUID | None,
    account_id: UUID | None,
    language: str,
    at: datetime,
) -> str:
    row = Complaint(
        id=uuid4(),
        reference=new_complaint_reference(),
        kind=kind.value,
        state=ComplaintState.RECEIVED.value,
        person_id=person_id,
        account_id=account_id,
        language=language,
        received_at=at,
        due_at=get_limits(work.session).complaint_by(at),
    )
    row.sealed = sealing.seal(work.keyring, sealing.COMPLAINT, row.id, told)
    work.session.add(row)
    work.session.flush()
    _tell(work, ComplaintReceived, row, actor, at)
    if kind is ComplaintKind.VOTE:
        work.publish(
            VoteDisputed(complaint_id=row.id, person_id=person_id, at=at, by=actor.account_id)
        )
    return row.reference


def _load(work: Work, complaint_id: UUID) -> Complaint:
    row = work.session.scalars(
        select(Complaint)
        .where(Complaint.id == complaint_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound
    return row


def _end(row: Complaint, state: ComplaintState, actor: Actor, at: datetime) -> None:
    row.state = state.value
    row.taken_by = row.taken_at = None
    row.ended_at, row.ended_by = at, actor.account_id


def _tell(
    work: Work, event: type[ComplaintEvent], row: Complaint, actor: Actor, at: datetime
) -> None:
    work.session.flush()
    work.publish(event(complaint_id=row.id, kind=row.kind, at=at, by=actor.account_id))
