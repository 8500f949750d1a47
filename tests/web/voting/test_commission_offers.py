"""The commission's pages offer what can be done now, and say what waits for what."""

from __future__ import annotations

import contextlib
import html
import json
import re
from datetime import timedelta
from pathlib import Path

import pypdfium2

from civic_budget import worker
from civic_budget.config import LANGUAGES, Settings
from civic_budget.kernel.actor import Actor
from civic_budget.residency.queries import accounts_of_person, find_last_case
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.opening_run import say_progress
from civic_budget.voting.rules import VoidReason
from tests.builders_commission import (
    close_vote,
    confirm_answer,
    hand_in,
    key_only_card,
    make_clerks,
    object_to,
    open_box,
    open_urn,
    propose_answer,
    publish,
    seal_pile,
    sign_off,
    take_out,
)
from tests.builders_statistics import seal
from tests.builders_voting import cast, make_round, make_voter, make_waiting_voter
from tests.conftest import Clock
from tests.pages import CheckedClient
from tests.web.voting.conftest import Member

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HUB = "/en/office/round"
AFTER_THE_LIST = "An envelope that came after the sealed list"


def said_in(data: bytes) -> str:
    """The words of a PDF."""
    with contextlib.closing(pypdfium2.PdfDocument(data)) as sheets:
        return " ".join(
            " ".join(sheet.get_textpage().get_text_bounded().split()) for sheet in sheets
        )


