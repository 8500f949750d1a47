"""Looking up packages for the public bulletin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.assessment.bulletin import Document, Finding, document_from, finding_from
from civic_budget.assessment.models import BulletinPackage
from civic_budget.kernel.errors import NotFound


@dataclass(frozen=True)
class PackageFacts:
    """A package; `hash` is that of its released documents."""

    id: UUID
    edition_id: UUID
    kind: str
    act_id: UUID | None
    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]
    prepared_at: datetime
    released_at: datetime | None
    hash: str | None

    @property
    def open_findings(self) -> int:
        """How many places nobody has decided yet."""
        return sum(one.is_covered is None for one in self.findings)


def get_package(session: Session, package_id: UUID) -> PackageFacts:
    """One package; raises NotFound."""
    row = session.get(BulletinPackage, package_id)
    if row is None:
        raise NotFound("no_package")
    return _facts(row)


def list_packages(
    session: Session, edition_id: UUID, *, only_released: bool = False
) -> Sequence[PackageFacts]:
    """The packages of an edition, the latest first."""
    chosen = select(BulletinPackage).where(BulletinPackage.edition_id == edition_id)
    if only_released:
        chosen = chosen.where(BulletinPackage.released_at.is_not(None))
    return [
        _facts(row) for row in session.scalars(chosen.order_by(BulletinPackage.prepared_at.desc()))
    ]


def _facts(row: BulletinPackage) -> PackageFacts:
    return PackageFacts(
        id=row.id,
        edition_id=row.edition_id,
        kind=row.kind,
        act_id=row.act_id,
        documents=tuple(document_from(one) for one in row.documents),
        findings=tuple(finding_from(one) for one in row.findings),
        prepared_at=row.prepared_at,
        released_at=row.released_at,
        hash=row.hash,
    )
