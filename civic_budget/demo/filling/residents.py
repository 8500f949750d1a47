"""The named residents: accounts, persons, citizenships, and what officers decided about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from civic_budget.accounts import service as accounts
from civic_budget.accounts.contacts import read_contact
from civic_budget.demo import content
from civic_budget.demo.content.records import Person
from civic_budget.demo.filling.cases import bring_to_standing
from civic_budget.demo.filling.outreach import arrive
from civic_budget.demo.filling.town import Resident, Town
from civic_budget.demo.sign_ins import ResidentLine
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.residency import citizenship
from civic_budget.residency import service as residency
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.queries import get_case
from civic_budget.residency.rules import CaseState, Road
from civic_budget.storage.db import Work

ROADS = {"statement": Road.STATEMENT, "upload": Road.DOCUMENT, "desk": Road.DESK}
CONFIRMED = "confirmed"
STORY = {
    CONFIRMED: "residence confirmed",
    "awaiting": "waits for an officer",
    "needs_more": "asked for another document",
    "refused": "refused, may appeal",
}


def register_residents(town: Town) -> None:
    """Register everybody who has a name in the content; children after their guardians."""
    town.progress.begin("Residents with names")
    people = sorted(content.people(), key=lambda person: person.guardian is not None)
    for person in people:
        at = _registered_at(town, person)
        account_id = _open_account(town, person, at)
        if account_id is not None and person.guardian is None:
            arrive(town, account_id, at)
        if person.standing == CONFIRMED:
            register_confirmed(town, person, account_id, at)
        else:
            town.residents[person.key] = bring_to_standing(
                town, person, account_id, identity_of(person), sex_of(person)
            )
        town.progress.add()


def open_account(town: Town, contact: str, language: str, at: datetime) -> UUID:
    """An account with everybody's password."""
    with town.database.writing() as work:
        return accounts.open_account_without_code(
            work,
            SYSTEM,
            contact=read_contact(contact),
            password=town.sign_ins.resident_password,
            language=language,
            at=at,
        )


def _open_account(town: Town, person: Person, at: datetime) -> UUID | None:
    """The person's own account; a child's is the guardian's. Who has no contact, has none."""
    if person.guardian is not None:
        return town.residents[person.guardian].account_id
    contact = person.email or person.phone
    if contact is None:
        return None
    account_id = open_account(town, contact, person.language, at)
    name = f"{person.given_names.title()} {person.family_name.title()}"
    about = f"district {person.district}, {person.language}, {STORY[person.standing]}"
    town.sign_ins.residents.append(ResidentLine(name, contact, about))
    return account_id


def _registered_at(town: Town, person: Person) -> datetime:
    """Authors register before submission opens, others until a few days ago."""
    earliest = town.story.at(-40, 9)
    if "author" in person.roles:
        return town.moment_between(earliest, town.story.at(-4))
    return town.moment_between(earliest, min(town.story.at(215), town.story.ago(days=4)))


def register_confirmed(
    town: Town, person: Person, account_id: UUID | None, at: datetime
) -> Resident:
    """Register a person and confirm the residence, by the platform or by an officer a day later."""
    with town.database.writing() as work:
        case_id = residency.register_person(
            work,
            Actor(account_id),
            account_id=account_id,
            identity=identity_of(person),
            address=HomeAddress(person.street, person.number),
            district=person.district,
            road=ROADS[person.proof_road],
            sex=sex_of(person),
            language=person.language,
            at=at,
            relation="guardian" if person.guardian else "holder",
        )
        person_id = get_case(work.session, case_id).person_id
        answer_citizenship(work, person_id, person.citizenships, at)
        confirm_waiting(town, work, [case_id], at + timedelta(hours=20))
    resident = Resident(person_id, account_id, person.district, person.language, at)
    town.residents[person.key] = resident
    return resident


def confirm_waiting(town: Town, work: Work, cases: Iterable[UUID], at: datetime) -> None:
    """An officer confirms those of the cases that the platform did not confirm itself."""
    officer = town.member(Role.OFFICER, town.random.randrange(3))
    for case_id in cases:
        work.session.flush()
        if get_case(work.session, case_id).state is CaseState.SUBMITTED:
            residency.claim_case(work, officer, case_id=case_id, at=at)
            residency.confirm_case(work, officer, case_id=case_id, at=at)


def answer_citizenship(work: Work, person_id: UUID, codes: tuple[str, ...], at: datetime) -> None:
    """Note citizenships that were told; the demo's word for no citizenship is the platform's code."""
    if codes:
        known = [citizenship.STATELESS if code == "stateless" else code for code in codes]
        citizenship.answer(work, SYSTEM, person_id=person_id, codes=known, at=at)


def identity_of(person: Person) -> Identity:
    """The person's names as the platform keeps them."""
    own = (person.original_given_names, person.original_family_name)
    return Identity(
        given_names=person.given_names,
        family_name=person.family_name,
        born_on=person.born_on,
        original_name=" ".join(part for part in own if part),
        patronymic=person.patronymic or "",
        address=HomeAddress(person.street, person.number),
    )


def sex_of(person: Person) -> str | None:
    """The platform's code of what the person told."""
    return person.sex.upper() if person.sex else None
