"""Reading releases: the public and the analysts read the same sealed numbers, after the embargo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.editions.queries import (
    EditionFacts,
    EditionName,
    get_edition_by_slug,
    list_edition_names,
    list_editions,
)
from civic_budget.kernel.errors import NotFound
from civic_budget.results.queries import are_published
from civic_budget.statistics import files
from civic_budget.statistics.classes import Residents
from civic_budget.statistics.models import (
    OutsideRegister,
    StatisticsRelease,
    StatisticsRequest,
    StatisticsStep,
)
from civic_budget.statistics.publish import Publication
from civic_budget.statistics.release import Release

_KEPT = 16
_made: dict[str, Publication] = {}
"""By head: a sealed release never changes, so what follows from it is computed once a process."""


@dataclass(frozen=True)
class ReleaseFacts:
    """A sealed release; `head` is the hash that a quotation cites."""

    edition_id: UUID
    head: str
    sealed_at: datetime
    names: tuple[str, ...]


@dataclass(frozen=True)
class StepFacts:
    """A line of the log of sealing."""

    edition_id: UUID | None
    step: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class RequestFacts:
    """A logged question and its answer."""

    id: UUID
    asked_by: str
    question: str
    answer: str
    language: str
    at: datetime


def find_release(session: Session, edition_id: UUID) -> ReleaseFacts | None:
    """The release of an edition, if its tables are sealed."""
    row = session.get(StatisticsRelease, edition_id)
    if row is None:
        return None
    return ReleaseFacts(row.edition_id, row.head, row.sealed_at, tuple(sorted(row.files)))


def get_published_edition(session: Session, slug: str, *, at: datetime) -> EditionFacts:
    """An edition whose participation is public: sealed, and its results are out.

    The embargo is the same for everybody, analysts included. Raises NotFound.
    """
    edition = get_edition_by_slug(session, slug)
    if not are_published(edition, at=at) or _head(session, edition.id) is None:
        raise NotFound("not_published")
    return edition


def list_published(session: Session, *, at: datetime) -> Sequence[EditionName]:
    """The editions whose participation is public, the latest first."""
    sealed = set(session.scalars(select(StatisticsRelease.edition_id)))
    out = {e.id for e in list_editions(session) if e.id in sealed and are_published(e, at=at)}
    return [name for name in list_edition_names(session, at=at) if name.id in out]


def get_file(session: Session, edition_id: UUID, name: str) -> str:
    """The content of one of a release's files; raises NotFound."""
    row = session.get(StatisticsRelease, edition_id)
    if row is None or name not in row.files:
        raise NotFound("no_such_file")
    return str(row.files[name])


def get_files(session: Session, edition_id: UUID) -> dict[str, str]:
    """All files of a release by name; raises NotFound while nothing is sealed."""
    row = session.get(StatisticsRelease, edition_id)
    if row is None:
        raise NotFound("not_sealed")
    return {name: str(content) for name, content in row.files.items()}


def get_release(session: Session, edition_id: UUID) -> Release:
    """The sealed release of an edition; raises NotFound while nothing is sealed."""
    return get_publication(session, edition_id).release


def get_publication(session: Session, edition_id: UUID) -> Publication:
    """The numbers of an edition as published; raises NotFound while nothing is sealed."""
    head = _head(session, edition_id)
    if head is None:
        raise NotFound("not_sealed")
    if head not in _made:
        while len(_made) >= _KEPT:
            _made.pop(next(iter(_made)))
        _made[head] = Publication(_read(get_files(session, edition_id)))
    return _made[head]


def find_basis(session: Session) -> Residents | None:
    """The imported register from which the next edition's classes follow: the latest basis."""
    row = session.scalars(
        select(OutsideRegister)
        .where(OutsideRegister.is_basis.is_(True))
        .order_by(OutsideRegister.as_of.desc(), OutsideRegister.imported_at.desc())
        .limit(1)
    ).first()
    return _residents(row) if row else None


def list_registers(session: Session) -> list[Residents]:
    """All imported registers of residents, the latest first; they disagree, so none is the truth."""
    rows = session.scalars(
        select(OutsideRegister).order_by(OutsideRegister.as_of.desc(), OutsideRegister.source)
    )
    return [_residents(row) for row in rows]


def list_steps(session: Session, *, limit: int = 50) -> list[StepFacts]:
    """The log of sealing, the latest first."""
    rows = session.scalars(
        select(StatisticsStep).order_by(StatisticsStep.at.desc(), StatisticsStep.id).limit(limit)
    )
    return [StepFacts(row.edition_id, row.step, row.reason, row.at) for row in rows]


def list_requests(session: Session, *, limit: int = 50) -> list[RequestFacts]:
    """Logged questions outside the catalogue, the latest first."""
    rows = session.scalars(
        select(StatisticsRequest)
        .order_by(StatisticsRequest.at.desc(), StatisticsRequest.id)
        .limit(limit)
    )
    return [RequestFacts(r.id, r.asked_by, r.question, r.answer, r.language, r.at) for r in rows]


def _head(session: Session, edition_id: UUID) -> str | None:
    return session.scalar(
        select(StatisticsRelease.head).where(StatisticsRelease.edition_id == edition_id)
    )


def _residents(row: OutsideRegister) -> Residents:
    counts: Mapping[str, Any] = row.counts
    return Residents(
        row.source,
        row.as_of,
        row.definition,
        row.geography,
        {code: int(count) for code, count in counts.items()},
    )


def _read(content: Mapping[str, str]) -> Release:
    with TemporaryDirectory() as folder:
        for name, text in content.items():
            (Path(folder) / name).write_text(text, encoding="utf-8", newline="")
        return files.read(Path(folder))
