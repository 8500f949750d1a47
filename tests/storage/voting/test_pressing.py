"""A press that a deed on the round overtakes, between its look and its rows: it looks again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, select, text

from civic_budget.kernel.errors import NotAllowed
from civic_budget.residency.queries import accounts_of_person
from civic_budget.storage.db import Database, Glance, Work
from civic_budget.voting import service
from civic_budget.voting.ballot_box import CastOutcome
from civic_budget.voting.models import EnvelopeRow
from civic_budget.voting.models import Round as RoundRow
from civic_budget.voting.service.access import lock_round
from tests.builders_voting import Round, cast, choice, make_round, make_voter, new_nonce
from tests.conftest import NOW
from tests.storage.voting.test_one_human import merge


class Overtaken:
    """The doors of a database before which somebody else does a deed, just when the rows would go in."""

    def __init__(self, database: Database, deed: Callable[[Work], object]) -> None:
        self.database, self.deed = database, deed
        self.was_locked = False

    def glancing(self) -> AbstractContextManager[Glance]:
        return self.database.glancing()

    @contextmanager
    def inserting(self) -> Iterator[Connection]:
        with self.database.writing() as work:
            self.deed(work)
        with self.database.inserting() as connection:
            yield connection

    def writing(self) -> AbstractContextManager[Work]:
        self.was_locked = True
        return self.database.writing()


def envelopes(database: Database) -> int:
    with database.reading() as session:
        return session.query(EnvelopeRow).count()


def suspend(opened: Round) -> Callable[[Work], object]:
    return lambda work: service.suspend_round(
        work, opened.commission[0], round_id=opened.id, note="Flood", at=NOW
    )


def test_suspended_in_between_nothing_goes_in(database: Database) -> None:
    opened, person = make_round(database), make_voter(database)
    with pytest.raises(NotAllowed, match="voting_suspended"):
        cast(database, opened, person, doors=Overtaken(database, suspend(opened)))
    assert envelopes(database) == 0


def test_even_a_change_by_hand_stops_what_was_looked_at_before(database: Database) -> None:
    opened, person = make_round(database), make_voter(database)

    def by_hand(work: Work) -> None:
        work.session.execute(text("UPDATE round SET status = 'suspended'"))

    with pytest.raises(NotAllowed, match="voting_suspended"):
        cast(database, opened, person, doors=Overtaken(database, by_hand))
    assert envelopes(database) == 0


def test_a_deed_that_changes_nothing_for_the_voter_costs_only_a_second_look(
    database: Database,
) -> None:
    opened, person = make_round(database), make_voter(database)

    def extend(work: Work) -> None:
        later = opened.closes_at + timedelta(hours=1)
        held = {"round_id": opened.id, "note": "Flood", "at": NOW}
        service.extend_round(work, opened.commission[0], closes_at=later, **held)  # type: ignore[arg-type]

    doors = Overtaken(database, extend)
    assert cast(database, opened, person, doors=doors).outcome is CastOutcome.ACCEPTED
    assert (doors.was_locked, envelopes(database)) == (True, 1)


def test_a_vote_given_back_in_between_is_cast_in_its_new_place(database: Database) -> None:
    """Under the tag that was looked at it would be refused: there lies the vote that was taken out."""
    opened, cheated = make_round(database), make_voter(database)
    cast(database, opened, cheated)
    with database.writing() as work:
        service.propose_return(
            work,
            opened.commission[0],
            round_id=opened.id,
            person_id=cheated,
            note="Somebody else voted.",
            at=NOW,
        )

    def give_back(work: Work) -> None:
        service.confirm_return(
            work,
            opened.commission[1],
            round_id=opened.id,
            secrets=opened.secrets,
            person_id=cheated,
            at=NOW,
        )

    doors = Overtaken(database, give_back)
    assert cast(database, opened, cheated, doors=doors).outcome is CastOutcome.ACCEPTED
    assert envelopes(database) == 2


def test_a_press_waits_for_a_deed_at_work_and_knows_it_then(database: Database) -> None:
    opened, person = make_round(database), make_voter(database)
    with ThreadPoolExecutor(1) as other:
        with database.writing() as work:
            suspend(opened)(work)
            work.session.flush()
            pressed = other.submit(cast, database, opened, person)
            time.sleep(0.3)  # long enough for the press to stand before the deed
            assert not pressed.done()
        with pytest.raises(NotAllowed, match="voting_suspended"):
            pressed.result(timeout=60)
    assert envelopes(database) == 0


def test_a_press_overtakes_nobody_who_holds_several_records(database: Database) -> None:
    """They take turns with themselves, which needs the round's lock."""
    opened, one, other = make_round(database), make_voter(database), make_voter(database)
    merge(database, one, other)
    doors = Overtaken(database, lambda _work: pytest.fail("went in without a turn"))
    assert cast(database, opened, one, doors=doors).outcome is CastOutcome.ACCEPTED
    doors = Overtaken(database, lambda _work: pytest.fail("went in without a turn"))
    assert cast(database, opened, other, doors=doors).outcome is CastOutcome.EARLIER_STANDS
    assert envelopes(database) == 1


