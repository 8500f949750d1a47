"""A confirmation checked again for a complaint: by whom, what ends, how it is appealed, two clicks at once."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from civic_budget.accounts.contacts import read_contact
from civic_budget.kernel.actor import VISITOR, Actor, Role
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed
from civic_budget.residency import queries, service
from civic_budget.residency.complaint_rules import ComplaintAction, ComplaintKind
from civic_budget.residency.models import Complaint, Confirmation, ResidenceCheck
from civic_budget.residency.queries.office import QueueFilter, Tab, list_queue
from civic_budget.residency.rules import CaseState, Limits, Standing
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import lease_next
from tests.builders import make_account, make_staff
from tests.builders_residency import (
    claim,
    make_case,
    make_city_that_decides_nothing_alone,
    make_identity,
)
from tests.conftest import NOW


@dataclass(frozen=True)
class Doubted:
    """A case that one officer confirmed, and a visitor's complaint that another one took."""

    person: Actor
    case_id: UUID
    reference: str
    complaint_id: UUID
    first: Actor
    opener: Actor


@pytest.fixture
def doubted(database: Database) -> Doubted:
    make_city_that_decides_nothing_alone(database)
    person = make_account(database)
    case_id = make_case(database, person)
    first, opener = make_staff(database, Role.OFFICER), make_staff(database, Role.OFFICER)
    claim(database, first, case_id)
    with database.writing() as work:
        service.confirm_case(work, first, case_id=case_id, at=NOW)
        reference = queries.get_case(work.session, case_id).reference
    return Doubted(person, case_id, reference, complain(database, opener), first, opener)


def complain(database: Database, officer: Actor, kind: str = "registration") -> UUID:
    with database.writing() as work:
        filed = service.file_complaint(
            work,
            VISITOR,
            kind=ComplaintKind(kind),
            words="Ktoś zarejestrował się jako ja.",
            language="pl",
            name="Hanna",
            contact=read_contact("hanna@example.org"),
            at=NOW,
        )
        found = work.session.scalars(select(Complaint.id).where(Complaint.reference == filed)).one()
        service.take_complaint(work, officer, complaint_id=found, at=NOW)
    return found


def answer(
    database: Database,
    officer: Actor,
    complaint_id: UUID,
    check: str,
    action: ComplaintAction = ComplaintAction.UPHOLD,
) -> None:
    with database.writing() as work:
        service.answer_complaint(
            work,
            officer,
            complaint_id=complaint_id,
            action=action,
            answer="Sprawdzamy.",
            check=check,
            at=NOW,
        )


def state_of(database: Database, case_id: UUID) -> tuple[CaseState, Standing]:
    with database.reading() as session:
        case = queries.get_case(session, case_id)
        return case.state, queries.standing_of(session, case.person_id, at=NOW)


def mails(database: Database, account: Actor) -> list[str]:
    found = []
    while (task := lease_next(database, at=NOW)) is not None:
        if task.payload.get("account_id") == str(account.account_id):
            found.append(task.payload["message"])
    return found


def take_back(database: Database, officer: Actor, case_id: UUID) -> None:
    with database.writing() as work:
        service.revoke_confirmation(
            work,
            officer,
            case_id=case_id,
            reason="other_person",
            sentence="Dokument należy do kogoś innego.",
            at=NOW,
        )


def test_an_upheld_complaint_reopens_a_confirmation_for_a_third_officer(
    database: Database, doubted: Doubted
) -> None:
    mails(database, doubted.person)
    answer(database, doubted.opener, doubted.complaint_id, f" {doubted.reference.lower()} ")
    assert state_of(database, doubted.case_id) == (CaseState.CONFIRMED, Standing.CONFIRMED)
    assert mails(database, doubted.person) == ["check_opened"]
    assert doubted.opener.account_id is not None
    with database.reading() as session:
        listed = list_queue(
            session,
            QueueFilter(tab=Tab.CHECKS),
            Limits(),
            officer=doubted.opener.account_id,
            at=NOW,
        )
    assert [row.id for row in listed] == [doubted.case_id]
    for officer, why in (
        (doubted.first, "second_officer_check"),
        (doubted.opener, "second_officer_complaint"),
    ):
        with pytest.raises(NotAllowed, match=why):
            claim(database, officer, doubted.case_id)
    third = make_staff(database, Role.OFFICER)
    claim(database, third, doubted.case_id)
    with database.writing() as work:
        service.uphold_confirmation(work, third, case_id=doubted.case_id, at=NOW)
    assert state_of(database, doubted.case_id) == (CaseState.CONFIRMED, Standing.CONFIRMED)
    assert mails(database, doubted.person) == ["confirmation_checked"]
    with pytest.raises(NotAllowed, match="nothing_to_decide"):
        claim(database, third, doubted.case_id)


