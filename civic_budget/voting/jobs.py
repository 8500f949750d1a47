"""What the worker does for running rounds: the nightly count, and notices that a vote was recorded.

Messages are sent by whoever calls: this room knows persons, not letters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from civic_budget.storage.db import Database, Work
from civic_budget.voting import queries
from civic_budget.voting.events import RoundOpened
from civic_budget.voting.keys import RoundSecrets, SecretsRefused
from civic_budget.voting.queries import RoundKey
from civic_budget.voting.service import (
    VoidTold,
    provisional_voters,
    publish_last_night,
    secrets_of,
    take_loss_notices,
    take_notice_batch,
    take_void_notices,
)

Tell = Callable[[Work, UUID, datetime], None]


def publish_nights(database: Database, at: datetime) -> None:
    """Publish yesterday's count of each running round that has none yet."""
    with database.writing() as work:
        publish_last_night(work, at=at)


def tell_voided(
    database: Database,
    secrets_folder: Path,
    tell: Callable[[Work, VoidTold, datetime], None],
    *,
    at: datetime,
) -> int:
    """Tell people that their envelope was taken out and until when they may object; how many."""
    told = 0
    for found, secrets in _held_rounds(database, secrets_folder):
        with database.writing() as work:
            for one in take_void_notices(work, round_id=found.id, secrets=secrets):
                tell(work, one, at)
                told += 1
    return told


def tell_of_loss(
    database: Database,
    secrets_folder: Path,
    tell: Callable[[Work, UUID, datetime, datetime], None],
    *,
    at: datetime,
) -> int:
    """Tell everybody without a vote in the box that envelopes were lost; how many were told."""
    told = 0
    for _, secrets in _held_rounds(database, secrets_folder):
        with database.writing() as work:
            until, persons = take_loss_notices(work, secrets=secrets, at=at) or (at, ())
            for person_id in persons:
                tell(work, person_id, until, at)
            told += len(persons)
    return told


def tell_voters(database: Database, secrets_folder: Path, tell: Tell, *, at: datetime) -> int:
    """Tell people that a vote was recorded for them, in batches; returns how many were told.

    A round whose secrets this machine does not hold is left to a machine that does.
    """
    told = 0
    for found, secrets in _held_rounds(database, secrets_folder):
        with database.writing() as work:
            persons = take_notice_batch(work, round_id=found.id, secrets=secrets)
            for person_id in persons:
                tell(work, person_id, at)
            told += len(persons)
    return told


def voters_who_waited(session: Session, instance: Path, happened: RoundOpened) -> Sequence[UUID]:
    """Whose vote waited for a decision about residence and was opened; empty without the secrets."""
    found = queries.get_round(session, happened.round_id)
    try:
        secrets = secrets_of(instance / "rounds", found)
    except SecretsRefused:
        return []
    return provisional_voters(session, secrets=secrets)


def _held_rounds(
    database: Database, secrets_folder: Path
) -> Iterator[tuple[RoundKey, RoundSecrets]]:
    """Running rounds whose secrets this machine holds."""
    with database.reading() as session:
        rounds = queries.list_rounds_with_notices(session)
    for found in rounds:
        try:
            yield found, secrets_of(secrets_folder, found)
        except SecretsRefused:
            continue
