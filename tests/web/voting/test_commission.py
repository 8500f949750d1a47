"""The commission's road in a browser: prepare, test, watch, close, take out by two, open."""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from civic_budget.config import LANGUAGES
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor, Role
from civic_budget.models import METADATA
from civic_budget.storage.db import Database
from civic_budget.voting import keyfiles
from civic_budget.voting.queries import find_round_of_edition, get_round, list_waiting_voids
from civic_budget.voting.rules import RoundStatus
from tests.builders import make_city, make_edition, make_staff, sign_in_as
from tests.builders_voting import (
    Round,
    cast,
    make_round,
    make_voter,
    make_waiting_voter,
    put_proposals,
)
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfiles, "SCRYPT_COST", 1 << 10)


@pytest.fixture
def member(
    database: Database, new_client: Callable[[], CheckedClient]
) -> Callable[[Actor], CheckedClient]:
    """A browser in which a member of the commission is signed in."""

    def make(actor: Actor) -> CheckedClient:
        browser = new_client()
        sign_in_as(browser, database, actor)
        return browser

    return make


def keys(held: list[tuple[bytes, str]]) -> dict[str, object]:
    """Key files and passphrases as a form sends them."""
    data: dict[str, object] = {}
    for number, (content, passphrase) in enumerate(held, 1):
        data[f"file_{number}"] = (io.BytesIO(content), f"key-{number}.json")
        data[f"passphrase_{number}"] = passphrase
    return data


def status_of(database: Database, round_id: object) -> RoundStatus:
    with database.reading() as session:
        return get_round(session, round_id).status  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_prepare_hand_out_and_test_the_keys(
    database: Database, member: Callable[[Actor], CheckedClient], language: str
) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.BEFORE_VOTING)
    put_proposals(database, edition_id)
    people = [make_staff(database, Role.COMMISSION) for _ in range(3)]
    browser = member(people[0])
    browser.page(f"/{language}/office/round")
    page = browser.send(
        f"/{language}/office/round/prepare",
        {"members": [str(p.account_id) for p in people], "threshold": "2"},
    ).text
    files = [base64.b64decode(f) for f in re.findall(r'base64,([^"]+)" download', page)]
    phrases = re.findall(r'role="group">([0-9A-Z-]{24})<', page)
    assert len(files) == len(phrases) == 3
    assert all(keyfiles.fingerprint(f) in page for f in files)
    held = list(zip(files, phrases, strict=True))
    again = browser.page(f"/{language}/office/round").text()
    assert phrases[0] not in again
    wrong = browser.send(
        f"/{language}/office/round/test", keys([(files[0], "not the passphrase"), held[1]])
    ).text
    assert "error-summary" in wrong
    browser.send(f"/{language}/office/round/test", keys([held[2], held[0]]))
    with database.reading() as session:
        found = find_round_of_edition(session, edition_id)
    assert found is not None
    assert found.status is RoundStatus.READY
    with database.engine.connect() as connection:
        rows = [
            repr(tuple(row))
            for table in METADATA.sorted_tables
            for row in connection.execute(select(table))
        ]
    assert not [row for row in rows for phrase in phrases if phrase in row]


def test_a_list_without_numbers_is_not_frozen(
    database: Database, member: Callable[[Actor], CheckedClient]
) -> None:
    make_city(database)
    make_edition(database, Phase.BEFORE_VOTING)
    person = make_staff(database, Role.COMMISSION)
    page = member(person).send(
        "/en/office/round/prepare", {"members": [str(person.account_id)], "threshold": "1"}
    )
    assert "there is no project on it" in page.text


def test_the_vote_can_be_suspended_with_a_reason_and_resumed(
    database: Database, member: Callable[[Actor], CheckedClient]
) -> None:
    opened = make_round(database)
    browser = member(opened.commission[0])
    without = browser.send("/en/office/round", {"note": ""}, to="/en/office/round/suspend")
    assert "Write the reason" in without.text
    browser.send("/en/office/round", {"note": "An outage."}, to="/en/office/round/suspend")
    assert status_of(database, opened.id) is RoundStatus.SUSPENDED
    browser.send("/en/office/round", to="/en/office/round/resume")
    assert status_of(database, opened.id) is RoundStatus.READY


