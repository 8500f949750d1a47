"""A restored or altered database is compared with the published lists before anything is opened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.models import EnvelopeRow, Participation
from civic_budget.voting.models import Round as RoundRow
from civic_budget.voting.opening import OpeningRefused, Trouble
from tests.builders_commission import close_vote, open_box
from tests.builders_voting import cast, make_round, make_voter
from tests.conftest import NOW

HOUR = timedelta(hours=1)


def test_a_restored_backup_blocks_the_opening_until_two_accept_the_loss(
    database: Database,
) -> None:
    opened = make_round(database)
    persons = [make_voter(database) for _ in range(3)]
    for person in persons:
        cast(database, opened, person)
    with database.writing() as work:
        service.publish_nightly_count(work, round_id=opened.id, day=NOW.date())
    with database.engine.begin() as connection:  # what a backup of the day before gives back
        for table in (Participation, EnvelopeRow):
            connection.execute(delete(table).where(table.tag == opened.secrets.tag(persons[0])))
    close_vote(database, opened)
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened)
    assert [p.trouble for p in refused.value.problems] == [Trouble.MISSING]
    with database.reading() as session:
        compared = service.compare_with_lists(session, opened.id)
    assert len(compared.missing) == 1
    with database.writing() as work:
        service.propose_missing(
            work,
            opened.commission[0],
            round_id=opened.id,
            note="Restored from the backup of Tuesday; the people concerned were told.",
            at=opened.closes_at,
        )
    with pytest.raises(OpeningRefused):
        open_box(database, opened)
    with database.writing() as work:
        service.confirm_missing(work, opened.commission[1], round_id=opened.id, at=opened.closes_at)
    assert len(open_box(database, opened).ballots) == 4


def test_an_envelope_stuffed_after_closing_stops_the_opening(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    with database.writing() as work:  # somebody opens the vote behind everybody's back
        work.session.execute(update(RoundRow).values(status="ready"))
    cast(database, opened, make_voter(database), at=opened.closes_at - HOUR)
    with database.writing() as work:
        work.session.execute(update(RoundRow).values(status="verification"))
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened)
    assert {p.trouble for p in refused.value.problems} == {Trouble.ADDED}
