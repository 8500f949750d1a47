"""One's own account in a browser: a mailed link, sessions, contacts, passkeys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask

from civic_budget import worker
from civic_budget.accounts import queries
from civic_budget.config import LANGUAGES, Settings
from civic_budget.kernel.actor import Actor, Role
from civic_budget.storage.db import Database
from tests.authenticator import Authenticator
from tests.builders import PASSWORD, make_account, make_staff, sign_in_as
from tests.conftest import NOW
from tests.pages import CheckedClient, Page

OLENA = "olena@example.org"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140"
ORIGIN = "http://localhost"


@pytest.fixture
def olena(database: Database) -> Actor:
    return make_account(database, contact=OLENA)


@pytest.fixture
def mailbox(app: Flask, settings: Settings) -> Callable[[], list[dict[str, str]]]:
    def read() -> list[dict[str, str]]:
        worker.run_once(app, at=NOW)
        files = sorted(settings.mailbox.glob("*.json"), key=lambda p: p.stat().st_mtime_ns)
        return [json.loads(path.read_text(encoding="utf-8")) for path in files]

    return read


Mailbox = Callable[[], list[dict[str, str]]]


def link_in(message: dict[str, str]) -> str:
    found = re.search(r"http://localhost(/\S+/sign-in/link/\S+)", message["body"])
    assert found is not None, message["body"]
    return found[1]


def is_signed_in(client: CheckedClient) -> bool:
    return client.get("/en/account").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_signs_in_by_its_button_and_not_by_being_opened(
    client: CheckedClient, olena: Actor, mailbox: Mailbox, language: str
) -> None:
    sent = client.send(f"/{language}/sign-in/link", {"contact": OLENA})
    assert sent.status_code == 200
    path = link_in(mailbox()[-1])
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert not is_signed_in(client)
    client.send(path, follow=False)
    assert is_signed_in(client)
    client.get(f"/{language}/account")
    assert client.get(path).status_code == 404


def test_in_another_browser_the_address_is_asked_for(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    olena: Actor,
    mailbox: Mailbox,
) -> None:
    client.send("/uk/sign-in/link", {"contact": OLENA})
    path = link_in(mailbox()[-1])
    other = new_client()
    refused = other.send(path, {"contact": "victim@example.org"})
    assert "error-summary" in refused.text
    assert not is_signed_in(other)
    other.send(path, {"contact": " Olena@Example.org"}, follow=False)
    assert is_signed_in(other)


def test_who_asks_for_a_link_learns_nothing(
    new_client: Callable[[], CheckedClient], olena: Actor, mailbox: Mailbox
) -> None:
    pages = []
    for contact in (OLENA, "nobody@example.org"):
        client = new_client()
        pages.append(client.send("/pl/sign-in/link", {"contact": contact}).text)
    token = re.compile(r'name="csrf_token" value="[^"]+"')
    assert token.sub("", pages[0]) == token.sub("", pages[1])
    assert [message["to"] for message in mailbox()] == [OLENA]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_account_shows_its_devices_and_ends_the_others(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    olena: Actor,
    language: str,
) -> None:
    phone = new_client()
    phone.send(
        f"/{language}/sign-in",
        {"contact": OLENA, "password": PASSWORD},
        follow=False,
        headers={"User-Agent": ANDROID},
    )
    client.send(f"/{language}/sign-in", {"contact": OLENA, "password": PASSWORD}, follow=False)
    page = client.get(f"/{language}/account").text
    assert "Android" in page and "Pixel" not in page
    client.send(f"/{language}/account", to=f"/{language}/account/sessions/end-others")
    assert not is_signed_in(phone)
    assert is_signed_in(client)
    client.send(f"/{language}/account", to=f"/{language}/account/sessions/end-all")
    assert not is_signed_in(client)


def test_one_device_is_signed_out(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    olena: Actor,
) -> None:
    phone = new_client()
    for one in (phone, client):
        one.send("/en/sign-in", {"contact": OLENA, "password": PASSWORD}, follow=False)
    assert olena.account_id is not None
    with phone.session_transaction() as cookie:
        phones_id = cookie["_user_id"]
    client.send("/en/account", to=f"/en/account/sessions/{phones_id}/end")
    assert not is_signed_in(phone) and is_signed_in(client)


@pytest.mark.parametrize("language", LANGUAGES)
def test_password_contact_and_language_are_changed(
    client: CheckedClient, database: Database, olena: Actor, mailbox: Mailbox, language: str
) -> None:
    sign_in_as(client, database, olena)
    here = f"/{language}/account"
    wrong = client.send(f"{here}/password", {"current": "not mine", "password": "three new words"})
    assert "error-summary" in wrong.text
    client.send(f"{here}/password", {"current": PASSWORD, "password": "three new words"})
    client.send(f"{here}/language", {"language": "ru"})
    client.send(f"{here}/contact", {"contact": "600 100 200", "current": "three new words"})
    message = mailbox()[-1]
    assert (message["kind"], message["language"]) == ("sms", "ru")
    code = next(word for word in message["body"].replace(".", " ").split() if word.isdigit())
    saved = client.send(f"{here}/contact/code", {"code": code})
    assert "+48600100200" in saved.text
    assert mailbox()[-1]["to"] == OLENA


def add_passkey(client: CheckedClient, key: Authenticator) -> None:
    token = Page(client.get("/en/account").text).forms[-1]["fields"][0]["value"]
    asked = client.post("/en/account/passkeys/question", data={"csrf_token": token})
    assert asked.status_code == 200, asked.text
    client.post(
        "/en/account/passkeys", data={"csrf_token": token, "answer": key.create(asked.text)}
    )


def answer(client: CheckedClient, path: str, key: Authenticator, page: str) -> str:
    fields = [
        field
        for form in Page(client.get(page).text).forms
        for field in form["fields"]
        if field.get("name") == "csrf_token"
    ]
    token = fields[0]["value"]
    asked = client.post(f"{path}/question", data={"csrf_token": token})
    assert asked.status_code == 200, asked.text
    data = {"csrf_token": token, "answer": key.get(asked.text)}
    return client.post(path, data=data, follow_redirects=False).headers["Location"]


def test_a_resident_adds_a_passkey_and_signs_in_with_it(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    olena: Actor,
    mailbox: Mailbox,
) -> None:
    sign_in_as(client, database, olena)
    key = Authenticator(ORIGIN)
    add_passkey(client, key)
    assert mailbox()[-1]["to"] == OLENA
    other = new_client()
    answer(other, "/en/sign-in/passkey", key, "/en/sign-in")
    assert is_signed_in(other)
    with database.reading() as session:
        assert olena.account_id is not None
        (line,) = queries.list_passkeys(session, olena.account_id)
    client.send("/en/account", to=f"/en/account/passkeys/{line.passkey_id}/remove")
    third = new_client()
    assert "/sign-in" in answer(third, "/en/sign-in/passkey", key, "/en/sign-in")
    assert not is_signed_in(third)


def test_staff_use_a_passkey_as_their_second_step(
    client: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    staff, key = make_staff(database, Role.OFFICER), Authenticator(ORIGIN)
    sign_in_as(client, database, staff)
    add_passkey(client, key)
    with database.reading() as session:
        assert staff.account_id is not None
        contact = queries.get_reachable(session, staff.account_id).contact
    assert contact is not None
    fresh = new_client()
    fresh.send("/en/sign-in", {"contact": contact.address, "password": PASSWORD}, follow=False)
    assert "/second-factor" in fresh.get("/en/office").headers["Location"]
    answer(fresh, "/en/second-factor/passkey", key, "/en/second-factor")
    assert fresh.get("/en/office").status_code == 200


def test_passkeys_are_an_enhancement_that_stays_hidden_without_scripts(
    client: CheckedClient,
) -> None:
    forms = Page(client.get("/en/sign-in").text).forms
    (passkey,) = [form for form in forms if "data-passkey" in form]
    assert "hidden" in passkey
    assert passkey["data-host"] == "localhost"
