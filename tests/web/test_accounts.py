"""Opening an account and signing in, as a person does it in a browser without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask

from civic_budget import worker
from civic_budget.config import LANGUAGES, Settings
from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.storage.db import Database
from tests.builders import PASSWORD, make_account, make_city, make_edition, make_staff, sign_in_as
from tests.conftest import NOW
from tests.pages import CheckedClient, Page


def last_message(app: Flask, settings: Settings) -> dict[str, str]:
    worker.run_once(app, at=NOW)
    files = sorted(settings.mailbox.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    message: dict[str, str] = json.loads(files[-1].read_text(encoding="utf-8"))
    return message


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("contact", ["olena@example.org", "600 100 200"])
def test_the_road_to_an_account(
    app: Flask, client: CheckedClient, settings: Settings, language: str, contact: str
) -> None:
    client.send(f"/{language}/sign-up", {"contact": contact, "password": PASSWORD})
    message = last_message(app, settings)
    assert message["language"] == language
    code = next(word for word in message["body"].replace(".", " ").split() if word.isdigit())
    wrong = client.send(f"/{language}/sign-up/code", {"code": "000000"})
    assert "error-summary" in wrong.text
    answer = client.send(f"/{language}/sign-up/code", {"code": code}, follow=False)
    assert answer.status_code == 302
    client.send(f"/{language}/sign-in", to=f"/{language}/sign-out")
    again = client.send(
        f"/{language}/sign-in", {"contact": contact, "password": PASSWORD}, follow=False
    )
    assert again.status_code == 302


def test_a_wrong_contact_is_told_at_its_field_and_kept(client: CheckedClient) -> None:
    answer = client.send("/uk/sign-up", {"contact": "olena@", "password": PASSWORD})
    page = Page(answer.text)
    contact = next(field for field in page.fields if field.get("name") == "contact")
    assert contact["value"] == "olena@"
    assert contact["aria-invalid"] == "true"
    assert page.title.startswith("Помилка:")


def test_everything_that_is_wrong_is_told_at_once_and_costs_no_try(client: CheckedClient) -> None:
    for _ in range(7):
        answer = client.send("/uk/sign-up", {"contact": "600 000", "password": "ab"})
    wrong = {f["name"] for f in Page(answer.text).fields if f.get("aria-invalid") == "true"}
    assert wrong == {"contact", "password"}
    code = client.send("/uk/sign-up", {"contact": "600 100 200", "password": PASSWORD})
    assert "Ми надіслали його на: +48600100200" in " ".join(Page(code.text).text().split())


def test_the_language_switch_keeps_what_was_typed(client: CheckedClient) -> None:
    answer = client.send(
        "/uk/sign-up", {"contact": "olena@example.org", "_language": "pl"}, to="/pl/sign-up"
    )
    page = Page(answer.text)
    assert page.lang == "pl"
    assert "error-summary" not in answer.text
    contact = next(field for field in page.fields if field.get("name") == "contact")
    assert contact["value"] == "olena@example.org"


def test_an_expired_token_keeps_what_was_typed_and_does_nothing(
    app: Flask, client: CheckedClient, settings: Settings
) -> None:
    answer = client.post("/ru/sign-up", data={"contact": "olena@example.org", "password": PASSWORD})
    assert "error-summary" in answer.text
    assert "olena@example.org" in answer.text
    assert worker.run_once(app, at=NOW) == 0


def test_a_member_of_staff_needs_both_factors(client: CheckedClient, database: Database) -> None:
    from civic_budget.accounts import queries, service

    staff = make_staff(database, Role.OFFICER)
    assert staff.account_id is not None
    with database.writing() as work:
        codes = service.issue_printed_codes(work, SYSTEM, account_id=staff.account_id, at=NOW)
        reachable = queries.get_reachable(work.session, staff.account_id)
    assert reachable.contact is not None
    client.send("/pl/sign-in", {"contact": reachable.contact.address, "password": PASSWORD})
    closed = client.get("/pl/office", follow_redirects=False)
    assert "/second-factor" in closed.headers["Location"]
    client.send("/pl/second-factor", {"code": codes[3]})
    assert client.get("/pl/office").status_code == 200


def test_a_resident_finds_the_office_closed(client: CheckedClient, database: Database) -> None:
    sign_in_as(client, database, make_account(database))
    assert client.get("/ru/office").status_code == 403


def test_next_never_leads_away(client: CheckedClient, database: Database) -> None:
    make_account(database, contact="olena@example.org")
    for target in ("https://evil.example", "//evil.example", "/\\evil.example"):
        answer = client.send(
            f"/en/sign-in?next={target}",
            {"contact": "olena@example.org", "password": PASSWORD},
            follow=False,
        )
        assert answer.headers["Location"].startswith("/en/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_says_that_no_pesel_is_needed(
    client: CheckedClient, database: Database, language: str
) -> None:
    from civic_budget.editions.rules import Phase

    make_city(database)
    make_edition(database, Phase.VOTING)
    page = client.page(f"/{language}/")
    assert "PESEL" in page.text()
    assert page.lang == language


def test_the_front_door_speaks_the_visitors_language(
    new_client: Callable[[], CheckedClient],
) -> None:
    for header, expected in (("uk,ru;q=0.8", "/uk/"), ("de", "/pl/"), ("en-GB", "/en/")):
        answer = new_client().get("/", headers={"Accept-Language": header})
        assert answer.headers["Location"] == expected


def test_guessing_passwords_is_stopped(client: CheckedClient, database: Database) -> None:
    make_account(database, contact="olena@example.org")
    for _ in range(10):
        client.send("/en/sign-in", {"contact": "olena@example.org", "password": "wrong one"})
    answer = client.send("/en/sign-in", {"contact": "olena@example.org", "password": PASSWORD})
    assert "Too many tries" in answer.text
