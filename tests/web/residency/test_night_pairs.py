"""Pairs that only a comparison of the whole register found, on the office's pages."""

from __future__ import annotations

from datetime import timedelta

from civic_budget.kernel.actor import Role
from civic_budget.residency import queries, service
from civic_budget.residency.identity import Answers, HomeAddress
from civic_budget.residency.service.person_rows import store_identity
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff, sign_in_as
from tests.builders_residency import make_case, make_identity
from tests.conftest import NOW
from tests.pages import CheckedClient


def test_a_pair_that_only_the_night_found_is_listed_with_reasons_and_can_come_back(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    found = [
        make_case(database, make_account(database), identity=make_identity("MYKOLA", "KRAVCHENKO")),
        make_case(
            database,
            make_account(database),
            identity=make_identity("MIKOŁAJ", "KRAWCZEMKO"),
            address=HomeAddress("Zachodnia", "14", "2"),
        ),
    ]
    with database.reading() as session:
        ids = [queries.get_case(session, case_id).person_id for case_id in found]
    sign_in_as(client, database, make_staff(database, Role.OFFICER))
    assert "not yet; the first comparison" in client.get("/en/office/residence/pairs").text
    assert client.get(f"/en/office/residence/pairs/{ids[0]}/{ids[1]}").status_code == 404
    service.compare_register(database, reason="night", at=NOW)
    for language in ("pl", "uk", "ru", "en"):
        listed = client.page(f"/{language}/office/residence/pairs?strength=0")
    text = client.get("/en/office/residence/pairs?strength=0").text
    for words in ("records: 2, new pairs: 1", "given names are forms of one name", " points: "):
        assert words in text
    assert "KRAWCZEMKO" not in text
    path = next(link for link in listed.links if "/pairs/" in link)
    beside = client.get(path).text
    assert "Found by comparing the whole register" in beside and "KRAWCZEMKO" in beside
    assert "Noted: two different people" in client.send(path, {"verdict": "different"}).text
    assert "No pair matches" in client.get("/en/office/residence/pairs").text
    with database.writing() as work:
        identity = make_identity("MIKOŁAJ", "KRAWCZENCO")
        store_identity(work, ids[1], identity, Answers(), at=NOW)
    service.compare_register(database, reason="night", at=NOW + timedelta(days=1))
    assert "judged before, changed since" in client.get("/en/office/residence/pairs").text
    assert "look again" in client.get(path).text
    assert "Noted: two different people" in client.send(path, {"verdict": "different"}).text
