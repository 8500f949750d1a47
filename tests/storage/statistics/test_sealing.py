"""Sealing on the platform's own data: once, whatever crashes, whoever else is at work."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from civic_budget.config import Settings
from civic_budget.editions.rules import Phase
from civic_budget.kernel.actor import SYSTEM, Actor, Role
from civic_budget.kernel.errors import NotAllowed, NotFound
from civic_budget.residency import citizenship
from civic_budget.residency.models import PersonNationality
from civic_budget.statistics import files, jobs, queries, service
from civic_budget.statistics.archive import ReleaseArchive
from civic_budget.statistics.errors import (
    AlreadySealed,
    ArchiveDisagrees,
    BadFile,
    TooEarly,
    TooLate,
)
from civic_budget.statistics.ledger import GENESIS, broken_links
from civic_budget.statistics.models import SealedTable, StatisticsRelease, StatisticsStep
from civic_budget.statistics.release import Release
from civic_budget.statistics.storage import DatabaseLedger
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import make_city, make_edition
from tests.builders_statistics import make_published, open_votes, past_release, seal
from tests.builders_voting import Round, cast, make_round, make_voter
from tests.conftest import NOW

TABLES = ["R1", "R2", "R3", "A1", "V1", "V2", "V3", "V4"]


@pytest.fixture
def opened(database: Database) -> Round:
    """An opened round with two votes."""
    found = make_round(database)
    cast(database, found, make_voter(database))
    cast(database, found, make_voter(database))
    open_votes(database, found)
    return found


def archive(settings: Settings) -> ReleaseArchive:
    return ReleaseArchive(settings.archive)


def steps(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(one.step, one.reason) for one in reversed(queries.list_steps(session))]


class Crash(Exception):
    """The power goes."""


def crash_while_sealing(database: Database, opened: Round) -> Release:
    """Draw and archive a release, and lose the database's transaction."""
    made: list[Release] = []
    with pytest.raises(Crash), database.writing() as work:
        made.append(
            service.seal_edition(
                work,
                SYSTEM,
                edition_id=opened.edition_id,
                secrets=opened.secrets,
                at=opened.closes_at,
            )
        )
        raise Crash
    return made[0]


def test_all_tables_are_sealed_in_one_chain_and_kept_twice(
    database: Database, opened: Round, settings: Settings
) -> None:
    made = seal(database, opened)
    with database.reading() as session:
        ledger = DatabaseLedger(session)
        kept = queries.get_release(session, opened.edition_id)
        assert [s.table for s in ledger.tables()] == TABLES
        assert broken_links(ledger.tables(), GENESIS) == []
        assert ledger.head() == archive(settings).head() == made.seals[-1].sha256
        assert files.rendered(kept) == files.rendered(made)
        deeds = session.scalars(select(AuditEntry.deed)).all()
    assert deeds.count("StatisticsSealed") == 1
    assert steps(database) == [("sealed", "")]


def test_the_answers_about_citizenship_go_with_the_seal_and_only_with_it(
    database: Database,
) -> None:
    opened = make_round(database)
    person = make_voter(database)
    with database.writing() as work:
        citizenship.answer(work, SYSTEM, person_id=person, codes=["UA"], at=NOW)
    make_published(database, year=2025)
    open_votes(database, opened)
    assert told(database, person) == ("UA",)
    seal(database, opened)
    assert told(database, person) == ()


def told(database: Database, person_id: UUID) -> tuple[str, ...]:
    with database.reading() as session:
        return citizenship.read_for_own_page(session, SYSTEM, person_id)


def test_a_second_seal_is_refused_and_changes_nothing(
    database: Database, opened: Round, settings: Settings
) -> None:
    made = seal(database, opened)
    for later in (timedelta(days=3), timedelta(days=-3)):  # also when the clock goes back
        with pytest.raises(AlreadySealed):
            seal(database, opened, at=opened.closes_at + later)
    with database.reading() as session:
        assert DatabaseLedger(session).head() == made.seals[-1].sha256
    assert archive(settings).count() == 1


def test_the_database_refuses_to_change_or_erase_a_seal(database: Database, opened: Round) -> None:
    seal(database, opened)
    for table in ("sealed_table", "statistics_release", "statistics_step"):
        for deed in (f"DELETE FROM {table}", f"UPDATE {table} SET {_column(table)}"):
            with pytest.raises(DBAPIError, match="append-only"), database.writing() as work:
                work.session.execute(text(deed))


