"""Pages about children, contested districts, streets in other spellings, document lines, renewal."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pypdfium2
import pytest
from flask import Flask

from civic_budget.kernel.actor import Actor, Role
from civic_budget.notifications.rendering import render_letter
from civic_budget.residency import queries, service
from civic_budget.residency.queries import CaseFacts
from civic_budget.residency.rules import CaseState
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff, sign_in_as
from tests.builders_residency import (
    claim,
    last_signing_code,
    make_case,
    make_identity,
    make_resident,
)
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient, Page

PASSPORT = """P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
L898902C36UTO7408122F1204159ZE184226B<<<<<10"""


@pytest.fixture
def mother(database: Database, client: CheckedClient) -> Actor:
    make_city(database)
    with database.writing() as work:
        service.set_limits(work, {"sample_permille": 0})
    account, _ = make_resident(database, identity=make_identity())
    sign_in_as(client, database, account)
    return account


def child_of(database: Database, guardian: Actor) -> queries.TieFacts:
    assert guardian.account_id is not None
    with database.reading() as session:
        return queries.list_ties(session, guardian.account_id)[-1]


def case_of(tie: queries.TieFacts) -> CaseFacts:
    assert tie.case is not None
    return tie.case


def test_a_mother_registers_a_child_and_an_officer_accepts(
    app: Flask,
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    mother: Actor,
    clock: Clock,
) -> None:
    page = client.page("/uk/children")
    assert any(link.endswith("/uk/children/new") for link in page.links)
    refused = client.send("/uk/children/new")
    assert "error-summary" in refused.text
    asked = client.send("/uk/children/new", {"proof": "desk"})
    assert "Як звати дитину?" in asked.text
    base = asked.request.path.removesuffix("/name")
    client.send(f"{base}/name", {"given_names": "MAKSYM", "family_name": "KOVALENKO"})
    client.send(f"{base}/birth-date", {"birth_date": "4", "month": "3", "year": "2018"})
    signing = client.send(f"{base}/sex", {"sex": ""})
    assert "названа вище дитина живе в Кракові" in signing.text
    client.send(f"{base}/statement", {"signature": "Maksym Kovalenko"})
    client.send(f"{base}/statement", {"signature": "Olena Kovalenko"})
    client.send(f"{base}/statement/code", {"code": last_signing_code(database)})
    sent = client.send(f"{base}/check")
    assert sent.request.path == "/uk/children"
    tie = child_of(database, mother)
    case = case_of(tie)
    assert case.state is CaseState.SUBMITTED and case.district == 8

    officer = make_staff(database, Role.OFFICER)
    claim(database, officer, case.id)
    bureau = new_client()
    sign_in_as(bureau, database, officer)
    path = f"/en/office/residence/{case.reference}"
    assert "Guardians of this child" in bureau.get(path).text
    done = bureau.send(path, {"case": case.reference}, to=f"/en/office/guardians/{tie.id}/accept")
    assert "Acts for the child" in done.text
    bureau.send(path, {"points": ["name", "address", "flags"]}, to=f"{path}/confirm")
    for lang in ("pl", "en", "ru"):
        assert client.get(f"/{lang}/children").status_code == 200
    told = client.send(f"/uk/residence/{case.reference}/citizenship", {"codes": "Україна"})
    assert told.status_code == 200
    clock.at = NOW + timedelta(days=13 * 366)
    with database.writing() as work:
        service.end_outgrown_ties(work, at=clock.at)
    sign_in_as(client, database, mother, at=clock.at)
    path = f"/uk/children/{tie.id}/hand-over"
    page = client.get("/uk/children").text
    assert path in page and "card.pdf" not in page
    assert "пункті допомоги" in client.get(path).text
    bad = client.send(path, {"contact": "not an address@"})
    assert "not an address@" in bad.text
    client.send(path, {"contact": "young@example.org"})
    wrong = client.send(path + "/code", {"code": "nothing"})
    assert "неправильний код" in wrong.text
    code = last_signing_code(database, at=clock.at, message="hand_over_code")
    done = client.send(path + "/code", {"code": code})
    assert "Запис передано" in done.text and path not in done.text
    with app.test_request_context("/"):
        for language, word in (
            ("pl", "hasło"),
            ("uk", "пароль"),
            ("ru", "пароль"),
            ("en", "password"),
        ):
            letter = render_letter("record_handed_over", language, {})
            assert word in letter.body and f"/{language}/" in letter.body and word in letter.short
            asked = render_letter("hand_over_code", language, {"code": "123456"})
            assert "123456" in asked.body and "123456" in asked.short


def test_the_second_guardian_is_told_disputes_and_a_desk_settles(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    mother: Actor,
) -> None:
    father, _ = make_resident(database, identity=make_identity("TARAS", "KOVALENKO"))
    ties = [send_claim(database, account) for account in (mother, father)]
    officer = make_staff(database, Role.OFFICER)
    bureau = new_client()
    sign_in_as(bureau, database, officer)
    for tie in ties:
        claim(database, officer, case_of(tie).id)
    bureau.send(
        f"/en/office/residence/{case_of(ties[0]).reference}",
        to=f"/en/office/guardians/{ties[0].id}/accept",
    )
    second = f"/en/office/residence/{case_of(ties[1]).reference}"
    assert "accept as second guardian" in bureau.get(second).text
    bureau.send(second, to=f"/en/office/guardians/{ties[1].id}/accept-second")
    his = new_client()
    sign_in_as(his, database, father)
    said = his.send("/ru/children", to=f"/ru/children/{ties[0].id}/dispute")
    assert "никто не действует" in said.text
    assert "Спор" in client.get("/ru/children").text
    waiting = bureau.get("/pl/office/residence-matters").text
    assert "Działa ten opiekun" in waiting
    bureau.send("/en/office/residence-matters", to=f"/en/office/guardians/{ties[1].id}/settle")
    assert "You act for the child" in his.get("/en/children").text


def send_claim(database: Database, guardian: Actor) -> queries.TieFacts:
    """A sent claim for the same child."""
    assert guardian.account_id is not None
    with database.writing() as work:
        case_id = service.claim_child(
            work, guardian, account_id=guardian.account_id, proof="desk", language="uk", at=NOW
        )
        service.tell_name(
            work, guardian, case_id=case_id, given_names="MAKSYM", family_name="KOVALENKO", at=NOW
        )
        born = make_identity().born_on.replace(year=2018)
        service.tell_birth_date(work, guardian, case_id=case_id, born_on=born, at=NOW)
        service.tell_sex(work, guardian, case_id=case_id, sex=None, at=NOW)
        person = queries.own_person(work.session, guardian.account_id)
        assert person is not None
        known = queries.identity_of(work.session, person)
        assert known is not None
        service.sign_statement(
            work, guardian, case_id=case_id, signature=known.full_name, language="uk", at=NOW
        )
        service.submit_case(work, guardian, case_id=case_id, at=NOW)
    return child_of(database, guardian)


def test_strangers_and_officers_of_their_own_children_are_kept_out(
    client: CheckedClient, database: Database, mother: Actor
) -> None:
    tie = send_claim(database, mother)
    stranger = make_account(database)
    sign_in_as(client, database, stranger)
    reference = case_of(tie).reference
    assert client.get(f"/en/residence/{reference}/district").status_code == 404
    answer = client.send("/en/children", to=f"/en/children/{tie.id}/withdraw", follow=False)
    assert answer.status_code in {302, 404}
    assert child_of(database, mother).state == tie.state


def test_a_street_is_found_from_other_spellings_without_and_with_scripts(
    client: CheckedClient, database: Database, mother: Actor
) -> None:
    account = make_account(database)
    sign_in_as(client, database, account)
    client.send("/uk/residence", to="/uk/residence/start")
    base = next(
        link for link in client.page("/uk/residence").links if link.endswith("/name")
    ).removesuffix("/name")
    names = json.loads(client.get("/uk/residence/streets?q=Заход").text)
    assert names == ["Zachodnia"]
    unsure = client.send(f"{base}/address", {"street": "Захонья", "house": "5"})
    assert 'name="street_chosen" value="Zachodnia"' in unsure.text
    client.send(
        f"{base}/address", {"street": "Захонья", "street_chosen": "Zachodnia", "house": "5"}
    )
    assert account.account_id is not None
    with database.reading() as session:
        person = queries.own_person(session, account.account_id)
        assert person is not None
        case = queries.find_last_case(session, person)
    assert case is not None and case.answers.district == 8
    vague = client.send(f"{base}/place", {"description": "там", "district": "18"})
    assert "error-summary" in vague.text and "там</textarea>" in vague.text
    client.send(f"{base}/place", {"description": "Баржа біля мосту, друга", "district": "18"})
    assert "Баржа" in client.get(f"{base}/place").text


def test_document_lines_fill_the_answers_or_name_the_wrong_place(
    client: CheckedClient, database: Database, mother: Actor
) -> None:
    account = make_account(database)
    sign_in_as(client, database, account)
    client.send("/en/residence", to="/en/residence/start")
    base = next(
        link for link in client.page("/en/residence").links if link.endswith("/name")
    ).removesuffix("/name")
    wrong = PASSPORT.replace("7408122", "7408132")
    page = client.send(f"{base}/document-lines", {"lines": wrong})
    assert "Line 2: the birth date (signs 14–19)" in page.text and "7408132" in page.text
    for lang in ("pl", "uk", "ru"):
        said = client.send(
            f"{base.replace('/en/', f'/{lang}/')}/document-lines", {"lines": "P<UTO"}
        )
        assert "error-summary" in said.text
    client.send(f"{base}/document-lines", {"lines": PASSPORT.lower()})
    assert 'value="ANNA MARIA"' in client.get(f"{base}/name").text
    assert 'value="1974"' in client.get(f"{base}/birth-date").text


def test_a_district_is_contested_taken_back_and_decided(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    mother: Actor,
) -> None:
    link = next(link for link in client.page("/uk/residence").links if link.endswith("/district"))
    client.send(link, {"district": "18", "reason": ""})
    client.send(link, {"district": "18", "reason": "Вхід з іншої вулиці"})
    again = client.get(link)
    client.send(link, to=f"{link}/withdraw")
    assert "/district/withdraw" in again.text
    client.send(link, {"district": "18", "reason": "Вхід з іншої вулиці"})
    bureau = new_client()
    sign_in_as(bureau, database, make_staff(database, Role.OFFICER))
    page = Page(bureau.get("/pl/office/residence-matters").text)
    right = next(
        form["action"] for form in page.forms if str(form.get("action", "")).endswith("/right")
    )
    bureau.send("/pl/office/residence-matters", to=right)
    assert "XVIII Nowa Huta" in client.get("/uk/residence").text


def test_renewal_is_one_tap_in_time(
    app: Flask, client: CheckedClient, database: Database, mother: Actor, clock: Clock
) -> None:
    early = client.get("/uk/residence/renew").text
    assert "/residence/renew" not in client.get("/uk/residence").text
    clock.at = NOW + timedelta(days=3 * 365 - 20)
    sign_in_as(client, database, mother, at=clock.at)
    assert "/uk/residence/renew" in client.get("/uk/residence").text
    on_time = client.get("/uk/residence/renew").text
    assert "Oświadczam" in on_time and "Oświadczam" not in early
    client.send("/uk/residence/renew")
    assert mother.account_id is not None
    with database.reading() as session:
        person = queries.own_person(session, mother.account_id)
        assert person is not None
        case = queries.find_last_case(session, person)
    assert case is not None
    assert (case.state, case.purpose.value) == (CaseState.SUBMITTED, "renewal")


def test_a_correction_begins_with_what_is_known(
    client: CheckedClient, database: Database, mother: Actor
) -> None:
    answer = client.send("/en/residence", to="/en/residence/correct")
    assert answer.request.path.endswith("/proof")
    base = answer.request.path.removesuffix("/proof")
    assert 'value="KOVALENKO"' in client.get(f"{base}/name").text


def test_an_account_without_a_person_begins_with_itself(
    client: CheckedClient, database: Database, mother: Actor
) -> None:
    sign_in_as(client, database, make_account(database))
    answer = client.get("/pl/children/new", follow_redirects=True)
    assert answer.request.path == "/pl/residence"
    make_case(database, make_account(database))


def test_clauses_are_numbered_kept_and_noted_when_shown(
    client: CheckedClient, database: Database, mother: Actor
) -> None:
    for lang in ("pl", "en", "uk", "ru"):
        links = client.page(f"/{lang}/your-data/clauses").links
        for link in links:
            if "/clauses/" in link:
                assert client.get(link).status_code == 200
        for page in ("who-never", "citizenship"):
            assert client.get(f"/{lang}/your-data/{page}").status_code == 200
        for version, has_source in ((1, False), (2, True)):
            shown = client.get(f"/{lang}/your-data/clauses/registration/{version}").text
            assert ("art. 14 RODO" in shown) is has_source
    assert client.get("/pl/your-data/clauses/voting/99").status_code == 404
    for _ in range(2):
        client.get("/ru/children/new")
    assert mother.account_id is not None
    with database.reading() as session:
        person = queries.own_person(session, mother.account_id)
        assert person is not None
        shown = queries.list_clauses_shown(session, person)
    assert [(one.purpose, one.version, one.language) for one in shown] == [
        ("guardianship", "1", "ru")
    ]
    assert "Регистрация ребёнка" in client.get("/ru/my-data").text


def test_the_copy_to_read_is_a_tagged_pdf_in_ones_language(
    client: CheckedClient, database: Database, mother: Actor
) -> None:
    for lang in ("pl", "en", "uk", "ru"):
        answer = client.send(f"/{lang}/my-data", to=f"/{lang}/my-data/copy-pdf")
        assert answer.mimetype == "application/pdf"
        document = pypdfium2.PdfDocument(answer.data)
        said = document[0].get_textpage().get_text_range()
        assert "OLENA" in said and "Zachodnia 5/7" in said
        assert document.is_tagged()
        document.close()
