"""Somebody changes the database by hand after a vote was given back: the opening refuses and names it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select

from civic_budget.storage.db import Database
from civic_budget.voting import commission_queries, service
from civic_budget.voting.models import EnvelopeRow, EnvelopeVoid, Participation, VoteReturn
from civic_budget.voting.nightly import SealedList
from civic_budget.voting.opening import Trouble
from civic_budget.voting.queries import read_opened
from civic_budget.voting.rules import VoidReason
from civic_budget.voting.service.nights import publish_nightly_count
from tests.builders_commission import close_vote, give_back, open_box, take_out
from tests.builders_voting import Round, cast, choice, make_round, make_voter
from tests.conftest import NOW
from tests.storage.voting.test_returning import (
    closed_with_a_false_vote,
    seal_anew,
    troubles,
    uphold_claim,
)

DAY = timedelta(days=1)


def cast_anew(database: Database) -> tuple[Round, UUID, datetime]:
    """A false vote is out, the person's own is in and sealed; returns when the opening may begin."""
    opened, person = closed_with_a_false_vote(database)
    uphold_claim(database, opened, person, opened.closes_at)
    until = give_back(database, opened, person, at=opened.closes_at)
    cast(database, opened, person, marks=choice(picks=(4, 3, 2)), at=until - DAY)
    seal_anew(database, opened, until)
    return opened, person, until


def kinds(database: Database, opened: Round, at: datetime) -> dict[bytes, service.FindingKind]:
    with database.reading() as session:
        found = service.list_findings(session, secrets=opened.secrets, at=at)
    return {one.tag: one.kind for one in found}


def test_an_old_envelope_put_back_is_refused_named_and_told_in_public(database: Database) -> None:
    opened, person, at = cast_anew(database)
    old = opened.secrets.tag(person)
    with database.engine.begin() as connection:
        connection.execute(delete(EnvelopeVoid).where(EnvelopeVoid.tag == old))
    assert troubles(database, opened, at) == {Trouble.FORMER_PLACE}
    assert kinds(database, opened, at) == {old: service.FindingKind.FORMER_PLACE}
    take_out(database, opened, old, VoidReason.DUPLICATE, at=at)
    with database.reading() as session:
        told = [one.kind for one in commission_queries.list_incidents(session, opened.id)]
    assert told == ["put_back"]
    open_box(database, opened, at=at + 3 * DAY)
    with database.reading() as session:
        choices = {one.choice for one in read_opened(session, opened.id).ballots}
    assert "BO.OM.4/26,BO.OM.3/26,BO.OM.2/26" in choices
    assert len(choices) == 4


def test_a_return_that_was_wiped_does_not_make_the_new_vote_the_stray_one(
    database: Database,
) -> None:
    opened, person, at = cast_anew(database)
    old, new = opened.secrets.tag(person), opened.secrets.tag(person, 1)
    with database.engine.begin() as connection:
        connection.execute(delete(EnvelopeVoid).where(EnvelopeVoid.tag == old))
        connection.execute(delete(VoteReturn).where(VoteReturn.person_id == person))
    assert troubles(database, opened, at) == {Trouble.LATER_PLACE}
    assert kinds(database, opened, at) == {new: service.FindingKind.LATER_PLACE}


@pytest.mark.parametrize("is_in_a_list", [False, True], ids=["in no list", "in a nightly list"])
def test_an_envelope_from_a_backup_in_the_place_of_a_later_one_is_in_the_wrong_list(
    database: Database, is_in_a_list: bool
) -> None:
    opened = make_round(database)
    person = make_voter(database)
    cast(database, opened, person)
    cast(database, opened, make_voter(database))
    if is_in_a_list:
        night(database, opened)
    tables = (EnvelopeRow, Participation)
    with database.engine.begin() as connection:
        tag = opened.secrets.tag(person)
        backup = {
            table: dict(connection.execute(select(table).where(table.tag == tag)).mappings().one())
            for table in tables
        }
        for table in reversed(tables):
            connection.execute(delete(table).where(table.tag == tag))
    cast(database, opened, person, marks=choice(picks=(4, 3, 2)))
    close_vote(database, opened)
    with database.engine.begin() as connection:
        for table in reversed(tables):
            connection.execute(delete(table).where(table.tag == tag))
        for table in tables:
            connection.execute(insert(table).values(**backup[table]))
    found = troubles(database, opened, opened.closes_at + 4 * DAY)
    assert found == {Trouble.MISSING, Trouble.ADDED}


def night(database: Database, opened: Round) -> SealedList:
    with database.writing() as work:
        return publish_nightly_count(work, round_id=opened.id, day=NOW.date())
