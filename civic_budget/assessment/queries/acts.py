"""Looking up the mayor's acts, and the proposals on which one may still be given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civic_budget.assessment.models import Appeal, MayorAct, MayorActItem, MayorActScan
from civic_budget.kernel.errors import NotFound
from civic_budget.proposals.queries import OfficeRow, list_office_rows
from civic_budget.proposals.rules import ProposalState


@dataclass(frozen=True)
class ActLine:
    """What an act decides on one proposal."""

    proposal: OfficeRow
    is_restored: bool
    council_was_for: bool | None
    reasons: dict[str, str]

    @property
    def is_against_council(self) -> bool:
        """Whether the mayor decided otherwise than the council advised."""
        return self.council_was_for is not None and self.council_was_for != self.is_restored

    def reason(self, language: str) -> tuple[str, str]:
        """The public words in a language, else in Polish, and the language they are in."""
        words = self.reasons.get(language)
        return (words, language) if words else (self.reasons["pl"], "pl")


@dataclass(frozen=True)
class ScanFacts:
    """A scan of a signed act; sizes in bytes, hashes are SHA-256 of what is shown and what was sent."""

    id: UUID
    act_id: UUID
    number: int
    blob: str
    hash: str
    upload_hash: str
    page_count: int
    byte_count: int
    uploaded_at: datetime


@dataclass(frozen=True)
class ActFacts:
    """An act of the mayor with its lines in the order of the references; `scan` is the one shown."""

    id: UUID
    edition_id: UUID
    number: str
    signed_on: date
    lines: Sequence[ActLine]
    scan: ScanFacts | None


@dataclass(frozen=True)
class Pending:
    """A proposal on which the mayor may decide; `council_is_for` None without an opinion."""

    proposal: OfficeRow
    is_appealed: bool
    council_is_for: bool | None
    opinion: str


def get_act(session: Session, act_id: UUID) -> ActFacts:
    """One act; raises NotFound."""
    row = session.get(MayorAct, act_id)
    if row is None:
        raise NotFound("no_act")
    return _facts(session, row, _shown_scans(session, [act_id]))


def list_acts(session: Session, edition_id: UUID) -> Sequence[ActFacts]:
    """The acts of an edition, the latest first."""
    rows = session.scalars(
        select(MayorAct)
        .where(MayorAct.edition_id == edition_id)
        .order_by(MayorAct.signed_on.desc(), MayorAct.number)
    ).all()
    scans = _shown_scans(session, [row.id for row in rows])
    return [_facts(session, row, scans) for row in rows]


def list_act_scans(session: Session, act_id: UUID) -> Sequence[ScanFacts]:
    """Every scan of an act, the one that is shown first."""
    return [_scan(row) for row in _scans(session, [act_id])]


def list_shown_blobs(session: Session) -> frozenset[str]:
    """Names of the bytes that are shown with some act."""
    latest = (
        select(MayorActScan.act_id, func.max(MayorActScan.number).label("number"))
        .group_by(MayorActScan.act_id)
        .subquery()
    )
    return frozenset(
        session.scalars(
            select(MayorActScan.blob).join(
                latest,
                (latest.c.act_id == MayorActScan.act_id) & (latest.c.number == MayorActScan.number),
            )
        )
    )


def list_pending(session: Session, edition_id: UUID) -> Sequence[Pending]:
    """Appealed proposals first, then rejected ones, each in the order of submission."""
    appeals = {row.proposal_id: row for row in session.scalars(select(Appeal))}
    found = []
    for state in (ProposalState.APPEALED, ProposalState.REJECTED):
        for row in list_office_rows(session, edition_id):
            if row.state is state:
                one = appeals.get(row.id)
                found.append(
                    Pending(
                        row,
                        state is ProposalState.APPEALED,
                        one.is_opinion_for if one else None,
                        one.opinion if one else "",
                    )
                )
    return found


def _scans(session: Session, act_ids: Sequence[UUID]) -> Sequence[MayorActScan]:
    return session.scalars(
        select(MayorActScan)
        .where(MayorActScan.act_id.in_(act_ids))
        .order_by(MayorActScan.number.desc())
    ).all()


def _shown_scans(session: Session, act_ids: Sequence[UUID]) -> Mapping[UUID, ScanFacts]:
    # The latest comes first, so it is written last.
    return {row.act_id: _scan(row) for row in reversed(_scans(session, act_ids))}


def _scan(row: MayorActScan) -> ScanFacts:
    return ScanFacts(
        row.id,
        row.act_id,
        row.number,
        row.blob,
        row.hash,
        row.upload_hash,
        row.page_count,
        row.byte_count,
        row.uploaded_at,
    )


def _facts(session: Session, act: MayorAct, scans: Mapping[UUID, ScanFacts]) -> ActFacts:
    known = {row.id: row for row in list_office_rows(session, act.edition_id)}
    items = session.scalars(select(MayorActItem).where(MayorActItem.act_id == act.id))
    lines = [
        ActLine(known[i.proposal_id], i.is_restored, i.council_was_for, i.reasons) for i in items
    ]
    lines.sort(key=lambda line: line.proposal.reference)
    return ActFacts(act.id, act.edition_id, act.number, act.signed_on, lines, scans.get(act.id))