def test_nobody_sees_an_interim_count_by_project(
    database: Database, member: Callable[[Actor], CheckedClient]
) -> None:
    opened = make_round(database)
    for _ in range(3):
        cast(database, opened, make_voter(database))
    browser = member(opened.commission[0])
    page = browser.get("/en/office/round").text
    assert ">3<" in page
    for path in ("/en/office/round", "/en/office/results", "/en/editions/2026/board"):
        assert "BO." not in browser.get(path).text
    assert browser.get("/en/editions/2026/results").status_code == 404
    assert browser.get("/en/editions/2026/board/files/city.pb").status_code == 404


def closed_with_a_waiting_voter(
    database: Database, clock: Clock, browser: CheckedClient, opened: Round
) -> None:
    person, _ = make_waiting_voter(database)
    cast(database, opened, person)
    cast(database, opened, make_voter(database))
    clock.at = opened.closes_at + timedelta(minutes=1)
    browser.send("/en/office/round", to="/en/office/round/close")
    assert status_of(database, opened.id) is RoundStatus.VERIFICATION


def test_from_closing_to_opening_with_one_envelope_taken_out_by_two(
    database: Database, clock: Clock, member: Callable[[Actor], CheckedClient]
) -> None:
    opened = make_round(database)
    first, second = (member(actor) for actor in opened.commission[:2])
    first.send("/en/office/round", to="/en/office/round/close")
    assert status_of(database, opened.id) is RoundStatus.READY  # too early
    closed_with_a_waiting_voter(database, clock, first, opened)
    refused = first.send("/en/office/round/open", keys(opened.held[:2])).text
    assert "without a confirmed resident" in html.unescape(refused)
    page = first.get("/en/office/round/check").text
    tag = re.search(r'name="tag" value="([0-9a-f]{64})"', page)
    assert tag is not None
    propose, confirm = "/en/office/round/void/propose", "/en/office/round/void/confirm"
    wish = {"tag": tag[1], "reason": "residence_not_confirmed"}
    assert propose in page
    page = first.send("/en/office/round/check", wish, to=propose).text
    assert propose not in page  # it is proposed: nobody is asked to do it once more
    assert "Proposed already" in page
    alone = first.send("/en/office/round/check", wish, to=confirm).text
    assert "A second member has to confirm" in alone
    second.send("/en/office/round/check", wish, to=confirm)
    with database.reading() as session:
        assert list_waiting_voids(session, opened.id) == []
    early = html.unescape(first.send("/en/office/round/open", keys(opened.held[1:3])).text)
    assert "The person may still object" in early
    clock.at = opened.closes_at + timedelta(days=4)
    first.send("/en/office/round/open", keys(opened.held[1:3]))
    assert status_of(database, opened.id) is RoundStatus.OPENED
    assert first.page("/en/office/round")
    assert first.page("/en/office/results")


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (0, "The passphrase of member 1 is wrong"),
        (1, "is not a key file"),
        (2, "of different members are needed"),
    ],
    ids=["wrong passphrase", "another file", "the same file twice"],
)
def test_wrong_keys_open_nothing_and_lose_nothing(
    database: Database,
    clock: Clock,
    member: Callable[[Actor], CheckedClient],
    held: int,
    words: str,
) -> None:
    opened = make_round(database)
    browser = member(opened.commission[0])
    cast(database, opened, make_voter(database))
    clock.at = opened.closes_at
    browser.send("/en/office/round", to="/en/office/round/close")
    one, other = opened.held[:2]
    given = [
        [(one[0], "not the passphrase at all"), other],
        [(b"{}", one[1]), other],
        [one, one],
    ][held]
    assert words in html.unescape(browser.send("/en/office/round/open", keys(given)).text)
    assert status_of(database, opened.id) is RoundStatus.VERIFICATION


def test_others_find_the_commissions_pages_closed(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    sign_in_as(client, database, make_staff(database, Role.OFFICER), at=NOW)
    for path in ("/en/office/round", "/en/office/round/open", "/en/office/results"):
        assert client.get(path).status_code == 403


def test_a_member_of_the_commission_who_is_not_in_the_round_changes_nothing(
    database: Database, clock: Clock, member: Callable[[Actor], CheckedClient]
) -> None:
    opened = make_round(database)
    clock.at = opened.closes_at
    stranger = member(make_staff(database, Role.COMMISSION))
    page = stranger.send("/en/office/round", to="/en/office/round/close").text
    assert "Only the members who were named" in page
    assert status_of(database, opened.id) is RoundStatus.READY
