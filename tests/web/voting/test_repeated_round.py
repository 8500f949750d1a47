"""A list annulled and voted on anew, a whole round repeated: the booth and the boards of both votes."""

from __future__ import annotations

import html
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from civic_budget.config import LANGUAGES
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.codes import control_code, in_fours
from civic_budget.voting.models import Round as RoundRow
from civic_budget.voting.queries import get_round
from civic_budget.voting.rules import RoundStatus
from tests.builders import sign_in_as
from tests.builders_booth import Voter, make_voter_in_booth
from tests.builders_commission import annul, close_vote, open_box, prepare_again, publish
from tests.builders_voting import Round, cast, make_round, make_voter, new_nonce
from tests.conftest import Clock
from tests.pages import CheckedClient

DAY = timedelta(days=1)


def _counted(database: Database, opened: Round, voter: UUID, nonce: bytes) -> datetime:
    """One vote is cast, opened and published; returns when."""
    cast(database, opened, voter, nonce=nonce)
    close_vote(database, opened)
    open_box(database, opened)
    return publish(database, opened)


def _annulled(database: Database, client: CheckedClient, clock: Clock) -> Round:
    """A counted vote that was annulled as a whole; a member of its commission is signed in."""
    opened = make_round(database)
    clock.at = _counted(database, opened, make_voter(database), new_nonce()) + DAY
    annul(database, opened, at=clock.at)
    sign_in_as(client, database, opened.commission[0])
    return opened


def found(client: CheckedClient, path: str, code: str) -> bool:
    """Whether a code's ballot stands on a board, looked up without JavaScript or cookies."""
    page = html.unescape(client.post(f"{path}/look-up", data={"code": in_fours(code)}).text)
    assert page.count("Not found:") + page.count("Found:") >= 1
    shown = page.split("<template")[0]
    return "Found: " + in_fours(code) in shown


def mark_again(again: Round, voter: Voter, clock: Clock) -> None:
    """While the next vote is open the voter marks the district's list in the booth."""
    clock.at = again.closes_at - 2 * DAY
    voter.begin()
    for number in (1, 2, 3):
        voter.press("district", add=f"BO.D8.{number}/26")


def test_one_list_is_voted_on_anew_and_both_boards_stay(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client, language="uk")
    nonce = new_nonce()
    at = _counted(database, opened, voter.person_id, nonce)
    clock.at = at + DAY
    with database.writing() as work:
        service.annul_scope(
            work,
            opened.commission[0],
            round_id=opened.id,
            scope="d08",
            act="Act 13",
            note="A wrong list was shown.",
            at=clock.at,
        )
    again = prepare_again(database, opened, clock.at)
    start = client.get("/uk/vote").text
    assert "/uk/vote/begin" not in start  # not open yet
    assert "За деякі списки голосують повторно" in start  # and why one votes once more
    assert "/uk/editions/2026/vote" in start
    mark_again(again, voter, clock)
    assert client.get("/uk/vote/list/city").status_code == 302  # the city's list stands as it was
    shown = html.unescape(voter.cast())
    assert shown.count("BO.OM") == 0
    close_vote(database, again)
    open_box(database, again)
    clock.at = again.closes_at + 30 * DAY
    for language in LANGUAGES:
        for path in ("board", "board/1", "board/2", "vote"):
            client.page(f"/{language}/editions/2026/{path}")
    first = client.page("/en/editions/2026/board/1").text()
    assert "Act 13" in first
    assert "Vote repeated on some lists" in first
    assert "The first vote" in client.page("/en/editions/2026/board").text()
    assert client.get("/en/editions/2026/board/3").status_code == 404
    city, district = control_code("city", nonce), control_code("d08", nonce)
    boards = {n: f"/en/editions/2026/board/{n}" for n in (1, 2)}
    assert [found(client, boards[n], city) for n in (1, 2)] == [True, False]
    assert [found(client, boards[n], district) for n in (1, 2)] == [True, False]
    clock.at = again.closes_at + 9 * DAY  # each board has its own days for claims
    claimed = {"kind": "missing", "code": in_fours(city), "words": "Not there."}
    for number, said in ((1, "The time for claims is over"), (2, "Keep this reference")):
        assert f"/board/{number}/claim" in client.get(boards[number]).text
        page = client.post(f"{boards[number]}/claim", data=claimed).text
        assert said in html.unescape(page), number
    manifest = client.get(f"{boards[2]}/files/manifest.json")
    assert manifest.get_json()["round"] == str(again.id)
    assert client.get(f"{boards[2]}/files/city.pb").status_code == 404
    assert client.get(f"{boards[1]}/files/city.pb").status_code == 200


