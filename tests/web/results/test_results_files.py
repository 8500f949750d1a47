"""Downloads and acts: embargoed on every address, afterwards whole, in every format."""

from __future__ import annotations

import csv
import io
import json
from zipfile import ZipFile

from pypdfium2 import PdfDocument

from civic_budget.config import LANGUAGES
from civic_budget.kernel.actor import Role
from civic_budget.selection import commitment_of
from civic_budget.storage.db import Database
from tests.builders import make_staff, sign_in_as
from tests.builders_results import make_opened_round, publish
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient

EDITION = "/editions/2026"
RESULTS = f"{EDITION}/results"
SAMPLES = {
    "slug": ["2026"],
    "scope": ["d08", "city"],
    "kind": ["csv", "json", "xlsx", "pdf", "pb"],
    "name": ["all.csv", "all.xlsx", "summary.json", "protocol.pdf", "to-sign.pdf"],
    "reference": ["BO.D8.4/26"],
}


def _addresses(client: CheckedClient) -> list[str]:
    """Every public address of results that belongs to an edition, from the routes themselves."""
    adapter = client.application.url_map.bind("localhost")
    found = []
    for rule in client.application.url_map.iter_rules():
        public = rule.endpoint.startswith("results.") and "/office/" not in rule.rule
        if not public or "slug" not in rule.arguments or "draw" in rule.endpoint:
            continue
        values: list[dict[str, str]] = [{}]
        for name in sorted(rule.arguments - {"lang", "language"}):
            values = [{**known, name: one} for known in values for one in SAMPLES[name]]
        extra = dict.fromkeys(rule.arguments & {"lang", "language"}, "en")
        found += [adapter.build(rule.endpoint, {**one, **extra}) for one in values]
    return sorted(set(found))


def test_no_address_says_anything_before_publication_and_each_does_afterwards(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database)
    clock.at = opened.closes_at
    addresses = [a if a.startswith("/en") else f"/en{a}" for a in _addresses(client)]
    assert len(addresses) >= 19
    board = ("manifest.json", "d08.pb", "city.pb")
    addresses += [f"/en{EDITION}/board/files/{name}" for name in board]
    sign_in_as(client, database, make_staff(database, Role.OFFICER, Role.ANALYST), at=NOW)
    for address in addresses:
        assert client.get(address).status_code == 404, address
    client.delete_cookie("civic_budget")
    publish(clock, opened)
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        if "/results/files/" in address:
            assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_the_draw_s_hash_is_public_before_the_vote_and_says_nothing_of_results(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database, picks=((1, 2, 3), (2, 1, 3)), district_money=25_000_000)
    clock.at = opened.closes_at
    for language in LANGUAGES:
        page = client.get(f"/{language}{EDITION}/draw")
        assert page.status_code == 200
    frozen = client.get(f"/en{EDITION}/draw/d08.txt").data.decode()
    assert commitment_of(frozen) in page.text
    assert client.get(f"/en{EDITION}/draw/d99.txt").status_code == 404
    publish(clock, opened)
    record = json.loads(client.get(f"/en{RESULTS}/files/d08.json").data)["draws"][0]
    assert record["frozen_list"] == frozen
    assert record["order"] is None
    sheet = PdfDocument(client.get(f"/en{RESULTS}/files/d08.pdf").data)
    words = "".join(page.get_textpage().get_text_bounded() for page in sheet)
    assert "This protocol stops before it" in " ".join(words.split())


def test_an_act_by_two_members_stands_on_every_page_and_in_every_file(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database)
    clock.at = opened.closes_at
    office = "/en/office/editions/2026/acts"
    approval = {
        "kind": "approved",
        "title": "Zarządzenie nr 2841/2026",
        "act_on": f"{opened.closes_at:%d.%m.%Y}",
        "reason_pl": "Wyniki głosowania.",
    }
    later = approval | {
        "kind": "withdrawn",
        "reference": "BO.D8.1/26",
        "title": "Zarządzenie nr 2900/2026",
        "reason_pl": "Autorka wycofała projekt.",
        "reason_en": "The author withdrew it.",
    }
    publish(clock, opened)
    for number, fields in enumerate((approval, later), 1):
        sign_in_as(client, database, opened.commission[0], at=NOW)
        wrong = client.send(office, fields | {"act_on": "soon"}, to=office)
        assert "Write the day of the act" in wrong.text
        assert fields["title"] in wrong.text
        early = client.send(office, fields | {"act_on": "1.1.2200"}, to=office)
        assert "This day is still to come" in early.text
        client.send(office, fields, to=office)
        sign_in_as(client, database, opened.commission[1], at=NOW)
        client.send(office, {"answer": "sign"}, to=f"{office}/{number}")
    client.delete_cookie("civic_budget")
    for language in LANGUAGES:
        for page in ("", "/d08", "/project/BO.D8.1/26"):
            assert "Zarządzenie nr 2900/2026" in client.get(f"/{language}{RESULTS}{page}").text
    own = client.page(f"/en{RESULTS}/project/BO.D8.1/26").text()
    assert "Withdrawn after the vote" in own
    assert "The author withdrew it." in own
    rows = list(csv.DictReader(io.StringIO(client.get(f"/en{RESULTS}/files/edition/all.csv").text)))
    acts = [row for row in rows if row["act"]]
    assert [(row["project"], row["outcome"], row["act_on"]) for row in acts] == [
        ("BO.D8.1/26", "act_withdrawn", f"{opened.closes_at:%Y-%m-%d}")
    ]
    summary = json.loads(client.get(f"/en{RESULTS}/files/edition/summary.json").data)
    assert summary["approved_by"]["title"] == approval["title"]
    assert summary["acts"][0]["left_after"] > summary["acts"][0]["left_before"]
    book = ZipFile(io.BytesIO(client.get(f"/pl{RESULTS}/files/edition/all.xlsx").data))
    assert "Zarządzenie nr 2900/2026" in book.read("xl/sharedStrings.xml").decode()
    sheet = PdfDocument(client.get(f"/pl{RESULTS}/files/edition/to-sign.pdf").data)
    words = "".join(page.get_textpage().get_text_bounded() for page in sheet)
    assert "Zarządzenie nr 2900/2026" in " ".join(words.split())
