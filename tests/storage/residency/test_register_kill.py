"""A comparison of the register that is killed for real: the next one finds what a whole one finds, once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bench.people import City
from bench.register_run import AT, fill
from civic_budget.kernel.keys import KeyRing
from civic_budget.residency import service
from civic_budget.residency.models import MatchRun, SuspectedPair
from civic_budget.storage.db import Database

ROOT = Path(__file__).resolve().parents[3]
PEPPER = b"a pepper for a comparison, long enough to be accepted"
WORKER = """
import sys, time
from datetime import datetime
from civic_budget.kernel.keys import KeyRing
from civic_budget.residency import service
from civic_budget.residency.service import register_runs
from civic_budget.storage.db import Database

url, at = sys.argv[1:3]
register_runs.PAIRS_AT_ONCE = 5
plain = register_runs._compare
def slowly(*given):
    time.sleep(0.05)
    plain(*given)
register_runs._compare = slowly
database = Database(url, keyring=KeyRing(PEPPER))
service.compare_register(database, reason="night", at=datetime.fromisoformat(at))
"""


@pytest.fixture
def register(database_url: str) -> Database:
    """Three thousand people, sealed."""
    database = Database(database_url, keyring=KeyRing(PEPPER))
    fill(database, City(31, 3_000, hold_out=False).entries())
    return database


def found(database: Database) -> set[tuple[object, ...]]:
    with database.reading() as session:
        return {
            (row.person_a, row.person_b, row.score, tuple(row.reasons))
            for row in session.scalars(select(SuspectedPair))
        }


@pytest.mark.proof
def test_a_run_that_is_killed_again_and_again_comes_to_the_same_end(register: Database) -> None:
    kills = 0
    for hour in range(1, 4):
        at = AT + timedelta(hours=hour)
        worker = subprocess.Popen(
            [
                sys.executable,
                "-c",
                WORKER.replace("PEPPER", repr(PEPPER)),
                register.url,
                at.isoformat(),
            ],
            cwd=ROOT,
        )
        before, deadline = len(found(register)), time.monotonic() + 60
        while len(found(register)) == before and time.monotonic() < deadline:
            time.sleep(0.02)
        worker.kill()
        kills += worker.wait(30) == -signal.SIGKILL
    assert kills == 3
    half = found(register)
    done = service.compare_register(register, reason="night", at=AT + timedelta(hours=4))
    assert done is not None
    assert done.begun_at == AT + timedelta(hours=1)
    whole = found(register)
    assert half < whole
    with register.writing() as work:
        for row in work.session.scalars(select(SuspectedPair)):
            work.session.delete(row)
    anew = service.compare_register(register, reason="night", at=AT + timedelta(hours=5))
    assert anew is not None
    assert found(register) == whole
    assert (done.found, done.compared) == (anew.found, anew.compared)
    register.dispose()


def test_two_workers_at_once_compare_once(database: Database) -> None:
    said: list[bool] = []
    start = threading.Barrier(3)

    def work() -> None:
        start.wait(10)
        run = service.compare_register(database, reason="night", at=AT)
        said.append(run is not None)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.reading() as session:
        runs = session.scalars(select(MatchRun)).all()
    # Whoever comes after the first has finished compares anew; nobody compares beside it.
    assert len(said) == 3
    assert sum(said) == len(runs) >= 1
    assert not any(run.is_running for run in runs)
