"""Complaints: with and without account, every state and action, what officers see, what is told to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from civic_budget.accounts.contacts import read_contact
from civic_budget.kernel.actor import VISITOR, Actor, Role
from civic_budget.kernel.errors import Conflict, DomainError, NotAllowed
from civic_budget.notifications.rendering import render_letter
from civic_budget.residency import service
from civic_budget.residency.complaint_rules import (
    COMPLAINT,
    CONTENT_KEPT,
    ComplaintAction,
    ComplaintKind,
    ComplaintState,
    read_complaint_reference,
)
from civic_budget.residency.models import Complaint
from civic_budget.residency.queries import find_last_case, standing_of
from civic_budget.residency.queries.complaints import get_complaint
from civic_budget.residency.rules import Standing
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import Task, work_off
from tests.builders import make_account, make_city, make_clerk, make_staff, sign_in_as
from tests.builders_residency import make_case, make_identity, make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient

WORDS = "Dostałam wiadomość o głosie, którego nie oddałam."
VISITORS = {
    "kind": "registration",
    "words": WORDS,
    "name": "Ганна Шевченко",
    "birth_date": "2",
    "month": "4",
    "year": "1990",
    "contact": "hanna@example.org",
}


def messages(database: Database) -> list[dict[str, Any]]:
    sent: list[Task] = []
    work_off(database, {"message": sent.append}, at=NOW + timedelta(days=1))
    return [task.payload for task in sent]


def file(database: Database, actor: Actor = VISITOR, kind: str = "registration") -> UUID:
    with database.writing() as work:
        reference = service.file_complaint(
            work,
            actor,
            kind=ComplaintKind(kind),
            words=WORDS,
            language="uk",
            name="Hanna",
            contact=read_contact("hanna@example.org"),
            at=NOW,
        )
        found = select(Complaint.id).where(Complaint.reference == reference)
        return work.session.scalars(found).one()


def bring_to(database: Database, complaint_id: UUID, state: ComplaintState, officer: Actor) -> None:
    """Lead a fresh complaint of a resident about a vote to a state."""
    if state is ComplaintState.RECEIVED:
        return
    with database.writing() as work:
        service.take_complaint(work, officer, complaint_id=complaint_id, at=NOW)
    endings = {
        ComplaintState.UPHELD: ComplaintAction.UPHOLD,
        ComplaintState.DISMISSED: ComplaintAction.DISMISS,
        ComplaintState.HANDED_OVER: ComplaintAction.HAND_OVER,
    }
    if state in endings:
        do(database, complaint_id, endings[state], officer, officer)
    if state is ComplaintState.WITHDRAWN:
        with database.reading() as session:
            owner = get_complaint(session, complaint_id).account_id
        do(database, complaint_id, ComplaintAction.WITHDRAW, officer, Actor(owner))


def do(
    database: Database,
    complaint_id: UUID,
    action: ComplaintAction,
    officer: Actor,
    resident: Actor,
) -> None:
    with database.writing() as work:
        if action is ComplaintAction.TAKE:
            service.take_complaint(work, officer, complaint_id=complaint_id, at=NOW)
        elif action is ComplaintAction.RELEASE:
            service.release_complaint(work, officer, complaint_id=complaint_id, at=NOW)
        elif action is ComplaintAction.WITHDRAW:
            service.withdraw_complaint(work, resident, complaint_id=complaint_id, at=NOW)
        else:
            service.answer_complaint(
                work, officer, complaint_id=complaint_id, action=action, answer="Tak.", at=NOW
            )


def test_every_state_and_action(database: Database) -> None:
    make_city(database)
    officer = make_staff(database, Role.OFFICER)
    for state in ComplaintState:
        for action in ComplaintAction:
            resident = make_account(database)
            complaint_id = file(database, resident, "vote")
            bring_to(database, complaint_id, state, officer)
            expected = COMPLAINT.moves.get((state, action))
            if (state, action) == (ComplaintState.IN_WORK, ComplaintAction.TAKE):
                expected = ComplaintState.IN_WORK  # taking twice is no harm
            try:
                do(database, complaint_id, action, officer, resident)
                refused = False
            except DomainError:
                refused = True
            with database.reading() as session:
                now_in = get_complaint(session, complaint_id).line.state
            assert (refused, now_in) == (expected is None, expected or state), (state, action)


def test_a_visitor_complains_is_answered_and_nothing_is_told_of_others(
    app: Flask,
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
) -> None:
    make_city(database)
    for changes, sentence in (
        ({"words": "nie ja"}, "w jednym lub dwóch zdaniach"),
        ({"name": ""}, "Wpisz swoje imię"),
        ({"contact": ""}, "żeby odpowiedź mogła do Ciebie dotrzeć"),
        ({"contact": "somewhere"}, "e-mail"),
        ({"year": "19x0"}, "Nie ma takiego dnia"),
        ({"kind": "question"}, "Najpierw się zaloguj"),
    ):
        page = client.send("/pl/complaints/new", {**VISITORS, **changes}, follow=False)
        assert sentence in page.text, changes
        assert (WORDS if "words" not in changes else "nie ja") in page.text
    sent = client.send("/uk/complaints/new", VISITORS).text
    reference = next(
        word
        for word in sent.replace("<", " ").replace(">", " ").split()
        if read_complaint_reference(word)
    )
    received = messages(database)[-1]
    assert (received["message"], received["address"]) == ("complaint_received", "hanna@example.org")
    with app.app_context():
        assert reference in render_letter("complaint_received", "uk", received["values"]).body
    office = new_client()
    sign_in_as(office, database, make_staff(database, Role.OFFICER))
    listed = office.page("/pl/office/complaints")
    path = next(link for link in listed.links if "/office/complaints/" in link)
    assert WORDS not in office.get(path).text
    office.send(path, {}, to=f"{path}/take")
    assert WORDS in office.get(path).text
    colleague = new_client()
    sign_in_as(colleague, database, make_staff(database, Role.OFFICER))
    assert WORDS not in colleague.get(path).text
    assert "Inny pracownik" in colleague.send(path, {}, to=f"{path}/take").text
    drafted = office.send(path, {"action": "uphold", "draft": "1"}, to=f"{path}/answer").text
    # Nobody knows who writes: the draft is the same whatever was found.
    assert "ми не маємо права сказати" in drafted
    dismissed = office.send(path, {"action": "dismiss", "draft": "1"}, to=f"{path}/answer").text
    assert "ми не маємо права сказати" in dismissed
    assert "не підтверджено" not in drafted and "Nie wiadomo na pewno, kto pisze" in drafted
    waits = client.send("/uk/complaints/status", {"reference": reference.lower()}).text
    assert "Термін відповіді" in waits
    assert "Wybierz" in office.send(path, {"sentence": "x"}, to=f"{path}/answer").text
    office.send(path, {"action": "uphold", "sentence": "Ви мали рацію."}, to=f"{path}/answer")
    answered = messages(database)[-1]
    assert (answered["message"], answered["values"]["answer"]) == (
        "complaint_answered",
        "Ви мали рацію.",
    )
    told = client.send("/uk/complaints/status", {"reference": reference}).text
    assert reference in told and "Відповідь надіслано" in told
    for secret in ("Ви мали рацію", "Ганна", "hanna", "Задоволено", "Шевченко"):
        assert secret not in told
    wrong = client.send("/uk/complaints/status", {"reference": "C-2222-2222"}).text
    assert "Скарги з таким номером немає" in wrong and "C-2222-2222" in wrong
    helper = new_client()
    sign_in_as(helper, database, make_staff(database, Role.HELPDESK))
    told = helper.send("/pl/office/helpdesk", {"reference": reference}).text
    assert reference in told
    assert "Ганна" not in told
    counted = client.get("/en/complaints").text
    assert "Upheld" in counted
    assert "hanna" not in counted


def test_a_day_has_three_complaints_of_one_contact(
    client: CheckedClient, database: Database
) -> None:
    for _ in range(3):
        assert client.send("/en/complaints/new", VISITORS, follow=False).status_code == 302
    assert "several times today" in client.send("/en/complaints/new", VISITORS).text


def test_only_somebody_confirmed_asks_online_and_reads_yes_or_no(
    client: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    make_city(database)
    newcomer = make_account(database)
    make_case(database, newcomer, identity=make_identity())
    sign_in_as(client, database, newcomer)
    asked = {"kind": "question"}
    assert "Confirm your residence first" in client.send("/en/complaints/new", asked).text
    resident, _person = make_resident(database, identity=make_identity())
    sign_in_as(client, database, resident)
    assert client.send("/en/complaints/new", asked, follow=False).status_code == 302
    office = new_client()
    sign_in_as(office, database, make_staff(database, Role.OFFICER))
    path = next(
        link for link in office.page("/en/office/complaints").links if "/office/complaints/" in link
    )
    office.send(path, {}, to=f"{path}/take")
    with database.reading() as session:
        references = [row.reference for row in session.execute(select(Complaint.reference))]
    assert references
    drafted = office.send(path, {"action": "uphold", "draft": "1"}, to=f"{path}/answer").text
    sentence = "Yes: besides yours there is another registration that looks like you."
    assert sentence in drafted
    office.send(path, {"action": "uphold", "sentence": sentence}, to=f"{path}/answer")
    mine = client.get("/en/complaints").text
    assert sentence in mine
    assert "Zachodnia" not in mine


def test_the_desk_says_yes_or_no_and_takes_complaints_down(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    make_case(database, make_account(database), identity=make_identity())
    sign_in_as(client, database, make_clerk(database))
    olena = {
        "given_names": "Ołena",
        "family_name": "Kowalenko",
        "birth_date": "2",
        "month": "4",
        "year": "1990",
        "present": "y",
    }
    said = client.send("/pl/office/desk/as-me", olena).text
    assert "Tak: ktoś jest zarejestrowany" in said
    assert "Zachodnia" not in said
    nobody = {**olena, "year": "1991"}
    assert "Nie: nikt nie jest" in client.send("/pl/office/desk/as-me", nobody).text
    assert "Nie: nikt" not in client.send("/pl/office/desk/as-me", {**nobody, "present": ""}).text
    with database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.deed == "RegistrationAsked"))
        assert sorted(row.subjects["found"] for row in rows) == ["False", "True"]


def test_who_may_not_work_on_it_and_what_the_commission_hears(database: Database) -> None:
    make_city(database)
    officer = make_staff(database, Role.OFFICER)
    own = file(database, officer)
    vote = file(database, make_account(database), "vote")
    with database.writing() as work, pytest.raises(NotAllowed, match="own_case"):
        service.take_complaint(work, officer, complaint_id=own, at=NOW)
    desk = make_staff(database, Role.DESK)
    with database.writing() as work, pytest.raises(NotAllowed, match="not_an_officer"):
        service.take_complaint(work, desk, complaint_id=vote, at=NOW)
    stranger = make_account(database)
    with database.writing() as work, pytest.raises(NotAllowed, match="not_your_case"):
        service.withdraw_complaint(work, stranger, complaint_id=vote, at=NOW)
    registration = file(database)
    with database.writing() as work:
        service.take_complaint(work, officer, complaint_id=registration, at=NOW)
    with database.writing() as work, pytest.raises(Conflict, match="only_votes_go_on"):
        service.answer_complaint(
            work,
            officer,
            complaint_id=registration,
            action=ComplaintAction.HAND_OVER,
            answer="x",
            at=NOW,
        )
    with database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.deed == "VoteDisputed")).all()
    assert [row.subjects["complaint_id"] for row in rows] == [str(vote)]


def test_words_go_a_year_after_the_end_and_with_erasure(database: Database) -> None:
    make_city(database)
    officer = make_staff(database, Role.OFFICER)
    resident, _person = make_resident(database)
    assert resident.account_id is not None
    ended, waiting, erased = file(database), file(database), file(database, resident)
    with database.writing() as work:
        service.take_complaint(work, officer, complaint_id=ended, at=NOW)
        service.answer_complaint(
            work,
            officer,
            complaint_id=ended,
            action=ComplaintAction.DISMISS,
            answer="Ні.",
            at=NOW,
        )
    with database.writing() as work:
        service.erase_person(work, resident, account_id=resident.account_id, at=NOW)
        early = service.forget_complaints(work, at=NOW + CONTENT_KEPT - timedelta(days=1))
        late = service.forget_complaints(work, at=NOW + CONTENT_KEPT)
    assert (early, late) == (0, 1)
    with database.reading() as session:
        words = [get_complaint(session, each).words for each in (ended, waiting, erased)]
    assert words == ["", WORDS, ""]


def test_a_complaint_reopens_a_confirmation_and_its_person_reads_so(
    app: Flask,
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
) -> None:
    make_city(database)
    resident, person = make_resident(database)
    with database.reading() as session:
        case = find_last_case(session, person)
    assert case is not None
    complaint_id = file(database)
    office, checker = new_client(), new_client()
    sign_in_as(office, database, make_staff(database, Role.OFFICER))
    path = f"/en/office/complaints/{complaint_id}"
    office.send(path, {}, to=f"{path}/take")
    said = {"action": "uphold", "sentence": "Sprawdzamy to.", "check": "R-2222-2222"}
    refused = office.send(path, said, to=f"{path}/answer").text
    assert "There is no case with this reference" in refused
    assert "R-2222-2222" in refused and "Sprawdzamy to." in refused
    office.send(path, {**said, "check": case.reference}, to=f"{path}/answer")
    at_case = f"/en/office/residence/{case.reference}"
    assert "Another officer checks it" in office.get(at_case).text
    sign_in_as(client, database, resident)
    assert "перевіряють повторно" in client.get("/uk/residence").text
    sign_in_as(checker, database, make_staff(database, Role.OFFICER))
    assert "after a complaint" in checker.get("/en/office/residence?tab=checks").text
    checker.send(at_case, {}, to=f"{at_case}/claim")
    assert "a complaint about it was upheld" in checker.get(at_case).text
    away = f"{at_case}/take-back?reason=other_person"
    checker.send(away, {"sentence": "Хтось інший."})
    told = client.get("/uk/residence").text
    assert "Хтось інший." in told
    sent = [row["message"] for row in messages(database) if "account_id" in row]
    assert [name for name in sent if name in {"check_opened", "residence_revoked"}] == [
        "check_opened",
        "residence_revoked",
    ]
    client.send(f"/uk/residence/{case.reference}/appeal", {"words": "Це мій дім."})
    assert "Це мій дім." not in checker.get(at_case).text
    with database.reading() as session:
        assert standing_of(session, person, at=NOW) is Standing.PROVISIONAL
    values = {"reference": case.reference, "due_at": NOW.isoformat()}
    with app.app_context():
        for name in ("check_opened", "confirmation_checked"):
            letter = render_letter(name, "ru", values)
            assert case.reference in letter.subject and case.reference in letter.body
