"""Activation cards in a browser: scanned or typed, once, soon, with few tries; then sign in by number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from civic_budget.accounts import service
from civic_budget.accounts.contacts import CardNumber, read_contact, read_sign_in_name
from civic_budget.accounts.queries import find_by_sign_in_name, get_own_account
from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import Task, work_off
from tests.builders import PASSWORD, make_account, make_staff, sign_in_as
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient

NEW = "trzy nowe słowa"


def bare_account(database: Database) -> UUID:
    with database.writing() as work:
        return service.open_account_without_code(
            work, SYSTEM, contact=None, password=None, language="uk", at=NOW
        )


def issue(database: Database, account_id: UUID) -> service.IssuedCard:
    with database.writing() as work:
        return service.issue_card(work, SYSTEM, account_id=account_id, at=NOW)


def test_a_scanned_card_opens_an_account_without_any_contact(
    client: CheckedClient, new_client: Callable[[], CheckedClient], database: Database
) -> None:
    card = issue(database, bare_account(database))
    assert client.get(f"/uk/activate/{card.number}/{card.code}").status_code == 302
    # Looking ahead uses nothing up, and the address with the code is left behind.
    assert client.get(f"/uk/activate/{card.number}/{card.code}").location == "/uk/activate"
    page = client.page("/uk/activate")
    assert {card.number, card.code} <= {field.get("value", "") for field in page.fields}
    values = {"card": card.number, "code": card.code}
    client.send("/uk/activate", {**values, "password": "short"})
    client.send("/uk/activate", {**values, "password": NEW})
    assert card.number in client.page("/uk/account").text()
    again = new_client()
    again.page("/uk/sign-in")
    typed = card.number.lower().replace("-", " ")
    values_in = {"contact": typed, "password": NEW}
    assert again.send("/uk/sign-in", values_in, follow=False).status_code == 302
    # A used code opens nothing any more.
    other = new_client()
    other.page("/pl/activate")
    used = {**values, "password": PASSWORD}
    assert other.send("/pl/activate", used, follow=False).status_code == 200


def test_guessing_spends_the_card_and_says_the_same_for_every_cause(
    client: CheckedClient, database: Database, clock: Clock
) -> None:
    card = issue(database, bare_account(database))
    said = set()
    client.page("/en/activate")
    for number in ["K-2222-2222", *[card.number] * 6]:
        values = {"card": number, "code": "AAAA-AAAA", "password": NEW}
        answer = client.send("/en/activate", values)
        said.add("do not open an account" in answer.text)
    # The seventh try of a card fails although the code is right: six were wrong.
    values = {"card": card.number, "code": card.code, "password": NEW}
    answer = client.send("/en/activate", values)
    said.add("do not open an account" in answer.text)
    assert said == {True}
    clock.at += timedelta(minutes=1)
    fresh = issue(database, account_of(database, card.number))
    values = {"card": "not a card", "code": fresh.code, "password": NEW}
    assert "as it is printed" in client.send("/en/activate", values).text
    for _ in range(3):
        client.send("/en/activate", {**values, "card": fresh.number, "code": "x"})
    # The counter of the quarter of an hour holds even for a fresh card.
    values = {"card": fresh.number, "code": fresh.code, "password": NEW}
    assert "Too many tries" in client.send("/en/activate", values).text


def account_of(database: Database, number: str) -> UUID:
    with database.reading() as session:
        account = find_by_sign_in_name(session, read_sign_in_name(number))
        assert account is not None
        return account.id


def test_a_card_ends_and_a_new_one_makes_it_void(database: Database) -> None:
    account_id = bare_account(database)
    first, second = issue(database, account_id), issue(database, account_id)
    assert first.number == second.number
    card = CardNumber(second.number)
    with database.writing() as work, pytest.raises(Conflict, match="wrong_card"):
        service.activate(work, card=card, code=first.code, password=NEW, at=NOW)
    late = NOW + service.CARD_LIFETIME
    with database.writing() as work, pytest.raises(Conflict, match="wrong_card"):
        service.activate(work, card=card, code=second.code, password=NEW, at=late)
    in_time = late - timedelta(seconds=1)
    with database.writing() as work:
        found = service.activate(work, card=card, code=second.code, password=NEW, at=in_time)
    assert found == account_id


def test_a_reset_ends_sessions_tells_the_old_contact_and_may_drop_it(
    client: CheckedClient, database: Database
) -> None:
    resident = make_account(database, contact="olena@example.org")
    assert resident.account_id is not None
    sign_in_as(client, database, resident)
    assert client.get("/en/account").status_code == 200
    with database.writing() as work:
        service.reset_access(
            work, SYSTEM, account_id=resident.account_id, drop_contacts=True, at=NOW
        )
    assert client.get("/en/account").status_code == 302
    with database.reading() as session:
        own = get_own_account(session, resident.account_id, at=NOW)
    assert (own.email, own.has_password, list(own.sessions)) == (None, False, [])
    told: list[Task] = []
    work_off(database, {service.MESSAGE: told.append}, at=NOW)
    assert [(task.payload["message"], task.payload["address"]) for task in told] == [
        ("access_reset", "olena@example.org")
    ]
    with database.writing() as work, pytest.raises(Exception, match="wrong_credentials"):
        service.sign_in(work, contact=read_contact("olena@example.org"), password=PASSWORD, at=NOW)


def test_no_card_for_staff(database: Database) -> None:
    officer = make_staff(database, Role.OFFICER)
    assert officer.account_id is not None
    with database.writing() as work, pytest.raises(NotFound):
        service.issue_card(work, SYSTEM, account_id=officer.account_id, at=NOW)
