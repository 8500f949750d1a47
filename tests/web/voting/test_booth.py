"""Voting in a browser: one vote, the right answer to every press, and no trace of a choice on the way."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from civic_budget.config import LANGUAGES
from civic_budget.storage.db import Database
from civic_budget.voting.codes import control_code, in_fours
from civic_budget.voting.models import EnvelopeRow, Participation, Round
from tests.builders import make_account, sign_in_as
from tests.builders_booth import Voter, make_voter_in_booth
from tests.builders_residency import make_resident
from tests.builders_voting import HOMES, make_round
from tests.conftest import Clock
from tests.pages import CheckedClient, Page

NONCE = bytes(range(32))


def codes_on(page: str) -> list[str]:
    return re.findall(r'translate="no" role="group">([0-9A-Z-]{14})<', page)


def envelopes(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(EnvelopeRow.tag)).all())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_road_of_a_vote(database: Database, client: CheckedClient, language: str) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client, language=language)
    voter.begin(NONCE.hex())
    voter.mark()
    page = voter.cast()
    assert codes_on(page) == [in_fours(control_code(s, NONCE)) for s in ("d08", "city")]
    assert page.count("qr-drawing") == 2
    board = f"http://localhost/{language}/editions/2026/board"
    assert f'<a href="{board}" translate="no">{board}</a>' in page
    assert envelopes(database) == 1
    after = client.page(voter.at("/vote"))
    assert not [f for f in after.forms if "/begin" in f.get("action", "")]


def test_without_javascript_the_server_draws_the_secret_and_says_so(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    assert "drawn by our server" in client.get(voter.at("/vote/check")).text
    assert len(codes_on(voter.cast())) == 2


def test_projects_move_up_and_down_and_off(database: Database, client: CheckedClient) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    voter.press("district", up="BO.D8.3/26")
    voter.press("district", down="BO.D8.1/26")
    voter.press("district", remove="BO.D8.2/26")
    page = client.get(voter.at("/vote/check")).text
    district = page[page.index("Projects of your district") : page.index("whole city")]
    order = re.findall(r'class="name"[^>]*>(Projekt D8 \d)', district)
    assert order == ["Projekt D8 3", "Projekt D8 1"]


def test_the_draft_survives_a_reload_and_a_language_switch(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.press("city", add="BO.OM.2/26")
    for language in LANGUAGES:
        page = client.get(f"/{language}/vote/list/city").text
        assert 'data-chosen id="project-BO.OM.2/26"' in page


def test_search_and_filters_narrow_the_list_and_stay_after_a_press(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    where = voter.at("/vote/list/city?q=projekt+3")
    page = client.get(where).text
    assert page.count("ballot-card") == 1
    answer = client.send(where, {"add": "BO.OM.3/26"}, follow=False)
    assert "q=projekt" in answer.headers["Location"]
    assert client.get(voter.at("/vote/list/city?up_to=50000")).text.count("ballot-card") == 0


@pytest.mark.parametrize(
    ("press", "words"),
    [
        ({"add": "BO.OM.4/26"}, "already chosen 3 projects"),
        ({"add": "BO.OM.1/26"}, "already on your ballot"),
        ({"add": "BO.D8.1/26"}, "not on your list"),
    ],
)
def test_a_press_that_cannot_be_is_explained(
    database: Database, client: CheckedClient, press: dict[str, str], words: str
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    page = voter.press("city", **press)
    assert "error-summary" in page
    said, shown = page.split('id="ballot-tray"')[1].split("data-announce>")[1].split("</p>")[:2]
    assert words in said, "a browser that swaps the tray alone says nothing"
    assert "field-error" in shown and words in shown


def test_another_districts_project_gets_its_own_sentence(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    assert "belongs to another district" in voter.press("district", add="BO.D18.1/26")


def test_an_incomplete_ballot_is_not_cast(database: Database, client: CheckedClient) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.press("district", add="BO.D8.1/26")
    page = voter.cast()
    assert "Projects of your district: choose at least 3 projects." in page
    assert "Projects of the whole city: choose at least 3 projects." in page
    assert Page(page).title.startswith("Error:")
    assert envelopes(database) == 0


def test_cast_twice_is_one_vote_and_the_same_codes(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    shown = voter.shown()
    kept = client.get_cookie("ballot")
    assert kept is not None
    first = codes_on(voter.cast(shown))
    # The answer got lost: the browser still holds the cookie from before the press.
    client.set_cookie("ballot", kept.value)
    assert "Show my control codes" in client.get(voter.at("/vote")).text
    again = voter.cast(shown)
    assert codes_on(again) == first
    assert "already in the box" in again
    assert envelopes(database) == 1


def test_a_press_heard_before_the_end_is_answered_after_it(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    shown = voter.shown()
    kept = client.get_cookie("ballot")
    assert kept is not None
    first = codes_on(voter.cast(shown))
    client.set_cookie("ballot", kept.value)
    clock.at = opened.closes_at + timedelta(seconds=5)
    assert codes_on(voter.cast(shown)) == first


def test_a_ballot_changed_in_another_tab_is_shown_again_before_it_is_cast(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    shown_in_first_tab = voter.shown()
    voter.press("city", up="BO.OM.3/26")
    page = voter.cast(shown_in_first_tab)
    assert "changed in another window" in page
    assert envelopes(database) == 0
    shown_in_second_tab = voter.shown()
    assert len(codes_on(voter.cast(shown_in_second_tab))) == 2
    late = voter.cast(shown_in_first_tab)
    assert "Your earlier vote stands" in late
    assert envelopes(database) == 1


def test_a_second_device_learns_that_the_earlier_vote_stands(
    database: Database, client: CheckedClient, new_client: Callable[[], CheckedClient]
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    other = Voter(new_client(), voter.actor, voter.person_id)
    sign_in_as(other.client, database, voter.actor)
    for one in (voter, other):
        one.begin()
        one.mark()
    other.press("city", up="BO.OM.3/26")
    voter.cast()
    page = other.cast()
    assert "Your earlier vote stands" in page
    assert 'href="/en/vote/not-mine"' in page.split("<main")[1]
    assert codes_on(page) == []
    assert other.client.get_cookie("ballot") is None
    assert envelopes(database) == 1


def test_the_codes_are_shown_for_a_quarter_of_an_hour(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    voter.cast()
    clock.at += timedelta(minutes=14)
    assert len(codes_on(client.get(voter.at("/vote/codes")).text)) == 2
    clock.at += timedelta(minutes=2)
    page = client.get(voter.at("/vote/codes")).text
    assert codes_on(page) == []
    assert "no longer shown" in page


def test_wiping_leaves_nothing_on_the_device(database: Database, client: CheckedClient) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    answer = client.send(voter.at("/vote/list/city"), to=voter.at("/vote/forget"), follow=False)
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get_cookie("ballot") is None
    assert "Start voting" in client.get(voter.at("/vote")).text


def test_an_expired_form_keeps_the_ballot_and_casts_nothing(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    page = client.post(voter.at("/vote/check"), data={"shown": voter.shown()}).text
    assert "waited too long" in page
    assert page.count('class="slot"') == 6
    assert envelopes(database) == 0
    assert len(codes_on(voter.cast())) == 2


def test_voting_ends_to_the_second(database: Database, client: CheckedClient, clock: Clock) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    shown = voter.shown()
    clock.at = opened.closes_at
    assert "Voting is over" in voter.cast(shown)
    assert envelopes(database) == 0


def test_a_suspended_round_takes_nothing_and_keeps_the_draft(
    database: Database, client: CheckedClient
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    shown = voter.shown()
    with database.writing() as work:
        work.session.get_one(Round, opened.id).status = "suspended"
    assert "Voting is suspended" in voter.cast(shown)
    with database.writing() as work:
        work.session.get_one(Round, opened.id).status = "ready"
    assert len(codes_on(voter.cast(shown))) == 2


def test_without_residence_the_page_says_what_to_do(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    sign_in_as(client, database, make_account(database))
    page = client.page("/en/vote")
    assert "First confirm that you live in the city" in page.text()
    assert client.get("/en/vote/list/city", follow_redirects=False).status_code == 302


def test_nothing_of_a_choice_leaks_on_the_way(
    database: Database,
    client: CheckedClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    caplog.set_level(logging.DEBUG)
    voter.begin(NONCE.hex())
    seen: list[str] = []
    for level, project in (("district", "BO.D8.1/26"), ("city", "BO.OM.1/26")):
        answer = client.send(voter.at(f"/vote/list/{level}"), {"add": project}, follow=False)
        seen.append(answer.headers["Location"])
        page = Page(client.get(voter.at(f"/vote/list/{level}")).text)
        seen += page.links + [form.get("action", "") for form in page.forms]
    voter.mark(picks=(2, 3))
    voter.cast()
    for name in ("ballot", "civic_budget"):
        cookie = client.get_cookie(name)
        assert cookie is not None
        value = cookie.value.split(".")[0]
        raw = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        seen.append(f"{cookie.value} {raw!r}")
        assert NONCE not in raw
    seen += [record.getMessage() for record in caplog.records]
    picked = re.compile(r"BO\.(D8|OM)|Projekt|" + NONCE.hex())
    assert [text for text in seen if picked.search(text)] == []


def test_a_draft_opens_for_nobody_else(
    database: Database, client: CheckedClient, new_client: Callable[[], CheckedClient]
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    stolen = client.get_cookie("ballot")
    assert stolen is not None
    thief, _ = make_resident(database, address=HOMES[8])
    for actor in (thief, voter.actor):  # another person; the same person in another session
        browser = new_client()
        sign_in_as(browser, database, actor)
        browser.set_cookie("ballot", stolen.value)
        assert browser.get("/en/vote/check", follow_redirects=False).status_code == 302


def test_the_cookie_has_one_length_whatever_is_marked(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    lengths = set()
    voter.begin()
    for press in ({"add": "BO.OM.1/26"}, {"add": "BO.OM.2/26"}, {"remove": "BO.OM.1/26"}):
        voter.press("city", **press)
        cookie = client.get_cookie("ballot")
        assert cookie is not None
        lengths.add(len(cookie.value))
    assert len(lengths) == 1


def test_only_the_box_and_the_participation_change(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    voter = make_voter_in_booth(database, client)
    with database.engine.connect() as connection:
        tables = ("audit_entry", "outbox_task", "sign_in", "person")
        before = {t: connection.execute(text(f"SELECT count(*) FROM {t}")).scalar() for t in tables}
    voter.begin()
    voter.mark()
    voter.cast()
    with database.engine.connect() as connection:
        after = {t: connection.execute(text(f"SELECT count(*) FROM {t}")).scalar() for t in tables}
        assert connection.execute(select(Participation.notified)).scalars().all() == [False]
    assert after == before