@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_confirmation_taken_back_can_be_appealed_and_holds_again_when_the_appeal_is_allowed(
    database: Database, doubted: Doubted, is_allowed: bool
) -> None:
    answer(database, doubted.opener, doubted.complaint_id, doubted.reference)
    third, fourth = make_staff(database, Role.OFFICER), make_staff(database, Role.OFFICER)
    claim(database, third, doubted.case_id)
    mails(database, doubted.person)
    take_back(database, third, doubted.case_id)
    assert state_of(database, doubted.case_id) == (CaseState.REVOKED, Standing.NONE)
    assert mails(database, doubted.person) == ["residence_revoked"]
    with database.writing() as work:
        facts = queries.get_message_facts(work.session, doubted.case_id)
        assert facts.appeal_due_at is not None
        late = facts.appeal_due_at
        with pytest.raises(NotAllowed, match="appeal_too_late"):
            service.appeal(work, doubted.person, case_id=doubted.case_id, words="Ja!", at=late)
        service.appeal(work, doubted.person, case_id=doubted.case_id, words="To ja!", at=NOW)
    # Undecided again: a ballot cast now, or before, waits unopened for the decision.
    assert state_of(database, doubted.case_id) == (CaseState.APPEALED, Standing.PROVISIONAL)
    with pytest.raises(NotAllowed, match="second_officer"):
        claim(database, third, doubted.case_id)
    claim(database, fourth, doubted.case_id)
    with database.writing() as work:
        if is_allowed:
            service.confirm_case(work, fourth, case_id=doubted.case_id, at=NOW)
        else:
            service.dismiss_appeal(
                work,
                fourth,
                case_id=doubted.case_id,
                reason="other_person",
                sentence="Nie.",
                at=NOW,
            )
    expected = (
        (CaseState.CONFIRMED, Standing.CONFIRMED)
        if is_allowed
        else (CaseState.DISMISSED, Standing.NONE)
    )
    assert state_of(database, doubted.case_id) == expected
    with database.reading() as session:
        held = session.scalars(
            select(Confirmation).where(Confirmation.case_id == doubted.case_id)
        ).one()
        assert (held.revoked_at is None) is is_allowed


def test_what_cannot_be_reopened_is_said_at_the_field(database: Database, doubted: Doubted) -> None:
    undecided = make_case(database, make_account(database), identity=make_identity("IVAN"))
    own = make_case(database, doubted.opener, identity=make_identity("DARIA"))
    claim(database, doubted.first, own)
    with database.writing() as work:
        service.confirm_case(work, doubted.first, case_id=own, at=NOW)
        waiting = queries.get_case(work.session, undecided).reference
        openers = queries.get_case(work.session, own).reference
    vote = complain(database, doubted.opener, "vote")
    up, down = ComplaintAction.UPHOLD, ComplaintAction.DISMISS
    for complaint_id, check, action, code in (
        (vote, doubted.reference, up, "only_registrations_checked"),
        (doubted.complaint_id, "R-2222-2222", up, "check_no_case"),
        (doubted.complaint_id, "nonsense", up, "check_no_case"),
        (doubted.complaint_id, waiting, up, "check_undecided"),
        (doubted.complaint_id, openers, up, "own_case"),
        (doubted.complaint_id, doubted.reference, down, "check_needs_upheld"),
    ):
        with pytest.raises(Conflict, match=code) as refused:
            answer(database, doubted.opener, complaint_id, check, action)
        assert refused.value.field == "check"
    answer(database, doubted.opener, doubted.complaint_id, doubted.reference)
    again = complain(database, doubted.opener)
    with pytest.raises(Conflict, match="check_open_already"):
        answer(database, doubted.opener, again, doubted.reference)


def test_the_database_wants_another_officer_too(database: Database, doubted: Doubted) -> None:
    answer(database, doubted.opener, doubted.complaint_id, doubted.reference)
    for officer in (doubted.opener, doubted.first):
        with pytest.raises(IntegrityError), database.writing() as work:
            work.session.execute(
                update(ResidenceCheck).values(
                    checked_by=officer.account_id, checked_at=NOW, outcome="holds"
                )
            )


def test_two_complaints_upheld_at_once_open_one_check(database: Database, doubted: Doubted) -> None:
    other = make_staff(database, Role.OFFICER)
    second = complain(database, other)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def click(officer: Actor, complaint_id: UUID) -> None:
        start.wait(10)
        try:
            answer(database, officer, complaint_id, doubted.reference)
            outcomes.append("opened")
        except DomainError as error:
            outcomes.append(error.code)

    clicks = [
        threading.Thread(target=click, args=pair)
        for pair in ((doubted.opener, doubted.complaint_id), (other, second))
    ]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join(60)
    assert sorted(outcomes) == ["check_open_already", "opened"]