def test_the_first_vote_is_ended_on_its_own_pages_beside_the_second(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    clock.at = _counted(database, opened, make_voter(database), new_nonce()) + DAY
    with database.writing() as work:
        service.annul_scope(
            work,
            opened.commission[0],
            round_id=opened.id,
            scope="d08",
            act="Act 13",
            note="A wrong list was shown.",
            at=clock.at,
        )
    sign_in_as(client, database, opened.commission[0])
    late = {"opens_at": "2020-01-01T10:00", "closes_at": "2020-01-02T10:00", "threshold": "2"}
    members = [str(member.account_id) for member in opened.commission]
    refused = client.send("/en/office/round/prepare", {**late, "members": members}).text
    assert 'href="#opens_at"' in refused  # said on top, as every error is
    again = prepare_again(database, opened, clock.at)
    hub = "/en/office/round"
    assert "Ready for votes" in client.page(hub).text()
    for language in LANGUAGES:
        client.page(f"/{language}/office/round?round={opened.id}")
        client.page(f"/{language}/office/round/claims?round={opened.id}")
    for page in ("annul", "finish", "hold"):  # each says which vote it is about
        shown = client.page(f"{hub}/{page}?round={opened.id}").text()
        assert "Voting closes: Monday, 25 May 2026" in shown
        assert "25 May 2026" not in client.page(f"{hub}/{page}").text()
    first = client.get(f"{hub}?round={opened.id}").text
    assert "Votes are being cast" not in first
    assert f"/office/round/finish?round={opened.id}" in first
    assert f"/office/round?round={again.id}" in first
    there = client.send(f"{hub}/hold?round={opened.id}", {"note": "Court, 7/26."})
    assert "Court, 7/26." in client.page(f"{hub}/hold?round={opened.id}").text()
    assert there.request.args["round"] == str(opened.id)  # and leads on in this vote
    with database.reading() as session:
        assert get_round(session, opened.id).legal_hold == "Court, 7/26."
        assert get_round(session, again.id).legal_hold is None
    with database.engine.begin() as connection:  # as before its key files were tested
        connection.execute(
            update(RoundRow).where(RoundRow.id == again.id).values(status="setup", tested_at=None)
        )
    assert f"/office/round?round={again.id}" in client.get(f"{hub}?round={opened.id}").text
    with database.engine.begin() as connection:
        connection.execute(
            update(RoundRow)
            .where(RoundRow.id == again.id)
            .values(status="ready", tested_at=clock.at)
        )
    for strange in ("nonsense", str(UUID(int=7))):
        assert "Ready for votes" in client.page(f"{hub}?round={strange}").text()


def test_a_whole_round_is_repeated_and_the_annulled_board_is_gone(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client)
    nonce = new_nonce()
    at = _counted(database, opened, voter.person_id, nonce)
    clock.at = at + DAY
    annul(database, opened, act="Act 12", note="Forged cards.", at=clock.at)
    again = prepare_again(database, opened, clock.at)
    assert client.get("/en/editions/2026/board/1").status_code == 404
    assert "/en/vote" not in client.page("/en/").links  # not before it opens
    mark_again(again, voter, clock)
    home = client.page("/en/")
    assert "Vote now" in home.text()
    assert "Voting is open" in home.text()
    for number in (3, 2, 1):
        voter.press("city", add=f"BO.OM.{number}/26")
    voter.cast()
    told = client.page("/en/vote").text()
    assert "A vote was recorded" in told
    assert "The vote is repeated" in told
    close_vote(database, again)
    open_box(database, again)
    clock.at = again.closes_at + 30 * DAY
    for language in LANGUAGES:
        client.page(f"/{language}/editions/2026/board")
        client.page(f"/{language}/editions/2026/vote")
    assert not found(client, "/en/editions/2026/board", control_code("city", nonce))
    course = client.page("/en/editions/2026/vote").text()
    assert "Repeated vote" in course
    assert "Forged cards." in course


def test_what_was_annulled_is_kept_and_destroyed_on_pages_of_its_own(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = _annulled(database, client, clock)
    hub, its = "/en/office/round", f"?round={opened.id}"

    def look() -> str:
        for language in LANGUAGES:
            client.page(f"/{language}/office/round{its}")
            client.page(f"/{language}/office/round/finish{its}")
            client.page(f"/{language}/office/round/shred{its}")
        return client.page(f"{hub}{its}").text()

    assert f"{hub}{its}" in client.get(hub).text  # no other round is prepared yet
    again = prepare_again(database, opened, clock.at)
    assert f"{hub}{its}" in client.get(hub).text
    assert "Next: say when the last appeal" in look()
    assert client.get(f"{hub}/shred{its}").location.startswith(hub)
    sure = {"keep_until": "2020-01-01T10:00", "is_sure": "y"}
    early = client.send(f"{hub}/finish{its}", sure).text
    assert "The end of the appeals must lie ahead." in html.unescape(early)
    until = clock.at + 30 * DAY
    sure["keep_until"] = f"{until:%Y-%m-%dT%H:%M}"
    client.send(f"{hub}/finish{its}", sure)
    assert "Next: after that moment" in look()
    assert "Move the end of the appeals" in client.page(f"{hub}{its}").text()
    client.send(f"{hub}/hold{its}", {"note": "Court, 7/26."})
    clock.at = until + DAY
    assert "Court, 7/26." in look()
    assert 'name="is_sure"' not in client.get(f"{hub}/shred{its}").text
    client.send(f"{hub}/hold{its}", {"note": "Dismissed."})
    look()
    client.send(f"{hub}/shred{its}", {"is_sure": "y"})
    assert "Nothing more has to be done." in look()
    with database.reading() as session:
        assert get_round(session, opened.id).destroyed_at is not None
        assert get_round(session, again.id).destroyed_at is None
    assert client.get(f"{hub}/protocols/end.pdf{its}").data.startswith(b"%PDF")
    assert "annulled" in client.page(f"{hub}?round={again.id}").text()


PAGES = (
    "paper",
    *(f"round/{page}" for page in ("check", "claims", "annul", "extend", "members", "open")),
)


def test_under_an_annulled_rounds_name_no_page_shows_or_changes_another_vote(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = _annulled(database, client, clock)
    hub, its = "/en/office/round", f"?round={opened.id}"
    assert "No claims" in client.page(f"{hub}/claims").text()  # the menu leads here without a round
    again = prepare_again(database, opened, clock.at)
    for page in PAGES:
        assert client.get(f"/en/office/{page}{its}").location == f"{hub}{its}"
        assert f"/en/office/{page}{its}" not in client.get(f"{hub}{its}").text
    act = {"scope": "round", "act": "Act 14", "note": "Meant for the other.", "is_sure": "y"}
    client.send(f"{hub}/annul", act, to=f"{hub}/annul{its}")
    with database.reading() as session:
        assert get_round(session, again.id).status is RoundStatus.READY


def test_an_annulled_round_keeps_the_protocols_of_the_steps_that_it_took(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    clock.at = _counted(database, opened, make_voter(database), new_nonce()) + DAY
    annul(database, opened, at=clock.at)
    sign_in_as(client, database, opened.commission[0])
    page = client.get(f"/en/office/round?round={opened.id}").text
    for step in ("setup", "closing", "opening"):
        address = f"/en/office/round/protocols/{step}.pdf?round={opened.id}"
        assert address in page
        assert client.get(address).data.startswith(b"%PDF")
    address = f"/en/office/round/protocols/end.pdf?round={opened.id}"
    assert address not in page  # it says that the envelopes are destroyed, and they are not
    assert client.get(address).status_code == 404


def test_whoever_voted_reads_that_the_vote_was_annulled(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client)
    clock.at = _counted(database, opened, voter.person_id, new_nonce()) + DAY
    annul(database, opened, at=clock.at)
    for language in LANGUAGES:
        for path in ("vote", "editions/2026/board"):
            page = client.page(f"/{language}/{path}")
            assert f"/{language}/editions/2026/vote" in page.links
    assert "The vote was annulled." in client.page("/en/vote").text()
    prepare_again(database, opened, clock.at)
    assert "The vote was annulled." not in client.page("/en/vote").text()
