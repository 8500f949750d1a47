"""The press on "cast" over HTTP beside a bare Flask view that inserts the same two rows.

Both are served by the same WSGI server with 1, 2 and 4 worker processes and get the same requests from
the same clients, series by series in turn. The voters are made once: between two series the box is
emptied. Everything stays on the loopback, in bounded numbers.
"""

from __future__ import annotations

import http.client
import os
import secrets as random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import delete, func, select

from bench.tables import Row
from civic_budget.accounts import service as accounts
from civic_budget.app import create_app
from civic_budget.config import Mode, Settings
from civic_budget.kernel.actor import Actor
from civic_budget.storage.db import Database
from civic_budget.voting.draft import Draft
from civic_budget.voting.models import EnvelopeRow, Participation, Round
from civic_budget.voting.queries import get_round
from civic_budget.voting.views.draft_cookie import KeptDraft, seal_draft, seal_of_choice
from tests.builders_residency import make_resident
from tests.builders_voting import HOMES, choice, make_round

WORKERS = (1, 2, 4)
THREADS = 2
"""Of each worker, as docs/operating.md advises."""
SERIES, CLIENTS, CROWD = 5, 16, 50
CHECK = "/pl/vote/check"
HTTP_HEADER = ["engine", "what", "ours", "bare view", "ratio"]
BUSY_VOTERS, PRESSES_AT_ONCE = 40, 8
PEPPER = "a pepper for benchmarks, long enough to be accepted"


@dataclass(frozen=True)
class Size:
    """How many presses a series, the crowd and the warming up have."""

    presses: int
    warm: int


MANY, FEW = Size(400, 40), Size(50, 4)


@dataclass(frozen=True)
class Press:
    """A request that casts one voter's ballot."""

    body: bytes
    cookies: str


@dataclass(frozen=True)
class Town:
    """A database with an open round, and the application that makes cookies for its voters."""

    database: Database
    app: Flask
    round_id: UUID
    environment: dict[str, str]

    def empty_box(self) -> None:
        """Let everybody vote again."""
        with self.database.engine.begin() as connection:
            for table in (Participation, EnvelopeRow):
                connection.execute(delete(table))


def measure_http(name: str, database: Database, size: Size) -> list[Row]:
    """Speed and ratio for each number of workers, then the crowd and the busy voters."""
    town = build_town(database)
    presses = make_presses(town, size.presses)
    measured = [partial(with_workers, workers=workers) for workers in WORKERS]
    rows = []
    for measure in (*measured, crowd, together, busy):
        town.empty_box()  # a server refuses to start over envelopes that bear no mark of its secrets
        rows.append(measure(name, town, presses, warm=size.warm))
        print(*rows[-1], flush=True)
    return rows


def build_town(database: Database) -> Town:
    """An open round in the database, now; the environment in which a server finds it."""
    opened = make_round(database)
    present = datetime.now(UTC)
    with database.writing() as work:
        row = work.session.get_one(Round, opened.id)
        row.opens_at, row.closes_at = present - timedelta(days=1), present + timedelta(days=10)
        instance = work.instance
        shift_edition(work, opened.edition_id, present)
    environment = {
        **os.environ,
        "CIVIC_BUDGET_MODE": "demo",
        "CIVIC_BUDGET_DATABASE_URL": database.url,
        "CIVIC_BUDGET_INSTANCE": str(instance),
        "CIVIC_BUDGET_PEPPER": PEPPER,
        "BENCH_ROUND": str(opened.id),
    }
    settings = Settings(
        mode=Mode.DEMO,
        database_url=database.url,
        instance=instance,
        pepper=PEPPER.encode(),
        public_url="http://127.0.0.1:8000",
    )
    return Town(database, create_app(settings), opened.id, environment)


def shift_edition(work: object, edition_id: UUID, present: datetime) -> None:
    """Move the edition's calendar so that its voting is now."""
    from civic_budget.editions.models import EditionMoment
    from civic_budget.editions.rules import Milestone

    rows = work.session.scalars(  # type: ignore[attr-defined]
        select(EditionMoment).where(EditionMoment.edition_id == edition_id)
    ).all()
    opens = next(r.at for r in rows if r.milestone == Milestone.VOTING_OPENS.value)
    shift = present - timedelta(days=1) - opens
    for row in rows:
        row.at += shift


def make_presses(town: Town, number: int) -> list[Press]:
    """Voters with a confirmed residence, signed in, each with a filled ballot on their device."""
    at = datetime.now(UTC)
    with town.database.reading() as looking:
        frozen = get_round(looking, town.round_id).frozen
    presses = []
    for _ in range(number):
        actor, person_id = make_resident(town.database, address=HOMES[8], at=at - timedelta(days=2))
        presses.append(_press(town, frozen.form, actor, person_id, at))
    return presses


def _press(town: Town, form: object, actor: Actor, person_id: UUID, at: datetime) -> Press:
    assert actor.account_id is not None
    with town.database.writing() as work:
        sign_in = accounts.start_session(work, account_id=actor.account_id, at=at).id
    draft = replace(Draft(random.token_bytes(32), is_own_secret=True), marks=choice())
    ring = town.app.extensions["settings"].keyring
    kept = KeptDraft(town.round_id, person_id, draft)
    ballot = seal_draft(ring, form, kept, sign_in=str(sign_in))
    with town.app.test_request_context("/"):
        session["_user_id"], session["_fresh"] = str(sign_in), True
        token = generate_csrf()
        serializer = town.app.session_interface.get_signing_serializer(town.app)
        cookie = serializer.dumps(dict(session))
    shown = seal_of_choice(ring, form, draft)
    body = urlencode({"csrf_token": token, "shown": shown}).encode()
    return Press(body, f"language=pl; civic_budget={cookie}; ballot={ballot}")


