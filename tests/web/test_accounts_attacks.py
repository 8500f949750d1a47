"""What an attacker would try: planted cookies, oracles, half-open doors, guessing, stale tokens, `next`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from civic_budget.accounts import queries, service
from civic_budget.accounts.attempts import TooManyTries
from civic_budget.accounts.views.blueprint import ADDRESS_FACTOR, limit
from civic_budget.app import create_app
from civic_budget.config import LANGUAGES, Settings
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.storage.db import Database
from tests.builders import PASSWORD, make_account, make_staff, sign_in_as
from tests.conftest import Clock
from tests.pages import CheckedClient

OLENA = "olena@example.org"
NOBODY = "nobody@example.org"
TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')
AWAY = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/%09/evil.example\n",
    "javascript:alert(1)",
    " //evil.example",
    "evil.example",
]


def stays_here(location: str) -> bool:
    return location.startswith("/en/")


def half_signed_in(client: CheckedClient, database: Database, *roles: Role) -> Actor:
    staff = make_staff(database, *roles)
    assert staff.account_id is not None
    with database.reading() as session:
        contact = queries.get_reachable(session, staff.account_id).contact
    assert contact is not None
    client.send("/en/sign-in", {"contact": contact.address, "password": PASSWORD}, follow=False)
    return staff


@pytest.mark.parametrize("target", AWAY)
def test_next_never_leads_away(client: CheckedClient, database: Database, target: str) -> None:
    make_account(database, contact=OLENA)
    to = client.get("/en/sign-in", query_string={"next": target}).request.full_path
    answer = client.send(to, {"contact": OLENA, "password": PASSWORD}, follow=False)
    assert stays_here(answer.headers["Location"])


def test_next_within_the_site_is_followed(client: CheckedClient, database: Database) -> None:
    make_account(database, contact=OLENA)
    answer = client.send(
        "/en/sign-in?next=/en/account/password",
        {"contact": OLENA, "password": PASSWORD},
        follow=False,
    )
    assert answer.headers["Location"] == "/en/account/password"


def test_a_planted_cookie_is_dropped_at_sign_in(client: CheckedClient, database: Database) -> None:
    make_account(database, contact=OLENA)
    client.get("/en/sign-in")
    with client.session_transaction() as cookie:
        cookie["contact_code"] = "00000000-0000-0000-0000-000000000001"
        cookie["planted"] = "by somebody"
        before = cookie["csrf_token"]
    client.send("/en/sign-in", {"contact": OLENA, "password": PASSWORD}, follow=False)
    client.get("/en/account")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie and "contact_code" not in cookie
        assert cookie["csrf_token"] != before


def test_the_language_outlives_the_fresh_cookie(client: CheckedClient, database: Database) -> None:
    make_account(database, contact=OLENA)
    client.send("/uk/sign-in", {"contact": OLENA, "password": PASSWORD}, follow=False)
    assert client.get("/").headers["Location"] == "/uk/"


def test_a_cookie_is_worth_nothing_after_signing_out(
    client: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    make_account(database, contact=OLENA)
    client.send("/en/sign-in", {"contact": OLENA, "password": PASSWORD}, follow=False)
    stolen = client.get_cookie("civic_budget")
    assert stolen is not None
    thief = new_client()
    thief.set_cookie("civic_budget", stolen.value)
    assert thief.get("/en/account").status_code == 200
    client.send("/en/account", to="/en/sign-out")
    assert thief.get("/en/account").status_code == 302


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/en/sign-up", {"password": PASSWORD}),
        ("/en/forgotten-password", {}),
        ("/en/sign-in/link", {}),
        ("/en/sign-in", {"password": "not the password"}),
    ],
)
def test_no_page_tells_who_is_registered(
    new_client: Callable[[], CheckedClient], database: Database, path: str, more: dict[str, str]
) -> None:
    make_account(database, contact=OLENA)
    make_account(database, contact="+48600100200")
    seen = set()
    for contact in (OLENA, NOBODY):
        answer = new_client().send(path, {"contact": contact, **more})
        page = TOKEN.sub("", answer.text).replace(contact, "")
        seen.add((answer.status_code, answer.request.path, page))
    assert len(seen) == 1


def test_a_reset_code_page_answers_alike_for_strangers(
    new_client: Callable[[], CheckedClient], database: Database
) -> None:
    make_account(database, contact=OLENA)
    seen = set()
    for contact in (OLENA, NOBODY):
        client = new_client()
        client.send("/en/forgotten-password", {"contact": contact})
        for _ in range(8):
            answer = client.send(
                "/en/forgotten-password/code", {"code": "000000", "password": PASSWORD + "!"}
            )
        seen.add(TOKEN.sub("", answer.text))
    assert len(seen) == 1
    assert "used up or too old" in seen.pop()


def test_a_text_message_limit_answers_alike_for_strangers(
    new_client: Callable[[], CheckedClient], database: Database, clock: Clock
) -> None:
    make_account(database, contact="600100200")
    from datetime import timedelta

    for phone in ("600100200", "600100299"):
        for _ in range(6):
            new_client().send("/en/forgotten-password", {"contact": phone})
            clock.at += timedelta(minutes=16)
        answer = new_client().send("/en/forgotten-password", {"contact": phone})
        assert "as many text messages to this number today" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/en/account",
        "/en/account/password",
        "/en/account/contact",
        "/en/account/language",
        "/en/office",
        "/en/office/staff",
    ],
)
def test_half_signed_in_staff_reach_nothing_but_the_second_factor(
    client: CheckedClient, database: Database, path: str
) -> None:
    half_signed_in(client, database, Role.ADMINISTRATOR)
    answer = client.get(path)
    assert answer.status_code == 302
    assert "/second-factor" in answer.headers["Location"]


@pytest.mark.parametrize(
    "path",
    [
        "/en/account/passkeys/question",
        "/en/account/passkeys",
        "/en/account/sessions/end-others",
        "/en/account/contact",
        "/en/account/password",
    ],
)
def test_half_signed_in_staff_change_nothing(
    client: CheckedClient, database: Database, path: str
) -> None:
    half_signed_in(client, database, Role.OFFICER)
    answer = client.send("/en/second-factor", {"answer": "{}"}, to=path, follow=False)
    assert "/second-factor" in answer.headers["Location"]


def test_recovery_of_a_password_does_not_skip_the_second_factor(
    client: CheckedClient, database: Database
) -> None:
    staff = make_staff(database, Role.OFFICER)
    assert staff.account_id is not None
    with database.writing() as work:
        contact = queries.get_reachable(work.session, staff.account_id).contact
        assert contact is not None
    client.send("/en/forgotten-password", {"contact": contact.address})
    with client.session_transaction() as cookie:
        pending_id = cookie["pending_code"]
    from uuid import UUID

    from civic_budget.accounts import passwords
    from civic_budget.accounts.models import PendingCode

    with database.writing() as work:
        row = work.session.get_one(PendingCode, UUID(pending_id))
        row.code_hash = passwords.hash_code("123456", salt=pending_id)
    answer = client.send(
        "/en/forgotten-password/code",
        {"code": "123456", "password": "three other words"},
        follow=False,
    )
    assert "/second-factor" in answer.headers["Location"]
    assert "/second-factor" in client.get("/en/office").headers["Location"]


def test_guessing_second_factors_is_stopped(client: CheckedClient, database: Database) -> None:
    staff = half_signed_in(client, database, Role.OFFICER)
    assert staff.account_id is not None
    with database.writing() as work:
        codes = service.issue_printed_codes(work, SYSTEM, account_id=staff.account_id, at=Clock()())
    for _ in range(10):
        client.send("/en/second-factor", {"code": "AAAA-AAAA"})
    answer = client.send("/en/second-factor", {"code": codes[0]})
    assert "Too many tries" in answer.text


def test_guessing_from_one_address_is_stopped_though_each_account_is_tried_once(
    app: Flask,
) -> None:
    def guess(address: str, number: int) -> None:
        with app.test_request_context("/en/sign-in", environ_base={"REMOTE_ADDR": address}):
            limit("sign-in", f"guess{number}@{address}", 1)

    for number in range(ADDRESS_FACTOR):
        guess("8.8.8.8", number)
        guess("2a00:1450:4001:81b::200e", number)
        guess("10.0.0.7", number)
    for address in ("8.8.8.8", "2a00:1450:4001:81b:ffff::1"):
        with pytest.raises(TooManyTries):
            guess(address, 99)
    guess("8.8.4.4", 100)
    guess("10.0.0.7", 101)  # a proxy that hides its visitors: counting it would lock a city out


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_is_too_long_is_refused_in_words(client: CheckedClient, language: str) -> None:
    answer = client.send(f"/{language}/sign-in", {"contact": "a" * 300, "password": PASSWORD})
    assert "254" in answer.text and "Field" not in answer.text


POSTS = [
    "/en/account/sessions/end-others",
    "/en/account/sessions/end-all",
    "/en/account/passkeys/question",
    "/en/account/passkeys",
    "/en/account/password",
    "/en/account/contact",
    "/en/account/language",
    "/en/sign-in/passkey/question",
    "/en/sign-in/passkey",
]


@pytest.mark.parametrize("path", POSTS)
def test_nothing_happens_without_a_token(
    client: CheckedClient, database: Database, path: str
) -> None:
    olena = make_account(database, contact=OLENA)
    sign_in_as(client, database, olena)
    assert olena.account_id is not None
    before = _account(database, olena)
    client.post(
        path,
        data={
            "current": PASSWORD,
            "password": "a stranger's words",
            "contact": "evil@example.org",
            "language": "ru",
            "answer": "{}",
        },
    )
    assert _account(database, olena) == before


def _account(database: Database, owner: Actor) -> queries.OwnAccount:
    assert owner.account_id is not None
    with database.reading() as session:
        return queries.get_own_account(session, owner.account_id, at=Clock()())


def test_the_cookie_is_closed_to_scripts_and_other_sites(
    settings: Settings, app: Flask, clock: Clock
) -> None:
    secure = create_app(replace(settings, public_url="https://budget.example"), clock=clock)
    answer = secure.test_client().get("/en/sign-in", base_url="https://budget.example")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("civic_budget="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" in cookie
    secure.extensions["database"].dispose()
