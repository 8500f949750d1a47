"""One database, two doors: `reading()` and `writing()`. Events wake their handlers before the commit.

On SQLite `writing()` begins with BEGIN IMMEDIATE: a read-then-write under plain BEGIN fails with a
lock error under load, an immediate one waits its turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from sqlite3 import SQLITE_BUSY
from sqlite3 import OperationalError as SqliteError
from threading import RLock
from time import monotonic
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Dialect,
    Engine,
    TextClause,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from civic_budget.kernel.events import Event
from civic_budget.kernel.keys import KeyRing

Handler = Callable[["Work", Any], None]
Subscriptions = Mapping[type[Event], Sequence[Handler]]


@dataclass(frozen=True, slots=True)
class Glance:
    """A look at rows alone: a connection without a session's objects, and the installation's keys.

    A unit of work has both too, so that what is asked at a glance can be asked inside one.
    """

    connection: Connection
    keyring: KeyRing


class Work:
    """A unit of work: a session under the write lock, and the events that it will tell."""

    def __init__(self, session: Session, subscriptions: Subscriptions) -> None:
        self.session = session
        self._subscriptions = subscriptions
        self._connection: Connection | None = None
        self._events: list[Event] = []
        self._afterwards: list[Callable[[Session], None]] = []

    @property
    def keyring(self) -> KeyRing:
        """The installation's keys."""
        return keyring_of(self.session)

    @property
    def instance(self) -> Path:
        """The installation's folder for files that go with the database (boards, round keys)."""
        return instance_of(self.session)

    @property
    def connection(self) -> Connection:
        """The connection of this unit of work, for statements that need no objects."""
        if self._connection is None:
            self._connection = self.session.connection()
        return self._connection

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.session.get_bind().dialect.name

    def take_turns(self, *names: bytes) -> None:
        """Wait until no other unit of work holds any of these names; they are held until the commit.

        What the others wrote is seen afterwards. All names in one call: two that take them one by one
        can wait for each other. SQLite's one writer has its turn already.
        """
        if self.dialect != "postgresql":
            return
        # 64 bits of a hash: two names that share them wait in vain for a moment, nothing worse.
        numbers = {
            int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True) for name in names
        }
        for number in sorted(numbers):
            self.session.execute(select(func.pg_advisory_xact_lock(number)))

    def publish(self, happened: Event) -> None:
        """Tell an event: its handlers run in this transaction, when the block is left."""
        self._events.append(happened)

    def run_handlers(self) -> None:
        """Wake the handlers of all told events, and of the events that these tell in turn."""
        while self._events:
            self.session.flush()
            happened = self._events.pop(0)
            for kind in type(happened).__mro__:
                for handler in self._subscriptions.get(kind, ()):
                    handler(self, happened)

    def after_commit(self, deed: Callable[[Session], None]) -> None:
        """Do something once all of this is committed, with a session to look with; never after a failure.

        A process may die in between: a job must be able to do it too.
        """
        self._afterwards.append(deed)

    def take_deeds_after_commit(self) -> Sequence[Callable[[Session], None]]:
        """What waits for the commit, for the database that has committed."""
        return tuple(self._afterwards)


def keyring_of(session: Session) -> KeyRing:
    """The installation's keys, which travel with every session."""
    ring = session.info["keyring"]
    assert isinstance(ring, KeyRing)
    return ring


def instance_of(session: Session) -> Path:
    """The installation's folder, which travels with every session."""
    folder = session.info["instance"]
    assert isinstance(folder, Path)
    return folder


class Database:
    """An engine with the two doors. `subscriptions` come from the wiring; tests may pass their own."""

    def __init__(
        self,
        url: str,
        keyring: KeyRing,
        subscriptions: Subscriptions | None = None,
        instance: Path | None = None,
    ) -> None:
        self.url = url
        self.keyring = keyring
        self.engine = make_engine(url)
        self.subscriptions: Subscriptions = subscriptions or {}
        info = {"keyring": keyring, "instance": instance or Path.cwd()}
        self.looking_engine = _looking_engine(self.engine)
        self._reading = sessionmaker(self.looking_engine, autoflush=False, info=info)
        event.listen(self._reading, "before_flush", _refuse_flush)
        event.listen(self._reading, "do_orm_execute", _refuse_changes)
        self._writing = sessionmaker(
            self.engine.execution_options(immediate=True), expire_on_commit=False, info=info
        )
        self.inserting_engine = _inserting_engine(self.engine)
        self._turn = RLock() if self.engine.dialect.name == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to look with; what it changed by mistake is never committed."""
        with self._reading() as session:
            yield session
            if session.new or session.dirty or session.deleted:
                raise RuntimeError(LOOKED_ONLY)

    @contextmanager
    def glancing(self) -> Iterator[Glance]:
        """A look without a session, which costs more than a short statement; nothing is ever committed."""
        with self.looking_engine.connect() as connection:
            yield Glance(connection, self.keyring)

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """A unit of work under the write lock: all of it is committed with its handlers, or nothing."""
        with self._in_turn(), self._writing() as session, session.begin():
            work = Work(session, self.subscriptions)
            yield work
            work.run_handlers()
        for deed in work.take_deeds_after_commit():
            with self.reading() as looking:
                deed(looking)

    @contextmanager
    def inserting(self) -> Iterator[Connection]:
        """A connection for a few rows whose statement guards itself: nothing is looked at, no event told.

        On PostgreSQL the statement is its own transaction, which saves the journeys of BEGIN and COMMIT;
        on SQLite it is one under the write lock.
        """
        if self._turn is None:
            with self.inserting_engine.connect() as connection:
                yield connection
        else:
            with self._in_turn(), self.inserting_engine.begin() as connection:
                yield connection

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Wait for the other writers of this process before SQLite is asked, which then decides.

        SQLite's own waiting looks again after pauses of up to a tenth of a second, so that writers
        overtake each other and the lock lies idle; the next in turn is woken at once.
        """
        taken = self._turn is not None and self._turn.acquire(timeout=BUSY_SECONDS)
        try:
            yield
        finally:
            if self._turn is not None and taken:
                self._turn.release()

    def dispose(self) -> None:
        """Close all connections."""
        for engine in (self.engine, self.looking_engine, self.inserting_engine):
            engine.dispose()


