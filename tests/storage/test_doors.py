"""The two doors to the database: what is written together is kept together, looking changes nothing."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, InternalError, OperationalError

from civic_budget.kernel.events import Event
from civic_budget.kernel.keys import KeyRing
from civic_budget.storage import audit
from civic_budget.storage.audit import AuditEntry, AuditLink
from civic_budget.storage.db import BUSY_SECONDS, Database, Work
from civic_budget.storage.installation import InstallationFact
from tests.conftest import NOW, PEPPER
from tests.engines import PostgresMaker


@dataclass(frozen=True, kw_only=True)
class ThingHappened(Event):
    """An event of these tests."""

    thing_id: UUID


def happened() -> ThingHappened:
    return ThingHappened(at=NOW, by=None, thing_id=uuid4())


def test_handlers_run_in_the_same_transaction(database: Database) -> None:
    def fails(work: Work, event: Event) -> None:
        raise RuntimeError("a handler failed")

    database.subscriptions = {ThingHappened: (audit.record, fails)}
    with pytest.raises(RuntimeError), database.writing() as work:
        work.session.add(InstallationFact(name="kept", value="?"))
        work.publish(happened())
    with database.reading() as session:
        assert session.get(InstallationFact, "kept") is None
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_an_event_of_a_handler_wakes_handlers_too(database: Database) -> None:
    heard: list[str] = []

    @dataclass(frozen=True, kw_only=True)
    class Echo(Event):
        pass

    database.subscriptions = {
        ThingHappened: (lambda work, e: work.publish(Echo(at=e.at, by=None)),),
        Echo: (lambda work, e: heard.append("echo"),),
    }
    with database.writing() as work:
        work.publish(happened())
    assert heard == ["echo"]


def test_a_reading_session_that_was_changed_is_refused(database: Database) -> None:
    with pytest.raises(RuntimeError, match="writing"), database.reading() as session:
        session.add(InstallationFact(name="slipped in", value="?"))
    with database.reading() as session:
        assert session.get(InstallationFact, "slipped in") is None


def test_looking_runs_no_statement_that_changes(database: Database) -> None:
    with pytest.raises(RuntimeError, match="writing"), database.reading() as session:
        session.execute(text("  INSERT INTO installation_fact VALUES ('slipped in', '?')"))
    with pytest.raises(RuntimeError, match="writing"), database.reading() as session:
        session.add(InstallationFact(name="slipped in", value="?"))
        session.flush()
    with database.reading() as session:
        assert session.get(InstallationFact, "slipped in") is None


def test_a_change_below_the_mapper_leaves_nothing_either(database: Database) -> None:
    """On SQLite it is rolled back, on PostgreSQL the server refuses it: a look commits by itself there."""
    put = insert(InstallationFact.__table__).values(name="slipped in", value="?")  # type: ignore[arg-type]
    refused = pytest.raises(InternalError) if "postgresql" in database.url else nullcontext()
    with refused, database.reading() as session:
        session.connection().execute(put)
    with database.reading() as session:
        assert session.get(InstallationFact, "slipped in") is None


def test_a_connection_that_the_server_closed_meanwhile_is_replaced(
    postgres_maker: PostgresMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civic_budget.storage.db.PING_AFTER", 0.0)
    database = Database(postgres_maker.fresh_url(), KeyRing(PEPPER))
    with database.reading() as session:
        served = session.scalar(text("SELECT pg_backend_pid()"))
    postgres_maker.cluster.execute(f"SELECT pg_terminate_backend({served})")
    with database.reading() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != served
    database.dispose()


def test_a_naive_moment_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="naive"), database.writing() as work:
        audit.record(work, ThingHappened(at=datetime(2026, 1, 1), by=None, thing_id=uuid4()))


def test_eight_threads_that_read_then_write_lose_no_count(database: Database) -> None:
    with database.writing() as work:
        work.session.add(InstallationFact(name="counter", value="0"))
    failures: list[Exception] = []

    def count() -> None:
        try:
            for _ in range(5):
                with database.writing() as work:
                    row = work.session.get_one(InstallationFact, "counter", with_for_update=True)
                    row.value = str(int(row.value) + 1)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as session:
        assert session.get_one(InstallationFact, "counter").value == "40"


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET deed = 'x'", "DELETE FROM audit_entry"]
)
def test_the_audit_trail_refuses_to_be_changed(database: Database, statement: str) -> None:
    with database.writing() as work:
        work.publish(happened())
    with (
        pytest.raises((DatabaseError, IntegrityError), match="append-only"),
        database.writing() as work,
    ):
        work.session.execute(text(statement))


def test_the_chain_links_every_entry_once_and_finds_a_change(database: Database) -> None:
    for _ in range(3):
        with database.writing() as work:
            work.publish(happened())
    for _ in range(2):
        with database.writing() as work:
            audit.link_new_entries(work)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditLink)) == 3
        assert audit.find_broken_link(session, NOW.year) is None
        assert audit.head(session, NOW.year)[0] == 3
    with database.engine.begin() as connection:  # somebody with the database's password
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        else:
            connection.exec_driver_sql("DROP TRIGGER audit_entry_append_only ON audit_entry")
        connection.exec_driver_sql("UPDATE audit_entry SET deed = 'Nothing'")
    with database.reading() as session:
        assert audit.find_broken_link(session, NOW.year) == 1


def test_who_waits_in_vain_to_write_is_refused_as_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's place is asked for every millisecond, then refused like any other statement."""
    if database.engine.dialect.name != "sqlite":
        return
    monkeypatch.setattr("civic_budget.storage.db.BUSY_SECONDS", 0.05)
    other = Database(database.url, KeyRing(PEPPER))
    with database.writing() as first:
        assert first.connection.in_transaction()
        with pytest.raises(OperationalError, match="locked"), other.writing() as second:
            assert second.connection
    monkeypatch.undo()
    with other.writing() as work:
        work.session.add(InstallationFact(name="kept", value="?"))
        busy = work.session.execute(text("PRAGMA busy_timeout")).scalar()
    assert busy == BUSY_SECONDS * 1000
    other.dispose()
