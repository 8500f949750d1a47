"""Following on real databases: double opt-in, one letter for one piece of news, what is forgotten when."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from civic_budget.accounts.events import AccountClosed
from civic_budget.editions.models import Edition
from civic_budget.editions.queries import get_edition
from civic_budget.editions.rules import Milestone, Phase
from civic_budget.kernel.actor import SYSTEM, Actor
from civic_budget.kernel.errors import Conflict, NotAllowed, NotFound
from civic_budget.news import service
from civic_budget.news.letters import tell_news
from civic_budget.news.models import Follower, NewsSubscription
from civic_budget.news.rules import CONFIRM_WITHIN, KEPT_AFTER_RESULTS, Subject
from civic_budget.proposals import service as proposals
from civic_budget.proposals.implementation_rules import Stage, StepWords
from civic_budget.storage.db import Database
from civic_budget.storage.outbox import Task, work_off
from tests.builders import make_city, make_edition
from tests.builders_proposals import make_checklists, make_submitted
from tests.builders_residency import make_resident
from tests.conftest import NOW

ADDRESS = "news@example.org"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def bench(database: Database) -> tuple[UUID, UUID, Actor]:
    """An edition, a submitted proposal of it, and its author."""
    make_city(database)
    make_checklists(database)
    edition = make_edition(database, Phase.SUBMISSION)
    author, person = make_resident(database)
    return edition, make_submitted(database, author, person, edition), author


def letters(database: Database, *names: str, at: datetime = LATER) -> list[dict[str, Any]]:
    """What leaves the outbox, of the messages that are named."""
    sent: list[Task] = []
    work_off(database, {"message": sent.append, "nothing": lambda _task: None}, at=at)
    return [task.payload for task in sent if task.payload["message"] in names]


def ask(database: Database, subject: Subject, address: str = ADDRESS, at: datetime = NOW) -> str:
    """Ask for news; returns the token that only the owner of the address reads."""
    with database.writing() as work:
        service.ask_for_news(work, subject=subject, address=address, language="uk", at=at)
    (letter,) = letters(database, "news_confirm", at=at)
    assert letter["address"] == address
    return str(letter["values"]["token"])


def subscribe(database: Database, subject: Subject, address: str = ADDRESS) -> None:
    """Ask and confirm."""
    token = ask(database, subject, address)
    with database.writing() as work:
        service.confirm_news(work, token=token, at=NOW)


def tell(database: Database, proposal: UUID, at: datetime, stage: Stage = Stage.PLANNED) -> None:
    """The office tells a stage."""
    step = StepWords(
        stage=stage, happened_on=at.date(), notes={"pl": "Zaplanowane.", "uk": "Заплановано."}
    )
    with database.writing() as work:
        proposals.add_step(work, SYSTEM, proposal_id=proposal, step=step, at=at)


def rows(database: Database) -> Counter[str]:
    """How many rows of each kind there are."""
    with database.reading() as session:
        found = [*session.scalars(select(NewsSubscription)), *session.scalars(select(Follower))]
    return Counter(type(one).__name__ for one in found)


def test_nothing_is_sent_before_the_link_is_opened_and_it_works_once(
    database: Database, bench: tuple[UUID, UUID, Actor]
) -> None:
    edition, proposal, _author = bench
    subject = Subject(edition, proposal_id=proposal)
    first = ask(database, subject)
    tell(database, proposal, NOW + timedelta(minutes=1))
    assert tell_news(database, at=LATER) == 0
    second = ask(database, subject)  # asked again: one row, a new link, the old one is spent
    assert rows(database) == {"NewsSubscription": 1}
    with pytest.raises(NotFound), database.writing() as work:
        service.confirm_news(work, token=first, at=NOW)
    with pytest.raises(NotFound), database.writing() as work:
        service.confirm_news(work, token=second, at=NOW + CONFIRM_WITHIN + timedelta(seconds=1))
    with database.writing() as work:
        assert service.confirm_news(work, token=second, at=NOW + CONFIRM_WITHIN) == subject
    with pytest.raises(NotFound), database.writing() as work:
        service.confirm_news(work, token=second, at=NOW)
    assert ask(database, subject) == ""  # whoever asks again is told so, in their own mailbox
    with database.reading() as session:
        row = session.scalars(select(NewsSubscription)).one()
        assert ADDRESS.encode() not in row.contact_sealed + row.contact_key


def test_each_piece_of_news_is_told_once_and_in_the_subscribers_language(
    database: Database, bench: tuple[UUID, UUID, Actor]
) -> None:
    edition, proposal, _author = bench
    follower, _person = make_resident(database)
    with database.writing() as work:
        for _twice in range(2):
            service.follow_proposal(work, follower, proposal_id=proposal, at=NOW)
    subscribe(database, Subject(edition, proposal_id=proposal))
    subscribe(database, Subject(edition, "d08"), "district@example.org")
    subscribe(database, Subject(edition, "city"), "elsewhere@example.org")
    subscribe(database, Subject(edition), "all@example.org")
    tell(database, proposal, NOW + timedelta(minutes=5))
    assert tell_news(database, at=NOW + timedelta(minutes=6)) == 0  # it may still be on its way
    assert tell_news(database, at=LATER) == 2
    assert tell_news(database, at=LATER) == 0
    told = letters(database, "news")
    assert {one["language"] for one in told} == {"uk"} | {told[0]["language"]}
    mine = next(one for one in told if one["address"] == ADDRESS)
    (item,) = mine["values"]["items"]
    assert (item["kind"], item["code"], item["words"]) == ("stage", "planned", "Заплановано.")
    tomorrow = NOW + timedelta(days=1)
    tell(database, proposal, tomorrow - timedelta(hours=1), Stage.FINISHED)
    assert tell_news(database, at=tomorrow) == 4
    told = letters(database, "news", at=tomorrow)
    counted = {one["address"]: len(one["values"]["items"]) for one in told}
    assert counted[ADDRESS] == 1
    assert counted["district@example.org"] == 2  # a pool and an edition have one letter a day
    assert counted["all@example.org"] == 2
    assert "elsewhere@example.org" not in counted
    for one in told:
        with database.writing() as work:
            service.stop_news(work, token=one["values"]["stop"])
            service.stop_news(work, token=one["values"]["stop"])  # used before: right as well
    assert rows(database) == {"NewsSubscription": 1}


def test_who_may_follow_and_what(database: Database, bench: tuple[UUID, UUID, Actor]) -> None:
    edition, proposal, author = bench
    with pytest.raises(NotAllowed, match="own_proposal"), database.writing() as work:
        service.follow_proposal(work, author, proposal_id=proposal, at=NOW)
    with pytest.raises(Conflict, match="bad_email"), database.writing() as work:
        service.ask_for_news(
            work, subject=Subject(edition), address="+48 600 700 800", language="pl", at=NOW
        )
    with database.writing() as work:
        work.session.get_one(Edition, edition).is_training = True
    other, _person = make_resident(database)
    with pytest.raises(NotAllowed, match="nothing_to_follow"), database.writing() as work:
        service.follow_proposal(work, other, proposal_id=proposal, at=NOW)
    with pytest.raises(NotFound), database.writing() as work:
        service.ask_for_news(work, subject=Subject(edition), address=ADDRESS, language="pl", at=NOW)


def test_a_training_edition_sends_nothing(
    database: Database, bench: tuple[UUID, UUID, Actor]
) -> None:
    edition, proposal, _author = bench
    subscribe(database, Subject(edition, proposal_id=proposal))
    with database.writing() as work:
        work.session.get_one(Edition, edition).is_training = True
    letters(database)
    tell(database, proposal, NOW + timedelta(minutes=1))
    assert tell_news(database, at=LATER) == 0
    assert letters(database, "news", "implementation_step") == []


def test_a_forged_stop_ends_nothing(database: Database, bench: tuple[UUID, UUID, Actor]) -> None:
    edition, proposal, _author = bench
    subscribe(database, Subject(edition, proposal_id=proposal))
    with database.reading() as session:
        row_id = session.scalars(select(NewsSubscription.id)).one()
    for forged in (f"{row_id.hex}.{'A' * 24}", row_id.hex, "", "ł.ł"):
        with pytest.raises(NotFound), database.writing() as work:
            service.stop_news(work, token=forged)
    assert rows(database) == {"NewsSubscription": 1}


def test_addresses_are_forgotten_in_time(
    database: Database, bench: tuple[UUID, UUID, Actor]
) -> None:
    edition, proposal, _author = bench
    ask(database, Subject(edition), "never@example.org")
    subscribe(database, Subject(edition, proposal_id=proposal))
    followers = [make_resident(database)[0] for _ in range(2)]
    for actor in followers:
        with database.writing() as work:
            service.follow_proposal(work, actor, proposal_id=proposal, at=NOW)
    account = followers[0].account_id
    assert account is not None
    with database.writing() as work:
        work.publish(AccountClosed(account_id=account, at=NOW, by=None))
    assert rows(database) == {"NewsSubscription": 2, "Follower": 1}

    def forget(at: datetime) -> int:
        with database.writing() as work:
            return service.forget_old(work, at=at)

    assert forget(NOW + CONFIRM_WITHIN) == 0
    assert forget(NOW + CONFIRM_WITHIN + timedelta(seconds=1)) == 1
    with database.reading() as session:
        results = get_edition(session, edition).moment_of(Milestone.RESULTS_PUBLISHED)
    assert forget(results + KEPT_AFTER_RESULTS) == 0
    assert forget(results + KEPT_AFTER_RESULTS + timedelta(seconds=1)) == 2
    assert rows(database) == {}


def test_the_database_holds_an_address_once_and_a_link_until_it_is_used(
    database: Database, bench: tuple[UUID, UUID, Actor]
) -> None:
    edition, proposal, _author = bench
    subscribe(database, Subject(edition, proposal_id=proposal))
    for change in ("token_hash = 'x'", "confirmed_at = NULL", "subject = 'edition'"):
        with pytest.raises(IntegrityError), database.writing() as work:
            work.session.execute(text(f"UPDATE news_subscription SET {change}"))
