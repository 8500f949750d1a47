"""A restored or altered database is compared with the published lists before anything is opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.errors import Conflict
from civic_budget.residency.queries import accounts_of_person
from civic_budget.storage.db import Database
from civic_budget.voting import claim_queries, service
from civic_budget.voting.claim_rules import ClaimAction, ClaimKind
from civic_budget.voting.models import EnvelopeRow, Participation
from civic_budget.voting.models import Round as RoundRow
from civic_budget.voting.opening import OpeningRefused, Trouble
from tests.builders_commission import (
    close_paper,
    close_vote,
    give_back,
    hand_in,
    make_clerks,
    open_box,
    open_urn,
    seal_pile,
    sign_off,
)
from tests.builders_voting import Round, cast, make_round, make_voter
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


def stuff(database: Database, opened: Round) -> None:
    """Somebody opens the vote behind everybody's back and puts an envelope in."""
    with database.writing() as work:
        work.session.execute(update(RoundRow).values(status="ready"))
    cast(database, opened, make_voter(database), at=opened.closes_at - HOUR)
    with database.writing() as work:
        work.session.execute(update(RoundRow).values(status="verification"))


def test_an_envelope_stuffed_after_closing_stops_the_opening(database: Database) -> None:
    opened = make_round(database)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    stuff(database, opened)
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened)
    assert {p.trouble for p in refused.value.problems} == {Trouble.ADDED}
    with pytest.raises(Conflict, match="no_paper_to_seal"):
        close_paper(database, opened, at=opened.closes_at)


@pytest.mark.parametrize("is_stuffed", [False, True])
def test_to_close_the_paper_seals_slips_and_nothing_else_and_once(
    database: Database, is_stuffed: bool
) -> None:
    opened, (clerk, keying, signing) = make_round(database), make_clerks(database, 3)
    cast(database, opened, make_voter(database))
    batch_id = open_urn(database, opened, clerk)
    close_vote(database, opened)
    at = opened.closes_at + HOUR
    hand_in(database, opened, clerk, batch_id, make_voter(database), at=at)
    seal_pile(database, batch_id)
    if is_stuffed:
        stuff(database, opened)
    with database.writing() as work:
        service.count_missing(work, keying, batch_id=batch_id, number=1, note="Kept by the voter.")
    sign_off(database, opened, signing, batch_id, missing=1, number="1", at=at)
    with database.writing() as work:
        service.close_point(work, opened.commission[0], round_id=opened.id, code="library", at=at)
    if is_stuffed:
        with pytest.raises(Conflict, match="strange_envelopes"):
            close_paper(database, opened, at=at)
        return
    close_paper(database, opened, at=at)
    with pytest.raises(Conflict, match="no_paper_to_seal"):
        close_paper(database, opened, at=at)
    stuff(database, opened)
    with pytest.raises(Conflict, match="no_paper_to_seal"):
        close_paper(database, opened, at=at)


def lose(database: Database, opened: Round, persons: Sequence[UUID]) -> None:
    """What a backup of the day before gives back: these envelopes are gone."""
    tags = [opened.secrets.tag(person) for person in persons]
    with database.engine.begin() as connection:
        for table in (Participation, EnvelopeRow):
            connection.execute(delete(table).where(table.tag.in_(tags)))


def acknowledge(database: Database, opened: Round, at: datetime) -> None:
    with database.writing() as work:
        service.propose_missing(
            work, opened.commission[0], round_id=opened.id, note="Backup of Tuesday.", at=at
        )
    with database.writing() as work:
        service.confirm_missing(work, opened.commission[1], round_id=opened.id, at=at)


def told(database: Database, opened: Round, at: datetime) -> tuple[datetime, set[UUID]] | None:
    with database.writing() as work:
        found = service.take_loss_notices(work, secrets=opened.secrets, at=at)
    return (found[0], set(found[1])) if found else None


def test_while_voting_is_open_all_without_a_vote_are_told_once_and_vote_again(
    database: Database,
) -> None:
    opened = make_round(database)
    lost, kept, idle = (make_voter(database) for _ in range(3))
    cast(database, opened, lost)
    cast(database, opened, kept)
    with database.writing() as work:
        service.publish_nightly_count(work, round_id=opened.id, day=NOW.date())
    assert told(database, opened, NOW) is None
    lose(database, opened, [lost])
    acknowledge(database, opened, NOW)
    assert told(database, opened, NOW) == (opened.closes_at, {lost, idle})
    assert told(database, opened, NOW) is None
    assert cast(database, opened, lost).codes
    close_vote(database, opened)
    assert len(open_box(database, opened, at=opened.closes_at).ballots) == 4


def test_after_the_closing_a_lost_vote_is_claimed_and_given_back_as_often_as_one_is_gone(
    database: Database,
) -> None:
    opened = make_round(database)
    lost, other = make_voter(database), make_voter(database)
    cast(database, opened, lost)
    cast(database, opened, make_voter(database))
    close_vote(database, opened)
    at = opened.closes_at + HOUR
    with database.reading() as session:
        actor = Actor(accounts_of_person(session, lost)[0])

    def claim() -> None:
        with database.writing() as work:
            service.file_vote_claim(
                work,
                actor,
                round_id=opened.id,
                person_id=lost,
                words="On Monday evening, on the phone.",
                kind=ClaimKind.LOST_VOTE,
                at=at,
            )

    with pytest.raises(Conflict, match="no_loss_acknowledged"):
        claim()
    lose(database, opened, [lost])
    acknowledge(database, opened, at)
    found = told(database, opened, at)
    assert found is not None
    until = found[0]
    assert until == at + 72 * HOUR
    claim()
    with pytest.raises(OpeningRefused) as refused:
        open_box(database, opened, at=at)
    assert {p.trouble for p in refused.value.problems} == {Trouble.LOSS, Trouble.CLAIM}
    with database.reading() as session:
        (waiting,) = claim_queries.list_claims(session, opened.id)
    with database.writing() as work:
        service.answer_claim(
            work,
            opened.commission[0],
            claim_id=waiting.id,
            action=ClaimAction.UPHOLD,
            answer="We give it back.",
            at=at,
        )

    assert give_back(database, opened, lost, at=at) == until
    assert cast(database, opened, lost, at=at).codes
    with database.writing() as work:
        service.propose_return(
            work, opened.commission[0], round_id=opened.id, person_id=other, note="Me too.", at=at
        )
    with pytest.raises(Conflict, match="no_vote_to_return"):
        give_back(database, opened, other, at=at)
    with database.writing() as work:
        service.seal_returned(
            work, opened.commission[0], round_id=opened.id, secrets=opened.secrets, at=until
        )
    assert len(open_box(database, opened, at=until).ballots) == 4
