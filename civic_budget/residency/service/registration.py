"""A person with a complete case in one deed: for the desk, imported registers and the demo city."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from civic_budget.city.queries import find_address
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import sealing
from civic_budget.residency.events import CaseStarted
from civic_budget.residency.identity import Answers, HomeAddress, Identity
from civic_budget.residency.matching import Document
from civic_budget.residency.models import (
    Person,
    PersonHolder,
    ResidenceCase,
    ResidenceStatement,
)
from civic_budget.residency.rules import CaseState, Purpose, Road, new_reference
from civic_budget.residency.service.case_rows import store_answers
from civic_budget.residency.service.guardianship import tie_ward
from civic_budget.residency.service.sending import submit_case
from civic_budget.residency.service.signatures import STATEMENT_VERSION
from civic_budget.storage.db import Work


def register_person(
    work: Work,
    actor: Actor,
    *,
    account_id: UUID | None,
    identity: Identity,
    address: HomeAddress,
    district: int | None = None,
    road: Road = Road.STATEMENT,
    sex: str | None = None,
    language: str = "pl",
    at: datetime,
    document: Document | None = None,
    relation: str = "holder",
) -> UUID:
    """Make a person with a sent case; returns the case's id.

    The district follows from the city's street list unless it is given. `account_id` None: a
    person met at a desk, without an account. Documents count as seen: none is asked for here. Raises
    Conflict at `street` for an address off the list.
    """
    if district is None:
        found = find_address(work.session, address.street, address.house)
        if found is None:
            raise Conflict("unknown_street", field="street", street=address.street)
        district = found.district
    person_id = add_person(work, account_id, relation, at)
    told = Answers.known(identity, sex=sex, address=address, district=district)
    case = add_draft(work, person_id, account_id, road, language, at)
    store_answers(work, case, told, at=at)
    work.session.flush()
    if road is Road.STATEMENT:
        _sign(work, case, identity.full_name, language, at)
    work.publish(CaseStarted(case_id=case.id, person_id=person_id, at=at, by=actor.account_id))
    submit_case(
        work,
        replace(actor, is_system=True),
        case_id=case.id,
        at=at,
        document=document,
        documents_seen=True,
    )
    if relation == "guardian" and account_id is not None:
        tie_ward(work, actor, account_id=account_id, person_id=person_id, at=at)
    return case.id


def add_person(work: Work, account_id: UUID | None, relation: str, at: datetime) -> UUID:
    """A bare person, with the account that acts for it if there is one."""
    person_id = uuid4()
    work.session.add(Person(id=person_id, created_at=at))
    work.session.flush()
    if account_id is not None:
        work.session.add(
            PersonHolder(account_id=account_id, person_id=person_id, relation=relation, since_at=at)
        )
        work.session.flush()
    return person_id


def add_draft(
    work: Work,
    person_id: UUID,
    account_id: UUID | None,
    road: Road,
    language: str,
    at: datetime,
    purpose: Purpose = Purpose.FIRST,
) -> ResidenceCase:
    """An open case of a person, with nothing told yet."""
    case = ResidenceCase(
        id=uuid4(),
        reference=new_reference(),
        person_id=person_id,
        account_id=account_id,
        purpose=purpose.value,
        state=CaseState.DRAFT.value,
        road=road.value,
        language=language,
        flags=[],
        is_flagged=False,
        created_at=at,
        updated_at=at,
    )
    work.session.add(case)
    return case


def _sign(work: Work, case: ResidenceCase, name: str, language: str, at: datetime) -> None:
    sealed = sealing.seal(work.keyring, sealing.SIGNATURE, case.id, name)
    work.session.add(
        ResidenceStatement(
            case_id=case.id,
            version=STATEMENT_VERSION,
            language=language,
            signature_sealed=sealed,
            signed_at=at,
        )
    )
    work.session.flush()
