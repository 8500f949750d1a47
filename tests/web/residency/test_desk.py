"""The desk in a browser: somebody without e-mail and phone is registered, proved, confirmed, and signs in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import select

from civic_budget.accounts import service as accounts
from civic_budget.accounts.queries import get_own_account
from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.residency import service
from civic_budget.residency.desk_rules import SEARCHES_A_QUARTER
from civic_budget.residency.models import OfficerInterest, ResidenceCase
from civic_budget.residency.queries.cases import answers_of
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import Task, work_off
from tests.builders import make_account, make_city, make_clerk, make_staff, sign_in_as
from tests.builders_residency import ZACHODNIA, make_case, make_identity, make_resident
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient

DESK = "/pl/office/desk"
OLENA = {
    "given_names": "Olena",
    "family_name": "Kovalenko",
    "birth_date": "2",
    "month": "4",
    "year": "1990",
}
APPLICATION = {
    **OLENA,
    "street": "Zachodnia",
    "house": "5",
    "sex": "",
    "language": "uk",
    "document_kind": "passport",
    "document_country": "ukr",
    "document_number": "FA 123456",
    "present": "y",
}
FIND = {"reason": "access", "present": "y"}


@pytest.fixture
def desk(client: CheckedClient, database: Database) -> CheckedClient:
    """The browser of somebody who works at an assistance point, and nowhere else."""
    make_city(database)
    with database.writing() as work:
        service.set_limits(
            work, {"sample_permille": 0}
        )  # nobody is drawn for a second look by chance
    sign_in_as(client, database, make_clerk(database))
    return client


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def register(desk: CheckedClient, **changes: Any) -> str:
    answer = desk.send(f"{DESK}/new", {**APPLICATION, **changes}, follow=False)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def post(desk: CheckedClient, visit: str, deed: str, **values: Any) -> Any:
    return desk.send(visit, values, to=f"{visit}/{deed}")


def test_registered_proved_confirmed_and_in_by_the_card(
    desk: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    visit = register(desk)
    assert "Olena Kovalenko" in desk.page(visit).text()
    # Nothing was seen yet; a bill transfer alone is not enough, a second kind makes it so.
    assert "nie wystarcza" in post(desk, visit, "confirm").text
    post(desk, visit, "proof", kind="bill_transfer", document_on="2.5.2026")
    assert "nie wystarcza" in post(desk, visit, "confirm").text
    assert (
        "z przyszłości"
        in post(desk, visit, "proof", kind="utility_bill", document_on="2.5.2027").text
    )
    wrong_day = post(desk, visit, "proof", kind="utility_bill", document_on="32.5.2026").text
    assert "Wpisz go tak: 31.12.2026." in wrong_day
    post(desk, visit, "proof", kind="utility_bill", document_on="1.5.2026")
    assert "Zamieszkanie jest potwierdzone." in post(desk, visit, "confirm").text
    printed = post(desk, visit, "card", language="uk")
    assert (printed.mimetype, printed.headers["Cache-Control"]) == ("application/pdf", "no-store")
    words = words_of(printed.data)
    number, code = (
        re.search(pattern, words)[0]  # type: ignore[index]
        for pattern in (r"K-[0-9A-Z]{4}-[0-9A-Z]{4}", r"(?<!-)\b[0-9A-Z]{4}-[0-9A-Z]{4}\b(?!-)")
    )
    assert "Номер картки" in words
    post(desk, visit, "close")
    assert desk.get(visit).status_code == 403
    phone = new_client()
    values = {"card": number, "code": code, "password": "три нові слова"}
    assert phone.send("/uk/activate", values).status_code == 200
    assert "VIII Dębniki" in phone.get("/uk/residence").text
    # The desk finds her by the card number; the account opens already, so access is renewed, not added.
    visit = str(desk.send(DESK, {**FIND, "number": number}, follow=False).location)
    assert "dotychczasowy kontakt" in post(desk, visit, "card", language="pl").text
    renewed = post(desk, visit, "access", language="pl")
    assert renewed.mimetype == "application/pdf"
    assert phone.get("/uk/residence").status_code == 302


def test_a_home_that_the_list_does_not_know_is_described(
    desk: CheckedClient, database: Database
) -> None:
    for changes, sentence in (
        ({"street": "Barka"}, "nie ma na liście ulic"),
        ({"house": "", "district": "8"}, "Podaj numer domu."),
        ({"street": "Barka", "house": "", "district": "8"}, "Napisz kilka słów więcej"),
        ({"street": "Barka przy bulwarze", "house": "", "district": "99"}, "Wybierz dzielnicę"),
    ):
        assert sentence in desk.send(f"{DESK}/new", {**APPLICATION, **changes}).text, changes
    barge = {"street": "barka „Wanda” przy bulwarze", "house": "", "district": "8"}
    assert "barka „Wanda”" in desk.page(register(desk, **barge)).text()
    listed = {
        **barge,
        "given_names": "Iryna",
        "street": "Zachodnia",
        "house": "5",
        "district": "18",
    }
    register(desk, **listed)
    with database.reading() as session:
        cases = session.scalars(select(ResidenceCase).order_by(ResidenceCase.created_at)).all()
        homes = [answers_of(session, case).address for case in cases]
    told = {(home.street, home.is_described) for home in homes if home}
    assert told == {("barka „Wanda” przy bulwarze", True), ("Zachodnia", False)}
    assert {case.district for case in cases} == {8}


def test_a_contact_counts_only_when_its_code_is_read_out(
    desk: CheckedClient, database: Database
) -> None:
    visit = register(desk)
    post(desk, visit, "contact", contact="501 200 300")
    sent: list[Task] = []
    work_off(database, {accounts.MESSAGE: sent.append}, at=NOW)
    code = next(t.payload["values"]["code"] for t in sent if t.payload["message"] == "contact_code")
    assert "+48 … 300" not in desk.page(visit).text()
    post(desk, visit, "contact/code", code="000000" if code != "000000" else "111111")
    assert "+48 … 300" not in desk.page(visit).text()
    assert "+48 … 300" in post(desk, visit, "contact/code", code=code).text


def test_flags_send_the_case_to_the_bureau(desk: CheckedClient, database: Database) -> None:
    make_case(database, make_account(database), identity=make_identity())
    visit = register(desk, given_names="Olena", family_name="Kowalenko")
    post(desk, visit, "proof", kind="utility_bill")
    assert "Sprawę rozstrzygnie urząd" in post(desk, visit, "confirm").text
    assert "Zamieszkanie jest potwierdzone." not in desk.page(visit).text()


def test_only_whole_names_are_searched_and_every_search_is_in_the_trail(
    desk: CheckedClient, database: Database, clock: Clock
) -> None:
    make_case(database, make_account(database), identity=make_identity())
    for part in (
        {"given_names": "Olena"},
        {"given_names": "Olena", "family_name": "Kovalenko"},
        {"number": "R-2222"},
        {"number": "%"},
        {**OLENA, "given_names": "O"},
        {**OLENA, "year": "1991"},
        {**OLENA, "year": "199x"},
    ):
        assert desk.send(DESK, {**FIND, **part}, follow=False).status_code == 200, part
    assert desk.send(DESK, {**FIND, **OLENA, "present": ""}, follow=False).status_code == 200
    # However the name is spelt and in whatever order: it is the person who stands there.
    spelt = {**OLENA, "given_names": "Kowalenko", "family_name": "Ołena"}
    assert desk.send(DESK, {**FIND, **spelt}, follow=False).status_code == 302
    for _ in range(SEARCHES_A_QUARTER):
        answer = desk.send(DESK, {**FIND, **OLENA}, follow=False)
    assert "Zbyt wiele prób" in answer.text
    clock.at += timedelta(minutes=16)
    assert desk.send(DESK, {**FIND, **OLENA}, follow=False).status_code == 302
    with database.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.deed == "DeskSearched")).all()
    said = [row.subjects for row in rows]
    assert {(one["means"], one["found"]) for one in said} >= {("name", "0"), ("name", "1")}
    assert all("point_id" in one for one in said)
    assert "ovalenko" not in str(said).casefold()


def test_nobody_serves_themselves_or_a_relative(desk: CheckedClient, database: Database) -> None:
    officer = make_clerk(database)
    _friend, person_id = make_resident(database, identity=make_identity("ANNA", "NOWAK"))
    with database.writing() as work:
        work.session.add(
            OfficerInterest(account_id=officer.account_id, person_id=person_id, declared_at=NOW)
        )
    make_case(database, officer, identity=make_identity("JAN", "LIS", date(1980, 1, 1)))
    sign_in_as(desk, database, officer)
    anna = {**OLENA, "given_names": "Anna", "family_name": "Nowak"}
    lis = {**OLENA, "given_names": "Jan", "family_name": "Lis"}
    own = {**lis, "birth_date": "1", "month": "1", "year": "1980"}
    assert "znasz tę osobę" in desk.send(DESK, {**FIND, **anna}).text
    assert "To Twoja własna sprawa" in desk.send(DESK, {**FIND, **own}).text


def test_a_visit_is_one_officers_and_ends_by_itself(
    desk: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    clock: Clock,
) -> None:
    visit = register(desk)
    colleague = new_client()
    sign_in_as(colleague, database, make_staff(database, Role.OFFICER))
    assert colleague.get(visit).status_code == 404
    for role in (Role.HELPDESK, Role.ASSESSOR, Role.ADMINISTRATOR):
        sign_in_as(colleague, database, make_staff(database, role))
        assert colleague.get(DESK).status_code == 403
        assert colleague.get(visit).status_code == 403
    page = desk.page(visit)
    token = next(f["value"] for f in page.fields if f.get("name") == "csrf_token")
    clock.at += timedelta(minutes=46)
    assert desk.get(visit).status_code == 403
    late = desk.post(f"{visit}/card", data={"csrf_token": token, "language": "pl"})
    assert late.mimetype == "text/html"


def test_a_draft_is_finished_and_a_guardians_child_gets_no_card(
    desk: CheckedClient, database: Database
) -> None:
    account = make_account(database)
    assert account.account_id is not None
    with database.writing() as work:
        service.start_case(work, account, account_id=account.account_id, language="ru", at=NOW)
        accounts.issue_card(work, SYSTEM, account_id=account.account_id, at=NOW)
    with database.reading() as session:
        number = get_own_account(session, account.account_id, at=NOW).card_number
    visit = str(desk.send(DESK, {**FIND, "number": number}, follow=False).location)
    assert (
        desk.send(f"{visit}/application", {**APPLICATION, "street": "Nowhere"}).status_code == 200
    )
    desk.send(f"{visit}/application", APPLICATION)
    assert "Olena Kovalenko" in desk.page(visit).text()
    with database.writing() as work:
        child = make_identity("MAKSYM", "KOVALENKO", date(2019, 1, 2))
        service.register_person(
            work,
            SYSTEM,
            account_id=account.account_id,
            identity=child,
            address=ZACHODNIA,
            relation="guardian",
            at=NOW,
        )
    values = {**OLENA, "given_names": "Maksym", "birth_date": "2", "month": "1", "year": "2019"}
    visit = str(desk.send(DESK, {**FIND, **values}, follow=False).location)
    assert "działa opiekun" in desk.page(visit).text()
    assert "działa opiekun" in post(desk, visit, "card", language="pl").text
