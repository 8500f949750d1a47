"""Fixtures for all tests: both engines, an application on each, a client that checks every page."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings as hypothesis

from civic_budget.accounts import passwords
from civic_budget.app import create_app, furnish
from civic_budget.cli import register_commands
from civic_budget.config import Mode, Settings
from civic_budget.storage import db as storage
from civic_budget.storage.db import Database
from tests import engines
from tests.pages import CheckedClient
from tests.sampling import leave_to_the_long_checks

NOW = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)
# A busy machine is slow, not wrong: how long an example takes is no verdict here.
hypothesis.register_profile("patient", deadline=None)
hypothesis.load_profile("patient")

# The longest tests begin first, so that none of them is alone at the end of a parallel run.
LONGEST = ("tests/storage/demo/", "tests/browser/", "tests/journeys/")
PEPPER = b"a pepper for tests, long enough to be accepted"


def pytest_collection_finish() -> None:
    """What was imported until now is never searched again."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, otherwise the order stays; of pages a sample is chosen."""
    leave_to_the_long_checks(items)
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


class Clock:
    """The time of a test; moved by hand."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(scope="session", autouse=True)
def _statements_are_compiled_once() -> Iterator[None]:
    """Every test has an engine of its own; what they compile of statements is the same for all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "create_engine", engines.create_thrifty_engine)
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 64, 1))
    monkeypatch.setattr(passwords, "_decoys", [])


@pytest.fixture(scope="session")
def sqlite_maker() -> Iterator[engines.SqliteMaker]:
    """Copies of a migrated SQLite file."""
    with tempfile.TemporaryDirectory(prefix="cb-sqlite-", dir=engines.memory_folder()) as folder:
        yield engines.SqliteMaker(Path(folder))


@pytest.fixture(scope="session")
def postgres_maker() -> Iterator[engines.PostgresMaker]:
    """Databases of a throw-away PostgreSQL; says what to install when there is none."""
    if engines.postgres_programs() is None:
        engines.require_or_skip("REQUIRE_POSTGRES", engines.INSTALL_POSTGRES)
    with engines.running_cluster() as cluster:
        yield engines.PostgresMaker(cluster)


@pytest.fixture(params=[engines.SQLITE, engines.POSTGRESQL])
def maker(request: pytest.FixtureRequest) -> engines.SqliteMaker | engines.PostgresMaker:
    """Each test that touches a database runs on both engines."""
    return request.getfixturevalue(
        "sqlite_maker" if request.param == engines.SQLITE else "postgres_maker"
    )


@pytest.fixture
def database_url(maker: engines.SqliteMaker | engines.PostgresMaker) -> Iterator[str]:
    """A fresh database with the present schema."""
    url = maker.fresh_url()
    yield url
    maker.drop(url)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A demo installation for one test."""
    return Settings(
        mode=Mode.DEMO,
        database_url=database_url,
        instance=tmp_path,
        pepper=PEPPER,
        public_url="http://localhost",
        testing=True,
    )


@pytest.fixture
def clock() -> Clock:
    """The time of the test, to be moved by hand."""
    return Clock()


@pytest.fixture(scope="session")
def house() -> Flask:
    """The application, built once: its rules and templates are compiled once for all tests."""
    nowhere = Settings(
        mode=Mode.DEMO,
        database_url="sqlite://",
        instance=Path("nowhere"),
        pepper=PEPPER,
        public_url="http://localhost",
        testing=True,
    )
    house = create_app(nowhere)
    register_commands(house)
    house.test_client_class = CheckedClient
    gc.freeze()
    return house


@pytest.fixture
def app(house: Flask, settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The whole application, for one test with its own settings, database and clock."""
    before = dict(house.extensions)
    furnish(house, settings, clock)
    yield house
    house.extensions["database"].dispose()
    house.extensions.clear()
    house.extensions.update(before)


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's database."""
    database: Database = app.extensions["database"]
    return database


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A visitor's browser that checks every page it gets."""
    client = app.test_client()
    assert isinstance(client, CheckedClient)
    return client


@pytest.fixture
def new_client(app: Flask) -> Callable[[], CheckedClient]:
    """More browsers, each with cookies of its own."""

    def make() -> CheckedClient:
        client = app.test_client()
        assert isinstance(client, CheckedClient)
        return client

    return make
