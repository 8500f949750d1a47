"""SIGKILL at each step of an opening: nothing is written, and the next press opens all of it."""

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
from civic_budget.results.service import board_folder
from civic_budget.storage.db import Database
from civic_budget.voting.models import BallotRow
from civic_budget.voting.queries import get_round
from civic_budget.voting.rules import RoundStatus
from tests.builders_commission import close_vote, open_box
from tests.builders_voting import cast, make_round, make_voter

PROGRAM = """
    import os, signal, sys
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID
    from civic_budget import wiring
    from civic_budget.kernel.actor import Actor
    from civic_budget.kernel.keys import KeyRing
    from civic_budget.storage.db import Database
    from civic_budget.voting import opening, service
    from civic_budget.voting.queries import get_round
    import civic_budget.results.service as results

    url, instance, round_id, member, at, step = sys.argv[1:7]
    folder = Path(instance)
    ring = KeyRing(b"a pepper for tests, long enough to be accepted")
    database = Database(url, ring, wiring.SUBSCRIPTIONS, folder)
    die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
    if step == "before":
        service.counting.open_urn = die
    if step == "ballots":
        service.counting.board_root = die
    if step == "board":
        results.write_board = die
    with database.reading() as session:
        found = get_round(session, UUID(round_id))
    secrets = service.secrets_of(folder / "rounds", found.id, found.public_key)
    held = [(Path(p).read_bytes(), w) for p, w in zip(sys.argv[7::2], sys.argv[8::2])]
    with database.writing() as work:
        service.open_round(
            work, Actor(UUID(member)), round_id=found.id, secrets=secrets, held=held,
            at=datetime.fromisoformat(at), progress=die if step == "middle" else lambda n: None,
        )
        if step == "commit":
            work.run_handlers()
            die()
"""

pytestmark = pytest.mark.proof


@pytest.mark.parametrize("step", ["before", "middle", "ballots", "board", "commit"])
def test_a_killed_opening_leaves_the_round_as_it_was(
    database: Database, settings: Settings, tmp_path: Path, step: str
) -> None:
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
    with database.reading() as session:
        assert get_round(session, opened.id).status is RoundStatus.VERIFICATION
        assert session.scalar(select(func.count()).select_from(BallotRow)) == 0
    assert len(open_box(database, opened).ballots) == 6
    with database.writing() as work:
        assert (board_folder(work.instance, opened.id) / "manifest.json").is_file()
