"""A filled demo city for tests: few generated residents, cheap passwords, SQLite."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from civic_budget.accounts import passwords
from civic_budget.app import create_app
from civic_budget.config import Mode, Settings
from civic_budget.demo.filling.fill import fill
from civic_budget.demo.progress import Progress
from civic_budget.demo.sign_ins import SignIns
from civic_budget.editions.rules import Phase
from civic_budget.storage.db import Database
from civic_budget.storage.installation import check_installation
from civic_budget.storage.migrate import upgrade
from tests.pages import CheckedClient

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CROWD = 40
PAST_PEOPLE = 3000


@dataclass
class City:
    """A filled demo city."""

    app: Flask
    database: Database
    sheet: SignIns
    folder: Path


def fill_city(folder: Path, phase: Phase) -> City:
    """Fill a new database in a folder so that the phase is at NOW, which the app's clock says."""
    settings = Settings(
        mode=Mode.DEMO,
        database_url=f"sqlite:///{folder / 'city.db'}",
        instance=folder,
        pepper=b"a pepper for tests, long enough to be accepted",
        public_url="http://localhost",
        testing=True,
    )
    app = create_app(settings, clock=lambda: NOW)
    app.test_client_class = CheckedClient
    database: Database = app.extensions["database"]
    upgrade(database.engine)
    check_installation(database, settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(1, 64, 1))
        sheet = fill(
            app,
            phase,
            now=NOW,
            progress=Progress(StringIO()),
            crowd_size=CROWD,
            past_people=PAST_PEOPLE,
        )
    return City(app, database, sheet, folder)
