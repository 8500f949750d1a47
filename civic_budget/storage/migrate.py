"""Bring a database to the present schema, or back: Alembic behind two functions."""

from __future__ import annotations

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from civic_budget.paths import MIGRATIONS


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate the database up to a revision; refuses a database that holds foreign tables."""
    _run(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Migrate the database down to a revision (`base`: before the first)."""
    _run(engine, lambda config: command.downgrade(config, revision))


def alembic_config() -> Config:
    """The configuration under which Alembic works here."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def _run(engine: Engine, deed: Callable[[Config], None]) -> None:
    config = alembic_config()
    with engine.execution_options(immediate=True).begin() as connection:
        config.attributes["connection"] = connection
        deed(config)
