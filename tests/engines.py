"""Test databases: SQLite files and a throw-away PostgreSQL, both copied from a migrated template."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, create_engine

from civic_budget.storage import migrate
from civic_budget.storage.db import make_engine

SQLITE, POSTGRESQL = "sqlite", "postgresql"
INSTALL_POSTGRES = (
    "PostgreSQL is not installed, so this did not run on it: apt-get install postgresql"
)


def memory_folder() -> str | None:
    """A folder in memory where the machine has one: tests commit for real and wait for no disk."""
    shared = Path("/dev/shm")
    roomy = shared.is_dir() and shutil.disk_usage(shared).free > 2 * 1024**3
    return str(shared) if roomy and os.access(shared, os.W_OK) else None


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres: from the PATH or where Debian puts them."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@dataclass
class Cluster:
    """A running PostgreSQL that only this test run knows, on a Unix socket."""

    folder: Path
    user: str
    _kept: list[psycopg.Connection] = field(default_factory=list)

    def url(self, database: str) -> str:
        """The SQLAlchemy address of one of its databases."""
        return f"postgresql+psycopg://{self.user}@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run a statement outside a transaction (CREATE DATABASE needs that)."""
        if not self._kept:
            dsn = f"host={self.folder} user={self.user} dbname=postgres"
            self._kept.append(psycopg.connect(dsn, autocommit=True))
        self._kept[0].execute(statement.encode())

    def leave(self) -> None:
        """Close the connection on which databases are made and dropped."""
        while self._kept:
            self._kept.pop().close()


QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off "


@contextmanager
def running_cluster(*, is_durable: bool = False) -> Iterator[Cluster]:
    """A fresh cluster, gone afterwards; quick and without durability, unless a benchmark wants it."""
    programs = postgres_programs()
    assert programs is not None
    # PostgreSQL refuses to run as root; Debian's package brings the user `postgres`.
    as_user = "postgres" if os.geteuid() == 0 else None
    place = None if is_durable else memory_folder()
    folder = Path(tempfile.mkdtemp(prefix="cb-pg-", dir=place))
    if as_user:
        owner = pwd.getpwnam(as_user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    user = as_user or pwd.getpwuid(os.geteuid()).pw_name

    def run(*command: str | Path) -> None:
        subprocess.run(
            command,
            user=as_user,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )

    run(programs / "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} "
    options += ("" if is_durable else QUICK) + "-c max_connections=60 "
    options += "-c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=4GB "
    options += "-c checkpoint_timeout=1h -c shared_buffers=128MB"
    run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    cluster = Cluster(folder, user)
    try:
        yield cluster
    finally:
        cluster.leave()
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


_first: dict[str, Engine] = {}


def create_thrifty_engine(url: object, **options: Any) -> Engine:
    """An engine that shares its dialect, and so its compiled statements, with all of its kind."""
    engine = create_engine(url, **options)  # type: ignore[call-overload]
    first = _first.get(engine.dialect.name)
    if first is None:
        # A dialect learns at its first connection what the server can do; on SQLite that would make a file.
        first = engine if engine.dialect.name != SQLITE else create_engine("sqlite://")
        first.connect().close()
        _first[engine.dialect.name] = first
    if first is not engine:
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
    return engine


class SqliteMaker:
    """Hands out copies of a migrated SQLite file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.db"
        self.numbers = count(1)
        engine = make_engine(f"sqlite:///{self.template}")
        migrate.upgrade(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def fresh_url(self) -> str:
        """A new database with the present schema."""
        path = self.folder / f"copy{next(self.numbers)}.db"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"

    def empty_url(self) -> str:
        """A new database without any table."""
        return f"sqlite:///{self.folder / f'empty{next(self.numbers)}.db'}"

    def copy_of(self, url: str) -> str:
        """A new database with all that a database holds to which nobody is connected."""
        path = self.folder / f"copy{next(self.numbers)}.db"
        shutil.copyfile(url.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Remove a copy."""
        Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)


class PostgresMaker:
    """Hands out databases made from a migrated template."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.numbers = count(1)
        cluster.execute("CREATE DATABASE template_cb")
        engine = create_engine(cluster.url("template_cb"))
        migrate.upgrade(engine)
        engine.dispose()

    def fresh_url(self) -> str:
        """A new database with the present schema."""
        name = f"copy{next(self.numbers)}"
        self.cluster.execute(f"CREATE DATABASE {name} TEMPLATE template_cb STRATEGY FILE_COPY")
        return self.cluster.url(name)

    def empty_url(self) -> str:
        """A new database without any table."""
        name = f"empty{next(self.numbers)}"
        self.cluster.execute(f"CREATE DATABASE {name}")
        return self.cluster.url(name)

    def copy_of(self, url: str) -> str:
        """A new database with all that a database holds to which nobody is connected."""
        name = f"copy{next(self.numbers)}"
        self.cluster.execute(f"CREATE DATABASE {name} TEMPLATE {_name_in(url)} STRATEGY FILE_COPY")
        return self.cluster.url(name)

    def drop(self, url: str) -> None:
        """Remove a copy."""
        self.cluster.execute(f"DROP DATABASE IF EXISTS {_name_in(url)} WITH (FORCE)")


def _name_in(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def require_or_skip(variable: str, why: str) -> None:
    """Skip with the reason; where the environment insists, fail instead."""
    if os.environ.get(variable) == "1":
        pytest.fail(f"{variable}=1, but: {why}")
    pytest.skip(why)
