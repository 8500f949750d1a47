"""The commission's and the clerks' pages walked from paper to shredding, each page read strictly."""

from __future__ import annotations

import contextlib
import html
import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from civic_budget.config import LANGUAGES, Settings
from civic_budget.kernel.actor import Actor, Role
from civic_budget.residency.queries import accounts_of_person, find_last_case
from civic_budget.storage.db import Database
from civic_budget.voting import keyfiles, service
from civic_budget.voting.models import (
    EnvelopeVoid,
    PaperBallotRow,
    PaperBatch,
    Participation,
)
from civic_budget.voting.opening_run import PATIENCE, read_progress, say_progress
from civic_budget.voting.printed.procedures import PROCEDURES
from civic_budget.voting.queries import get_round
from civic_budget.voting.rules import RoundStatus
from tests.builders import make_staff, sign_in_as
from tests.builders_commission import close_vote, open_box, publish, take_out
from tests.builders_statistics import seal
from tests.builders_voting import Round, cast, make_round, make_voter
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient
from tests.web.voting.conftest import Member
from tests.web.voting.test_commission import keys

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfiles, "SCRYPT_COST", 1 << 10)


SIGNATURES = {"pl": "Podpis", "en": "Signature", "uk": "Підпис", "ru": "Подпись"}
"""On a slip the clerk reads Polish and the voter their own language."""


def status_of(database: Database, opened: Round) -> RoundStatus:
    with database.reading() as session:
        return get_round(session, opened.id).status


def case_number(database: Database, person: object) -> str:
    with database.reading() as session:
        case = find_last_case(session, person)  # type: ignore[arg-type]
    assert case is not None
    assert case.reference
    return case.reference


def seal_by_two(database: Database, opened: Round, member: Member, here: str) -> None:
    """The point is closed and a handful of cards is left: two members let them be keyed, with a reason."""
    first, second = (member(one) for one in opened.commission[1:])
    note = {"note": "One visit at home."}
    early = first.send(here, note, to=f"{here}/small/propose", follow=False)
    assert "Slips may still come" in early.text
    assert "One visit at home." in early.text
    with database.writing() as work:
        service.close_point(work, opened.commission[0], round_id=opened.id, code="home", at=NOW)
    first.send(here, note, to=f"{here}/small/propose")
    for language in LANGUAGES:
        second.page(f"/{language}{here[3:]}")
    second.send(here, to=f"{here}/small/confirm")
    assert "One visit at home." in second.page("/en/editions/2026/vote").text()


