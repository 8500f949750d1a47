"""The printed procedures for bad days, step by step as their sheets say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from civic_budget.kernel.errors import Conflict, NotAllowed
from civic_budget.storage.db import Database
from civic_budget.voting import commission_queries, keyfiles, service
from civic_budget.voting.models import EnvelopeRow, Participation
from civic_budget.voting.opening import OpeningRefused, Trouble
from civic_budget.voting.printed.procedures import PROCEDURES
from civic_budget.voting.rules import VoidReason
from tests.builders_commission import (
    annul,
    close_vote,
    draw_sample,
    extend,
    give_back,
    note_voted,
    open_box,
    take_out,
)
from tests.builders_voting import Round, cast, make_round, make_voter
from tests.conftest import NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DRILLED = {"lost-passphrase", "bug", "fraud", "outage"}


def test_every_printed_procedure_is_drilled_here() -> None:
    assert set(PROCEDURES) == DRILLED


def night(database: Database, opened: Round) -> int:
    """A published list; how many envelopes it has."""
    with database.writing() as work:
        return service.publish_nightly_count(work, round_id=opened.id, day=NOW.date()).count


def missing(database: Database, opened: Round) -> int:
    with database.reading() as session:
        return len(service.compare_with_lists(session, opened.id).missing)


def test_a_lost_passphrase(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    first, second = opened.commission[:2]
    ids = [member.account_id for member in opened.commission if member.account_id]
    with database.writing() as work:  # the third member lost hers: the same people, new files
        service.propose_members(
            work, first, round_id=opened.id, members=ids, threshold=2, note="Lost.", at=NOW
        )
    phrases = ("one new passphrase", "two new passphrase", "three new passphrase")
    with database.writing() as work:
        _, files = service.confirm_members(
            work,
            second,
            round_id=opened.id,
            held=opened.held[:2],
            passphrases=phrases,
            scrypt_cost=1 << 10,
            at=NOW,
        )
    close_vote(database, opened)
    with pytest.raises(keyfiles.ForeignKeyFile):
        open_box(database, opened)
    with pytest.raises(keyfiles.TooFewKeyFiles):  # fewer than the threshold: nobody opens
        open_box(database, opened, held=[(files[0], phrases[0])])
    held = list(zip(files, phrases, strict=True))[1:]
    assert len(open_box(database, opened, held=held).ballots) == 2


def test_too_few_key_files_are_left_and_the_round_is_annulled(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    with pytest.raises(keyfiles.TooFewKeyFiles):
        open_box(database, opened, held=opened.held[:1])
    annul(database, opened, note="Keys.", at=NOW)
    with database.reading() as session:
        replaced = service.find_replaced(session, opened.edition_id)
    assert replaced is not None  # a repeat takes over the same frozen list


def test_an_error_in_the_program(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    member = opened.commission[0]
    before = night(database, opened)
    with database.writing() as work:
        service.suspend_round(work, member, round_id=opened.id, note="A wrong picture.", at=NOW)
    late = make_voter(database)
    with pytest.raises(NotAllowed, match="voting_suspended"):
        cast(database, opened, late)
    assert (missing(database, opened), before) == (0, 1)  # every earlier envelope is there
    with database.writing() as work:
        service.resume_round(work, member, round_id=opened.id, at=NOW + HOUR)
    to = opened.closes_at + HOUR
    extend(database, opened, to, at=NOW + 2 * HOUR)
    cast(database, opened, late, at=opened.closes_at)
    close_vote(database, opened, at=to)
    assert len(open_box(database, opened, at=to).ballots) == 4
    with database.reading() as session:
        told = [one.kind for one in commission_queries.list_incidents(session, opened.id)]
    assert told == ["suspend", "resume", "extend"]


def test_suspected_fraud(database: Database) -> None:
    opened = make_round(database)
    cheated, false, stranger = (make_voter(database) for _ in range(3))
    for person in (cheated, false, stranger, make_voter(database)):
        cast(database, opened, person)
    first = opened.commission[0]
    with database.writing() as work:
        service.propose_return(
            work, first, round_id=opened.id, person_id=cheated, note="Not me.", at=NOW
        )
    give_back(database, opened, cheated, at=NOW)
    assert cast(database, opened, cheated).codes
    close_vote(database, opened)
    with database.writing() as work:
        service.propose_return(
            work, first, round_id=opened.id, person_id=false, note="Not me.", at=opened.closes_at
        )
    until = give_back(database, opened, false, at=opened.closes_at)
    assert cast(database, opened, false, at=opened.closes_at + HOUR).codes
    with database.writing() as work:
        service.seal_returned(work, first, round_id=opened.id, secrets=opened.secrets, at=until)
    with pytest.raises(Conflict, match="return_it_instead"):
        take_out(database, opened, opened.secrets.tag(false, 1), VoidReason.NOT_MY_VOTE)
    take_out(database, opened, opened.secrets.tag(stranger), VoidReason.NOT_A_RESIDENT)
    (met,) = draw_sample(database, opened, 1, at=opened.closes_at)
    note_voted(database, opened, met.tag)
    with database.writing() as work:
        service.hold_round(work, first, round_id=opened.id, reason="Reported.", at=opened.closes_at)
    assert len(open_box(database, opened).ballots) == 6


def test_an_outage_with_a_restored_backup(database: Database) -> None:
    opened = make_round(database)
    lost = make_voter(database)
    cast(database, opened, lost)
    cast(database, opened, make_voter(database))
    night(database, opened)
    with database.engine.begin() as connection:
        for table in (Participation, EnvelopeRow):
            connection.execute(delete(table).where(table.tag == opened.secrets.tag(lost)))
    assert missing(database, opened) == 1
    first, second = opened.commission[:2]
    close_vote(database, opened)
    at, to = opened.closes_at + HOUR, opened.closes_at + DAY
    with pytest.raises(Conflict, match="too_late"), database.writing() as work:
        service.extend_round(
            work, first, round_id=opened.id, closes_at=to + DAY, note="Restored.", at=to + HOUR
        )
    with database.writing() as work:
        service.extend_round(work, first, round_id=opened.id, closes_at=to, note="Restored.", at=at)
    assert cast(database, opened, lost, at=at).codes
    close_vote(database, opened, at=to)
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened, at=to)
    assert {p.trouble for p in refused.value.problems} == {Trouble.MISSING}
    with database.writing() as work:
        service.propose_missing(work, first, round_id=opened.id, note="Restored.", at=to)
    with database.writing() as work:
        service.confirm_missing(work, second, round_id=opened.id, at=to)
    assert len(open_box(database, opened, at=to + 3 * DAY).ballots) == 4
