"""The analysts' desk: states and the log, requests outside the catalogue with their drafted answers."""

from __future__ import annotations

import pytest

from civic_budget.kernel.actor import Role
from civic_budget.statistics import queries, service
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff, sign_in_as
from tests.builders_statistics import make_published
from tests.conftest import NOW
from tests.pages import CheckedClient

DESK, ASK = "/en/office/statistics", "/en/office/statistics/request"
REQUEST = {
    "asked_by": "Councillor Nowak",
    "question": "How many Georgians voted in district VIII, by age?",
    "measure": "voters",
}


@pytest.fixture
def desk(client: CheckedClient, database: Database) -> CheckedClient:
    """An analyst's browser; 2025 is public."""
    make_city(database)
    make_published(database)
    sign_in_as(client, database, make_staff(database, Role.ANALYST))
    return client


def test_only_analysts_have_the_desk(client: CheckedClient, database: Database) -> None:
    for other in (make_account(database), make_staff(database, Role.OFFICER)):
        sign_in_as(client, database, other)
        for path in (DESK, ASK):
            assert client.get(path).status_code == 403


def test_the_desk_tells_the_seal_and_the_log(desk: CheckedClient, database: Database) -> None:
    with database.reading() as session:
        edition_id = queries.list_published(session, at=NOW)[0].id
        release = queries.find_release(session, edition_id)
    assert release is not None
    text = desk.page(DESK).text()
    assert release.head[:16] in text
    assert "A release of a past edition was taken in" in text


def test_a_refusal_to_seal_stands_in_the_log_in_words(
    desk: CheckedClient, database: Database
) -> None:
    with database.writing() as work:
        service.note_refusal(work, edition_id=None, reason="ArchiveDisagrees", at=NOW)
    for language, words in (("en", "tells another history"), ("pl", "inną historię")):
        assert words in desk.page(f"/{language}/office/statistics").text()


def draft(client: CheckedClient, *by: str, **changes: str) -> str:
    data = {**REQUEST, **changes, "by": list(by), "do": "draft"}
    answer = client.send(ASK, data)
    assert answer.status_code == 200
    return answer.text


def test_a_table_that_exists_is_named_instead(desk: CheckedClient) -> None:
    html = draft(desk, "age", "sex")
    assert "see the tables V3 on the participation pages" in html


def test_a_table_outside_the_catalogue_gets_reasons_and_its_price(desk: CheckedClient) -> None:
    html = draft(desk, "district", "age")
    assert "is not among those that the city publishes" in html
    assert "the margin would grow from ±9 to ±" in html
    assert "Councillor Nowak" in html  # nothing typed is lost


def test_the_answer_is_logged_as_sent(desk: CheckedClient, database: Database) -> None:
    sent = {**REQUEST, "answer": "There is no such table, because …", "do": "save"}
    desk.send(ASK, sent)
    with database.reading() as session:
        [logged] = queries.list_requests(session)
    assert (logged.asked_by, logged.question) == (REQUEST["asked_by"], REQUEST["question"])
    assert logged.answer == "There is no such table, because …"
    assert "There is no such table" in desk.page(DESK).text()


def test_an_empty_answer_is_not_logged(desk: CheckedClient, database: Database) -> None:
    html = desk.send(ASK, {**REQUEST, "answer": " ", "do": "save"}).text
    assert "Please write something here." in html
    with database.reading() as session:
        assert queries.list_requests(session) == []


def test_who_asks_and_what_must_be_told(desk: CheckedClient) -> None:
    html = draft(desk, asked_by="", question="")
    assert "Say who asks." in html
    assert "Write the question." in html


REGISTER = {
    "source": "Rejestr A",
    "as_of": "2026-01-01",
    "definition": "Z-1",
    "geography": "Kraków",
    "counts": "UA,36300\nBY,9100",
}


def test_a_register_is_taken_in_with_source_date_definition_and_territory(
    desk: CheckedClient, database: Database
) -> None:
    path = "/en/office/statistics/register"
    for counts, line in (
        ("UA,36300\nUA,1", 2),
        ("QQ,5", 1),
        ("UA,36,300", 1),
        (f"UA,{'9' * 5000}", 1),
    ):
        html = desk.send(path, {**REGISTER, "counts": counts}).text
        assert f"Line {line}: write the code" in html
        assert "Rejestr A" in html  # nothing typed is lost
    assert "It stands beside the rates." in desk.send(path, REGISTER).text
    assert "is there already" in desk.send(path, REGISTER).text
    with database.reading() as session:
        [taken] = queries.list_registers(session)
    assert (taken.geography, dict(taken.counts)) == ("Kraków", {"UA": 36300, "BY": 9100})
    text = desk.page("/en/participation/2025/rates").text()
    assert "Rejestr A, 2026-01-01 (Z-1, Kraków)" in text
    for language in ("pl", "uk", "ru"):
        desk.page(f"/{language}/office/statistics/register")


@pytest.mark.parametrize("language", ["pl", "uk", "ru"])
def test_desk_and_draft_speak_the_readers_language(desk: CheckedClient, language: str) -> None:
    desk.page(f"/{language}/office/statistics")
    path = f"/{language}/office/statistics/request"
    answer = desk.send(path, {**REQUEST, "question": "…", "by": ["district", "age"], "do": "draft"})
    assert answer.status_code == 200
