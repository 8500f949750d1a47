"""The administrators' pages and the operator's commands: colleagues, roles, sheets of codes."""

from __future__ import annotations

import io
import re
from uuid import UUID

import pypdfium2
import pytest
from flask import Flask

from civic_budget.accounts import queries, staff_queries
from civic_budget.config import LANGUAGES
from civic_budget.kernel.actor import Actor, Role
from civic_budget.storage.db import Database
from tests.builders import PASSWORD, make_account, make_staff, sign_in_as
from tests.conftest import NOW
from tests.pages import CheckedClient

CODE = re.compile(r"\b[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}\b")
NEW = {
    "name": "Anna Nowa",
    "contact": "anna.nowa@example.org",
    "workplace": "Punkt Nowa Huta",
    "roles": ["officer", "helpdesk"],
    "until": "31.12.2026",
    "language": "uk",
}


@pytest.fixture
def boss(database: Database, client: CheckedClient) -> Actor:
    boss = make_staff(database, Role.ADMINISTRATOR)
    sign_in_as(client, database, boss)
    return boss


def find(database: Database, name: str) -> staff_queries.StaffLine:
    with database.reading() as session:
        return next(one for one in staff_queries.list_staff(session, at=NOW) if one.name == name)


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_colleague_is_added_and_gets_a_sheet(
    client: CheckedClient, database: Database, boss: Actor, language: str
) -> None:
    here = f"/{language}/office/staff"
    shown = client.send(f"{here}/new", NEW)
    anna = find(database, "Anna Nowa")
    assert shown.request.path == f"{here}/{anna.account_id}"
    assert {one.role for one in anna.roles} == {Role.OFFICER, Role.HELPDESK}
    assert anna.roles[0].until_at is not None
    assert anna.roles[0].until_at.isoformat() == "2026-12-31T23:00:00+00:00"
    sheet = client.send(f"{here}/{anna.account_id}", to=f"{here}/{anna.account_id}/codes")
    assert sheet.mimetype == "application/pdf"
    assert sheet.headers["Cache-Control"] == "no-store"
    assert len(set(CODE.findall(words_of(sheet.data)))) == 20
    assert client.get(here).status_code == 200
    assert find(database, "Anna Nowa").codes_left == 20


def test_the_sheet_is_tagged_and_speaks_its_readers_language(
    client: CheckedClient, database: Database, boss: Actor
) -> None:
    client.send("/pl/office/staff/new", {**NEW, "name": "#let x = [*Олена*] $1$"})
    anna = find(database, "#let x = [*Олена*] $1$")
    path = f"/pl/office/staff/{anna.account_id}"
    pdf = client.send(path, to=f"{path}/codes").data
    text = words_of(pdf)
    assert "Одноразові коди" in text
    assert "#let x = [*Олена*] $1$" in text
    assert b"/MarkInfo" in pdf or b"/StructTreeRoot" in pdf
    assert b"pdfuaid" in pdf


def test_what_is_wrong_with_a_colleague_is_told_at_its_field(
    client: CheckedClient, database: Database, boss: Actor
) -> None:
    taken = make_account(database, contact="taken@example.org")
    assert taken.account_id is not None
    for field, value in (
        ("contact", "600 100 200"),
        ("contact", "taken@example.org"),
        ("until", "31 December"),
        ("until", "99.99.2026"),
        ("until", "1.1.2020"),
        ("name", ""),
        ("roles", []),
    ):
        answer = client.send("/uk/office/staff/new", {**NEW, field: value})
        assert f'id="{field}-error"' in answer.text, (field, value)
    with database.reading() as session:
        assert len(staff_queries.list_staff(session, at=NOW)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_roles_closing_and_reset_by_hand(
    client: CheckedClient, database: Database, boss: Actor, language: str
) -> None:
    officer = make_staff(database, Role.OFFICER)
    path = f"/{language}/office/staff/{officer.account_id}"
    client.send(path, {"role": "analyst", "until": "2026-12-31"})
    client.send(path, to=f"{path}/roles/officer/end")
    with database.reading() as session:
        assert officer.account_id is not None
        assert queries.roles_of(session, officer.account_id, at=NOW) == {Role.ANALYST}
    client.send(path, to=f"{path}/codes")
    short = client.send(f"{path}/reset", {"reason": "lost"})
    assert "error-summary" in short.text
    client.send(f"{path}/reset", {"reason": "lost the sheet, recognised in person"})
    client.send(path, to=f"{path}/close")
    with database.reading() as session:
        line = staff_queries.get_staff(session, officer.account_id, at=NOW)
    assert line.disabled_at == NOW and line.codes_left == 0
    client.send(path, to=f"{path}/open")
    assert client.get(path).status_code == 200


def test_an_administrators_reset_waits_for_a_second_one(
    client: CheckedClient, database: Database, boss: Actor
) -> None:
    lost, second = (make_staff(database, Role.ADMINISTRATOR) for _ in range(2))
    path = f"/en/office/staff/{lost.account_id}"
    client.send(f"{path}/reset", {"reason": "lost the sheet, recognised in person"})
    page = client.get(path).text
    assert "A request waits" in page and "Confirm the request" not in page
    sign_in_as(client, database, second)
    found = re.search(r"/reset/([0-9a-f-]{36})/confirm", client.get(path).text)
    assert found is not None
    done = client.send(path, to=f"{path}/reset/{UUID(found[1])}/confirm")
    assert "void and all sessions ended" in done.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_other_staff_find_these_pages_closed(
    client: CheckedClient, database: Database, role: Role
) -> None:
    staff = make_staff(database, role)
    sign_in_as(client, database, staff)
    for path in ("", "/new", f"/{staff.account_id}", f"/{staff.account_id}/reset"):
        assert client.get(f"/en/office/staff{path}").status_code == 403


def test_the_operator_creates_the_first_administrator(
    app: Flask, client: CheckedClient, database: Database
) -> None:
    run = app.test_cli_runner().invoke
    made = run(
        args="accounts create-staff --email Root@City.example --name 'Jan Pierwszy' "
        "--role administrator --role editor"
    )
    assert made.exit_code == 0, made.output
    password = made.output.split("the password ")[1].split()[0]
    codes = CODE.findall(made.output)
    assert len(codes) == 20
    client.send("/en/sign-in", {"contact": "root@city.example", "password": password}, follow=False)
    client.send("/en/second-factor", {"code": codes[0]}, follow=False)
    assert client.get("/en/office/staff").status_code == 200
    assert find(database, "Jan Pierwszy").codes_left == 19


def test_the_operator_issues_codes_and_is_told_what_is_wrong(
    app: Flask, database: Database
) -> None:
    run = app.test_cli_runner().invoke
    staff = make_staff(database, Role.OFFICER)
    make_account(database, contact="resident@example.org")
    with database.reading() as session:
        assert staff.account_id is not None
        contact = queries.get_reachable(session, staff.account_id).contact
    assert contact is not None
    issued = run(args=["accounts", "issue-codes", contact.address])
    assert len(CODE.findall(issued.output)) == 20
    for email, words in (
        ("resident@example.org", "codes are for staff"),
        ("nobody@example.org", "There is no account"),
        ("600100200", "not an e-mail"),
    ):
        refused = run(args=["accounts", "issue-codes", email])
        assert refused.exit_code == 1 and words in refused.output
    doubled = run(args=f"accounts create-staff --email {contact.address} --name X --role officer")
    assert "exists already" in doubled.output and PASSWORD not in doubled.output
