"""From a leaflet to the beginning of registration, and the analysts' pages around it."""

from __future__ import annotations

import re

import pytest

from civic_budget.kernel.actor import Role
from civic_budget.statistics import outreach_queries
from civic_budget.statistics.models import CampaignTally
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city, make_staff, sign_in_as
from tests.builders_statistics import make_published
from tests.pages import CheckedClient
from tests.web.statistics.test_files import words_of

OFFICE = "/en/office/statistics/outreach"


@pytest.fixture
def desk(client: CheckedClient, database: Database) -> CheckedClient:
    """An analyst's browser; 2025 is public."""
    make_city(database)
    make_published(database)
    sign_in_as(client, database, make_staff(database, Role.ANALYST))
    return client


def code_of(desk: CheckedClient, database: Database) -> str:
    desk.send(OFFICE, {"name": "Library", "confirmed": "20", "note": "Z klubem"})
    with database.reading() as session:
        return outreach_queries.list_campaigns(session)[0].code


def visits(database: Database, code: str) -> int:
    with database.reading() as session:
        return max(row.persons for row in session.query(CampaignTally).filter_by(step="visited"))


def test_from_a_leaflet_to_registration_without_a_cookie_of_the_code(
    desk: CheckedClient, database: Database
) -> None:
    code = code_of(desk, database)
    sign_in_as(desk, database, make_account(database))
    with desk.session_transaction() as before:
        held = dict(before)
    for language in ("pl", "en", "uk", "ru"):
        desk.page(f"/{language}/c/{code}")
    assert visits(database, code) == 4
    desk.get(f"/en/c/{code}", headers={"Sec-Purpose": "prefetch"})
    assert visits(database, code) == 4
    with desk.session_transaction() as after:
        assert code not in str(dict(after))
        assert set(after) - set(held) <= {"csrf_token"}
    page = desk.page(f"/en/c/{code}/start")
    assert "May we count how you came to us?" in page.text()
    answer = desk.send(f"/en/c/{code}/start", {"do": "count"}, follow=False)
    assert answer.headers["Location"].endswith("/en/residence")
    desk.send("/en/residence/start", {})
    with database.reading() as session:
        started = session.query(CampaignTally).filter_by(step="started").one()
        assert started.persons == 1


def test_a_mistyped_code_leads_to_the_front_page(client: CheckedClient, database: Database) -> None:
    make_city(database)
    answer = client.get("/uk/c/NOSUCH", follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"].rstrip("/")) == (302, "/uk")


def test_what_never_was_a_code_is_not_found(client: CheckedClient, database: Database) -> None:
    make_city(database)
    for odd in ("%00", "A%00B", "%F0%9F%98%80", "%FF%FE", "..%2F", "%27%20OR%201", "A" * 500):
        assert client.get(f"/uk/c/{odd}").status_code == 404, odd
        assert client.get(f"/uk/c/{odd}/start").status_code in {302, 308, 404}, odd


def test_staff_who_try_a_leaflet_are_told_that_nobody_is_counted(
    desk: CheckedClient, database: Database
) -> None:
    code = code_of(desk, database)
    answer = desk.get(f"/en/c/{code}/start", follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.path == "/en/office"
    assert "The code works." in answer.text


def test_the_office_tells_counts_from_ten_and_prints_leaflets(
    desk: CheckedClient, database: Database
) -> None:
    code = code_of(desk, database)
    for language in ("pl", "en", "uk", "ru"):
        page = desk.page(f"/{language}/office/statistics/outreach")
        leaflet = desk.get(f"/{language}/office/statistics/outreach/{code}/leaflet.pdf")
        assert f"/{language}/c/{code}" in re.sub(r"\s", "", words_of(leaflet.data))
        assert code in page.text()
    for _ in range(11):
        desk.get(f"/en/c/{code}")
    text = desk.page(OFFICE).text()
    assert "about 10" in text
    assert "fewer than 10" in text
    again = desk.send(OFFICE, {"name": "Library", "confirmed": "x"}).text
    assert "Library" in again
    assert "There is a code for this already" in desk.send(OFFICE, {"name": "Library"}).text
    assert "no longer counted" in desk.send(f"{OFFICE}/{code}/end", {}).text


def test_targets_stand_beside_the_published_figures(desk: CheckedClient) -> None:
    targets = "/en/office/statistics/targets/2025"
    for group, target, note in (
        ("UA", "5", "N-1"),
        ("", "999999", "N-2"),
        ("PL", "", "N-3"),
    ):
        desk.send(targets, {"measure": "voters", "group": group, "target": target, "note": note})
    text = desk.page("/en/participation/2025/voted").text()
    for words in ("passed by more than the margin", "missed by more than the margin", "N-3"):
        assert words in text
    assert (
        "Please write something here."
        in desk.send(targets, {"measure": "voters", "group": ""}).text
    )
    for language in ("pl", "uk", "ru"):
        desk.page(f"/{language}/office/statistics/targets/2025")
