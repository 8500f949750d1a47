"""Following on the pages: one click, an address with a confirmed link, feeds that are asked politely."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import select

from civic_budget.accounts.contacts import Contact, ContactKind
from civic_budget.editions.models import Edition
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import Actor, Role
from civic_budget.news.models import NewsSubscription
from civic_budget.news.queries import is_following
from civic_budget.notifications.delivery import write_mail
from civic_budget.notifications.rendering import Letter
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import Task, work_off
from tests.builders import make_city, make_edition, make_staff, sign_in_as
from tests.builders_proposals import make_checklists, make_submitted, reject
from tests.builders_residency import make_resident
from tests.conftest import NOW
from tests.pages import CheckedClient

LANGUAGES = ("pl", "en", "uk", "ru")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def bench(database: Database) -> tuple[UUID, Actor]:
    """A submitted proposal of the present edition, and its author."""
    make_city(database)
    make_checklists(database)
    edition = make_edition(database, Phase.SUBMISSION)
    author, person = make_resident(database)
    return make_submitted(database, author, person, edition), author


def letters(database: Database) -> list[dict[str, Any]]:
    """What leaves the outbox."""
    sent: list[Task] = []
    work_off(database, {"message": sent.append, "nothing": lambda _task: None}, at=NOW)
    return [task.payload for task in sent if task.payload["message"] == "news_confirm"]


def test_a_resident_follows_and_stops_with_one_click(
    client: CheckedClient, database: Database, bench: tuple[UUID, Actor]
) -> None:
    proposal, author = bench
    follower, _person = make_resident(database)
    page, account = f"/uk/proposals/{proposal}", follower.account_id
    assert account is not None
    assert f"{page}/subscribe" in client.page(page).links  # a visitor is offered the ways without
    sign_in_as(client, database, follower)
    said = client.send(page, {}, to=f"{page}/follow").text
    assert "Тепер ви стежите за проєктом." in said
    with database.reading() as session:
        assert is_following(session, account, proposal)
    assert page in client.page("/uk/my-follows").links
    client.send("/uk/my-follows", {"from": "list"}, to=f"{page}/unfollow")
    with database.reading() as session:
        assert not is_following(session, account, proposal)
    for language in LANGUAGES:
        client.page(f"/{language}/my-follows")
    sign_in_as(client, database, author)
    assert f"{page}/follow" not in client.get(page).text
    assert "Це ваш проєкт" in client.send(page, {}, to=f"{page}/follow").text
    sign_in_as(client, database, make_staff(database, Role.OFFICER))
    assert client.send(page, {}, to=f"{page}/follow").status_code == 403


def test_an_address_is_confirmed_by_a_press_and_ended_by_one(
    client: CheckedClient, database: Database, bench: tuple[UUID, Actor]
) -> None:
    proposal, _author = bench
    form = f"/ru/proposals/{proposal}/subscribe"
    refused = client.send(form, {"contact": "nobody"}).text
    assert "Это не электронный адрес" in refused or "name@example.org" in refused
    assert 'value="nobody"' in refused
    answers = [client.send(form, {"contact": "one@example.org"}).text for _twice in range(2)]
    assert answers[0] == answers[1]
    token = letters(database)[-1]["values"]["token"]
    opened = client.page(f"/ru/news/confirm/{token}")  # a program that opens links confirms nothing
    with database.reading() as session:
        assert session.scalars(select(NewsSubscription.confirmed_at)).one() is None
    assert "Хотите получать" in opened.text()
    client.send(f"/ru/news/confirm/{token}", {})
    with database.reading() as session:
        assert session.scalars(select(NewsSubscription.confirmed_at)).one() == NOW
    assert client.send(form, {"contact": "one@example.org"}).text == answers[0]  # nothing is told
    (again,) = letters(database)
    assert again["values"]["token"] == ""
    client.page(f"/ru/news/confirm/{token}")
    stop = f"/ru/news/stop/{again['values']['stop']}"
    client.page(stop)
    fresh = client.application.test_client()
    one_click = fresh.post(stop, data={"List-Unsubscribe": "One-Click"})  # no cookie, no token
    assert one_click.status_code == 200
    with database.reading() as session:
        assert session.scalars(select(NewsSubscription)).all() == []
    assert fresh.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert fresh.post("/ru/news/stop/x.y", data={}).status_code == 404
    for language in LANGUAGES:
        for page in ("asked", "confirmed", "confirm/unknown", f"stop/{again['values']['stop']}"):
            client.page(f"/{language}/news/{page}")
        client.page(f"/{language}/proposals/{proposal}/subscribe")


def test_requests_are_limited_alike_for_every_address(
    client: CheckedClient, database: Database, bench: tuple[UUID, Actor]
) -> None:
    proposal, _author = bench
    form = f"/en/proposals/{proposal}/subscribe"
    for _n in range(5):
        client.send(form, {"contact": "two@example.org"})
    assert "Too many requests" in client.send(form, {"contact": "Two@example.org"}).text
    assert len(letters(database)) == 5


def test_news_of_an_edition_and_its_feeds(
    client: CheckedClient, database: Database, bench: tuple[UUID, Actor]
) -> None:
    proposal, author = bench
    assessor = make_staff(database, Role.ASSESSOR, Role.COORDINATOR)
    reject(database, assessor, proposal)
    for language in LANGUAGES:
        page = client.page(f"/{language}/editions/2026/news")
        assert f"/{language}/proposals/{proposal}" in page.links
        client.page(f"/{language}/editions/2026/news?scope=d08")
    sent = client.send("/en/editions/2026/news", {"scope": "d08", "contact": "three@example.org"})
    assert "Look into your mailbox" in sent.text
    assert letters(database)[0]["values"]["district"]
    feeds = {
        "/uk/editions/2026/news.atom?scope=d08": "/uk/proposals?scope=d08",
        f"/uk/proposals/{proposal}/news.atom": f"/uk/proposals/{proposal}",
        "/uk/editions/2026/news.atom": "/uk/proposals",
    }
    for address, page_of_it in feeds.items():
        assert 'type="application/atom+xml"' in client.get(page_of_it).text
        assert address in client.get(page_of_it).text
        answer = client.get(address)
        assert answer.mimetype == "application/atom+xml"
        root = ElementTree.fromstring(answer.data)
        titles = [entry.findtext(f"{ATOM}title") or "" for entry in root.findall(f"{ATOM}entry")]
        assert any("Відхилено" in title for title in titles), titles
        for hidden in (author.account_id, author, assessor.account_id):
            assert str(hidden) not in answer.text
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    client.page(f"/en/proposals/{uuid4()}/subscribe", status=404)
    with database.writing() as work:
        work.session.scalars(select(Edition)).one().is_training = True
    for address in feeds:
        assert client.get(address).status_code == 404
    client.page(f"/en/proposals/{proposal}/subscribe", status=404)
    assert "/subscribe" not in client.get(f"/en/proposals/{proposal}").text


def test_mail_programs_find_their_own_button(app: Flask) -> None:
    chosen, to = app.extensions["settings"], Contact(ContactKind.EMAIL, "one@example.org")
    stop = "https://example.org/pl/news/stop/1.x"
    mail = write_mail(chosen, uuid4(), to, Letter("News", "Body\n", "News", "pl", stop))
    assert mail["List-Unsubscribe"] == f"<{stop}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain = write_mail(chosen, uuid4(), to, Letter("Code", "Body\n", "Code", "pl"))
    assert plain["List-Unsubscribe"] is None
