"""The public sample: pinned to the sealed list that it was drawn from, and to nothing that comes later."""

from __future__ import annotations

from datetime import datetime, timedelta

from civic_budget.storage.db import Database
from civic_budget.voting import commission_queries, service
from tests.builders_commission import close_vote, draw_sample, extend, give_back, note_voted
from tests.builders_voting import Round, cast, make_round, make_voter

HOUR = timedelta(hours=1)


def drawn_sample(database: Database, opened: Round, at: datetime) -> list[bytes]:
    return [one.tag for one in draw_sample(database, opened, 4, at=at)]


def sampled(database: Database, opened: Round) -> list[bytes]:
    with database.reading() as session:
        return [one.tag for one in service.list_sample(session, opened.secrets)]


def test_a_list_that_is_sealed_later_draws_no_other_voters(database: Database) -> None:
    opened = make_round(database)
    persons = [make_voter(database) for _ in range(8)]
    for person in persons:
        cast(database, opened, person)
    close_vote(database, opened)
    at = opened.closes_at
    before = drawn_sample(database, opened, at)
    with database.writing() as work:
        service.propose_return(
            work,
            opened.commission[0],
            round_id=opened.id,
            person_id=persons[0],
            note="Not me.",
            at=at,
        )
    until = give_back(database, opened, persons[0], at=at)
    cast(database, opened, persons[0], at=at + HOUR)
    with database.writing() as work:
        service.seal_returned(
            work, opened.commission[0], round_id=opened.id, secrets=opened.secrets, at=until
        )
    assert sampled(database, opened) == before
    for tag in before:
        note_voted(database, opened, tag)


def test_a_reopened_vote_is_drawn_from_anew(database: Database) -> None:
    opened = make_round(database)
    for _ in range(5):
        cast(database, opened, make_voter(database))
    close_vote(database, opened)
    (first, *_) = drawn_sample(database, opened, opened.closes_at)
    note_voted(database, opened, first)
    to = opened.closes_at + 9 * HOUR
    extend(database, opened, to, at=opened.closes_at + HOUR)
    close_vote(database, opened, at=to)
    with database.reading() as session:
        assert service.find_draw(session, opened.id) is None
        assert service.count_sampled(session, opened.id) == {}
        told = [one.kind for one in commission_queries.list_incidents(session, opened.id)]
    assert [kind for kind in told if kind.startswith("sample")] == ["sample", "sample_dropped"]
    assert len(drawn_sample(database, opened, to)) == 4
    with database.reading() as session:
        draw = service.find_draw(session, opened.id)
    assert draw is not None
    assert draw.list_number == 2
