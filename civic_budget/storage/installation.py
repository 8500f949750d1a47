"""What this database is: demo or production, and under which pepper. A mix-up stops the start, in words."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.config import BadSettings, Settings
from civic_budget.storage.db import Database, Work
from civic_budget.storage.types import Base

FACTS = ("mode", "pepper")


class InstallationFact(Base):
    """A fact about the installation that must not change."""

    __tablename__ = "installation_fact"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def check_installation(database: Database, settings: Settings) -> None:
    """Compare the database's facts with the settings; stamp a new database.

    Raises BadSettings when tables are missing, the pepper changed, or demo meets production.
    """
    if not inspect(database.engine).has_table(InstallationFact.__tablename__):
        raise BadSettings(
            "The database has no tables yet. Run: flask --app wsgi storage migrate "
            "(a demo does it by itself: make demo)."
        )
    with database.writing() as work:
        mode = _stamp(work, "mode", settings.mode.value)
        pepper = _stamp(work, "pepper", settings.keyring.fingerprint)
    _compare(mode, pepper, settings)


def check_known_installation(database: Database, settings: Settings) -> None:
    """Compare with a database that is there and stamped, and write nothing; raises BadSettings.

    A missing file, an empty or an unreachable database passes: a process may start before it, and
    commands such as `results replay` need none.
    """
    file = database.engine.url.database
    if database.engine.dialect.name == "sqlite" and not (file and Path(file).exists()):
        return
    try:
        if not inspect(database.engine).has_table(InstallationFact.__tablename__):
            return
        with database.reading() as session:
            facts = {
                name: fact.value for name in FACTS if (fact := session.get(InstallationFact, name))
            }
    except OperationalError:
        return
    finally:
        database.dispose()
    _compare(
        facts.get("mode", settings.mode.value),
        facts.get("pepper", settings.keyring.fingerprint),
        settings,
    )


def _compare(mode: str, pepper: str, settings: Settings) -> None:
    if mode != settings.mode.value:
        raise BadSettings(
            f"This database was made for {mode} and the settings say {settings.mode.value}. "
            "A demo must never run on a city's data, nor a city on a demo's: check "
            "CIVIC_BUDGET_MODE and CIVIC_BUDGET_DATABASE_URL."
        )
    if pepper != settings.keyring.fingerprint:
        raise BadSettings(
            "The application pepper is not the one that this database was made with: names could "
            "not be read and nobody would be recognised. Restore the former CIVIC_BUDGET_PEPPER."
        )


def _stamp(work: Work, name: str, value: str) -> str:
    fact = work.session.get(InstallationFact, name)
    if fact is None:
        fact = InstallationFact(name=name, value=value)
        work.session.add(fact)
    return fact.value
