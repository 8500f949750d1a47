"""Nobody erases with an open browser alone: the password, or a code to the owner's own contact."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from civic_budget.accounts.models import Account
from civic_budget.kernel.actor import SYSTEM
from civic_budget.notifications.rendering import render_letter
from civic_budget.residency import service
from civic_budget.residency.models import PersonIdentity
from civic_budget.storage.db import Database
from tests.builders import make_city, sign_in_as
from tests.builders_residency import (
    last_signing_code,
    make_claim,
    make_guardian,
    make_resident,
)
from tests.conftest import NOW
from tests.pages import CheckedClient


def newest_code(database: Database) -> str:
    return last_signing_code(database, message="erasing_code")


@pytest.mark.parametrize("has_password", [True, False])
def test_a_code_to_the_contact_erases_and_a_wrong_or_foreign_one_does_not(
    client: CheckedClient,
    new_client: Callable[[], CheckedClient],
    database: Database,
    has_password: bool,
) -> None:
    make_city(database)
    olena, person = make_resident(database)
    other, others = make_resident(database)
    if not has_password:
        with database.writing() as work:
            work.session.execute(update(Account).values(password_hash=None))
    sign_in_as(client, database, olena)
    path = "/en/my-data/erase"
    page = client.get(path).text
    assert ("Send me a code instead" in page, 'name="current"' in page) == (
        has_password,
        has_password,
    )
    assert client.get(path + "/code").status_code == 302  # no code was asked for
    by_code = path + "?by=code" if has_password else path
    assert "Tick the box" in client.send(by_code).text
    asked = client.send(by_code, {"sure": "y"})
    code = newest_code(database)
    assert "We sent a code by e-mail" in asked.text and len(code) == 6
    wrong = client.send(path + "/code", {"code": "000000" if code != "000000" else "111111"})
    assert "not the right code" in wrong.text
    stranger = new_client()
    sign_in_as(stranger, database, other)
    stranger.send(by_code, {"sure": "y"})
    assert "not the right code" in stranger.send(path + "/code", {"code": code}).text
    with database.reading() as session:
        assert session.get(PersonIdentity, person) is not None
        assert session.get(PersonIdentity, others) is not None
    done = client.send(path + "/code", {"code": code})
    assert "Your data are erased" in done.text
    with database.reading() as session:
        assert session.get(PersonIdentity, person) is None
        assert session.get(PersonIdentity, others) is not None


def test_a_code_for_oneself_does_not_erase_a_child_and_the_letter_says_what_it_is_for(
    app: Flask, client: CheckedClient, database: Database
) -> None:
    make_city(database)
    mother = make_guardian(database)
    tie, case = make_claim(database, mother)
    with database.writing() as work:
        service.accept_guardian(work, SYSTEM, tie_id=tie, at=NOW)
        service.confirm_case(work, SYSTEM, case_id=case, at=NOW)
    sign_in_as(client, database, mother)
    client.send("/uk/my-data/erase?by=code", {"sure": "y"})
    child = f"/uk/children/{tie}/erase"
    assert client.get(child + "/code").headers["Location"].endswith(child)
    assert "Напишіть свій пароль" in client.send(child, {"sure": "y"}).text
    client.send(child + "?by=code", {"sure": "y"})
    done = client.send(child + "/code", {"code": newest_code(database)})
    assert "Запис дитини видалено" in done.text
    with app.test_request_context("/"):
        letters = [
            render_letter("erasing_code", lang, {"code": "123456"})
            for lang in ("pl", "en", "uk", "ru")
        ]
    for letter, word in zip(
        letters, ("usunięcia", "erasing", "видалення", "удаления"), strict=True
    ):
        assert "123456" in letter.subject and word in letter.short and word in letter.body