def test_paper_from_the_point_to_the_protocol(database: Database, member: Member) -> None:
    opened = make_round(database)
    chair = member(opened.commission[0])
    slips, keying, control, third, signing = (
        member(make_staff(database, Role.CLERK)) for _ in range(5)
    )
    assert "No point is open" in slips.page("/en/office/paper").text()
    opening = {"code": "home", "kind": "home"}
    chair.send("/ru/office/paper", opening, to="/ru/office/paper/points")
    assert "Wizyty domowe" in slips.page("/pl/office/paper").text()  # by whomever it was opened
    slips.send("/en/office/paper", {"point": "home", "scope": "d08"}, to="/en/office/paper/batches")
    with database.reading() as session:
        batch_id = session.scalars(select(PaperBatch.id)).one()
    here = f"/en/office/paper/batches/{batch_id}"
    for language in LANGUAGES:
        slips.page(f"/{language}/office/paper")
        slips.page(f"/{language}/office/paper/batches/{batch_id}")
        keying.page(f"/{language}/office/paper/batches/{batch_id}/key")
    wrong = slips.send(here, {"person": "NOBODY"}, to=f"{here}/slips").text
    assert "Nobody has this case number" in html.unescape(wrong)
    stranger = {"person": case_number(database, make_voter(database, district=18)), "sure": "1"}
    elsewhere = html.unescape(slips.send(here, stranger, to=f"{here}/slips").text)
    assert "another district: XVIII Nowa Huta" in elsewhere
    person = make_voter(database)
    number = case_number(database, person)
    asked = slips.send(here, {"person": number}, to=f"{here}/slips").text
    assert "Is this the person?" in asked
    done = slips.send(here, {"person": number, "sure": "1"}, to=f"{here}/slips").text
    assert "The card lies in the urn already: hand out none" in html.unescape(done)
    again = slips.send(here, {"person": number, "sure": "1"}, to=f"{here}/slips").text
    assert "If it is this same sheet, lay it aside" in again
    for language in LANGUAGES:
        slip = slips.send(here, {"person": number, "language": language}, to=f"{here}/slip.pdf")
        assert slip.data.startswith(b"%PDF")
        with contextlib.closing(pypdfium2.PdfDocument(slip.data)) as sheets:
            said = sheets[0].get_textpage().get_text_bounded()
            assert len(sheets) == 1
            assert {"Podpis", SIGNATURES[language]} <= set(re.findall(r"\w+", said))
        cards = slips.send(
            "/en/office/paper",
            {"scope": "d08", "number": "1", "language": language},
            to="/en/office/paper/cards.pdf",
        )
        assert cards.data.startswith(b"%PDF")
        assert b"/Lang" in cards.data
        with contextlib.closing(pypdfium2.PdfDocument(cards.data)) as sheets:
            front = sheets[0].get_textpage().get_text_bounded()
            assert "Karta do głosowania" in front
            assert len(sheets) == 2  # boxes and the stub with its codes in front, projects behind
            assert len(re.findall(r"\b(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}\b(?!-)", front)) >= 2
    with database.writing() as work:
        serial = service.print_cards(
            work,
            opened.commission[0],
            secrets=opened.secrets,
            scope="d08",
            number=1,
        )[0]
    card = {"serial": serial.lower(), "list_district": "3 1 2", "list_city": "1 2 3"}
    assert "Seal it first" in keying.send(f"{here}/key", card).text
    seal_by_two(database, opened, member, here)
    said = keying.send(f"{here}/key", {**card, "list_district": "3 1 99"}).text
    assert "VIII Dębniki: one of the numbers is not on this list" in html.unescape(said)
    assert 'href="#list_district"' in said
    assert "it is no vote" in said
    assert "3 1 99" in said  # nothing typed is lost
    assert "another part of this batch" in html.unescape(slips.send(f"{here}/key", card).text)
    keying.send(f"{here}/key", card)
    with database.writing() as work:
        work.session.execute(update(PaperBallotRow).values(control="wanted"))
    card["list_district"] = "1 2 3"
    assert "differ" in control.send(f"{here}/again", card).text
    third.page("/uk" + here[3:] + "/resolve")
    third.send(f"{here}/resolve", card)
    assert "signs the sum off" in keying.page(here).text()
    wish = {"absent": "5", "note": "The voters kept them."}
    assert "The voters kept them." in keying.send(here, wish, to=f"{here}/missing").text
    for language in LANGUAGES:
        signing.page(f"/{language}{here[3:]}")
    refused = signing.send(
        here, {"missing": "2", "protocol_number": "P/1"}, to=f"{here}/close"
    ).text
    assert "The sum is wrong" in refused
    signing.send(here, {"missing": "0", "protocol_number": "P/1"}, to=f"{here}/close")
    assert "Reconciled" in keying.page(here).text()
    assert keying.get(f"{here}/protocol.pdf").data.startswith(b"%PDF")


def test_every_page_of_the_window_in_four_languages(
    database: Database, clock: Clock, member: Member
) -> None:
    opened = make_round(database)
    first, second = (member(actor) for actor in opened.commission[:2])
    cheated, gone = make_voter(database), make_voter(database)
    for person in (cheated, gone, make_voter(database)):
        cast(database, opened, person)
    with database.engine.begin() as connection:
        connection.execute(update(Participation).values(device_mac=bytes(32), hour=23))
    here = "/en/office/round/check"
    wish = {"reference": case_number(database, cheated), "note": "A neighbour voted."}
    first.send(here, wish, to="/en/office/round/return")
    second.send(here, to=f"/en/office/round/return/{cheated}/confirm")
    clock.at = opened.closes_at
    first.send("/en/office/round", to="/en/office/round/close")
    seed = {"number": "2", "seed": "1 2 3", "source": "Lotto"}
    incomplete = first.send(here, {**seed, "seed": ""}, to="/en/office/round/sample").text
    assert "what the public event gave" in incomplete
    assert 'value="Lotto"' in incomplete
    first.send(here, seed, to="/en/office/round/sample")
    tag, old = opened.secrets.tag(gone), opened.secrets.tag(cheated)
    take_out(database, opened, tag)
    with database.engine.begin() as connection:  # somebody puts the false vote back by hand
        connection.execute(delete(EnvelopeVoid).where(EnvelopeVoid.tag == old))
    assert "changed the database by hand" in first.page(here).text()
    with database.reading() as session:
        root = (get_round(session, opened.id).sealed_root or b"").hex()
    for language in LANGUAGES:
        page = first.page(f"/{language}/office/round/check").text()
        assert tag.hex()[:8] in page
        for path in ("", "/procedures", "/extend", "/annul", "/hold", "/members"):
            first.page(f"/{language}/office/round{path}")
        for step in ("setup", "closing"):
            answer = first.get(f"/{language}/office/round/protocols/{step}.pdf")
            assert answer.data.startswith(b"%PDF")
        with contextlib.closing(pypdfium2.PdfDocument(answer.data)) as protocol:
            on_paper = protocol[0].get_textpage().get_text_bounded()
        assert root in on_paper  # whole, not beyond the edge of the sheet
        for name in PROCEDURES:
            answer = first.get(f"/{language}/office/round/procedures/{name}.pdf")
            assert answer.data.startswith(b"%PDF")
    assert first.get("/en/office/round/protocols/opening.pdf").status_code == 404
    take_out(database, opened, old)
    assert "lay in the box again" in first.page("/en/editions/2026/vote").text()
    for language in LANGUAGES:
        first.page(f"/{language}/editions/2026/vote")


