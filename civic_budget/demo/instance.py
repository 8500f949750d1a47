"""The folder of one demo instance: its settings, its stamp, and how it is emptied.

A demo has a database of its own per phase; variables of a real installation are never looked at.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import inspect

from civic_budget.config import PREFIX, Settings, from_environment
from civic_budget.demo import content
from civic_budget.demo.city_account import CLIENT_ID, CLIENT_SECRET
from civic_budget.demo.content.reading import FOLDER as CONTENT
from civic_budget.editions.queries import find_current_edition
from civic_budget.editions.rules import Phase
from civic_budget.kernel.clock import utc_now
from civic_budget.paths import MIGRATIONS, ROOT
from civic_budget.storage.db import Database
from civic_budget.storage.installation import InstallationFact

STAMP = "demo_filled"
LOCK = "lock"


class InstanceBusy(Exception):
    """Another demo of this phase runs already."""


class Instance:
    """A demo instance of one phase, in its folder."""

    def __init__(self, phase: Phase, folder: Path | None = None, port: int = 8000) -> None:
        self.phase = phase
        self.folder = (folder or ROOT / "instance" / f"demo-{phase.value}").resolve()
        self.port = port

    @property
    def sign_ins(self) -> Path:
        """Where passwords and printed codes are kept, readable by the owner alone."""
        return self.folder / "sign-ins.txt"

    @property
    def key_files(self) -> Path:
        """Where the commission's key files are."""
        return self.folder / "key-files"

    @property
    def variables(self) -> dict[str, str]:
        """What the environment of this instance's processes says."""
        return {
            PREFIX + "MODE": "demo",
            PREFIX + "INSTANCE": str(self.folder),
            PREFIX + "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
        }

    def environment(
        self, surroundings: Mapping[str, str], *, provider_port: int | None = None
    ) -> dict[str, str]:
        """The surroundings without any other installation's variables, with this instance's own.

        `provider_port`: where the invented identity provider answers.
        """
        kept = {k: v for k, v in surroundings.items() if not k.startswith(PREFIX)}
        provider = _provider(provider_port) if provider_port else {}
        path = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH", ""))))
        return {**kept, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **self.variables, **provider}

    def settings(self) -> Settings:
        """The settings of this instance; its pepper is made when there is none."""
        return from_environment(self.variables)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the folder for this process; raises InstanceBusy when another one has it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InstanceBusy from None
            yield

    def empty(self) -> None:
        """Remove all but the lock: what a killed filling left behind, or an outdated city."""
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()


def _provider(port: int) -> dict[str, str]:
    return {
        PREFIX + "OIDC_ISSUER": f"http://127.0.0.1:{port}",
        PREFIX + "OIDC_CLIENT_ID": CLIENT_ID,
        PREFIX + "OIDC_CLIENT_SECRET": CLIENT_SECRET,
    }


def edition_stands(database: Database, phase: Phase) -> bool:
    """Whether the city is filled, by this version of the demo, and its phase is still now."""
    if not inspect(database.engine).has_table(InstallationFact.__tablename__):
        return False
    with database.reading() as session:
        stamp = session.get(InstallationFact, STAMP)
        if stamp is None or stamp.value != _version(phase):
            return False
        edition = find_current_edition(session, at=utc_now())
        return edition is not None and edition.phase(utc_now()) is phase


def stamp(database: Database, phase: Phase) -> None:
    """Note that the city is complete."""
    with database.writing() as work:
        work.session.add(InstallationFact(name=STAMP, value=_version(phase)))


def _version(phase: Phase) -> str:
    """Phase and a hash of schema, content and story: another version fills anew."""
    digest = hashlib.sha256(str(len(content.people())).encode())
    own = Path(__file__).parent
    for folder, pattern in ((MIGRATIONS, "**/*.py"), (CONTENT, "**/*.*ml"), (own, "**/*.py")):
        for path in sorted(folder.glob(pattern)):
            digest.update(path.read_bytes())
    return f"{phase.value} {digest.hexdigest()[:16]}"
