"""Results: embargoed until published, then explained to everybody, ties settled by an entered draw."""

from __future__ import annotations

import csv
import io
import re

import pytest
from pypdfium2 import PdfDocument

from civic_budget.config import LANGUAGES
from civic_budget.kernel.actor import Role
from civic_budget.selection import drawn_order
from civic_budget.storage.db import Database
from tests.builders import make_staff, sign_in_as
from tests.builders_results import make_opened_round, publish
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient

RESULTS = "/editions/2026/results"
PAGES = ("", "/d08", "/city", "/project/BO.D8.4/26", "/files/d08.csv", "/files/d08.json")


def test_under_embargo_only_the_commission_sees_anything(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database)
    clock.at = opened.closes_at
    for page in (*PAGES, "/files/d08.pb"):
        assert client.get(f"/en{RESULTS}{page}").status_code == 404
    assert client.get("/en/results").status_code == 404
    officer = make_staff(database, Role.OFFICER, Role.ANALYST, Role.ADMINISTRATOR)
    sign_in_as(client, database, officer, at=NOW)
    for page in PAGES:
        assert client.get(f"/en{RESULTS}{page}").status_code == 404
    sign_in_as(client, database, opened.commission[0], at=NOW)
    for page in PAGES:
        answer = client.get(f"/en{RESULTS}{page}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_after_publication(
    database: Database, client: CheckedClient, clock: Clock, language: str
) -> None:
    publish(clock, make_opened_round(database))
    for page in PAGES:
        assert client.get(f"/{language}{RESULTS}{page}").status_code == 200
    links = client.page(f"/{language}/results").links
    assert f"/{language}{RESULTS}/d08" in links


def test_the_calendar_publishes_by_itself_and_the_commission_may_do_it_earlier(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database)
    clock.at = opened.closes_at
    sign_in_as(client, database, opened.commission[0], at=NOW)
    client.send("/en/office/results", to="/en/office/results/publish")
    client.delete_cookie("civic_budget")
    assert client.get(f"/en{RESULTS}").status_code == 200
    assert client.get("/en/editions/2026/board/files/city.pb").status_code == 200


def test_a_losers_page_says_what_was_missing_and_who_took_the_money(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    publish(clock, make_opened_round(database, district_money=35_000_000))
    page = client.page(f"/en{RESULTS}/project/BO.D8.3/26").text().replace("\u00a0", " ")
    assert "50 000 zł was left, but it costs 300 000 zł: 250 000 zł too little" in page
    assert "It would have won at a cost of 50 000 zł or less." in page
    assert "With 5 more points it would surely have won." in page
    whole = client.get(f"/en{RESULTS}/project/BO.D8.3/26").text
    proposal = re.search(r'class="lead"><a href="(/en/proposals/[^"]+)"', whole)
    assert proposal is not None
    links = client.page(proposal[1]).links
    assert f"/en{RESULTS}/project/BO.D8.3/26" in links
    clock.at = NOW
    links = client.page(proposal[1]).links
    assert f"/en{RESULTS}/project/BO.D8.3/26" not in links
    takers = whole[whole.index("Who took the money") :]
    assert "Projekt D8 1" in takers
    assert "Projekt D8 2" in takers


def test_lots_settle_an_exact_tie_once_the_event_is_entered(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database, picks=((1, 2, 3), (2, 1, 3)), district_money=25_000_000)
    clock.at = opened.closes_at
    sign_in_as(client, database, opened.commission[0], at=NOW)
    office = client.get("/en/office/results").text
    commitment = re.search(r">([0-9a-f]{64})<", office)
    assert commitment is not None
    empty = client.send("/en/office/results", {"seed": ""}, to="/en/office/results/draw")
    assert "exactly as it was published" in empty.text
    event = {"seed": "4 8 15 16 23 42", "source": "lotto.pl, 21.06.2026"}
    client.send("/en/office/results", event, to="/en/office/results/draw")
    page = client.page(f"/en{RESULTS}/d08").text()
    assert commitment[1] in page
    assert "Seed: 4 8 15 16 23 42" in page
    order = drawn_order(["BO.D8.1/26", "BO.D8.2/26"], commitment[1], event["seed"])
    winner = order[0].split(".")[2][0]
    assert f"Order drawn: Projekt D8 {winner}" in page
    rows = csv.DictReader(io.StringIO(client.get(f"/en{RESULTS}/files/d08.csv").text))
    assert next(row["project"] for row in rows if row["outcome"] == "selected") == order[0]


def test_lots_drawn_before_witnesses_settle_a_tie_and_say_where_their_protocol_is(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database, picks=((1, 2, 3), (2, 1, 3)), district_money=25_000_000)
    clock.at = opened.closes_at
    sign_in_as(client, database, opened.commission[0], at=NOW)
    page, door = "/en/office/results", "/en/office/results/draw"
    tied = re.findall(r"BO\.\w+\.\d+/26", client.get(page).text)
    order = "\n".join(dict.fromkeys(["BO.D8.2/26", *tied])).lower()
    right = {"order": order, "source": "Protokół z 22.06.2026, bip.krakow.pl"}
    for wrong, sentence in (
        ({"order": "BO.D8.2/26"}, "is equal too"),
        ({"order": "BO.D8.2/26, BO.D8.2/26"}, "stands twice"),
        ({"seed": "4 8 15"}, "not both"),
    ):
        refused = client.send(page, right | wrong, to=door).text
        assert sentence in refused
        assert "Protokół z 22.06.2026" in refused
    client.send(page, right, to=door)
    for address in (f"/en{RESULTS}/d08", f"/en{RESULTS}/project/BO.D8.2/26"):
        said = client.page(address).text()
        assert "Order drawn: Projekt D8 2; Projekt D8 1" in said
        assert "Lots were drawn on paper before witnesses." in said
        assert right["source"] in said
    rows = csv.DictReader(io.StringIO(client.get(f"/en{RESULTS}/files/d08.csv").text))
    assert next(r["project"] for r in rows if r["outcome"] == "selected") == "BO.D8.2/26"
    publish(clock, opened)
    pool = client.get("/en/editions/2026/board/files/manifest.json").json["outcomes"]["d08"]
    assert pool["drawn"] == ["BO.D8.2/26", "BO.D8.1/26"]


def test_the_draw_is_printed_in_four_languages(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database)
    clock.at = opened.closes_at
    words = {"pl": "świadk", "en": "witnesses", "uk": "свідк", "ru": "свидетел"}
    for language, word in words.items():
        page = client.get(f"/{language}/editions/2026/draw").text
        assert f"/{language}/editions/2026/draw.pdf" in page
        commitment = re.search(r">([0-9a-f]{64})<", page)
        assert commitment is not None
        sheet = PdfDocument(client.get(f"/{language}/editions/2026/draw.pdf").data)
        text = "".join("".join(p.get_textpage().get_text_bounded() for p in sheet).split())
        assert commitment[1] in text
        assert word in text
        assert 'open("frozen-list.txt","rb")' in text


def test_the_protocol_as_csv(database: Database, client: CheckedClient, clock: Clock) -> None:
    publish(clock, make_opened_round(database))
    rows = list(csv.DictReader(io.StringIO(client.get(f"/en{RESULTS}/files/d08.csv").text)))
    assert [row["project"] for row in rows[:3]] == ["BO.D8.1/26", "BO.D8.2/26", "BO.D8.3/26"]
    assert rows[0]["points"] == "8"
    assert rows[0]["outcome"] == "selected"