def test_a_person_objects_on_their_own_page(
    database: Database, clock: Clock, member: Member, new_client: Callable[[], CheckedClient]
) -> None:
    opened = make_round(database)
    person = make_voter(database)
    cast(database, opened, person)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    tag = opened.secrets.tag(person)
    take_out(database, opened, tag)
    clock.at = opened.closes_at + DAY
    with database.reading() as session:
        account = accounts_of_person(session, person)[0]
    own = new_client()
    sign_in_as(own, database, Actor(account))
    for language in LANGUAGES:
        own.page(f"/{language}/vote/objection")
    empty = own.send("/en/vote/objection", {"person": str(person), "words": ""}).text
    assert "Write why" in html.unescape(empty)
    own.send("/en/vote/objection", {"person": str(person), "words": "It was me."})
    assert "It was me." in own.page("/en/vote/objection").text()
    first, second = (member(actor) for actor in opened.commission[:2])
    assert "It was me." in first.page("/en/office/round/check").text()
    here, values = "/en/office/round/check", {"tag": tag.hex(), "answer": "restored"}
    first.send(here, {**values, "answer": "stands"}, to="/en/office/round/objection/propose")
    second.send(here, values, to="/en/office/round/objection/drop")
    first.send(here, values, to="/en/office/round/objection/propose")
    second.send(here, values, to="/en/office/round/objection/confirm")
    assert len(open_box(database, opened).ballots) == 4


