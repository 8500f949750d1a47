"""Listening to the doors of a database: what is asked of it, and when it commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from civic_budget.storage.db import Database


@contextmanager
def listening(database: Database, **notes: Callable[..., Any]) -> Iterator[None]:
    """Call each note at its event of SQLAlchemy's engines while the block runs."""
    doors = [database.engine, database.looking_engine]
    if database.engine.dialect.name == "postgresql":
        doors.append(database.inserting_engine)
    engines = {id(one): one for one in doors}.values()
    pairs = [(engine, name, note) for engine in engines for name, note in notes.items()]
    for pair in pairs:
        event.listen(*pair)
    try:
        yield
    finally:
        for pair in pairs:
            event.remove(*pair)
