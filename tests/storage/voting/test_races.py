"""Many processes at one box: retries, changed minds, stolen secrets, kills and the closing, all at once."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from civic_budget.kernel.errors import NotAllowed
from civic_budget.kernel.keys import KeyRing
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.ballot_box import CastOutcome
from civic_budget.voting.codes import control_code
from civic_budget.voting.queries import get_round
from civic_budget.voting.service import CastReceipt
from civic_budget.voting.service.access import lock_round
from tests.builders_voting import Round, cast, choice, make_round, make_voter
from tests.conftest import NOW, PEPPER

PROCESSES, VOTERS = 8, 30
FORK = multiprocessing.get_context("fork")
pytestmark = pytest.mark.proof


def nonce_of(number: int) -> bytes:
    return bytes([number + 1, 7]) * 16


def in_processes(
    database: Database, work: Callable[[Database, int], object], number: int = PROCESSES
) -> Sequence[object]:
    """Run the work in so many processes, each with a database connection of its own."""
    answers = FORK.Queue()
    url = database.engine.url.render_as_string(hide_password=False)

    def run(index: int) -> None:
        own = Database(url, KeyRing(PEPPER), {}, Path.cwd())
        answers.put(work(own, index))
        answers.close()
        answers.join_thread()
        os._exit(0)

    database.dispose()
    children = [FORK.Process(target=run, args=(index,)) for index in range(number)]
    for child in children:
        child.start()
    found = [answers.get(timeout=120) for _ in children]
    for child in children:
        child.join()
    return found


def counts(database: Database) -> tuple[int, int]:
    with database.engine.connect() as connection:
        whole = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM envelope), (SELECT count(*) FROM participation), "
                "(SELECT count(*) FROM envelope e JOIN participation p ON e.tag = p.tag)"
            )
        ).one()
    assert whole[1] == whole[2]
    return whole[0], whole[1]


def test_eight_processes_with_retries_changed_choices_and_stolen_secrets(
    database: Database,
) -> None:
    opened = make_round(database)
    voters = [make_voter(database) for _ in range(VOTERS)]

    def press_all(own: Database, index: int) -> list[tuple[int, str]]:
        drawn = random.Random(index)
        seen = []
        for number in drawn.sample(range(VOTERS), VOTERS):
            marks = choice() if drawn.random() < 0.5 else choice(picks=(3, 2, 1))
            whose = drawn.randrange(VOTERS) if drawn.random() < 0.2 else number
            done = cast(own, opened, voters[number], marks=marks, nonce=nonce_of(whose))
            seen.append((number, done.outcome.value))
        return seen

    answers = [answer for part in in_processes(database, press_all) for answer in part]  # type: ignore[attr-defined]
    accepted = Counter(number for number, outcome in answers if outcome == CastOutcome.ACCEPTED)
    assert max(accepted.values()) == 1
    assert counts(database) == (len(accepted), len(accepted))
    refused = {n for n, outcome in answers if outcome == CastOutcome.NONCE_TAKEN}
    assert refused, "no secret was ever taken: the race has not happened"
    for number in range(VOTERS):
        cast(database, opened, voters[number], nonce=os.urandom(32))
    assert counts(database) == (VOTERS, VOTERS)


def test_a_kill_at_any_moment_leaves_a_whole_vote_or_none(database: Database) -> None:
    opened = make_round(database)
    voters = [make_voter(database) for _ in range(VOTERS)]
    url = database.engine.url.render_as_string(hide_password=False)
    database.dispose()
    drawn = random.Random(5)
    for _ in range(6):
        child = FORK.Process(target=_cast_for_ever, args=(url, opened, voters))
        child.start()
        time.sleep(drawn.uniform(0.05, 0.6))
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        counts(database)
    for number, person in enumerate(voters):
        done = cast(database, opened, person, nonce=nonce_of(number))
        assert done.outcome in {CastOutcome.ACCEPTED, CastOutcome.SAME_AGAIN}
        assert len(done.codes) == 2
    assert counts(database) == (VOTERS, VOTERS)


def test_forty_voters_press_eight_times_at_once(database: Database) -> None:
    opened = make_round(database)
    voters = [make_voter(database) for _ in range(40)]
    gate = threading.Barrier(PROCESSES)

    def press(finger: int) -> list[tuple[int, CastReceipt]]:
        """Each of eight fingers presses for every voter, all eight for the same one at once."""
        seen = []
        for number, person in enumerate(voters):
            gate.wait(timeout=60)
            seen.append((number, cast(database, opened, person, nonce=nonce_of(number))))
        return seen

    with ThreadPoolExecutor(PROCESSES) as fingers:
        answers = [one for part in fingers.map(press, range(PROCESSES)) for one in part]
    assert len(answers) == 320
    assert counts(database) == (40, 40)
    outcomes = Counter((number, receipt.outcome) for number, receipt in answers)
    assert outcomes == Counter(
        {(n, CastOutcome.ACCEPTED): 1 for n in range(40)}
        | {(n, CastOutcome.SAME_AGAIN): PROCESSES - 1 for n in range(40)}
    )
    for number, receipt in answers:
        own = {scope: control_code(scope, nonce_of(number)) for scope in ("d08", "city")}
        assert receipt.codes == own


def _cast_for_ever(url: str, opened: Round, voters: Sequence[UUID]) -> None:
    own = Database(url, KeyRing(PEPPER), {}, Path.cwd())
    while True:
        for number, person in enumerate(voters):
            cast(own, opened, person, nonce=nonce_of(number))


def test_closing_counts_exactly_what_was_accepted(database: Database) -> None:
    opened = make_round(database)
    voters = [make_voter(database) for _ in range(VOTERS)]

    def work(own: Database, index: int) -> int:
        if index == 0:
            time.sleep(0.15)
            with own.writing() as unit:
                member = opened.commission[0]
                service.close_round(unit, member, round_id=opened.id, at=opened.closes_at)
            return 0
        done = 0
        for number in range(index - 1, VOTERS, PROCESSES - 1):
            try:
                done += cast(own, opened, voters[number], at=NOW).outcome is CastOutcome.ACCEPTED
            except NotAllowed as told:
                assert told.code == "voting_closed"
        return done

    accepted = sum(in_processes(database, work))  # type: ignore[arg-type]
    with database.reading() as session:
        found = get_round(session, opened.id)
    assert found.sealed_count == accepted == counts(database)[0]


def test_nothing_goes_in_while_the_vote_is_suspended_whoever_presses(database: Database) -> None:
    """Eight fingers press without a pause while the vote is suspended and resumed, then closed."""
    opened = make_round(database)
    voters, stop = [make_voter(database) for _ in range(VOTERS)], threading.Event()
    member, moved = opened.commission[0], []

    def press_on(finger: int) -> int:
        accepted = 0
        while not stop.is_set():
            for person in voters[finger::PROCESSES]:
                with suppress(NotAllowed):
                    accepted += cast(database, opened, person).outcome is CastOutcome.ACCEPTED
        return accepted

    with ThreadPoolExecutor(PROCESSES) as fingers:
        pressing = [fingers.submit(press_on, finger) for finger in range(PROCESSES)]
        for _ in range(20):
            held = {"round_id": opened.id, "at": NOW}
            with database.writing() as work:
                service.suspend_round(work, member, note="Flood", **held)  # type: ignore[arg-type]
            before = counts(database)
            time.sleep(0.02)
            moved += [] if counts(database) == before else [before]
            with database.writing() as work:
                service.resume_round(work, member, **held)  # type: ignore[arg-type]
        with database.writing() as work:
            closing = service.close_round(work, member, round_id=opened.id, at=opened.closes_at)
        stop.set()
        accepted = sum(one.result(timeout=60) for one in pressing)
    assert not moved
    assert accepted == closing.count == counts(database)[0] > 0


@pytest.mark.parametrize("maker", ["postgresql"], indirect=True)
def test_a_press_killed_while_it_waits_for_a_deed_leaves_nothing(database: Database) -> None:
    opened, person, nonce = make_round(database), make_voter(database), nonce_of(1)
    waiting = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND query LIKE 'WITH stands%' AND datname = current_database()"
    )
    with ThreadPoolExecutor(1) as other, database.writing() as work:
        lock_round(work, opened.id)
        pressed = other.submit(cast, database, opened, person, nonce=nonce)
        killed: Sequence[object] = ()
        for _ in range(100):
            with database.engine.connect() as admin:
                killed = admin.execute(waiting).all()
            if killed:
                break
            time.sleep(0.05)
        assert killed
        with pytest.raises(OperationalError):
            pressed.result(timeout=60)
    assert counts(database) == (0, 0)
    assert cast(database, opened, person, nonce=nonce).outcome is CastOutcome.ACCEPTED
