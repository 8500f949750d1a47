"""When the database fails there is still a page, in the reader's language, and the next request works."""

from __future__ import annotations

from functools import wraps

import pytest
from flask import Flask
from sqlalchemy import text

from civic_budget.editions.rules import Phase
from civic_budget.storage.db import Database
from civic_budget.web.current import reading
from tests.builders import make_account, make_city, make_edition, sign_in_as
from tests.pages import CheckedClient

LANGUAGES = {
    "pl": "Coś poszło nie tak po naszej stronie",
    "en": "Something went wrong on our side",
    "uk": "Щось пішло не так із нашого боку",
    "ru": "Что-то пошло не так на нашей стороне",
}


@pytest.fixture
def signed_in(client: CheckedClient, database: Database) -> CheckedClient:
    make_city(database)
    make_edition(database, Phase.SUBMISSION)
    sign_in_as(client, database, make_account(database))
    return client


def test_a_failed_statement_gets_a_page_and_harms_no_later_request(
    app: Flask, signed_in: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    @wraps(app.view_functions["city.guide"])
    def fail() -> str:
        reading().execute(text("SELECT nothing FROM nowhere"))
        return ""

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "city.guide", fail)
    for lang, words in LANGUAGES.items():
        answer = signed_in.get(f"/{lang}/guide")
        assert answer.status_code in {500, 503}
        assert words in answer.text and f'lang="{lang}"' in answer.text
        assert "nowhere" not in answer.text
    assert signed_in.get("/uk/").status_code == 200


def test_a_database_that_does_not_answer_is_said_and_tried_again(
    signed_in: CheckedClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise database.engine.dialect.loaded_dbapi.OperationalError("gone")

    with monkeypatch.context() as patch:
        for engine in (database.engine, database.looking_engine, database.inserting_engine):
            patch.setattr(engine.pool, "connect", refuse)
        for lang, words in LANGUAGES.items():
            answer = signed_in.get(f"/{lang}/")
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "60"
            assert words in answer.text
    assert signed_in.get("/uk/").status_code == 200
