"""The booth of a vote that was closed and opened again."""

from __future__ import annotations

from datetime import timedelta

from civic_budget.storage.db import Database
from civic_budget.voting.models import EnvelopeRow
from tests.builders_booth import make_voter_in_booth
from tests.builders_commission import close_vote, extend, take_out
from tests.builders_voting import cast, make_round
from tests.conftest import Clock
from tests.pages import CheckedClient


def test_after_a_reopening_a_press_tells_that_the_vote_is_out_and_how_to_object(
    database: Database, client: CheckedClient, clock: Clock
) -> None:
    opened = make_round(database)
    voter = make_voter_in_booth(database, client)
    cast(database, opened, voter.person_id)
    close_vote(database, opened)
    take_out(database, opened, opened.secrets.tag(voter.person_id))
    clock.at = opened.closes_at + timedelta(hours=1)
    extend(database, opened, opened.closes_at + timedelta(hours=9), at=clock.at)
    voter.begin()
    voter.mark()
    page = voter.cast()
    assert "Your vote was taken out" in page
    assert "stands" not in page
    assert "/vote/objection" in page
    assert 'translate="no"' not in page
    with database.reading() as session:
        assert session.query(EnvelopeRow).count() == 1
