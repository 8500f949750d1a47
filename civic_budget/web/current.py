"""The only doors to Flask's context: who acts, what time it is, and the database of this request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import cast

from flask import current_app, g
from flask_login import current_user
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from civic_budget.config import Settings
from civic_budget.kernel.actor import VISITOR, Actor
from civic_budget.kernel.clock import utc_now
from civic_budget.kernel.errors import DomainError
from civic_budget.storage.db import Database, Glance, Work


def settings() -> Settings:
    """The installation's settings."""
    return cast(Settings, current_app.extensions["settings"])


def database() -> Database:
    """The installation's database."""
    return cast(Database, current_app.extensions["database"])


def now() -> datetime:
    """The moment of this request, the same from its first line to its last."""
    moment: datetime | None = g.get("now")
    if moment is None:
        moment = g.now = current_app.extensions.get("clock", utc_now)()
    return moment


def actor() -> Actor:
    """Who acts in this request."""
    if not current_user or not current_user.is_authenticated:
        return VISITOR
    return cast(Actor, current_user.actor)


def reading() -> Session:
    """This request's session to look with; closed when the request ends."""
    if "reading" not in g:
        g.reading_door = database().reading()
        g.reading = g.reading_door.__enter__()
    return cast(Session, g.reading)


def glancing() -> AbstractContextManager[Glance]:
    """A look without a session, over when the block is left."""
    return database().glancing()


@contextmanager
def writing() -> Iterator[Work]:
    """A unit of work of this request; refuses when the form's token was missing or stale.

    The looking session is closed first, so that pages after the deed see what it did.
    """
    _leave_looking()
    with database().writing() as work:
        yield work


def inserting() -> AbstractContextManager[Connection]:
    """A connection for the rows of one statement that guards itself; refuses as `writing`."""
    _leave_looking()
    return database().inserting()


def _leave_looking() -> None:
    if g.get("form_expired"):
        raise DomainError("form_expired")
    close_reading()


def close_reading() -> None:
    """End the looking session, if one is open."""
    door = g.pop("reading_door", None)
    g.pop("reading", None)
    if door is not None:
        door.__exit__(None, None, None)
