"""Office pages of an edition's checklists and of the price list, in four languages."""

from __future__ import annotations

from civic_budget.assessment import queries
from civic_budget.editions.rules import Phase
from civic_budget.proposals.queries import list_prices
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition, sign_in_as
from tests.builders_proposals import four, make_checklists, make_coordinator
from tests.pages import CheckedClient, Page

LANGUAGES = ("pl", "en", "uk", "ru")


def words(name: str, said: str) -> dict[str, str]:
    """The same field in four languages."""
    return {f"{name}_{code}": text for code, text in four(said).items()}


def test_checklists_are_read_changed_and_extended(
    client: CheckedClient, database: Database
) -> None:
    make_city(database)
    make_checklists(database)
    edition_id = make_edition(database, Phase.SUBMISSION)
    sign_in_as(client, database, make_coordinator(database))
    for lang in LANGUAGES:
        path = f"/{lang}/office/editions/2026/checklists"
        page = client.page(path)
        assert f"{path}/on_time" in page.links
        assert f"Kompletne ({lang})" in page.text()
        sent = {"key": f"near_{lang}", "stage": "formal", "position": "9", "is_asked": "y"}
        sent |= words("words", f"Przy szkole {lang}") | words("sentence", "Nie.")
        partly = Page(client.send(f"{path}/new", {**sent, "words_ru": " "}).text)
        assert "#words_ru" in partly.links
        client.send(f"{path}/new", sent)
        assert f"Przy szkole {lang} ({lang})" in client.page(path).text()
        changed = words("words", f"W terminie {lang}") | {"position": "1"}
        client.send(f"{path}/on_time", changed)
        with database.reading() as session:
            asked = [c.key for c in queries.list_criteria(session, edition_id=edition_id)]
        assert "on_time" not in asked
        assert f"near_{lang}" in asked


def test_the_price_list_is_kept_by_coordinators(client: CheckedClient, database: Database) -> None:
    make_city(database)
    sign_in_as(client, database, make_coordinator(database))
    for lang in LANGUAGES:
        sent = {"key": "park_bench", "unit": "piece", "position": "1"} | words("name", "Ławka")
        path = f"/{lang}/office/price-list/new"
        assert "#amount" in Page(client.send(path, {**sent, "amount": "dużo"}).text).links
        client.send(path, {**sent, "amount": "1 250,50"})
        assert f"Ławka ({lang})" in client.page(f"/{lang}/office/price-list").text()
        client.send(f"/{lang}/office/price-list/park_bench", {**sent, "amount": "900"})
        with database.reading() as session:
            assert [row.grosze for row in list_prices(session)] == [90_000]
        client.send(
            f"/{lang}/office/price-list/park_bench",
            {},
            to=f"/{lang}/office/price-list/park_bench/drop",
        )
        with database.reading() as session:
            assert list_prices(session) == []
