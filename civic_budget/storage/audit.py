"""The append-only trail of deeds. Requests only add rows; the worker appends the hash chain later.

Database triggers refuse UPDATE and DELETE on both tables. Rows carry random ids and codes, no names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from civic_budget.kernel.events import Event
from civic_budget.storage.db import Work
from civic_budget.storage.types import Base, random_id

GENESIS = "0" * 64


class AuditEntry(Base):
    """One deed: when, by which account, on which subjects."""

    __tablename__ = "audit_entry"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012

    id: Mapped[UUID] = random_id()
    at: Mapped[datetime]
    segment: Mapped[int] = mapped_column(index=True)
    deed: Mapped[str] = mapped_column(index=True)
    by: Mapped[UUID | None]
    subjects: Mapped[dict[str, Any]]


class AuditLink(Base):
    """One link of a yearly segment's hash chain."""

    __tablename__ = "audit_link"
    __table_args__ = (UniqueConstraint("entry_id"), {"info": {"append_only": True}})

    segment: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("audit_entry.id"))
    hash: Mapped[str]


def append_only_statements(table: str, dialect: str) -> list[str]:
    """The SQL that makes a table refuse UPDATE and DELETE, for migrations and for tests."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} BEGIN "
            f"SELECT RAISE(ABORT, '{table} is append-only'); END"
            for deed in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()",
    ]


def record(work: Work, happened: Event) -> None:
    """Write an event into the trail, in the event's own transaction."""
    work.session.add(
        AuditEntry(
            id=uuid4(),
            at=happened.at,
            segment=happened.at.year,
            deed=type(happened).__name__,
            by=happened.by,
            subjects=happened.subjects(),
        )
    )


def list_entries(
    session: Session,
    deeds: Collection[str],
    *,
    by: UUID | None = None,
    subjects: Mapping[str, str] = MappingProxyType({}),
    since: datetime | None = None,
    until: datetime | None = None,
    skip: int = 0,
    limit: int = 50,
) -> Sequence[AuditEntry]:
    """Deeds of some kinds, the latest first: by an account, about subjects, from `since` until `until`."""
    wanted = select(AuditEntry).where(AuditEntry.deed.in_(deeds))
    if by is not None:
        wanted = wanted.where(AuditEntry.by == by)
    for name, value in subjects.items():
        wanted = wanted.where(AuditEntry.subjects[name].as_string() == value)
    if since is not None:
        wanted = wanted.where(AuditEntry.at >= since)
    if until is not None:
        wanted = wanted.where(AuditEntry.at < until)
    latest = wanted.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    return session.scalars(latest.offset(skip).limit(limit)).all()


def link_new_entries(work: Work) -> int:
    """Append all unlinked entries to their segments' chains, oldest first; returns how many."""
    linked = select(AuditLink.entry_id)
    fresh = work.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.id.not_in(linked))
        .order_by(AuditEntry.segment, AuditEntry.at, AuditEntry.id)
    ).all()
    heads: dict[int, tuple[int, str]] = {}
    for entry in fresh:
        position, previous = heads.get(entry.segment) or head(work.session, entry.segment)
        position, digest = position + 1, _digest(previous, entry)
        work.session.add(
            AuditLink(segment=entry.segment, position=position, entry_id=entry.id, hash=digest)
        )
        heads[entry.segment] = (position, digest)
    return len(fresh)


def head(session: Session, segment: int) -> tuple[int, str]:
    """Position and hash of a segment's last link; (0, zeros) when it has none."""
    last = session.execute(
        select(AuditLink.position, AuditLink.hash)
        .where(AuditLink.segment == segment)
        .order_by(AuditLink.position.desc())
        .limit(1)
    ).first()
    return (last.position, last.hash) if last else (0, GENESIS)


def find_broken_link(session: Session, segment: int) -> int | None:
    """The first position whose hash does not follow from its entry and predecessor; None: all hold."""
    previous = GENESIS
    rows = session.execute(
        select(AuditLink, AuditEntry)
        .join(AuditEntry, AuditEntry.id == AuditLink.entry_id)
        .where(AuditLink.segment == segment)
        .order_by(AuditLink.position)
    )
    for link, entry in rows:
        if link.hash != _digest(previous, entry):
            return int(link.position)
        previous = link.hash
    return None


def _digest(previous: str, entry: AuditEntry) -> str:
    content = json.dumps(
        [
            previous,
            str(entry.id),
            entry.at.isoformat(),
            entry.deed,
            str(entry.by),
            entry.subjects,
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()
