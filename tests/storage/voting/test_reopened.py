"""A closed vote that is opened again for an outage: what was found meanwhile is not forgotten."""

from __future__ import annotations

from datetime import timedelta

from civic_budget.storage.db import Database
from civic_budget.voting.ballot_box import CastOutcome
from tests.builders_commission import close_vote, extend, object_to, take_out
from tests.builders_voting import cast, make_round, make_voter

HOUR = timedelta(hours=1)


def test_who_presses_after_a_reopening_learns_that_the_vote_is_out(database: Database) -> None:
    opened = make_round(database)
    person, other = make_voter(database), make_voter(database)
    for one in (person, other):
        cast(database, opened, one)
    close_vote(database, opened)
    take_out(database, opened, opened.secrets.tag(person))
    extend(database, opened, opened.closes_at + 9 * HOUR, at=opened.closes_at + HOUR)
    at = opened.closes_at + 2 * HOUR
    again = cast(database, opened, person, at=at)
    assert (again.outcome, again.codes) == (CastOutcome.EARLIER_IS_OUT, {})
    assert cast(database, opened, other, at=at).outcome in {
        CastOutcome.EARLIER_STANDS,
        CastOutcome.SAME_AGAIN,
    }
    object_to(database, opened, person, at=at)