def test_deeds_and_changes_of_a_round_raise_its_version_and_a_vote_does_not(
    database: Database,
) -> None:
    opened, person = make_round(database), make_voter(database)
    member = opened.commission[0]

    def version() -> int:
        with database.reading() as session:
            return session.scalars(select(RoundRow.version).where(RoundRow.id == opened.id)).one()

    def lock_only(work: Work) -> None:
        lock_round(work, opened.id)

    def change_only(work: Work) -> None:
        work.session.get_one(RoundRow, opened.id).closes_at += timedelta(hours=1)

    def by_hand(work: Work) -> None:
        work.session.execute(text("UPDATE round SET threshold = threshold"))

    def propose(work: Work) -> None:
        held = {"round_id": opened.id, "person_id": person, "note": "Not theirs.", "at": NOW}
        service.propose_return(work, member, **held)  # type: ignore[arg-type]

    before = version()
    cast(database, opened, person)
    assert version() == before
    for deed in (lock_only, change_only, by_hand, propose, suspend(opened)):
        with database.writing() as work:
            deed(work)
        assert version() > before, deed
        before = version()


def test_a_round_is_locked_twice_and_pressed_in_one_unit_of_work(database: Database) -> None:
    """What was read before the lock is read anew; what waits to be written is not lost."""
    opened, one, other = make_round(database), make_voter(database), make_voter(database)
    merge(database, one, other)
    with database.reading() as looking:
        account = accounts_of_person(looking, one)[0]
    with database.writing() as work:
        early = work.session.get_one(RoundRow, opened.id)
        work.session.execute(text("UPDATE round SET objection_days = 5"))
        locked = lock_round(work, opened.id)
        assert (early is locked, locked.objection_days) == (True, 5)
        locked.legal_hold = "A complaint."
        assert lock_round(work, opened.id).legal_hold == "A complaint."
        locked.legal_hold = None
        wanted = service.Press(opened.id, account, one, choice(), new_nonce(), NOW)
        done = service.cast_vote(work, opened.secrets, wanted)
    assert done.outcome is CastOutcome.ACCEPTED


def test_an_answer_that_was_lost_after_the_commit_is_given_by_the_next_press(
    database: Database,
) -> None:
    opened, person = make_round(database), make_voter(database)
    nonce, gone = new_nonce(), database.engine.dialect.loaded_dbapi.OperationalError

    def lose(*_: object) -> None:
        raise gone("the connection was lost")

    is_alone = database.engine.dialect.name == "postgresql"  # its statement is a transaction
    last_word = "after_cursor_execute" if is_alone else "commit"
    event.listen(database.inserting_engine, last_word, lose)
    try:
        with pytest.raises(Exception, match="lost"):
            cast(database, opened, person, nonce=nonce)
    finally:
        event.remove(database.inserting_engine, last_word, lose)
    assert envelopes(database) == (1 if is_alone else 0)
    again = cast(database, opened, person, nonce=nonce)
    assert again.outcome is (CastOutcome.SAME_AGAIN if is_alone else CastOutcome.ACCEPTED)
    assert (len(again.codes), envelopes(database)) == (2, 1)
