"""A database remembers whose it is: another mode or pepper stops the start, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from civic_budget.config import BadSettings, Mode, Settings
from civic_budget.storage.db import Database
from civic_budget.storage.installation import check_installation, check_known_installation
from tests.engines import PostgresMaker, SqliteMaker


def test_the_same_settings_start_again(database: Database, settings: Settings) -> None:
    check_installation(database, settings)
    check_installation(database, settings)


def test_a_demo_never_runs_on_a_citys_data(database: Database, settings: Settings) -> None:
    check_installation(database, replace(settings, mode=Mode.PRODUCTION))
    with pytest.raises(BadSettings, match="made for production"):
        check_installation(database, settings)


def test_a_changed_pepper_is_refused(database: Database, settings: Settings) -> None:
    check_installation(database, settings)
    with pytest.raises(BadSettings, match="pepper is not the one"):
        check_installation(database, replace(settings, pepper=b"another pepper, as long as needed"))


def test_a_database_without_tables_says_what_to_run(
    maker: SqliteMaker | PostgresMaker, settings: Settings
) -> None:
    url = maker.empty_url()
    database = Database(url, settings.keyring)
    with pytest.raises(BadSettings, match="storage migrate"):
        check_installation(database, settings)
    database.dispose()
    maker.drop(url)


def test_a_start_compares_the_stamps_and_writes_none(
    database: Database, settings: Settings
) -> None:
    check_known_installation(database, settings)
    check_installation(database, replace(settings, mode=Mode.PRODUCTION))
    with pytest.raises(BadSettings, match="made for production"):
        check_known_installation(database, settings)
    changed = replace(settings, mode=Mode.PRODUCTION, pepper=b"another pepper, as long as needed")
    with pytest.raises(BadSettings, match="pepper is not the one"):
        check_known_installation(database, changed)


def test_a_start_without_tables_is_left_to_the_migration(
    maker: SqliteMaker | PostgresMaker, settings: Settings
) -> None:
    url = maker.empty_url()
    database = Database(url, settings.keyring)
    check_known_installation(database, settings)
    maker.drop(url)
