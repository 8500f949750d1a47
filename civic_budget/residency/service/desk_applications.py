"""An application that somebody at a desk takes down for the person who stands there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.residency.desk_rules import VisitReason
from civic_budget.residency.events import CaseStarted
from civic_budget.residency.identity import Answers, HomeAddress, Identity
from civic_budget.residency.matching import Document
from civic_budget.residency.models import ResidenceCase
from civic_budget.residency.queries.cases import find_open_case
from civic_budget.residency.queries.desk import holder_of
from civic_budget.residency.queries.persons import find_confirmation
from civic_budget.residency.rules import CaseState, Purpose, Road, check_birth_date
from civic_budget.residency.service.appointments import require_place
from civic_budget.residency.service.case_rows import load_case, store_answers
from civic_budget.residency.service.desk import load_visit, open_visit
from civic_budget.residency.service.home_words import home_at_desk
from civic_budget.residency.service.registration import add_draft, add_person
from civic_budget.residency.service.sending import submit_case
from civic_budget.storage.db import Work


def register_at_desk(
    work: Work,
    actor: Actor,
    *,
    identity: Identity,
    address: HomeAddress,
    sex: str | None,
    language: str,
    point_id: UUID | None,
    document: Document | None = None,
    at: datetime,
) -> UUID:
    """A new person who stands at the desk, with a sent case; returns the id of the visit.

    The document's number is hashed to find doubles and let go. A double only flags the case.
    """
    require_place(work, actor, point_id, at=at)
    told = _read(work, identity, address, sex, at)
    person_id = add_person(work, None, "holder", at)
    case = add_draft(work, person_id, None, Road.DESK, language, at)
    _send(work, actor, case, told, document, at)
    return open_visit(
        work,
        actor,
        person_id=person_id,
        reason=VisitReason.REGISTER,
        point_id=point_id,
        at=at,
    )


def apply_at_desk(
    work: Work,
    actor: Actor,
    *,
    visit_id: UUID,
    identity: Identity,
    address: HomeAddress,
    sex: str | None,
    language: str,
    document: Document | None = None,
    at: datetime,
) -> None:
    """Take an application down for somebody who has a record: finish a draft, or begin a new one.

    Raises Conflict `already_sent` while a sent case waits: a proof is noted there.
    """
    visit = load_visit(work, actor, visit_id, at=at)
    told = _read(work, identity, address, sex, at)
    known = find_open_case(work.session, visit.person_id)
    if known is not None and known.state is not CaseState.DRAFT:
        raise Conflict("already_sent")
    if known is not None:
        case = load_case(work, known.id)
        case.road, case.language = Road.DESK.value, language
    else:
        held = find_confirmation(work.session, visit.person_id, at=at)
        purpose = Purpose.MOVE if held else Purpose.FIRST
        account_id = holder_of(work.session, visit.person_id)
        case = add_draft(work, visit.person_id, account_id, Road.DESK, language, at, purpose)
    _send(work, actor, case, told, document, at)


def _read(
    work: Work, identity: Identity, address: HomeAddress, sex: str | None, at: datetime
) -> Answers:
    if not any(letter.isalpha() for letter in identity.given_names):
        raise Conflict("name_missing", field="given_names")
    check_birth_date(identity.born_on, at)
    home, district = home_at_desk(work, address)
    return Answers.known(identity, sex=sex, address=home, district=district)


def _send(
    work: Work,
    actor: Actor,
    case: ResidenceCase,
    told: Answers,
    document: Document | None,
    at: datetime,
) -> None:
    store_answers(work, case, told, at=at)
    work.session.flush()
    work.publish(CaseStarted(case_id=case.id, person_id=case.person_id, at=at, by=actor.account_id))
    # The desk acts for the person who stands there: the sending is the platform's, by this officer.
    submit_case(
        work,
        replace(actor, is_system=True),
        case_id=case.id,
        at=at,
        document=document,
        documents_seen=True,
    )
