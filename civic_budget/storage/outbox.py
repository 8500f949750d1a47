"""Slow work as rows of the same transaction, done later by the worker: nothing lost, nothing twice.

A task is leased (SKIP LOCKED on PostgreSQL), handed to its performer with its id as the key against
doubles, and marked done. A crash leaves a lease that runs out. Payloads are sealed: they may carry a code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped

from civic_budget.storage.db import Database, Work
from civic_budget.storage.types import Base, random_id

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8


class OutboxTask(Base):
    """Something to be done once: `kind` names the performer, `sealed` holds its payload."""

    __tablename__ = "outbox_task"
    __table_args__ = (Index("ix_outbox_task_open", "done_at", "due_at"),)

    id: Mapped[UUID] = random_id()
    kind: Mapped[str]
    sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int]
    done_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


@dataclass(frozen=True)
class Task:
    """A leased task, as its performer sees it."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    attempt: int


Performer = Callable[[Task], None]


def enqueue(
    work: Work,
    kind: str,
    payload: Mapping[str, Any],
    *,
    at: datetime,
    due_at: datetime | None = None,
) -> UUID:
    """Add a task to the outbox in the present transaction; returns its id."""
    task_id = uuid4()
    plain = json.dumps(payload, sort_keys=True).encode()
    work.session.add(
        OutboxTask(
            id=task_id,
            kind=kind,
            sealed=work.keyring.seal("outbox", plain, bound_to=str(task_id)),
            created_at=at,
            due_at=due_at or at,
            leased_until=None,
            attempts=0,
            done_at=None,
            given_up_at=None,
            last_error=None,
        )
    )
    return task_id


def lease_next(database: Database, *, at: datetime) -> Task | None:
    """Take the oldest open task that is due and nobody holds; None when there is none."""
    with database.writing() as work:
        row = work.session.scalars(
            select(OutboxTask)
            .where(
                OutboxTask.done_at.is_(None),
                OutboxTask.given_up_at.is_(None),
                OutboxTask.due_at <= at,
                (OutboxTask.leased_until.is_(None)) | (OutboxTask.leased_until <= at),
            )
            .order_by(OutboxTask.due_at, OutboxTask.created_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None or row.sealed is None:
            return None
        row.leased_until = at + LEASE
        row.attempts += 1
        plain = work.keyring.unseal("outbox", row.sealed, bound_to=str(row.id))
        return Task(row.id, row.kind, json.loads(plain), row.attempts)


def mark_done(database: Database, task: Task, *, at: datetime) -> None:
    """The task is done: its payload is wiped."""
    with database.writing() as work:
        row = work.session.get_one(OutboxTask, task.id)
        row.done_at, row.sealed, row.leased_until = at, None, None


def mark_failed(database: Database, task: Task, error: str, *, at: datetime) -> None:
    """Try again later, each time twice as late; give up after the last attempt and say so."""
    with database.writing() as work:
        row = work.session.get_one(OutboxTask, task.id)
        row.last_error, row.leased_until = error[:500], None
        row.due_at = at + timedelta(seconds=30 * 2**task.attempt)
        if task.attempt >= MAX_ATTEMPTS:
            row.given_up_at, row.sealed = at, None


def work_off(
    database: Database, performers: Mapping[str, Performer], *, at: datetime, limit: int = 1000
) -> int:
    """Do what is due, task by task, until nothing is; returns how many succeeded."""
    done = 0
    for _ in range(limit):
        task = lease_next(database, at=at)
        if task is None:
            break
        try:
            performers[task.kind](task)
        except Exception as error:
            mark_failed(database, task, f"{type(error).__name__}: {error}", at=at)
        else:
            mark_done(database, task, at=at)
            done += 1
    return done
