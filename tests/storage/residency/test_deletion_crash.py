"""A worker that is killed for real in the middle of a deletion leaves no lie: neither row nor file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from civic_budget.config import Settings
from civic_budget.residency import service
from civic_budget.residency.evidence import open_vault
from civic_budget.residency.models import EvidenceFile
from civic_budget.storage.audit import AuditEntry
from civic_budget.storage.db import Database
from tests.builders import make_account, make_city
from tests.conftest import NOW, PEPPER
from tests.storage.residency.test_retention import draft_with_document

ROOT = Path(__file__).resolve().parents[3]
DUE = NOW + timedelta(days=90)
# The worker's own deletion, stopped dead at a chosen step: `os.kill(…, SIGKILL)` runs no handler.
WORKER = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from civic_budget.config import Mode, Settings
from civic_budget.residency import service
from civic_budget.residency.evidence import open_vault
from civic_budget.kernel.events import Event
from civic_budget.storage import audit
from civic_budget.storage.db import Database

url, instance, step, at = sys.argv[1:5]
settings = Settings(Mode.DEMO, url, Path(instance), PEPPER, "http://localhost", testing=True)
database = Database(url, keyring=settings.keyring, subscriptions={Event: (audit.record,)})
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
vault = open_vault(settings)
if step == "before the key goes":
    vault._keys.delete = die
elif step == "between key and pages":
    vault._pages.delete = die
elif step == "between pages and row":
    database.writing = die
elif step == "before the row is committed":
    from sqlalchemy import Engine, event
    event.listen(Engine, "commit", die)
service.delete_due_evidence(database, vault, at=datetime.fromisoformat(at))
"""


def run_worker(settings: Settings, step: str) -> int:
    """Run a deletion in a process of its own; its end, negative when it was killed."""
    program = WORKER.replace("PEPPER", repr(PEPPER), 1)
    done = subprocess.run(
        [
            *(sys.executable, "-c", program),
            *(settings.database_url, str(settings.instance), step, DUE.isoformat()),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()[-2000:]
    return done.returncode


def told(database: Database, file_id: UUID) -> tuple[bool, int]:
    """What the database says: is the row marked as deleted, and how many audit rows say so."""
    with database.reading() as session:
        row = session.get_one(EvidenceFile, file_id)
        deeds = session.scalars(select(AuditEntry.deed)).all()
        return row.deleted_at is not None, deeds.count("EvidenceDeleted")


@pytest.mark.parametrize(
    "step",
    [
        "between key and pages",
        pytest.param("before the key goes", marks=pytest.mark.proof),
        pytest.param("between pages and row", marks=pytest.mark.proof),
        pytest.param("before the row is committed", marks=pytest.mark.proof),
    ],
)
def test_a_killed_worker_leaves_neither_lie(
    database: Database, settings: Settings, step: str
) -> None:
    make_city(database)
    vault = open_vault(settings)
    _, file_id = draft_with_document(database, vault, make_account(database))
    with database.reading() as session:
        name = session.get_one(EvidenceFile, file_id).vault_id
    assert run_worker(settings, step) == -signal.SIGKILL
    # Never "deleted" in the books while something can still be opened, never an audit row too early.
    assert told(database, file_id) == (False, 0)
    assert run_worker(settings, "none") == 0
    assert told(database, file_id) == (True, 1)
    assert not vault._keys.exists(name) and not vault._pages.exists(f"{name}-000")
    assert service.delete_due_evidence(database, vault, at=DUE) == 0
    assert told(database, file_id) == (True, 1)
