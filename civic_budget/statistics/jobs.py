"""The worker's part: seal what is due, bring back what was lost, say in the log why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from civic_budget.editions.queries import list_editions
from civic_budget.kernel.actor import SYSTEM
from civic_budget.kernel.errors import DomainError
from civic_budget.statistics import service
from civic_budget.statistics.archive import ReleaseArchive
from civic_budget.statistics.errors import AlreadySealed, StatisticsError
from civic_budget.statistics.people import count_people
from civic_budget.statistics.queries import find_release
from civic_budget.storage.db import Database
from civic_budget.voting.commission_queries import find_main_round
from civic_budget.voting.queries import RoundKey, get_round
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.service import secrets_of

DUE = frozenset({RoundStatus.OPENED, RoundStatus.FINAL})


@dataclass(frozen=True)
class Due:
    """An edition whose votes are opened and whose tables are not sealed."""

    edition_id: UUID
    slug: str
    keys: RoundKey


def list_due(session: Session) -> list[Due]:
    """The editions to be sealed now, however long ago their rounds were opened; oldest first."""
    found = []
    for edition in sorted(list_editions(session), key=lambda edition: edition.year):
        main = find_main_round(session, edition.id)
        if edition.is_training or main is None:
            continue
        opened = get_round(session, main)
        if opened.status not in DUE:
            continue
        if find_release(session, edition.id) is None:
            keys = RoundKey(opened.id, opened.public_key, opened.key_marks)
            found.append(Due(edition.id, edition.slug, keys))
    return found


def seal_due(database: Database, instance: Path, at: datetime) -> list[str]:
    """Seal every edition that is due, each in a unit of work of its own; returns their names.

    First what a restored backup lost comes back from the archive. A refusal stands in the log, once
    for each reason; the next run tries again.
    """
    bring_back(database, instance, at)
    with database.reading() as session:
        due = list_due(session)
    return [one.slug for one in due if _seal(database, one, instance / "rounds", at)]


def bring_back(database: Database, instance: Path, at: datetime) -> None:
    """Complete the database from the archive when it holds fewer releases than that."""
    with database.reading() as session:
        editions = list_editions(session)
        known = sum(find_release(session, edition.id) is not None for edition in editions)
    if ReleaseArchive(instance / "statistics-archive").count() <= known:
        return
    try:
        with database.writing() as work:
            service.restore(work, SYSTEM, at=at)
    except StatisticsError as error:
        _note(database, None, error, at)


def _seal(database: Database, due: Due, folder: Path, at: datetime) -> bool:
    """Counting reads for a while, so it is done before the write lock is taken."""
    try:
        secrets = secrets_of(folder, due.keys)
        with database.reading() as session:
            counted = count_people(session, due.edition_id, secrets)
        with database.writing() as work:
            service.seal_counted(work, SYSTEM, edition_id=due.edition_id, counted=counted, at=at)
    except AlreadySealed:
        return False  # another worker was quicker
    except (StatisticsError, DomainError) as error:
        _note(database, due.edition_id, error, at)
        return False
    return True


def _note(
    database: Database, edition_id: UUID | None, error: StatisticsError | DomainError, at: datetime
) -> None:
    reason = error.code if isinstance(error, DomainError) else type(error).__name__
    with database.writing() as work:
        service.note_refusal(work, edition_id=edition_id, reason=reason, at=at)
