"""Help in person: people registered at a desk, a letter that waits, a list that may be asked, complaints."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from civic_budget.accounts.contacts import read_contact
from civic_budget.city.queries import list_assistance_points
from civic_budget.demo import content
from civic_budget.demo.content import reading
from civic_budget.demo.filling.residents import identity_of, open_account
from civic_budget.demo.filling.town import Town
from civic_budget.demo.sign_ins import ResidentLine
from civic_budget.kernel.actor import VISITOR, Actor, Role
from civic_budget.residency import service as residency
from civic_budget.residency.complaint_rules import ComplaintAction, ComplaintKind
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.queries.complaints import find_complaint
from civic_budget.residency.queries.duplicates import as_record
from civic_budget.residency.registers import SUFFIX, write_register
from civic_budget.residency.rules import Road
from civic_budget.storage.db import Work

DESK_DAYS_AGO = 3
COMPLAINED_DAYS_AGO = 6
LISTED = 12
REGISTER = "university"


def help_in_person(town: Town) -> None:
    """Everything of `assisting.toml`, through the services that the desk and the forms call."""
    town.progress.begin("Help in person, letters, complaints")
    told = reading.table("assisting.toml")
    for number, row in enumerate(told["visitor"]):
        _serve(town, row, town.story.ago(days=DESK_DAYS_AGO, hours=number))
        town.progress.add()
    for row in told["letter"]:
        _ask_for_letter(town, row, town.story.ago(days=1))
        town.progress.add()
    for row in told["complaint"]:
        _complain(town, row, town.story.ago(days=COMPLAINED_DAYS_AGO))
        town.progress.add()
    _bring_register(town)


def _serve(town: Town, row: dict[str, Any], at: datetime) -> None:
    """Registered at the desk; whoever was confirmed there got a card, which stands on the sheet."""
    desk = town.member(Role.DESK)
    with town.database.writing() as work:
        visit_id = residency.register_at_desk(
            work,
            desk,
            identity=told_identity(row),
            address=HomeAddress(row["street"], row["number"]),
            sex=row["sex"],
            language=row["language"],
            point_id=_point(work),
            at=at,
        )
        residency.note_seen_proof(
            work, desk, visit_id=visit_id, kind=row["proof_kind"], document_on=None, at=at
        )
        if not row["is_confirmed"]:
            return
        residency.confirm_at_desk(work, desk, visit_id=visit_id, at=at)
        card = residency.print_card(work, desk, visit_id=visit_id, language=row["language"], at=at)
    name = f"{row['given_names']} {row['family_name']}".title()
    about = f"no e-mail, no phone: open the account at /{row['language']}/activate"
    town.sign_ins.residents.append(ResidentLine(name, f"{card.number} {card.code}", about))


def _ask_for_letter(town: Town, row: dict[str, Any], at: datetime) -> None:
    register_told(town, row, road=Road.LETTER, about="waits for a letter by post", at=at)


def register_told(
    town: Town, row: dict[str, Any], *, road: Road = Road.STATEMENT, about: str, at: datetime
) -> tuple[Actor, UUID]:
    """Somebody of the file opens an account and sends a case; who they are and the case's id."""
    actor = Actor(open_account(town, row["email"], row["language"], at))
    with town.database.writing() as work:
        case_id = residency.register_person(
            work,
            actor,
            account_id=actor.account_id,
            identity=told_identity(row),
            address=HomeAddress(row["street"], row["number"]),
            road=road,
            sex=row["sex"],
            language=row["language"],
            at=at,
        )
    name = f"{row['given_names']} {row['family_name']}".title()
    town.sign_ins.residents.append(ResidentLine(name, row["email"], about))
    return actor, case_id


def _complain(town: Town, row: dict[str, Any], at: datetime) -> None:
    with town.database.writing() as work:
        reference = residency.file_complaint(
            work,
            VISITOR,
            kind=ComplaintKind(row["kind"]),
            words=row["words"],
            language=row["language"],
            name=row["name"],
            contact=read_contact(row["email"]),
            at=at,
        )
        line = find_complaint(work.session, reference)
        if line is None or "answer" not in row:
            return
        officer = town.member(Role.OFFICER)
        residency.take_complaint(work, officer, complaint_id=line.id, at=at)
        residency.answer_complaint(
            work,
            officer,
            complaint_id=line.id,
            action=ComplaintAction.DISMISS,
            answer=row["answer"],
            at=at,
        )


def _bring_register(town: Town) -> None:
    """The university's list knows a dozen of the residents with names."""
    people = [(person.key, as_record(identity_of(person))) for person in content.people()[:LISTED]]
    target = town.settings.registers / f"{REGISTER}{SUFFIX}"
    write_register(town.settings.keyring, people, target)


def told_identity(row: dict[str, Any]) -> Identity:
    """The names of a row, with the letters that its owner writes beside them."""
    return Identity(
        given_names=row["given_names"],
        family_name=row["family_name"],
        born_on=row["born_on"],
        original_name=row["original_name"],
    )


def _point(work: Work) -> UUID:
    return list_assistance_points(work.session)[0].id