def _column(table: str) -> str:
    return "reason = 'x'" if table == "statistics_step" else "sealed_at = sealed_at"


def test_a_crash_after_the_archive_never_leads_to_a_second_draw(
    database: Database, opened: Round, settings: Settings
) -> None:
    lost = crash_while_sealing(database, opened)
    with database.reading() as session:
        assert DatabaseLedger(session).tables() == ()
        assert queries.find_release(session, opened.edition_id) is None
    make_voter(database)  # the town goes on living: a new count would differ
    back = seal(database, opened, at=opened.closes_at + timedelta(days=1))
    assert back.seals == lost.seals
    assert back.totals == lost.totals
    assert archive(settings).count() == 1
    assert steps(database) == [("restored", "")]
    with pytest.raises(AlreadySealed):
        seal(database, opened)


def test_a_crash_before_the_archive_leaves_nothing(
    database: Database, opened: Round, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_archive: ReleaseArchive, _content: object) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(ReleaseArchive, "keep", fail)
        with pytest.raises(Crash):
            seal(database, opened)
    assert archive(settings).count() == 0
    with database.reading() as session:
        assert DatabaseLedger(session).tables() == ()
    assert [s.table for s in seal(database, opened).seals] == TABLES


def test_a_half_written_release_in_the_archive_is_none(
    database: Database, opened: Round, settings: Settings
) -> None:
    (settings.archive / ".draw-left" / "ready").mkdir(parents=True)
    (settings.archive / ".draw-left" / "ready" / "R1.csv").write_text("nat,value\n")
    assert archive(settings).count() == 0
    seal(database, opened)
    assert archive(settings).count() == 1


def test_two_workers_at_once_draw_once(database: Database, opened: Round) -> None:
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def work() -> None:
        ready.wait()
        try:
            seal(database, opened)
            outcomes.append("sealed")
        except AlreadySealed:
            outcomes.append("refused")

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["refused", "sealed"]
    with database.reading() as session:
        assert len(DatabaseLedger(session).tables()) == len(TABLES)


def test_an_archive_of_another_history_stops_everything(
    database: Database, opened: Round, settings: Settings
) -> None:
    other = past_release("1999")
    archive(settings).keep(files.rendered(other))
    seal(database, opened)  # a beginning of the archive: its seals come back first
    with database.reading() as session:
        tables = DatabaseLedger(session).tables()
    assert tables[: len(other.seals)] == other.seals
    folder = settings.archive / "000002"
    folder.rename(settings.archive / "moved-away")
    second = make_edition(database, Phase.RESULTS, year=2027)
    with pytest.raises(ArchiveDisagrees), database.writing() as work:
        service.import_release(
            work, SYSTEM, edition_id=second, made=past_release("2027"), at=opened.closes_at
        )
    assert archive(settings).count() == 1


def test_an_archive_that_lost_a_release_gets_it_back(
    database: Database, opened: Round, settings: Settings
) -> None:
    made = seal(database, opened)
    (settings.archive / "000001").rename(settings.archive / "moved-away")
    with database.writing() as work:
        service.restore(work, SYSTEM, at=opened.closes_at)
    assert archive(settings).tables() == made.seals
    for path in (settings.archive / "000001").iterdir():
        assert path.read_bytes() == (settings.archive / "moved-away" / path.name).read_bytes()


def test_a_changed_archive_is_noticed(
    database: Database, opened: Round, settings: Settings
) -> None:
    crash_while_sealing(database, opened)
    measured = settings.archive / "000001" / "R1.measured.csv"
    measured.chmod(0o644)
    measured.write_text(measured.read_text().replace("UA,", "UA,9", 1))
    with pytest.raises(ArchiveDisagrees):
        seal(database, opened)


def test_only_the_platform_draws(database: Database, opened: Round) -> None:
    analyst = Actor(None, frozenset({Role.ANALYST, Role.ADMINISTRATOR}))
    with pytest.raises(NotAllowed), database.writing() as work:
        service.seal_edition(
            work,
            analyst,
            edition_id=opened.edition_id,
            secrets=opened.secrets,
            at=opened.closes_at,
        )