def test_no_second_opening_is_begun_beside_one_that_runs(
    database: Database, clock: Clock, member: Member, settings: Settings
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    clock.at = opened.closes_at + 2 * DAY
    browser = member(opened.commission[0])
    assert f"{HUB}/open" in browser.page(HUB).links
    say_progress(settings.instance, opened.id, "running", 400, 1000)
    assert browser.get(f"{HUB}/open").location == f"{HUB}/open/progress"
    assert f"{HUB}/open" not in browser.page(HUB).links
    path = settings.instance / "openings" / f"{opened.id}.json"
    path.write_text(re.sub(r'"heard_at": [\d.]+', '"heard_at": 1.0', path.read_text()))
    assert f"{HUB}/open" in browser.page(HUB).links  # its process died
    assert 'name="passphrase_1"' in browser.get(f"{HUB}/open").text


def test_a_slip_keyed_after_the_closing_is_no_alarm_and_paper_is_closed_when_it_can_be(
    database: Database, clock: Clock, member: Member
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    slips, keying, signing = make_clerks(database, 3)
    batch_id = open_urn(database, opened, slips)
    close_vote(database, opened)
    clock.at = opened.closes_at + HOUR
    hand_in(database, opened, slips, batch_id, make_voter(database), at=clock.at)
    browser = member(opened.commission[0])

    def hub() -> str:
        for language in LANGUAGES:
            browser.page(f"/{language}/office/round")
        return html.unescape(browser.get(HUB).text)

    assert AFTER_THE_LIST not in hub()
    assert f"{HUB}/paper" not in hub()
    assert "not reconciled yet" in hub()
    seal_pile(database, batch_id)
    key_only_card(database, opened, keying, batch_id, at=clock.at)
    sign_off(database, opened, signing, batch_id, at=clock.at)
    assert f"{HUB}/paper" not in hub()  # the point may bring more
    with database.writing() as work:
        service.close_point(
            work, opened.commission[0], round_id=opened.id, code="library", at=clock.at
        )
    assert f'action="{HUB}/paper"' in hub()
    browser.send(HUB, to=f"{HUB}/paper")
    assert f"{HUB}/paper" not in hub()


def test_who_was_put_back_but_is_undecided_is_not_promised_that_the_vote_counts(
    database: Database, clock: Clock, member: Member, settings: Settings
) -> None:
    opened = make_round(database)
    person = make_waiting_voter(database)[0]
    cast(database, opened, person)
    close_vote(database, opened)
    clock.at = opened.closes_at + HOUR
    tag = opened.secrets.tag(person)
    take_out(database, opened, tag, VoidReason.NOT_CONFIRMED, at=clock.at)
    object_to(database, opened, person, at=clock.at)
    propose_answer(database, opened, tag, is_restored=True, at=clock.at)
    confirm_answer(database, opened, tag, at=clock.at)
    with database.reading() as session:
        own = member(Actor(accounts_of_person(session, person)[0]))
    for language in LANGUAGES:
        own.page(f"/{language}/vote/objection")
    told = own.page("/en/vote/objection").text()
    assert "It waits for the decision about the residence" in told
    assert "your vote counts" not in told
    letters = _letters(settings, own, clock)
    assert "It still waits for the decision about the residence" in letters
    assert "on the way and will be counted" not in letters


def _letters(settings: Settings, browser: CheckedClient, clock: Clock) -> str:
    """Everything that was sent, after the worker did what was due."""
    worker.run_once(browser.application, at=clock())
    found = sorted(Path(settings.mailbox).glob("*.json"))
    bodies = (json.loads(path.read_text("utf-8"))["body"] for path in found)
    return " ".join(" ".join(bodies).split())


def test_a_slip_from_an_urn_is_compared_with_itself_and_a_small_batch_may_wait_again(
    database: Database, clock: Clock, member: Member
) -> None:
    opened = make_round(database)
    slips = make_clerks(database, 1)[0]
    here = {
        online: f"/en/office/paper/batches/{open_urn(database, opened, slips, is_online=online)}"
        for online in (False, True)
    }
    with database.reading() as session:
        case = find_last_case(session, make_voter(database))
    assert case is not None
    browser = member(slips)
    asked = browser.send(
        here[False], {"person": case.reference or ""}, to=f"{here[False]}/slips"
    ).text
    assert "Compare with the signed slip." in asked
    assert "slip.pdf" not in asked
    asked = browser.send(here[True], {"person": case.reference or ""}, to=f"{here[True]}/slips")
    assert "document that the person shows" in asked.text
    assert "slip.pdf" in asked.text
    sure = {"person": case.reference or "", "sure": "1"}
    browser.send(here[False], sure, to=f"{here[False]}/slips")
    for code in ("library", "library-online"):
        with database.writing() as work:
            service.close_point(
                work, opened.commission[0], round_id=opened.id, code=code, at=clock.at
            )
    first = member(opened.commission[0])
    first.send(here[False], {"note": "One visit."}, to=f"{here[False]}/small/propose")
    second = member(opened.commission[1])
    assert "One visit." in second.page(here[False]).text()
    first.send(here[False], to=f"{here[False]}/small/drop")
    assert "One visit." not in second.page(here[False]).text()


def test_whoever_signs_a_batch_reads_why_cards_are_missing_and_a_mixed_one_has_no_protocol(
    database: Database, clock: Clock, member: Member
) -> None:
    opened = make_round(database)
    slips, keying, signing = make_clerks(database, 3)
    batch_id = open_urn(database, opened, slips)
    with database.writing() as work:
        other = service.open_batch(work, slips, round_id=opened.id, point="library", scope="d08")
    hand_in(database, opened, slips, batch_id, make_voter(database))
    hand_in(database, opened, slips, other, make_voter(database))
    with database.writing() as work:
        service.join_batches(work, slips, into=batch_id, other=other)
    seal_pile(database, batch_id)
    key_only_card(database, opened, keying, batch_id)
    with database.writing() as work:
        service.count_missing(work, keying, batch_id=batch_id, number=1, note="Carried home.")
    here, gone = (f"office/paper/batches/{one}" for one in (batch_id, other))
    browser = member(signing)
    for language in LANGUAGES:
        browser.page(f"/{language}/{gone}")
        browser.page(f"/{language}/{here}")
    assert "Carried home." in browser.page(f"/en/{here}").text()
    assert "mixed into another batch" in browser.page(f"/en/{gone}").text()
    assert browser.get(f"/en/{gone}/protocol.pdf").status_code == 404
    sign_off(database, opened, signing, batch_id, missing=1)
    assert "Carried home." in browser.page(f"/en/{here}").text()
    assert "Carried home." in said_in(browser.get(f"/en/{here}/protocol.pdf").data)


def test_the_end_is_offered_once_the_results_are_public_and_its_protocols_stay_whole(
    database: Database, clock: Clock, member: Member
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    clock.at = opened.closes_at + 4 * DAY
    browser = member(opened.commission[0])
    pressed = browser.send(HUB, to=f"{HUB}/close").text  # on a page that was left open
    assert "not possible where the round stands now" in pressed
    open_box(database, opened)
    assert f"{HUB}/finish" not in browser.page(HUB).links
    closing = f"{HUB}/protocols/closing.pdf"
    assert "Envelopes Online 1" in said_in(browser.get(closing).data)
    clock.at = publish(database, opened)
    assert f"{HUB}/finish" in browser.page(HUB).links
    seal(database, opened, at=clock.at)
    until = clock.at + 30 * DAY
    chair = opened.commission[0]
    with database.writing() as work:
        service.finish_round(work, chair, round_id=opened.id, keep_until=until, at=clock.at)
    with database.writing() as work:
        service.shred_round(work, chair, round_id=opened.id, at=until)
    told = said_in(browser.get(closing).data)
    assert "Envelopes Sealed lists" not in told  # the numbers stand with the sealed lists
    assert "Sealed lists" in told
