"""SIGKILL at each step of an opening: nothing is written, and the next press opens all of it.

Not even a file: whoever reads the disk must not learn a result before the opening is committed. A kill after
the commit leaves an opened round whose board the worker writes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import func, select

from civic_budget.config import Settings
from civic_budget.results.boards import keep_due_boards
from civic_budget.storage.db import Database
from civic_budget.voting.models import BallotRow
from civic_budget.voting.queries import get_round
from civic_budget.voting.rules import RoundStatus
from tests.builders_commission import close_vote, open_box
from tests.builders_voting import Round, cast, make_round, make_voter

PROGRAM = """
    import os, signal, sys
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID
    from civic_budget import wiring
    from civic_budget.kernel.actor import Actor
    from civic_budget.kernel.keys import KeyRing
    from civic_budget.storage.db import Database, Work
    from civic_budget.voting import opening, service
    from civic_budget.voting.queries import get_round
    import civic_budget.results.boards as boards
    import civic_budget.results.service as results
    import civic_budget.voting.board as files

    url, instance, round_id, member, at, step = sys.argv[1:7]
    folder = Path(instance)
    ring = KeyRing(b"a pepper for tests, long enough to be accepted")
    database = Database(url, ring, wiring.SUBSCRIPTIONS, folder)
    die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
    if step == "before":
        service.unsealing.open_urn = die
    if step == "opened":
        service.unsealing.lock_round = die
    if step == "ballots":
        service.unsealing.insert = die
    if step == "decided":
        results._keep = die
    if step == "committed":
        boards.write_board = die
    if step == "half a board":
        files.Path.chmod = die
    with database.reading() as session:
        found = get_round(session, UUID(round_id))
    secrets = service.secrets_of(folder / "rounds", found)
    held = [(Path(p).read_bytes(), w) for p, w in zip(sys.argv[7::2], sys.argv[8::2])]
    if step == "commit":
        handle = Work.run_handlers
        Work.run_handlers = lambda work: (handle(work), die())
    service.open_aside(
        database, Actor(UUID(member)), round_id=found.id, secrets=secrets, held=held,
        at=datetime.fromisoformat(at), progress=die if step == "middle" else lambda n: None,
    )
"""

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("step", ["before", "middle", "opened", "ballots", "decided", "commit"])
def test_a_killed_opening_leaves_the_round_as_it_was(
    database: Database, settings: Settings, tmp_path: Path, step: str
) -> None:
    opened = killed_while_opening(database, settings, tmp_path, step)
    assert what_lies_on_disk(settings) == []
    with database.reading() as session:
        assert get_round(session, opened.id).status is RoundStatus.VERIFICATION
        assert session.scalar(select(func.count()).select_from(BallotRow)) == 0
    assert len(open_box(database, opened).ballots) == 6
    assert what_lies_on_disk(settings) == [str(opened.id)]


@pytest.mark.parametrize("step", ["committed", "half a board"])
def test_a_kill_after_the_commit_leaves_a_board_that_the_worker_writes(
    database: Database, settings: Settings, tmp_path: Path, step: str
) -> None:
    opened = killed_while_opening(database, settings, tmp_path, step)
    with database.reading() as session:
        assert get_round(session, opened.id).status is RoundStatus.OPENED
    assert not (settings.boards / str(opened.id)).exists()
    for _ in range(2):
        keep_due_boards(database, opened.closes_at)
        assert what_lies_on_disk(settings) == [str(opened.id)]
    folder = settings.boards / str(opened.id)
    subprocess.run([sys.executable, str(folder / "verify.py"), str(folder)], check=True, timeout=60)


def what_lies_on_disk(settings: Settings) -> list[str]:
    """Boards and what was begun of them."""
    return sorted(path.name for path in settings.boards.glob("*"))


def killed_while_opening(
    database: Database, settings: Settings, tmp_path: Path, step: str
) -> Round:
    """A closed round with three votes, whose opening was killed at a step."""
    opened = make_round(database)
    for _ in range(3):
        cast(database, opened, make_voter(database))
    close_vote(database, opened)
    words = []
    for number, (content, phrase) in enumerate(opened.held[:2]):
        path = tmp_path / f"key-{number}.json"
        path.write_bytes(content)
        words += [str(path), phrase]
    at = opened.closes_at.isoformat()
    result = subprocess.run(
        [
            *(sys.executable, "-c", textwrap.dedent(PROGRAM), database.url),
            *(str(settings.instance), str(opened.id), str(opened.commission[0].account_id)),
            *(at, step, *words),
        ],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == -signal.SIGKILL, result.stderr
    return opened
