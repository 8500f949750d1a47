"""What follows from sealing: a round that would become final, a clock that goes back, changes afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civic_budget.config import Settings
from civic_budget.kernel.actor import SYSTEM
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import citizenship
from civic_budget.statistics import jobs, queries, service
from civic_budget.statistics.archive import ReleaseArchive
from civic_budget.statistics.errors import AlreadySealed
from civic_budget.statistics.ledger import GENESIS, broken_links
from civic_budget.statistics.storage import DatabaseLedger
from civic_budget.storage.db import Database
from civic_budget.voting.events import RoundClosed
from tests.builders_statistics import make_published, open_votes, seal
from tests.builders_voting import Round, cast, make_round, make_voter

TABLES = 8


@pytest.fixture
def opened(database: Database) -> Round:
    """An opened round with a vote."""
    found = make_round(database)
    cast(database, found, make_voter(database))
    open_votes(database, found)
    return found


def test_a_round_cannot_become_final_before_its_participation_is_sealed(
    settings: Settings, database: Database, opened: Round
) -> None:
    """As the wiring would have it: the handler's refusal undoes the deed that told the event."""
    told = RoundClosed(round_id=opened.id, sealed_root="", at=opened.closes_at, by=None)
    guarded = Database(
        database.url, settings.keyring, {RoundClosed: (service.require_sealed,)}, settings.instance
    )
    try:
        with pytest.raises(Conflict, match="statistics_not_sealed"), guarded.writing() as work:
            work.publish(told)
        seal(database, opened)
        with guarded.writing() as work:
            work.publish(told)
    finally:
        guarded.dispose()


def test_a_clock_that_goes_back_changes_neither_the_chain_nor_what_is_due(
    database: Database, opened: Round, settings: Settings
) -> None:
    """Seals follow each other by their hashes; a moment is only written beside them."""
    seal(database, opened)
    earlier = opened.closes_at - timedelta(days=400)
    assert jobs.seal_due(database, settings.instance, earlier) == []
    make_published(database, year=2025, at=earlier)
    with database.reading() as session:
        tables = DatabaseLedger(session).tables()
    assert [one.edition for one in tables] == ["2026"] * TABLES + ["2025"] * TABLES
    assert broken_links(tables, GENESIS) == []
    assert ReleaseArchive(settings.archive).tables() == tables


def test_somebody_erased_or_an_answer_given_after_the_seal_changes_nothing(
    database: Database, opened: Round
) -> None:
    sealed = seal(database, opened)
    person = make_voter(database)
    with pytest.raises(Conflict, match="citizenship_sealed"), database.writing() as work:
        citizenship.answer(work, SYSTEM, person_id=person, codes=("UA",), at=opened.closes_at)
    with database.writing() as work:
        citizenship.answer(work, SYSTEM, person_id=person, codes=(), at=opened.closes_at)
    with pytest.raises(AlreadySealed):
        seal(database, opened)
    with database.reading() as session:
        assert queries.get_release(session, opened.edition_id).seals == sealed.seals
