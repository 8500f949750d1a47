"""Reading releases: the public and the analysts read the same sealed numbers, after the embargo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.kernel.errors import NotFound
from civic_budget.statistics import files
from civic_budget.statistics.models import StatisticsRelease
from civic_budget.statistics.publish import Publication


@dataclass(frozen=True)
class ReleaseFacts:
    """A sealed release; `head` is the hash that a quotation cites."""

    edition_id: UUID
    sealed_at: datetime
    names: tuple[str, ...]


def find_release(session: Session, edition_id: UUID) -> ReleaseFacts | None:
    """The release of an edition, if its tables are sealed."""
    row = session.get(StatisticsRelease, edition_id)
    return ReleaseFacts(row.edition_id, row.sealed_at, tuple(sorted(row.files))) if row else None


def get_file(session: Session, edition_id: UUID, name: str) -> str:
    """The content of one of a release's files; raises NotFound."""
    row = session.get(StatisticsRelease, edition_id)
    if row is None or name not in row.files:
        raise NotFound("no_such_file")
    return str(row.files[name])


def get_publication(session: Session, edition_id: UUID) -> Publication:
    """The numbers of an edition as published; raises NotFound while nothing is sealed."""
    row = session.execute(
        select(StatisticsRelease.files, StatisticsRelease.sealed_at).where(
            StatisticsRelease.edition_id == edition_id
        )
    ).first()
    if row is None:
        raise NotFound("not_sealed")
    return _publication(edition_id, row.sealed_at, tuple(sorted(row.files.items())))


@lru_cache(maxsize=16)
def _publication(
    _edition_id: UUID, _sealed_at: datetime, content: tuple[tuple[str, str], ...]
) -> Publication:
    """A sealed release never changes, so what follows from it is computed once a process."""
    with TemporaryDirectory() as folder:
        for name, text in content:
            (Path(folder) / name).write_text(text, encoding="utf-8", newline="")
        return Publication(files.read(Path(folder)))
