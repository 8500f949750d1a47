"""Recurring jobs of the worker: a row each, so that two workers never run one job at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from civic_budget.storage.db import Database
from civic_budget.storage.types import Base


class ScheduledJob(Base):
    """When a job is due next."""

    __tablename__ = "scheduled_job"

    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    last_run_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Job:
    """A recurring deed of the platform itself; `run` gets the database and the moment."""

    name: str
    every: timedelta
    run: Callable[[Database, datetime], None]


def run_due(database: Database, jobs: Sequence[Job], *, at: datetime) -> list[str]:
    """Run each job whose moment has come, once, however many days were missed; returns their names."""
    ran = []
    with database.reading() as session:
        due_at = {row.name: row.due_at for row in session.scalars(select(ScheduledJob))}
    for job in jobs:
        # The worker asks each second: only for a job that seems due does it take the write lock.
        if due_at.get(job.name, at) <= at and _claim(database, job, at):
            job.run(database, at)
            ran.append(job.name)
    return ran


def _claim(database: Database, job: Job, at: datetime) -> bool:
    with database.writing() as work:
        row = work.session.get(ScheduledJob, job.name, with_for_update=True)
        if row is None:
            row = ScheduledJob(name=job.name, due_at=at, last_run_at=None)
            work.session.add(row)
        if row.due_at > at:
            return False
        row.last_run_at, row.due_at = at, at + job.every
        return True
