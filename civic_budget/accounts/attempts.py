"""Counters against guessing: so many tries for a subject in a quarter of an hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from civic_budget.accounts.models import AttemptCounter
from civic_budget.kernel.errors import DomainError
from civic_budget.storage.db import Work

WINDOW_SECONDS = 900


class TooManyTries(DomainError):
    """The limit of this quarter of an hour is reached."""

    def __init__(self) -> None:
        super().__init__("too_many_tries")


def count_try(work: Work, deed: str, subject: str, *, limit: int, at: datetime) -> None:
    """Count one try of a deed for a subject; raises TooManyTries above the limit.

    Call it in a unit of work of its own, so that a failed deed does not roll its count back.
    """
    window = int(at.timestamp()) // WINDOW_SECONDS
    key = work.keyring.blind("attempts", f"{deed}|{subject}")
    row = work.session.get(AttemptCounter, (key, window))
    if row is None:
        row = AttemptCounter(subject=key, window=window, count=0)
        work.session.add(row)
    if row.count >= limit:
        raise TooManyTries
    row.count += 1


def forget_old_tries(work: Work, *, at: datetime) -> None:
    """Drop counters of windows that have passed."""
    window = int(at.timestamp()) // WINDOW_SECONDS
    work.session.execute(delete(AttemptCounter).where(AttemptCounter.window < window - 1))
