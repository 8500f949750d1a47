"""The signed scan of a mayor's act: encoded anew as the intake gave it, public, replaced by a later one.

The bytes are stored before their row and removed again when the row is refused; the bytes of a
superseded scan are swept a day later, its row and its hashes stay.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import func, select

from civic_budget.assessment import events, policy
from civic_budget.assessment.models import MayorAct, MayorActScan
from civic_budget.assessment.queries import list_shown_blobs
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import NotFound
from civic_budget.proposals.service import pdf_of_pages
from civic_budget.storage.blob_rows import keep_with_row, sweep_unknown
from civic_budget.storage.blobs import FolderStore
from civic_budget.storage.db import Database, Work

SWEEP_AGE = timedelta(hours=24)


def scan_store(instance: Path) -> FolderStore:
    """Where the scans of acts lie."""
    return FolderStore(instance / "act-scans")


def add_act_scan(
    work: Work,
    actor: Actor,
    *,
    act_id: UUID,
    pages: Sequence[bytes],
    upload_hash: str,
    at: datetime,
) -> UUID:
    """Show the scan of a signed act from now on; `pages` are JPEGs as the intake gave them.

    `upload_hash` is the SHA-256 of the file they came from. Raises NotAllowed and NotFound("no_act").
    """
    require(policy.may_scan_act(actor))
    assert actor.account_id is not None
    # The act is locked, so that two coordinators get two numbers, one after the other.
    if work.session.get(MayorAct, act_id, with_for_update=True) is None:
        raise NotFound("no_act")
    before = work.session.scalar(
        select(func.max(MayorActScan.number)).where(MayorActScan.act_id == act_id)
    )
    content = pdf_of_pages(pages)
    row = MayorActScan(
        id=uuid4(),
        act_id=act_id,
        number=(before or 0) + 1,
        blob=secrets.token_hex(16),
        hash=hashlib.sha256(content).hexdigest(),
        upload_hash=upload_hash,
        page_count=len(pages),
        byte_count=len(content),
        uploaded_at=at,
        uploaded_by=actor.account_id,
    )
    keep_with_row(work.session, scan_store(work.instance), row, row.blob, content)
    work.publish(
        events.MayorActScanned(
            act_id=act_id,
            scan_id=row.id,
            number=row.number,
            hash=row.hash,
            upload_hash=upload_hash,
            at=at,
            by=actor.account_id,
        )
    )
    return row.id


def sweep_act_scans(database: Database, instance: Path, *, at: datetime) -> int:
    """Remove bytes that no act shows for a day: superseded scans, requests that broke off."""
    with database.reading() as session:
        shown = list_shown_blobs(session)
    return sweep_unknown(scan_store(instance), shown, before=at - SWEEP_AGE)