def test_nobody_is_counted_before_the_opening(database: Database) -> None:
    opened = make_round(database)
    with pytest.raises(TooEarly):
        seal(database, opened)


def test_nobody_is_counted_when_the_participation_is_gone(
    database: Database, opened: Round
) -> None:
    with database.writing() as work:
        work.session.execute(text("UPDATE round SET status = 'final'"))
    with pytest.raises(TooLate):
        seal(database, opened)


def test_the_worker_seals_what_is_due_once_after_days_off(
    database: Database, opened: Round, settings: Settings
) -> None:
    at = opened.closes_at + timedelta(days=40)
    assert jobs.seal_due(database, settings.instance, at) == ["2026"]
    assert jobs.seal_due(database, settings.instance, at) == []
    assert steps(database) == [("sealed", "")]


def test_the_worker_waits_for_the_opening(database: Database, settings: Settings) -> None:
    opened = make_round(database)
    assert jobs.seal_due(database, settings.instance, opened.closes_at) == []
    assert steps(database) == []


def test_the_worker_says_once_why_it_cannot_seal_and_tries_again(
    database: Database, opened: Round, settings: Settings
) -> None:
    held = settings.instance / "rounds" / f"{opened.id}.json"
    away = held.rename(held.with_suffix(".away"))
    for hour in range(3):
        at = opened.closes_at + timedelta(hours=hour)
        assert jobs.seal_due(database, settings.instance, at) == []
    assert steps(database) == [("refused", "round_secrets_missing")]
    away.rename(held)
    assert jobs.seal_due(database, settings.instance, at) == ["2026"]
    assert [step for step, _ in steps(database)] == ["refused", "sealed"]


def test_the_worker_brings_back_what_a_restored_backup_lost(
    database: Database, opened: Round, settings: Settings
) -> None:
    with database.writing() as work:
        citizenship.answer(
            work, SYSTEM, person_id=make_voter(database), codes=("UA",), at=opened.closes_at
        )
    lost = crash_while_sealing(database, opened)
    assert count_answers(database) > 0  # the backup brought them back
    jobs.seal_due(database, settings.instance, opened.closes_at)
    with database.reading() as session:
        assert queries.get_release(session, opened.edition_id).seals == lost.seals
    assert steps(database) == [("restored", "")]
    assert count_answers(database) == 0


def count_answers(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(PersonNationality)) or 0


def test_a_past_release_goes_to_the_end_of_the_chain(
    database: Database, opened: Round, settings: Settings, tmp_path: Path
) -> None:
    seal(database, opened)
    made = past_release("2025")
    files.write(made, tmp_path / "past")
    edition_id = make_edition(database, Phase.RESULTS, year=2025)
    with database.writing() as work:
        taken = service.import_release(
            work, SYSTEM, edition_id=edition_id, made=tmp_path / "past", at=opened.closes_at
        )
    assert [s.values for s in taken.seals] == [s.values for s in made.seals]
    with database.reading() as session:
        tables = DatabaseLedger(session).tables()
        assert len(tables) == 2 * len(TABLES)
        assert broken_links(tables, GENESIS) == []
    assert archive(settings).tables() == tables
    with pytest.raises(AlreadySealed), database.writing() as work:
        service.import_release(work, SYSTEM, edition_id=edition_id, made=made, at=opened.closes_at)


def test_a_first_past_release_keeps_its_published_seals(database: Database) -> None:
    make_city(database)
    made = past_release("2025")
    edition_id = make_published(database, made=made)
    with database.reading() as session:
        assert queries.get_release(session, edition_id).seals == made.seals


def test_a_release_of_another_edition_is_refused(database: Database) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.RESULTS, year=2024)
    with pytest.raises(BadFile, match="another edition"), database.writing() as work:
        service.import_release(
            work, SYSTEM, edition_id=edition_id, made=past_release("2025"), at=NOW
        )


def test_nothing_sealed_is_not_found(database: Database) -> None:
    make_city(database)
    edition_id = make_edition(database, Phase.RESULTS)
    with database.reading() as session:
        assert queries.find_release(session, edition_id) is None
        with pytest.raises(NotFound):
            queries.get_publication(session, edition_id)
        assert session.scalars(select(SealedTable)).all() == []
        assert session.scalars(select(StatisticsRelease)).all() == []
        assert session.scalars(select(StatisticsStep)).all() == []
