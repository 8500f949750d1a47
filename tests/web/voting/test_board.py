"""The public board: sealed until publication, complete afterwards, every code can be looked up."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from civic_budget.config import LANGUAGES, Settings
from civic_budget.kernel.actor import Role
from civic_budget.results.boards import keep_due_boards
from civic_budget.storage.db import Database
from civic_budget.voting.codes import control_code, in_fours
from tests import sight
from tests.builders import make_staff, sign_in_as
from tests.builders_results import make_opened_round, publish
from tests.builders_voting import make_round
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient, Page

NONCE = bytes(range(32))
BOARD = "/editions/2026/board"


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_and_after_publication(
    database: Database, client: CheckedClient, clock: Clock, language: str
) -> None:
    opened = make_opened_round(database)
    clock.at = opened.closes_at
    before = client.get(f"/{language}{BOARD}").text
    assert "manifest.json" not in before
    assert client.get(f"/{language}{BOARD}/files/manifest.json").status_code == 404
    assert client.get(f"/{language}{BOARD}/all.zip").status_code == 404
    publish(clock, opened)
    after = client.get(f"/{language}{BOARD}").text
    assert "manifest.json" in after
    assert "verify.py" in after


def test_an_officer_waits_like_everybody(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database)
    clock.at = opened.closes_at
    sign_in_as(client, database, make_staff(database, Role.OFFICER, Role.COORDINATOR), at=NOW)
    assert client.get(f"/en{BOARD}/files/city.pb").status_code == 404
    sign_in_as(client, database, opened.commission[0], at=NOW)
    answer = client.get(f"/en{BOARD}/files/city.pb")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def verified(folder: Path) -> str:
    """What the downloaded program says of its own folder; it must agree."""
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_the_page_offers_verifies_by_itself(
    database: Database, client: CheckedClient, clock: Clock, tmp_path: Path
) -> None:
    opened = make_opened_round(database)
    publish(clock, opened)
    links = re.findall(rf"{BOARD}/(all\.zip|files/[^\"]+)\"", client.get(f"/en{BOARD}").text)
    answers = {name: client.get(f"/en{BOARD}/{name}") for name in links}
    for answer in answers.values():
        assert answer.status_code == 200
        assert "public" in answer.headers["Cache-Control"]
    packed = answers.pop("all.zip")
    with zipfile.ZipFile(BytesIO(packed.data)) as archive:
        archive.extractall(tmp_path)
    assert "look-up files" not in verified(tmp_path / "board-2026")
    one_by_one = tmp_path / "one by one"
    one_by_one.mkdir()
    for name, answer in answers.items():
        (one_by_one / name.removeprefix("files/")).write_bytes(answer.data)
    assert "look-up files are not here" in verified(one_by_one)
    again = {"If-None-Match": packed.headers["ETag"]}
    assert client.get(f"/en{BOARD}/all.zip", headers=again).status_code == 304


def test_a_board_that_is_not_written_yet_says_so(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database)
    publish(clock, opened)
    with database.writing() as work:
        (work.instance / "boards" / str(opened.id)).rename(work.instance / "elsewhere")
    for answer in (
        client.get(f"/en{BOARD}"),
        client.post(f"/en{BOARD}/look-up", data={"code": "0000-0000-0000"}),
    ):
        assert "files are being written" in answer.text
        assert "still sealed" not in answer.text
        assert "Not found" not in answer.text
    assert client.get(f"/en{BOARD}/files/city.pb").status_code == 404
    keep_due_boards(database, clock.at)
    assert "Find your ballot" in client.get(f"/en{BOARD}").text


@pytest.mark.parametrize(
    "name", ["../../civic_budget.db", "lookup/../manifest.json", "rules.pyc", "lookup/ab.json", ""]
)
def test_only_files_of_the_manifest_go_out(
    database: Database, client: CheckedClient, clock: Clock, name: str
) -> None:
    publish(clock, make_opened_round(database))
    assert client.get(f"/en{BOARD}/files/{name}").status_code in {404, 308, 301}


def test_a_code_is_found_without_javascript_and_without_cookies(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database, picks=((3, 1, 2),), nonces=(NONCE,))
    publish(clock, opened)
    code = in_fours(control_code("d08", NONCE))
    client.delete_cookie("civic_budget")
    answer = client.post(f"/en{BOARD}/look-up", data={"code": code.lower().replace("0", "O")})
    assert f"Found: {code}" in answer.text
    assert "leads to the root" in answer.text
    assert re.search(rf'data-part="line">{code.replace("-", "")};d08;BO\.D8\.3/26,', answer.text)
    assert f"/en{BOARD}/files/lookup/all.json" in answer.text
    order = [answer.text.index(f"Projekt D8 {n}") for n in (3, 1, 2)]
    assert order == sorted(order)
    assert client.get_cookie("civic_budget") is None


def test_a_code_looked_up_without_javascript_leaves_no_trace_and_the_page_says_what_is_sent(
    database: Database,
    settings: Settings,
    client: CheckedClient,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    opened = make_opened_round(database, picks=((3, 1, 2),), nonces=(NONCE,))
    publish(clock, opened)
    caplog.set_level(logging.DEBUG)
    code = control_code("d08", NONCE)
    shown = in_fours(code)
    client.get(f"/en{BOARD}")
    before = sight.dump(database, blind=str), sight.files(settings.instance, str)
    caplog.clear()
    for language in LANGUAGES:
        words = " ".join(client.get(f"/{language}{BOARD}").text.partition("<noscript>")[2].split())
        assert "cookie" in words.partition("</noscript>")[0]
        for asked in (shown, f"{shown} again", "0000-0000-0000"):
            answer = client.post(f"/{language}{BOARD}/look-up", data={"code": asked})
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert "Set-Cookie" not in answer.headers
            page = Page(answer.text)
            addresses = [*page.links, *(form.get("action", "") for form in page.forms)]
            assert not [one for one in addresses if code in one or shown in one]
    assert (sight.dump(database, blind=str), sight.files(settings.instance, str)) == before
    said = [f"{record.getMessage()} {record.exc_text}" for record in caplog.records]
    assert not [line for line in said if code in line or shown in line]


def test_a_code_that_is_not_there_and_one_that_cannot_be(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    publish(clock, make_opened_round(database))
    missing = client.post(f"/en{BOARD}/look-up", data={"code": "0000-0000-0000"}).text
    assert "Not found: 0000-0000-0000" in missing
    for said in ("K7Q2", ""):
        answer = client.post(f"/en{BOARD}/look-up", data={"code": said}).text
        assert "error-summary" in answer


def test_a_changed_line_does_not_pass_its_proof(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_opened_round(database, picks=((3, 1, 2),), nonces=(NONCE,))
    publish(clock, opened)
    code = control_code("d08", NONCE)
    with database.writing() as work:
        path = work.instance / "boards" / str(opened.id) / "lookup" / "all.json"
    path.write_text(path.read_text().replace("BO.D8.3/26,BO.D8.1", "BO.D8.1/26,BO.D8.3"))
    answer = client.post(f"/en{BOARD}/look-up", data={"code": code})
    assert "does not lead to the root" in answer.text


def test_during_the_vote_the_board_tells_what_is_fixed(
    database: Database, client: CheckedClient
) -> None:
    opened = make_round(database)
    from civic_budget.voting.queries import get_round

    with database.reading() as session:
        list_hash = get_round(session, opened.id).list_hash.hex()
    assert list_hash in client.get(f"/en{BOARD}").text
