"""Pictures and attachments: what the intake decoded is encoded anew and kept beside the database.

The bytes are stored before their row and removed again when the row is refused; bytes whose row went
with a draft are swept a day later.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

from PIL import Image
from sqlalchemy import func, select

from civic_budget.kernel.actor import Actor
from civic_budget.kernel.decision import require
from civic_budget.kernel.errors import Conflict, NotFound
from civic_budget.proposals import policy
from civic_budget.proposals.file_rules import (
    LONGEST_ALT,
    LONGEST_SIDE,
    LONGEST_TITLE,
    MOST_ATTACHMENTS,
    MOST_PICTURES,
    SHORTEST_ALT,
)
from civic_budget.proposals.implementation_rules import MOST_PHOTOS
from civic_budget.proposals.models import (
    ImplementationStep,
    Proposal,
    ProposalAttachment,
    ProposalPicture,
)
from civic_budget.proposals.service.rows import load_with_relations
from civic_budget.storage.blob_rows import keep_with_row, sweep_unknown
from civic_budget.storage.blobs import FolderStore
from civic_budget.storage.db import Database, Work

JPEG_QUALITY = 82
SWEEP_AGE = timedelta(hours=24)


def picture_store(instance: Path) -> FolderStore:
    """Where pictures lie: apart from evidence, and public with their proposal."""
    return FolderStore(instance / "pictures")


def attachment_store(instance: Path) -> FolderStore:
    """Where attachments lie."""
    return FolderStore(instance / "attachments")


def add_picture(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    page: bytes,
    alt: Mapping[str, str],
    at: datetime,
) -> UUID:
    """Keep a picture of the idea; `page` is a JPEG as the intake gave it, `alt` says what is seen.

    Raises NotAllowed as for writing, Conflict at `alt` (alt_missing, alt_too_long), at `file`
    (too_many_pictures).
    """
    _editable(work, actor, proposal_id, at)
    count = work.session.scalar(
        select(func.count()).where(
            ProposalPicture.proposal_id == proposal_id, ProposalPicture.step_id.is_(None)
        )
    )
    if (count or 0) >= MOST_PICTURES:
        raise Conflict("too_many_pictures", field="file")
    return _keep_picture(work, actor, proposal_id, None, page, alt, at)


def add_step_photo(
    work: Work,
    actor: Actor,
    *,
    step_id: UUID,
    page: bytes,
    alt: Mapping[str, str],
    is_responsible: bool = False,
    at: datetime,
) -> UUID:
    """Keep a photo of a step of the implementation; a coordinator's deed, or the unit's that builds.

    `alt` maps language to what is seen, Polish must be there. Raises Conflict at `alt_pl`
    (alt_missing, alt_too_long), at `file` (too_many_photos).
    """
    require(policy.may_record_step(actor, is_responsible=is_responsible))
    step = work.session.get(ImplementationStep, step_id, with_for_update=True)
    if step is None:
        raise NotFound("no_such_step")
    if not alt.get("pl", "").strip():
        raise Conflict("alt_missing", field="alt_pl")
    count = work.session.scalar(select(func.count()).where(ProposalPicture.step_id == step_id))
    if (count or 0) >= MOST_PHOTOS:
        raise Conflict("too_many_photos", field="file")
    said = {code: words for code, words in alt.items() if words.strip()}
    return _keep_picture(work, actor, step.proposal_id, step_id, page, said, at)


def remove_step_photo(
    work: Work, actor: Actor, *, picture_id: UUID, is_responsible: bool, at: datetime
) -> None:
    """Take a photo of a step away, with its bytes: for one that shows a face or the wrong place."""
    require(policy.may_record_step(actor, is_responsible=is_responsible))
    row = work.session.get(ProposalPicture, picture_id, with_for_update=True)
    if row is None or row.step_id is None:
        raise NotFound("no_such_picture")
    work.session.delete(row)
    work.session.flush()
    picture_store(work.instance).delete(row.blob)


def change_alt(
    work: Work, actor: Actor, *, picture_id: UUID, language: str, words: str, at: datetime
) -> None:
    """Say in other words what is seen in a picture."""
    row = work.session.get(ProposalPicture, picture_id, with_for_update=True)
    if row is None:
        raise NotFound("no_such_picture")
    _editable(work, actor, row.proposal_id, at)
    row.alt = {**row.alt, language: _alt(words)}


def remove_picture(work: Work, actor: Actor, *, picture_id: UUID, at: datetime) -> None:
    """Take a picture out, with its bytes; raises NotAllowed as for writing."""
    row = work.session.get(ProposalPicture, picture_id, with_for_update=True)
    if row is None:
        raise NotFound("no_such_picture")
    _editable(work, actor, row.proposal_id, at)
    work.session.delete(row)
    work.session.flush()
    picture_store(work.instance).delete(row.blob)


def add_attachment(
    work: Work,
    actor: Actor,
    *,
    proposal_id: UUID,
    pages: Sequence[bytes],
    title: str,
    language: str,
    is_public: bool,
    at: datetime,
) -> UUID:
    """Keep a document as a PDF of page pictures; an internal one is read by staff and authors only.

    Raises Conflict at `title` (title_missing), at `file` (too_many_attachments).
    """
    _editable(work, actor, proposal_id, at)
    title = " ".join(title.split())[:LONGEST_TITLE]
    if not title:
        raise Conflict("attachment_title_missing", field="title")
    count = work.session.scalar(
        select(func.count()).where(ProposalAttachment.proposal_id == proposal_id)
    )
    if (count or 0) >= MOST_ATTACHMENTS:
        raise Conflict("too_many_attachments", field="file")
    content = pdf_of_pages(pages)
    row = ProposalAttachment(
        id=uuid4(),
        proposal_id=proposal_id,
        is_public=is_public,
        title=title,
        language=language,
        blob=secrets.token_hex(16),
        page_count=len(pages),
        byte_count=len(content),
        added_at=at,
        added_by=actor.account_id,
    )
    keep_with_row(work.session, attachment_store(work.instance), row, row.blob, content)
    return row.id


def remove_attachment(work: Work, actor: Actor, *, attachment_id: UUID, at: datetime) -> None:
    """Take an attachment out, with its bytes."""
    row = work.session.get(ProposalAttachment, attachment_id, with_for_update=True)
    if row is None:
        raise NotFound("no_such_attachment")
    _editable(work, actor, row.proposal_id, at)
    work.session.delete(row)
    work.session.flush()
    attachment_store(work.instance).delete(row.blob)


def sweep_files(database: Database, instance: Path, *, at: datetime) -> int:
    """Remove bytes that no row knows for a day: drafts thrown away, requests that broke off."""
    removed = 0
    for store, column in (
        (picture_store(instance), ProposalPicture.blob),
        (attachment_store(instance), ProposalAttachment.blob),
    ):
        with database.reading() as session:
            known = set(session.scalars(select(column)))
        removed += sweep_unknown(store, known, before=at - SWEEP_AGE)
    return removed


def _editable(work: Work, actor: Actor, proposal_id: UUID, at: datetime) -> Proposal:
    proposal, known, _edition = load_with_relations(work, proposal_id, at)
    require(policy.may_edit(actor, known, at=at))
    return proposal


def _keep_picture(
    work: Work,
    actor: Actor,
    proposal_id: UUID,
    step_id: UUID | None,
    page: bytes,
    alt: Mapping[str, str],
    at: datetime,
) -> UUID:
    at_field = "alt_{}" if step_id else "alt"
    said = {code: _alt(words, at_field.format(code)) for code, words in alt.items()}
    if not said:
        raise Conflict("alt_missing", field="alt")
    content, width, height = _fitted(page)
    row = ProposalPicture(
        id=uuid4(),
        proposal_id=proposal_id,
        step_id=step_id,
        blob=secrets.token_hex(16),
        alt=said,
        width=width,
        height=height,
        added_at=at,
        added_by=actor.account_id,
    )
    keep_with_row(work.session, picture_store(work.instance), row, row.blob, content)
    return row.id


def _alt(words: str, field: str = "alt") -> str:
    said = " ".join(words.split())
    if len(said) < SHORTEST_ALT:
        raise Conflict("alt_missing", field=field)
    if len(said) > LONGEST_ALT:
        raise Conflict("alt_too_long", field=field)
    return said


def _fitted(page: bytes) -> tuple[bytes, int, int]:
    """A picture no longer than the web needs; its pixels only, nothing else of the file."""
    with Image.open(BytesIO(page)) as picture:
        plain = picture.convert("RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = BytesIO()
    plain.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return out.getvalue(), plain.width, plain.height


def pdf_of_pages(pages: Sequence[bytes]) -> bytes:
    """A PDF of page pictures: no script, form or metadata of the original survives."""
    pictures = [Image.open(BytesIO(page)).convert("RGB") for page in pages]
    out = BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=150)
    return out.getvalue()
