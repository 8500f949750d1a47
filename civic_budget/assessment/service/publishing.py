"""Packages for the public bulletin: prepared, every suspicious place decided by a person, released."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from civic_budget.assessment import events, policy
from civic_budget.assessment.bulletin import (
    Document,
    check_documents,
    cover_documents,
    document_from,
    finding_from,
    hash_documents,
)
from civic_budget.assessment.models import BulletinPackage
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.storage.db import Work


def prepare_package(
    work: Work,
    actor: Actor,
    *,
    edition_id: UUID,
    kind: str,
    documents: Sequence[Document],
    act_id: UUID | None = None,
    at: datetime,
) -> UUID:
    """Put documents together and look for personal data in them; returns the package's id."""
    require(policy.may_set_up(actor))
    assert actor.account_id is not None
    if not any(document.rows for document in documents):
        raise Conflict("nothing_to_publish", field="what")
    package = BulletinPackage(
        id=uuid4(),
        edition_id=edition_id,
        kind=kind,
        act_id=act_id,
        documents=[document.as_data() for document in documents],
        findings=[finding.as_data() for finding in check_documents(documents)],
        prepared_at=at,
        prepared_by=actor.account_id,
    )
    work.session.add(package)
    return package.id


def decide_finding(
    work: Work, actor: Actor, *, package_id: UUID, number: int, is_covered: bool
) -> None:
    """Say of one place whether it is personal data and must be covered."""
    row = _open(work, actor, package_id)
    findings = [finding_from(one) for one in row.findings]
    if not 0 <= number < len(findings):
        raise NotFound("no_finding")
    findings[number] = replace(findings[number], is_covered=is_covered)
    row.findings = [one.as_data() for one in findings]


def release_package(work: Work, actor: Actor, *, package_id: UUID, at: datetime) -> str:
    """Cover what must be covered and make the package public; returns the hash of its documents.

    The uncovered words are gone from then on. Raises Conflict("findings_open").
    """
    row = _open(work, actor, package_id)
    findings = [finding_from(one) for one in row.findings]
    left = sum(one.is_covered is None for one in findings)
    if left:
        raise Conflict("findings_open", count=left)
    covered = cover_documents([document_from(one) for one in row.documents], findings)
    row.documents = [document.as_data() for document in covered]
    row.findings = []
    row.released_at, row.released_by = at, actor.account_id
    row.hash = hash_documents(covered)
    work.publish(events.BulletinReleased(package_id=row.id, at=at, by=actor.account_id))
    return row.hash


def discard_package(work: Work, actor: Actor, *, package_id: UUID) -> None:
    """Throw a package away that was not released."""
    work.session.delete(_open(work, actor, package_id))


def _open(work: Work, actor: Actor, package_id: UUID) -> BulletinPackage:
    require(policy.may_set_up(actor))
    row = work.session.get(BulletinPackage, package_id, with_for_update=True)
    if row is None:
        raise NotFound("no_package")
    if row.released_at is not None:
        raise Conflict("already_released")
    return row
