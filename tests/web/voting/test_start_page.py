"""What the first pages of voting say: to whom, in which words, and when it is over."""

from __future__ import annotations

from civic_budget.kernel.actor import Actor
from civic_budget.residency.queries import accounts_of_person
from civic_budget.storage.db import Database
from civic_budget.voting import service
from tests.builders import make_account, sign_in_as
from tests.builders_booth import make_voter_in_booth
from tests.builders_voting import make_round, make_waiting_voter
from tests.conftest import NOW, Clock
from tests.pages import CheckedClient


def test_words_in_another_language_than_the_readers_say_so(
    database: Database, client: CheckedClient
) -> None:
    make_round(database)
    for language, is_foreign in (("uk", True), ("pl", False)):
        voter = make_voter_in_booth(database, client, language=language)
        voter.begin()
        page = client.get(voter.at("/vote/list/district")).text
        assert ('<span lang="pl">Park</span>' in page) is is_foreign
        assert ("<span>Park</span>" in page) is not is_foreign


def test_when_voting_is_over_nobody_is_told_to_vote(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    person, _ = make_waiting_voter(database)
    with database.reading() as session:
        (waiting,) = accounts_of_person(session, person)
    for account in (waiting, make_account(database).account_id):
        clock.at = NOW
        sign_in_as(client, database, Actor(account_id=account))
        before = client.page("/en/vote").text()
        assert ("You may vote now" in before) is (account == waiting)
        assert ("First confirm that you live" in before) is (account != waiting)
        clock.at = opened.closes_at
        after = client.page("/en/vote").text()
        assert "Voting is over." in after
        assert "You may vote now" not in after
        assert "First confirm that you live" not in after


def test_suspended_past_its_end_a_vote_promises_no_later_try(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    with database.writing() as work:
        service.suspend_round(
            work, opened.commission[0], round_id=opened.id, note="Flood", at=clock.at
        )
    make_voter_in_booth(database, client)
    for moment, words in (
        (NOW, "try again later"),
        (opened.closes_at, "if the commission extends"),
    ):
        clock.at = moment
        assert words in client.page("/en/vote").text()
