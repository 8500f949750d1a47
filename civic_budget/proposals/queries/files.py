"""Pictures and attachments as pages see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic_budget.proposals.models import ProposalAttachment, ProposalPicture
from civic_budget.proposals.queries.facts import POLISH


@dataclass(frozen=True)
class PictureFacts:
    """A picture: its proposal, the step of implementation it shows (None: the idea), size in pixels."""

    id: UUID
    proposal_id: UUID
    step_id: UUID | None
    blob: str
    alt: Mapping[str, str]
    width: int
    height: int

    def said(self, language: str) -> tuple[str, str]:
        """What is seen, and in which language: the reader's, else Polish, else any."""
        for code in (language, POLISH, *self.alt):
            if self.alt.get(code):
                return self.alt[code], code
        return "", language


@dataclass(frozen=True)
class AttachmentFacts:
    """An attachment: a PDF of page pictures; internal ones are for staff and the authors."""

    id: UUID
    proposal_id: UUID
    is_public: bool
    title: str
    language: str
    blob: str
    page_count: int
    byte_count: int


def list_pictures(session: Session, proposal_id: UUID) -> Sequence[PictureFacts]:
    """All pictures of a proposal, of the idea and of its steps, in the order of adding."""
    rows = session.scalars(
        select(ProposalPicture)
        .where(ProposalPicture.proposal_id == proposal_id)
        .order_by(ProposalPicture.added_at, ProposalPicture.id)
    )
    return [_picture(row) for row in rows]


def find_picture(session: Session, picture_id: UUID) -> PictureFacts | None:
    """One picture; None: there is none."""
    row = session.get(ProposalPicture, picture_id)
    return _picture(row) if row else None


def list_attachments(session: Session, proposal_id: UUID) -> Sequence[AttachmentFacts]:
    """The attachments of a proposal, in the order of adding."""
    rows = session.scalars(
        select(ProposalAttachment)
        .where(ProposalAttachment.proposal_id == proposal_id)
        .order_by(ProposalAttachment.added_at, ProposalAttachment.id)
    )
    return [_attachment(row) for row in rows]


def find_attachment(session: Session, attachment_id: UUID) -> AttachmentFacts | None:
    """One attachment; None: there is none."""
    row = session.get(ProposalAttachment, attachment_id)
    return _attachment(row) if row else None


def _picture(row: ProposalPicture) -> PictureFacts:
    return PictureFacts(
        row.id, row.proposal_id, row.step_id, row.blob, row.alt, row.width, row.height
    )


def _attachment(row: ProposalAttachment) -> AttachmentFacts:
    return AttachmentFacts(
        row.id,
        row.proposal_id,
        row.is_public,
        row.title,
        row.language,
        row.blob,
        row.page_count,
        row.byte_count,
    )
