"""The demo city as people use it: the public look around, a resident votes, the staff sign in by sheet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from civic_budget.editions.rules import Phase
from tests.builders_demo import City, fill_city
from tests.pages import CheckedClient

pytestmark = (
    pytest.mark.proof
)  # fills a city of its own; the shorter test of filling runs each time
LANGUAGES = ("pl", "en", "uk", "ru")
PUBLIC = ("", "/proposals", "/help", "/editions/2025/results", "/participation", "/vote")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    made = fill_city(tmp_path_factory.mktemp("demo"), Phase.VOTING)
    yield made
    made.database.dispose()


def browser(city: City) -> CheckedClient:
    client = city.app.test_client()
    assert isinstance(client, CheckedClient)
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_can_look_around(city: City, language: str) -> None:
    client = browser(city)
    for page in PUBLIC:
        answer = client.get(f"/{language}{page}", follow_redirects=True)
        assert answer.status_code == 200, page


def test_a_resident_of_the_sheet_signs_in_and_may_vote(city: City) -> None:
    client = browser(city)
    line = next(r for r in city.sheet.residents if r.contact.startswith("olena.kovalchuk"))
    data = {"contact": line.contact, "password": city.sheet.resident_password}
    assert client.send("/uk/sign-in", data, follow=False).status_code == 302
    assert client.get("/uk/vote", follow_redirects=True).status_code == 200


def test_staff_need_the_second_factor_of_their_printed_sheet(city: City) -> None:
    for member in city.sheet.staff:
        client = browser(city)
        data = {"contact": member.contact, "password": city.sheet.staff_password}
        client.send("/pl/sign-in", data)
        closed = client.get("/pl/office", follow_redirects=False)
        assert "/second-factor" in closed.headers["Location"]
        client.send("/pl/second-factor", {"code": member.codes[0]})
        assert client.get("/pl/office").status_code == 200


def test_the_mailbox_shows_what_would_have_been_sent(city: City) -> None:
    answer = browser(city).get("/demo/mailbox")
    assert answer.status_code == 200
    assert "example.org" in answer.text