def serve(target: str, workers: int, town: Town) -> tuple[subprocess.Popen, int]:
    """Start the WSGI server on a free port of the loopback; returns it when it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    command += [
        "--blocking-threads",
        str(THREADS),
        "--log-level",
        "error",
        "--no-access-log",
        target,
    ]
    server = subprocess.Popen(command, env=town.environment)
    for _ in range(1200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/pl/vote/secrecy")
            connection.getresponse().read()
            return server, port
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise SystemExit(f"{target} did not start")


def fire(port: int, path: str, presses: Sequence[Press], clients: int) -> tuple[float, list[float]]:
    """Send all presses from so many clients at once: seconds in all, and each press's seconds."""
    waits: list[float] = []
    queue = list(presses)
    gate = threading.Barrier(clients + 1)

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.connect()
        gate.wait()
        with suppress(IndexError):  # the queue is empty
            while True:
                press = queue.pop()
                start = time.perf_counter()
                status = send(connection, path, press)
                waits.append(time.perf_counter() - start)
                assert status in {200, 303}, status

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start, waits


def send(connection: http.client.HTTPConnection, path: str, press: Press) -> int:
    """The status of the answer; asked once more where the server had closed the connection meanwhile."""
    headers = {"Cookie": press.cookies, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", path, press.body, headers)
        answer = connection.getresponse()
    except (ConnectionError, http.client.BadStatusLine):
        connection.close()
        connection.request("POST", path, press.body, headers)
        answer = connection.getresponse()
    answer.read()
    return answer.status


def count(town: Town) -> int:
    """Envelopes in the box."""
    with town.database.reading() as looking:
        return looking.scalar(select(func.count()).select_from(EnvelopeRow)) or 0


def with_workers(
    name: str, town: Town, presses: Sequence[Press], *, warm: int, workers: int
) -> Row:
    """Ours and the bare view in turn, series by series."""
    ours, own_port = serve("wsgi:app", workers, town)
    bare, bare_port = serve("bench.voting_bare:app", workers, town)
    try:
        fire(own_port, CHECK, presses[:warm], 4)
        fire(bare_port, "/cast", presses[:warm], 4)
        own, theirs = [], []
        for _ in range(SERIES):
            town.empty_box()
            own.append(len(presses) / fire(own_port, CHECK, presses, CLIENTS)[0])
            assert count(town) == len(presses)
            town.empty_box()
            theirs.append(len(presses) / fire(bare_port, "/cast", presses, CLIENTS)[0])
        ratios = [mine / bare_speed for mine, bare_speed in zip(own, theirs, strict=True)]
        return [
            name,
            f"votes a second, {workers} workers",
            f"{statistics.median(own):.0f}",
            f"{statistics.median(theirs):.0f}",
            f"{statistics.median(ratios):.0%} ({min(ratios):.0%} to {max(ratios):.0%})",
        ]
    finally:
        ours.terminate()
        bare.terminate()
        ours.wait()
        bare.wait()


def crowd(name: str, town: Town, presses: Sequence[Press], *, warm: int) -> Row:
    """Fifty presses under way all the time, the next as soon as one is answered: how long they wait."""
    what = f"{CROWD} voters press, the next as soon as one is answered: median, p95"
    return [name, what, waits_of(town, presses, warm=warm, at_once=len(presses)), "", ""]


def together(name: str, town: Town, presses: Sequence[Press], *, warm: int) -> Row:
    """Fifty voters press in one instant, once each, as people do: how long they wait."""
    what = f"{CROWD} voters press in one instant, once each: median, p95"
    return [name, what, waits_of(town, presses, warm=warm, at_once=CROWD), "", ""]


def waits_of(town: Town, presses: Sequence[Press], *, warm: int, at_once: int) -> str:
    """Median and slowest twentieth of the waits when fifty clients send so many presses at a time."""
    server, port = serve("wsgi:app", 2, town)
    try:
        fire(port, CHECK, presses[:warm], 4)
        middle, slow = [], []
        for _ in range(SERIES):
            town.empty_box()
            waits: list[float] = []
            for start in range(0, len(presses), at_once):
                waits += fire(port, CHECK, presses[start : start + at_once], CROWD)[1]
            waits.sort()
            middle.append(waits[len(waits) // 2])
            slow.append(waits[int(len(waits) * 0.95)])
        return f"{statistics.median(middle) * 1e3:.0f} ms, {statistics.median(slow) * 1e3:.0f} ms"
    finally:
        server.terminate()
        server.wait()


def busy(name: str, town: Town, presses: Sequence[Press], *, warm: int) -> Row:
    """Forty voters press eight times at once each: forty votes, whatever the size of the rest."""
    server, port = serve("wsgi:app", 2, town)
    try:
        town.empty_box()
        fire(port, CHECK, [p for p in presses[:BUSY_VOTERS] for _ in range(PRESSES_AT_ONCE)], CROWD)
        what = f"{BUSY_VOTERS} voters press {PRESSES_AT_ONCE} times at once: votes"
        return [name, what, str(count(town)), "", ""]
    finally:
        server.terminate()
        server.wait()
