"""Slow work is lost never and done once, whatever crashes."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from civic_budget.storage.db import Database
from civic_budget.storage.outbox import (
    LEASE,
    MAX_ATTEMPTS,
    OutboxTask,
    Task,
    enqueue,
    lease_next,
    work_off,
)
from civic_budget.storage.schedule import Job, run_due
from tests.conftest import NOW


def put(database: Database, **payload: str) -> None:
    with database.writing() as work:
        enqueue(work, "note", payload, at=NOW)


def test_a_task_of_a_failed_deed_is_never_done(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as work:
        enqueue(work, "note", {}, at=NOW)
        raise RuntimeError
    assert work_off(database, {"note": lambda task: None}, at=NOW) == 0


def test_a_payload_is_unreadable_in_the_table_and_wiped_when_done(database: Database) -> None:
    put(database, code="123456")
    with database.reading() as session:
        sealed = session.scalars(select(OutboxTask.sealed)).one()
        assert sealed is not None
        assert b"123456" not in sealed
    seen: list[Task] = []
    assert work_off(database, {"note": seen.append}, at=NOW) == 1
    assert seen[0].payload == {"code": "123456"}
    with database.reading() as session:
        assert session.scalars(select(OutboxTask.sealed)).one() is None


def test_a_crashed_worker_holds_a_task_only_for_its_lease(database: Database) -> None:
    put(database)
    first = lease_next(database, at=NOW)
    assert first is not None
    assert lease_next(database, at=NOW) is None
    again = lease_next(database, at=NOW + LEASE)
    assert again is not None
    assert again.id == first.id


def test_a_failing_task_is_tried_later_and_given_up_in_the_end(database: Database) -> None:
    put(database)

    def fail(task: Task) -> None:
        raise OSError("the gateway is away")

    at = NOW
    for _ in range(MAX_ATTEMPTS + 3):
        work_off(database, {"note": fail}, at=at)
        at += timedelta(hours=6)
    with database.reading() as session:
        row = session.scalars(select(OutboxTask)).one()
        assert row.attempts == MAX_ATTEMPTS
        assert row.given_up_at is not None
        assert "gateway" in (row.last_error or "")


def test_four_workers_do_each_task_once(database: Database) -> None:
    for number in range(20):
        put(database, number=str(number))
    done: list[str] = []

    def work() -> None:
        work_off(database, {"note": lambda task: done.append(task.payload["number"])}, at=NOW)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done, key=int) == [str(number) for number in range(20)]


def test_a_job_runs_once_however_many_days_were_missed(database: Database) -> None:
    ran: list[str] = []
    job = Job("nightly", timedelta(days=1), lambda db, at: ran.append(at.isoformat()))
    run_due(database, [job], at=NOW)
    run_due(database, [job], at=NOW + timedelta(hours=1))
    run_due(database, [job], at=NOW + timedelta(days=9))
    run_due(database, [job], at=NOW + timedelta(days=9, hours=1))
    assert len(ran) == 2


def test_what_another_worker_did_meanwhile_is_not_done_again(database: Database) -> None:
    ran: list[str] = []
    second = Job("second", timedelta(days=1), lambda db, at: ran.append("second"))

    def other_worker(db: Database, at: datetime) -> None:
        run_due(db, [second], at=at)

    first = Job("first", timedelta(days=1), other_worker)
    assert run_due(database, [first, second], at=NOW) == ["first"]
    assert ran == ["second"]


def test_a_worker_with_nothing_to_do_takes_no_write_lock(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job("nightly", timedelta(days=1), lambda db, at: None)
    run_due(database, [job], at=NOW)
    monkeypatch.setattr(database, "writing", lambda: pytest.fail("the write lock was taken"))
    assert run_due(database, [job], at=NOW + timedelta(seconds=1)) == []
