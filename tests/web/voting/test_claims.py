"""Claims in a browser: no cookie for a line, the own person for a vote, an answer by the commission."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import delete, select, update

from civic_budget.accounts.models import AttemptCounter
from civic_budget.config import LANGUAGES
from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone
from civic_budget.notifications.delivery import list_mailbox
from civic_budget.residency.models import PersonHolder
from civic_budget.residency.queries import find_last_case
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.models import EnvelopeRow, Participation
from civic_budget.web.words import say_deadline
from civic_budget.worker import run_once
from tests.builders import sign_in_as
from tests.builders_booth import make_voter_in_booth
from tests.builders_commission import close_vote, open_box
from tests.builders_voting import Round, cast, make_round, make_voter
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient

Clients = Callable[[], CheckedClient]
REFERENCE = re.compile(r'translate="no" role="group">([0-9A-Z-]{19})<')


def publish(database: Database, clock: Clock, opened: Round) -> str:
    close_vote(database, opened)
    open_box(database, opened, at=opened.closes_at + timedelta(days=1))
    with database.reading() as session:
        edition = get_edition(session, opened.edition_id)
    clock.at = edition.moment_of(Milestone.RESULTS_PUBLISHED) + timedelta(hours=1)
    return edition.slug


def test_a_missing_line_is_claimed_without_a_cookie_and_answered_by_reference(
    database: Database, client: CheckedClient, new_client: Clients, clock: Clock
) -> None:
    opened = make_round(database)
    slug = publish(database, clock, opened)
    path = f"/editions/{slug}/board/claim"
    for language in LANGUAGES:
        client.page(f"/{language}{path}")
        client.page(f"/{language}/claims")
        client.page(f"/{language}/vote/secrecy")
    assert client.get_cookie("civic_budget") is None
    told = {"kind": "missing", "code": "K7Q2-9FMD-4TXA", "signature": "", "words": "Not there."}
    wrong = client.post(f"/uk{path}", data={**told, "code": "K7Q2", "words": "Немає рядка"}).text
    assert "дванадцят" in wrong or "12" in wrong
    assert "Немає рядка" in wrong
    sent = client.post(f"/uk{path}", data=told)
    assert sent.status_code == 200
    found = REFERENCE.search(sent.text)
    assert found is not None
    assert client.get_cookie("civic_budget") is None
    commission = new_client()
    sign_in_as(commission, database, opened.commission[0])
    listed = commission.get("/pl/office/round/claims").text
    link = re.search(r"/pl/office/round/claims/[0-9a-f-]{36}", listed)
    assert link is not None
    commission.send(link[0], {"action": "dismiss", "answer": "Kod nie został wydany."})
    state = client.post("/uk/claims", data={"reference": found[1].lower()}).text
    assert "Kod nie został wydany." in state
    counts = client.get(f"/en/editions/{slug}/board").text.split("How many claims")[2]
    counts = re.sub(r"<[^>]+>|\s+", " ", counts.split("</table>")[0])
    assert "The line is missing on the board The claim is not right 1" in " ".join(counts.split())


def test_twenty_claims_an_hour_from_one_connection(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    path = f"/en/editions/{publish(database, clock, opened)}/board/claim"
    told = {"kind": "missing", "signature": "", "words": "Not there."}
    pages = [client.post(path, data={**told, "code": f"{n:012}"}).text for n in range(21)]
    assert REFERENCE.search(pages[19])
    assert "Too many claims" in pages[20]
    assert "Not there." in pages[20]
    with database.reading() as session:  # no stored value could be matched with an address
        assert session.scalars(select(AttemptCounter)).all() == []
    clock.at += timedelta(hours=1)
    assert REFERENCE.search(client.post(path, data={**told, "code": f"{22:012}"}).text)


def test_somebody_else_voted_in_my_name(
    database: Database, client: CheckedClient, new_client: Clients, app: Flask
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client, language="uk")
    voter.begin()
    voter.mark()
    voter.cast()
    assert "/uk/vote/not-mine" in client.get("/uk/vote").text
    empty = client.send("/uk/vote/not-mine", {"person": str(voter.person_id), "words": ""})
    assert "Напишіть" in empty.text
    sent = client.send(
        "/uk/vote/not-mine", {"person": str(voter.person_id), "words": "Мене не було в місті"}
    )
    assert REFERENCE.search(sent.text)
    stranger = {"person": str(opened.id), "words": "x"}
    assert "себе" in client.send("/uk/vote/not-mine", stranger).text
    commission = new_client()
    sign_in_as(commission, database, opened.commission[0])
    listed = commission.get("/en/office/round/claims").text
    link = re.search(r"/en/office/round/claims/[0-9a-f-]{36}", listed)
    assert link is not None
    claim = commission.get(link[0]).text
    assert "Мене не було в місті" in claim
    assert re.search(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}", claim), "whose document is to be checked?"
    commission.send(link[0], {"action": "uphold", "answer": "Конверт вийнято."})
    run_once(app, at=NOW)
    letters = list_mailbox(app.extensions["settings"].mailbox)
    assert any("Конверт вийнято." in letter.body for letter in letters)


def test_after_the_opening_a_claim_promises_no_envelope_back(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client)
    voter.begin()
    voter.mark()
    voter.cast()
    asked = client.get("/en/vote/not-mine").text
    assert "give you your vote back" in asked
    with database.reading() as session:
        results = get_edition(session, opened.edition_id).moment_of(Milestone.RESULTS_PUBLISHED)
    with client.application.test_request_context("/en/"):
        until = say_deadline(results + timedelta(days=14))
    assert f"Claims are taken until {until};" in asked
    close_vote(database, opened)
    open_box(database, opened)
    clock.at = opened.closes_at + timedelta(days=12)
    asked = client.get("/en/vote/not-mine").text
    assert "The envelopes are opened already" in asked
    assert "give you your vote back" not in asked
    claim = {"person": str(voter.person_id), "words": "I was abroad."}
    answered = client.send("/en/vote/not-mine", claim).text
    assert "the answer within seven days." in answered
    assert "is taken out" not in answered


def test_a_false_vote_found_in_the_window_is_given_back_and_cast_anew(
    database: Database, client: CheckedClient, new_client: Clients, app: Flask, clock: Clock
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client, language="uk")
    voter.begin()
    voter.mark()
    voter.cast()
    with database.writing() as work:
        service.close_round(work, opened.commission[0], round_id=opened.id, at=opened.closes_at)
    clock.at = opened.closes_at + timedelta(days=1)
    assert "/uk/vote/list/" not in client.get("/uk/vote/list/city").headers.get("Location", "")
    client.send("/uk/vote/not-mine", {"person": str(voter.person_id), "words": "Мене не було"})
    first, second = new_client(), new_client()
    for browser, member in zip((first, second), opened.commission, strict=False):
        sign_in_as(browser, database, member)
    listed = first.get("/pl/office/round/claims").text
    link = re.search(r"/pl/office/round/claims/[0-9a-f-]{36}", listed)
    assert link is not None
    first.send(link[0], {"action": "uphold", "answer": "Zwracamy prawo głosu."})
    here = "/en/office/round/check"
    confirm = f"/en/office/round/return/{voter.person_id}/confirm"
    second.send(here, to=confirm)
    run_once(app, at=clock.at)
    letters = list_mailbox(app.extensions["settings"].mailbox)
    told = [one.body for one in letters if "/vote/objection" in one.body]
    assert len(told) == 1
    assert re.search(r"/vote\s", told[0])  # the way to vote anew stands beside the way to object
    for language in LANGUAGES:
        client.page(f"/{language}/vote")
        client.page(f"/{language}/vote/objection")
        first.page(f"/{language}/office/round/check")
        first.page(f"/{language}/office/round/claims")
    voter.begin()
    voter.mark(picks=(3, 2, 1))
    voter.cast()
    assert "may still be cast" in first.page(here).text()
    clock.at += timedelta(days=3)
    assert "Seal the list anew" in first.page(here).text()
    first.send(here, to="/en/office/round/returned/seal")
    for language in LANGUAGES:
        client.page(f"/{language}/editions/2026/vote")
    assert "votes given back" in client.page("/en/editions/2026/vote").text()
    found = open_box(database, opened, at=clock.at)
    assert len(found.ballots) == 2
    assert all(ballot.choice.endswith(".1/26") for ballot in found.ballots)


def test_a_loss_is_told_by_mail_and_on_the_pages(
    database: Database, client: CheckedClient, new_client: Clients, app: Flask, clock: Clock
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client, language="uk")
    cast(database, opened, voter.person_id)
    with database.writing() as work:
        service.close_round(work, opened.commission[0], round_id=opened.id, at=opened.closes_at)
    with database.engine.begin() as connection:
        for table in (Participation, EnvelopeRow):
            connection.execute(delete(table))
    clock.at = opened.closes_at + timedelta(hours=30)
    first, second = new_client(), new_client()
    for browser, member in zip((first, second), opened.commission, strict=False):
        sign_in_as(browser, database, member)
    here = "/en/office/round/check"
    first.send(here, {"note": "The backup of Tuesday."}, to="/en/office/round/missing/propose")
    second.send(here, to="/en/office/round/missing/confirm")
    run_once(app, at=clock.at)
    letters = list_mailbox(app.extensions["settings"].mailbox)
    told = [one.body for one in letters if "If you had voted, your vote is lost." in one.body]
    assert len(told) == 1
    assert re.search(r"/vote\s", told[0])
    for language in LANGUAGES:
        client.page(f"/{language}/vote")
        client.page(f"/{language}/vote/not-mine")
        first.page(f"/{language}/office/round")
        first.page(here.replace("/en/", f"/{language}/"))
    assert "My vote was lost" in client.page("/en/vote").text()
    claim = {"person": str(voter.person_id), "words": "У понеділок увечері"}
    client.send("/uk/vote/not-mine", claim)
    listed = first.get("/en/office/round/claims").text
    assert "was lost with the missing envelopes" in listed
    link = re.search(r"/en/office/round/claims/[0-9a-f-]{36}", listed)
    assert link is not None
    first.send(link[0], {"action": "uphold", "answer": "Повертаємо голос."})
    second.send(here, to=f"/en/office/round/return/{voter.person_id}/confirm")
    run_once(app, at=clock.at)
    letters = list_mailbox(app.extensions["settings"].mailbox)
    assert any("Повертаємо голос." in one.body for one in letters)
    voter.begin()
    voter.mark()
    voter.cast()
    assert "may still be cast" in first.page(here).text()


def test_a_visitor_without_an_account_is_heard_by_the_commission(
    database: Database, client: CheckedClient, new_client: Clients, app: Flask
) -> None:
    """Complaint, claim, answer, vote given back: told at the address that they gave, in their language."""
    opened = make_round(database)
    person = make_voter(database)
    cast(database, opened, person)
    with database.writing() as work:  # a desk registered her; no account holds the record yet
        work.session.execute(
            update(PersonHolder).where(PersonHolder.person_id == person).values(until_at=NOW)
        )
        case = find_last_case(work.session, person)
    assert case is not None
    told = {
        "kind": "vote",
        "words": "За мене хтось проголосував.",
        "name": "Ганна Шевченко",
        "contact": "hanna@example.org",
    }
    sent = client.send("/uk/complaints/new", told).text
    number = re.search(r"C-[0-9A-Z]{4}-[0-9A-Z]{4}", sent)
    assert number is not None
    first, second = new_client(), new_client()
    for browser, member in zip((first, second), opened.commission, strict=False):
        sign_in_as(browser, database, member)
    window = first.page("/en/office/round/check").text()
    assert "1 claim about a vote waits for its answer" in window
    link = next(
        one for one in first.page("/en/office/round/claims").links if "/round/claims/" in one
    )
    page = first.page(link).text()
    assert all(words in page for words in ("Ганна Шевченко", "hanna@example.org", told["words"]))
    answer = {"action": "uphold", "answer": "Конверт вилучаємо."}
    for wrong in ("", "R-0000-0000"):
        refused = first.send(link, {**answer, "case": wrong}, follow=False)
        assert "error-summary" in refused.text
        assert "Конверт вилучаємо." in refused.text
    first.send(link, {**answer, "case": case.reference or ""})
    second.send("/en/office/round/check", to=f"/en/office/round/return/{person}/confirm")
    for language in LANGUAGES:
        first.page(f"/{language}/office/round/check")
        first.page(re.sub("^/en", f"/{language}", link))
        stands = client.send(f"/{language}/claims", {"reference": number[0]})
        assert "Конверт вилучаємо." not in stands.text  # a short number shows where it stands only
        client.send(f"/{language}/complaints/status", {"reference": number[0]})
    run_once(app, at=NOW)
    letters = [
        one
        for one in list_mailbox(app.extensions["settings"].mailbox)
        if one.to == "hanna@example.org"
    ]
    subjects = {one.subject for one in letters}
    assert {
        "Комісія перевіряє голос від вашого імені",
        "Відповідь щодо голосу, поданого від вашого імені",
        "Вам повернули право голосу",
    } <= subjects, subjects
    (received,) = [one for one in letters if one.subject.startswith("Комісія")]
    reference = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", received.body)
    assert reference is not None
    assert "Конверт вилучаємо." in client.send("/uk/claims", {"reference": reference[0]}).text
    assert "Somebody else voted" in client.page("/en/editions/2026/board").text()