def test_from_the_opening_to_the_destroyed_keys(
    database: Database, clock: Clock, member: Member, settings: Settings, tmp_path: Path
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    clock.at = opened.closes_at
    browser = member(opened.commission[0])
    browser.send("/en/office/round", to="/en/office/round/close")
    clock.at = opened.closes_at + 4 * DAY
    browser.send("/en/office/round/open", keys(opened.held[:2]))
    assert status_of(database, opened) is RoundStatus.OPENED
    progress = read_progress(settings.instance, opened.id)
    assert progress is not None
    assert progress.state == "done"
    export = browser.send("/en/office/round", to="/en/office/round/observer.zip").data
    assert "reopen.py" in zipfile.ZipFile(io.BytesIO(export)).namelist()
    assert "becomes public with the results" in browser.get("/en/office/round").text
    assert browser.get("/en/office/round/extend").location == "/en/office/round", "too late"
    clock.at = publish(database, opened)
    assert "Both are public" in browser.get("/en/office/round").text
    soon = {"keep_until": f"{clock.at + DAY:%Y-%m-%dT%H:%M}", "is_sure": "y"}
    assert "may come and be answered until" in browser.send("/en/office/round/finish", soon).text
    sure = {"keep_until": "2027-01-31T12:00", "is_sure": "y"}
    early = browser.send("/en/office/round/finish", sure).text
    assert "statistics of participation are not sealed" in html.unescape(early)
    seal(database, opened, at=clock.at)
    browser.send("/en/office/round/finish", sure)
    assert status_of(database, opened) is RoundStatus.FINAL
    for language in LANGUAGES:
        browser.page(f"/{language}/office/round")
        browser.page(f"/{language}/office/round/shred")
        browser.page(f"/{language}/editions/2026/vote")
    too_early = browser.send("/en/office/round/shred", {"is_sure": "y"}).text
    assert "time for appeals is not over" in html.unescape(too_early)
    clock.at += 400 * DAY
    with database.reading() as session:
        assert get_round(session, opened.id).keep_until is not None
    with database.writing() as work:
        service.shred_round(work, opened.commission[0], round_id=opened.id, at=clock.at)
    assert status_of(database, opened) is RoundStatus.SHREDDED
    secrets_file = settings.round_keys / f"{opened.id}.json"
    assert secrets_file.exists()  # the machine died here
    service.destroy_remains(database, round_id=opened.id, at=clock.at)
    assert not secrets_file.exists()


def test_an_interrupted_opening_says_that_nothing_was_written(
    database: Database, clock: Clock, member: Member, settings: Settings
) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    clock.at = opened.closes_at + DAY
    browser = member(opened.commission[0])
    say_progress(settings.instance, opened.id, "running", 400, 1000)
    assert browser.get("/en/office/round/open/progress").headers["Refresh"] == "3"
    assert "400 of 1,000 envelopes" in browser.page("/en/office/round").text()
    path = settings.instance / "openings" / f"{opened.id}.json"
    path.write_text(re.sub(r'"heard_at": [\d.]+', '"heard_at": 1.0', path.read_text()))
    assert PATIENCE < 60
    for language in LANGUAGES:
        browser.page(f"/{language}/office/round/open/progress")
    assert "Nothing was written" in browser.get("/en/office/round/open/progress").text
    assert "The opening stopped" in browser.page("/en/office/round").text()
    why = ["urn_changed", "mac_does_not_match"]
    say_progress(settings.instance, opened.id, "refused", 0, 1000, why)
    for language in LANGUAGES:
        browser.page(f"/{language}/office/round/open/progress")
    said = browser.page("/en/office/round/open/progress").text()
    assert "something was decided about one of them" in said
    assert "An envelope that this system did not take" in said


def test_an_outage_and_an_annulled_list_in_public(
    database: Database, clock: Clock, member: Member, client: CheckedClient
) -> None:
    opened = make_round(database)
    browser = member(opened.commission[0])
    with database.writing() as work:
        service.publish_nightly_count(work, round_id=opened.id, day=clock.at.date())
    late = {"closes_at": "2020-01-01T12:00", "note": "No network."}
    assert (
        "must lie ahead" in browser.send("/en/office/round/extend", {**late, "is_sure": "y"}).text
    )
    to = (opened.closes_at + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    outage = {"closes_at": to, "note": "No network for hours."}
    for wrong, said in (({}, "Confirm that you know"), ({"is_sure": "y"}, "day and the year")):
        typed = {**outage, **wrong, "closes_at": str(int(to[:4]) + 1) + to[4:]}
        assert said in browser.send("/en/office/round/extend", typed).text
    browser.send("/en/office/round/extend", {**outage, "is_sure": "y"})
    act = {"scope": "d08", "act": "Act 7", "note": "A wrong list.", "is_sure": "y"}
    assert (
        "Confirm that you know"
        in browser.send("/en/office/round/annul", {**act, "is_sure": ""}).text
    )
    browser.send("/en/office/round/annul", act)
    page = client.page("/en/editions/2026/vote").text()
    for words in ("No network for hours.", "New time:", "are being cast", "Act 7", "A wrong list."):
        assert words in page
    listed = re.search(r'href="([^"]+/nights/[^"]+)"', client.get("/en/editions/2026/vote").text)
    assert listed is not None
    assert client.get(listed[1]).status_code == 200


def test_members_are_changed_by_two_in_the_browser(database: Database, member: Member) -> None:
    opened = make_round(database)
    new = make_staff(database, Role.COMMISSION)
    first, second = (member(actor) for actor in opened.commission[:2])
    people = [opened.commission[0], opened.commission[1], new]
    wish = {"members": [str(p.account_id) for p in people], "threshold": "2", "note": "Lost."}
    first.send("/en/office/round/members", wish)
    second.page("/uk/office/round/members/confirm")
    page = second.send("/en/office/round/members/confirm", keys(opened.held[:2])).text
    assert page.count("base64,") == 3
    assert "Destroy the old key files" in page


def test_clerks_open_no_commission_page_and_officers_no_paper(
    app: Flask, database: Database, member: Member
) -> None:
    make_round(database)
    clerk, officer = (member(make_staff(database, role)) for role in (Role.CLERK, Role.OFFICER))
    for path in ("/en/office/round", "/en/office/round/check", "/en/office/round/annul"):
        assert clerk.get(path).status_code == 403
    assert officer.get("/en/office/paper").status_code == 403