def make_engine(url: str) -> Engine:
    """An engine with the pragmas and isolation that the platform relies on."""
    if make_url(url).get_backend_name() != "sqlite":
        return _postgresql(url)
    options = {"timeout": BUSY_SECONDS, "isolation_level": None}
    engine = create_engine(url, connect_args=options, hide_parameters=True)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql(url: URL | str, *settings: str, **options: Any) -> Engine:
    """An engine whose connections run under READ COMMITTED, on which locks and guards rely.

    What a statement that failed was asked with stays out of the log: it tells who did what, and when.
    """
    wanted = make_url(url)
    asked = [str(wanted.query.get("options", "")), *map("-c {}".format, (*ISOLATION, *settings))]
    engine = create_engine(
        wanted, hide_parameters=True, connect_args={"options": " ".join(asked).strip()}, **options
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_ping_idle, engine.dialect))
    return engine


def _looking_engine(engine: Engine) -> Engine:
    """The connections of the looking door, which runs nothing but queries.

    On PostgreSQL each statement sees what is committed when it begins, in a transaction or out of one
    (READ COMMITTED): without one, each look saves the two journeys of its BEGIN and ROLLBACK. Nothing
    would then undo a change made by mistake, so these connections are of their own and the server
    refuses it. On SQLite a transaction is what makes several looks agree, and costs no journey.
    """
    if engine.dialect.name == "sqlite":
        return engine
    return _postgresql(engine.url, "default_transaction_read_only=on", **EACH_BY_ITSELF)


def _inserting_engine(engine: Engine) -> Engine:
    """The connections of the inserting door; of their own where each statement is a transaction.

    To turn a connection of the others into one of these, and back, costs more than the journeys saved.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(immediate=True)
    return _postgresql(engine.url, **EACH_BY_ITSELF)


EACH_BY_ITSELF = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
"""Each statement is a transaction: nothing is begun, so nothing is asked of the driver to end it."""
LOOKED_ONLY = "a reading session was changed: write through writing()"


def _refuse_flush(session: Session, *_rest: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError(LOOKED_ONLY)


def _refuse_changes(asked: ORMExecuteState) -> None:
    is_change = asked.is_insert or asked.is_update or asked.is_delete
    if is_change or (isinstance(asked.statement, TextClause) and _changes(asked.statement.text)):
        raise RuntimeError(LOOKED_ONLY)


def _changes(statement: str) -> bool:
    return statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}


ISOLATION = (r"default_transaction_isolation=read\ committed",)
PING_AFTER = 1.0
"""Seconds for which a connection that lay idle counts as alive; a longer rest is followed by a ping."""


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used_at"] = monotonic()


def _ping_idle(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Meet a restarted server before a request does, without a journey for each of a busy second."""
    if monotonic() - record.info.get("used_at", monotonic()) < PING_AFTER:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as gone:
        raise InvalidatePoolError from gone


# Blind keys and random ids touch pages all over their indexes: with SQLite's own 2 MB, a city of
# tens of thousands reads and spills thousands of pages a second (bench/registrations.md).
CACHE_KIB = 64 * 1024
BUSY_SECONDS = 30
LOOK_AGAIN_MS = 1


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "secure_delete=ON",
        f"cache_size=-{CACHE_KIB}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    if connection.get_execution_options().get("immediate"):
        _begin_to_write(connection)
    else:  # takes no lock and cannot fail, so it goes to the driver without SQLAlchemy's care
        connection.connection.dbapi_connection.execute("BEGIN")


def _begin_to_write(connection: Connection) -> None:
    """Take SQLite's one place for writing, looking every millisecond whether another process left it.

    Left alone SQLite sleeps up to a tenth of a second between two looks, and the place lies idle.
    """
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA busy_timeout={LOOK_AGAIN_MS}")
    try:
        _wait_to_write(driver)
        if not driver.in_transaction:  # in vain: the refusal comes as every other does
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _wait_to_write(driver: Any) -> None:
    """Try until it is taken or the time is up; any other refusal is left to the next asking."""
    end = monotonic() + BUSY_SECONDS
    while monotonic() < end:
        try:
            driver.execute("BEGIN IMMEDIATE")
            return
        except SqliteError as refused:
            if refused.sqlite_errorcode != SQLITE_BUSY:
                return
