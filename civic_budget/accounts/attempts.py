"""Counters against guessing and against costs: so many tries or messages in a window of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from civic_budget.accounts.contacts import Contact, ContactKind
from civic_budget.accounts.models import AttemptCounter
from civic_budget.kernel.errors import DomainError
from civic_budget.storage.db import Work

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)


class TooManyTries(DomainError):
    """The limit of this window is reached; `code` says which limit."""

    def __init__(self, code: str = "too_many_tries") -> None:
        super().__init__(code)


@dataclass(frozen=True)
class MessageLimits:
    """What text messages may cost: so many to one phone a day, so many in all an hour."""

    to_a_phone_a_day: int
    in_all_an_hour: int


def count_try(
    work: Work,
    deed: str,
    subject: str,
    *,
    limit: int,
    at: datetime,
    window: timedelta = QUARTER,
    refusal: str = "too_many_tries",
) -> None:
    """Count one try of a deed for a subject; raises TooManyTries above the limit.

    Call it in a unit of work of its own, so that a failed deed does not roll its count back.
    """
    key = work.keyring.blind("attempts", f"{deed}|{subject}")
    insert = postgresql.insert if work.dialect == "postgresql" else sqlite.insert
    # One statement: two tries at the same moment are two.
    counted = work.session.scalar(
        insert(AttemptCounter)
        .values(subject=key, window=_first_minute(at, window), count=1)
        .on_conflict_do_update(
            index_elements=["subject", "window"], set_={"count": AttemptCounter.count + 1}
        )
        .returning(AttemptCounter.count)
    )
    if (counted or 0) > limit:
        raise TooManyTries(refusal)


def count_message(work: Work, contact: Contact, limits: MessageLimits, *, at: datetime) -> None:
    """Count a text message before it is known whether one will go out; e-mail is free.

    Raises TooManyTries `too_many_messages_to_phone` or `too_many_messages`. A known and an unknown number
    are counted alike, or the limit would tell who is registered.
    """
    if contact.kind is not ContactKind.PHONE:
        return
    count_try(
        work,
        "sms",
        contact.address,
        limit=limits.to_a_phone_a_day,
        at=at,
        window=DAY,
        refusal="too_many_messages_to_phone",
    )
    count_try(
        work,
        "sms",
        "in all",
        limit=limits.in_all_an_hour,
        at=at,
        window=HOUR,
        refusal="too_many_messages",
    )


def forget_old_tries(work: Work, *, at: datetime) -> None:
    """Drop counters whose window has passed, whatever its length."""
    oldest = _first_minute(at - DAY, DAY)
    work.session.execute(delete(AttemptCounter).where(AttemptCounter.window < oldest))


def _first_minute(at: datetime, window: timedelta) -> int:
    minutes = int(window.total_seconds()) // 60
    return int(at.timestamp()) // 60 // minutes * minutes
