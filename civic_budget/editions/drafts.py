"""Editions as the office sees them: unfinished settings, their sources, corrections, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, selectinload

from civic_budget.editions.corrections import Change, from_data
from civic_budget.editions.models import (
    Category,
    CorrectionVerdict,
    Edition,
    EditionCorrection,
    EditionSource,
    RuleSignature,
)
from civic_budget.editions.rules import Milestone, PoolFacts
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.errors import NotFound


@dataclass(frozen=True)
class SourceFacts:
    """The act from which a setting follows."""

    setting: str
    act: str
    paragraph: str
    link: str


@dataclass(frozen=True)
class SignatureFacts:
    """A signature under the winner rule, and what the signer saw."""

    preset: str
    rule_hash: str
    tried_on: UUID
    dry_run: dict[str, Any]
    signed_by: UUID
    signed_at: datetime


@dataclass(frozen=True)
class CorrectionFacts:
    """A numbered correction; `is_signed` None while the second person has not answered."""

    number: int
    changes: tuple[Change, ...]
    reasons: dict[str, str]
    proposed_by: UUID
    proposed_at: datetime
    is_signed: bool | None
    given_by: UUID | None
    given_at: datetime | None


@dataclass(frozen=True)
class DraftFacts:
    """All settings of an edition, complete or not; money in grosze."""

    id: UUID
    slug: str
    year: int
    names: dict[str, str]
    is_training: bool
    published_at: datetime | None
    moments: dict[Milestone, datetime]
    pools: tuple[PoolFacts, ...]
    ballot_rule: dict[str, Any]
    selection_rule: dict[str, Any]
    accepted_proofs: tuple[str, ...]
    texts: dict[str, Any]
    sources: dict[str, SourceFacts]
    signatures: tuple[SignatureFacts, ...]
    side_dates: dict[SideDate, datetime] = field(default_factory=dict)

    @property
    def is_published(self) -> bool:
        """Whether the public sees it; then only corrections change it."""
        return self.published_at is not None

    def name(self, language: str) -> str:
        """The edition's name in a language, else in Polish, else its address."""
        return self.names.get(language) or self.names.get("pl") or self.slug

    def pool(self, scope: str) -> PoolFacts | None:
        """The pool of a scope, if it has money."""
        return next((pool for pool in self.pools if pool.scope == scope), None)

    def signers(self, rule_hash: str) -> tuple[UUID, ...]:
        """Who signed a rule with this hash, in order."""
        return tuple(s.signed_by for s in self.signatures if s.rule_hash == rule_hash)


@dataclass(frozen=True)
class OfficeEdition:
    """A line of the office's list."""

    id: UUID
    slug: str
    year: int
    names: dict[str, str]
    is_training: bool
    is_imported: bool
    published_at: datetime | None

    def name(self, language: str) -> str:
        """The edition's name in a language, else in Polish, else its address."""
        return self.names.get(language) or self.names.get("pl") or self.slug


def list_office_editions(session: Session) -> Sequence[OfficeEdition]:
    """All editions, public or not, the latest year first."""
    rows = session.scalars(select(Edition).order_by(Edition.year.desc(), Edition.slug))
    return [
        OfficeEdition(r.id, r.slug, r.year, r.names, r.is_training, r.is_imported, r.published_at)
        for r in rows
    ]


def get_draft(session: Session, slug: str) -> DraftFacts:
    """An edition of the city's own by its address, published or not; raises NotFound."""
    return _draft(session, _loaded().where(Edition.slug == slug))


def get_draft_by_id(session: Session, edition_id: UUID) -> DraftFacts:
    """The same by id; raises NotFound."""
    return _draft(session, _loaded().where(Edition.id == edition_id))


def list_sources(session: Session, edition_id: UUID) -> dict[str, SourceFacts]:
    """Setting → the act from which it follows."""
    rows = session.scalars(select(EditionSource).where(EditionSource.edition_id == edition_id))
    return {r.setting: SourceFacts(r.setting, r.act, r.paragraph, r.link) for r in rows}


def list_corrections(session: Session, edition_id: UUID) -> Sequence[CorrectionFacts]:
    """All corrections of an edition, the latest first."""
    rows = session.execute(
        select(EditionCorrection, CorrectionVerdict)
        .outerjoin(
            CorrectionVerdict,
            and_(
                CorrectionVerdict.edition_id == EditionCorrection.edition_id,
                CorrectionVerdict.number == EditionCorrection.number,
            ),
        )
        .where(EditionCorrection.edition_id == edition_id)
        .order_by(EditionCorrection.number.desc())
    )
    return [_correction(correction, verdict) for correction, verdict in rows]


def count_categories(session: Session) -> int:
    """How many categories the city has."""
    return session.scalar(select(func.count()).select_from(Category)) or 0


def list_categories(session: Session) -> Sequence[tuple[str, dict[str, str], int]]:
    """Code, names by language and position, in the city's order."""
    rows = session.scalars(select(Category).order_by(Category.position, Category.code))
    return [(row.code, row.names, row.position) for row in rows]


def _loaded() -> Select[Edition]:
    return (
        select(Edition)
        .where(Edition.is_imported.is_(False))
        .options(
            selectinload(Edition.moments),
            selectinload(Edition.side_dates),
            selectinload(Edition.pools),
        )
    )


def _draft(session: Session, chosen: Select[Edition]) -> DraftFacts:
    row = session.scalars(chosen).first()
    if row is None:
        raise NotFound("no_edition")
    signatures = session.scalars(
        select(RuleSignature)
        .where(RuleSignature.edition_id == row.id)
        .order_by(RuleSignature.signed_at, RuleSignature.id)
    )
    return DraftFacts(
        id=row.id,
        slug=row.slug,
        year=row.year,
        names=row.names,
        is_training=row.is_training,
        published_at=row.published_at,
        moments={Milestone(m.milestone): m.at for m in row.moments},
        pools=tuple(
            PoolFacts(p.scope, p.district, p.money, p.min_cost, p.max_cost, p.signatures)
            for p in sorted(row.pools, key=lambda p: p.scope)
        ),
        ballot_rule=row.ballot_rule,
        selection_rule=row.selection_rule,
        accepted_proofs=tuple(row.accepted_proofs),
        texts=row.texts,
        sources=list_sources(session, row.id),
        signatures=tuple(_signature(s) for s in signatures),
        side_dates={SideDate(d.code): d.at for d in row.side_dates},
    )


def _signature(row: RuleSignature) -> SignatureFacts:
    return SignatureFacts(
        row.preset, row.rule_hash, row.tried_on, row.dry_run, row.signed_by, row.signed_at
    )


def _correction(row: EditionCorrection, verdict: CorrectionVerdict | None) -> CorrectionFacts:
    return CorrectionFacts(
        number=row.number,
        changes=from_data(row.changes),
        reasons=row.reasons,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        is_signed=verdict.is_signed if verdict else None,
        given_by=verdict.given_by if verdict else None,
        given_at=verdict.given_at if verdict else None,
    )
