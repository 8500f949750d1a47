"""Looking editions up. The present one is the published edition with the latest start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, ScalarSelect, Select, and_, bindparam, select
from sqlalchemy.orm import Session, selectinload

from civic_budget.editions.models import Category, Edition, EditionMoment, EditionSideDate, Pool
from civic_budget.editions.rules import Calendar, Milestone, Phase
from civic_budget.editions.rules import PoolFacts as PoolFacts  # noqa: PLC0414 - offered here too
from civic_budget.editions.side_dates import SideDate
from civic_budget.kernel.errors import NotFound


@dataclass(frozen=True)
class EditionFacts:
    """An edition as other rooms see it."""

    id: UUID
    slug: str
    year: int
    names: dict[str, str]
    is_training: bool
    calendar: Calendar
    pools: tuple[PoolFacts, ...]
    ballot_rule: dict[str, Any]
    selection_rule: dict[str, Any]
    accepted_proofs: tuple[str, ...]
    texts: dict[str, Any] = field(default_factory=dict)
    origin: dict[str, Any] = field(default_factory=dict)
    is_imported: bool = False
    side_dates: dict[SideDate, datetime] = field(default_factory=dict)

    def text(self, name: str, language: str) -> tuple[str, str]:
        """Words of the edition in a language, else in Polish, and the language they are in."""
        words = self.texts.get(name, {})
        return (words[language], language) if words.get(language) else (words.get("pl", ""), "pl")

    def knows(self, milestone: Milestone) -> bool:
        """Whether the moment is known; published files tell only of the vote itself."""
        return not self.is_imported or milestone.value in self.origin.get("known", ())

    def phase(self, at: datetime) -> Phase:
        """The phase at a moment."""
        return self.calendar.phase(at)

    def moment_of(self, milestone: Milestone) -> datetime:
        """When a milestone is."""
        return self.calendar.moments[milestone]

    def pool(self, scope: str) -> PoolFacts:
        """The pool of a scope; raises NotFound."""
        for pool in self.pools:
            if pool.scope == scope:
                return pool
        raise NotFound("no_such_pool")

    def name(self, language: str) -> str:
        """The edition's name in a language, else in Polish."""
        return self.names.get(language) or self.names["pl"]


@dataclass(frozen=True)
class EditionName:
    """What a page needs in order to name an edition and link to it."""

    id: UUID
    slug: str
    year: int
    names: dict[str, str]
    is_training: bool
    is_imported: bool

    def name(self, language: str) -> str:
        """The edition's name in a language, else in Polish."""
        return self.names.get(language) or self.names["pl"]


def list_edition_names(session: Session, *, at: datetime) -> Sequence[EditionName]:
    """The published editions, the latest first, in one query."""
    rows = session.execute(
        select(
            Edition.id,
            Edition.slug,
            Edition.year,
            Edition.names,
            Edition.is_training,
            Edition.is_imported,
        )
        .where(Edition.published_at.is_not(None), Edition.published_at <= at)
        .order_by(Edition.year.desc())
    )
    return [EditionName(r.id, r.slug, r.year, r.names, r.is_training, r.is_imported) for r in rows]


def get_edition(session: Session, edition_id: UUID) -> EditionFacts:
    """An edition by its id; raises NotFound."""
    return _one(session, Edition.id == edition_id)


def get_edition_by_slug(session: Session, slug: str) -> EditionFacts:
    """A published edition by the name in its address; raises NotFound."""
    return _one(session, and_(Edition.slug == slug, Edition.published_at.is_not(None)))


def find_current_edition(session: Session, *, at: datetime) -> EditionFacts | None:
    """The published edition of the highest year that the city holds: no training, no import."""
    row = session.execute(_CURRENT, {"at": at}).first()
    if row is None:
        return None
    own = {"edition_id": row.id}
    return _facts(
        row,
        moments=session.execute(_MOMENTS, own).all(),
        side_dates=session.execute(_SIDE_DATES, own).all(),
        pools=session.execute(_POOLS, own).all(),
    )


def current_edition_id() -> ScalarSelect[UUID]:
    """The id of the present edition at the moment `:at`, for a statement of another room."""
    return _current().with_only_columns(Edition.__table__.c.id).scalar_subquery()


def get_current_edition(session: Session, *, at: datetime) -> EditionFacts:
    """The present edition; raises NotFound when none is published."""
    edition = find_current_edition(session, at=at)
    if edition is None:
        raise NotFound("no_edition")
    return edition


def list_editions(session: Session) -> Sequence[EditionFacts]:
    """Published editions, the latest first."""
    rows = session.scalars(
        _loaded().where(Edition.published_at.is_not(None)).order_by(Edition.year.desc())
    )
    return [_loaded_facts(row) for row in rows]


def is_slug_taken(session: Session, slug: str) -> bool:
    """Whether an edition, public or in preparation, already has this name in its address."""
    return session.scalar(select(Edition.id).where(Edition.slug == slug)) is not None


def category_names(session: Session, language: str) -> dict[str, str]:
    """Category code → its name in a language, in the city's order."""
    rows = session.scalars(select(Category).order_by(Category.position))
    return {row.code: row.names.get(language) or row.names["pl"] for row in rows}


def _loaded() -> Any:
    return select(Edition).options(
        selectinload(Edition.moments),
        selectinload(Edition.side_dates),
        selectinload(Edition.pools),
    )


def _one(session: Session, condition: Any) -> EditionFacts:
    row = session.scalars(_loaded().where(condition)).first()
    if row is None:
        raise NotFound("no_edition")
    return _loaded_facts(row)


def _loaded_facts(row: Edition) -> EditionFacts:
    return _facts(row, moments=row.moments, side_dates=row.side_dates, pools=row.pools)


def _facts(
    row: Any, *, moments: Iterable[Any], side_dates: Iterable[Any], pools: Iterable[Any]
) -> EditionFacts:
    return EditionFacts(
        id=row.id,
        slug=row.slug,
        year=row.year,
        names=row.names,
        is_training=row.is_training,
        calendar=Calendar({Milestone(m.milestone): m.at for m in moments}),
        pools=tuple(
            PoolFacts(p.scope, p.district, p.money, p.min_cost, p.max_cost, p.signatures)
            for p in sorted(pools, key=lambda p: p.scope)
        ),
        ballot_rule=row.ballot_rule,
        selection_rule=row.selection_rule,
        accepted_proofs=tuple(row.accepted_proofs),
        texts=row.texts,
        origin=row.origin,
        is_imported=row.is_imported,
        side_dates={SideDate(d.code): d.at for d in side_dates},
    )


def _current() -> Select[Any]:
    edition = Edition.__table__.c
    return (
        select(*edition)
        .where(edition.published_at.is_not(None), edition.published_at <= bindparam("at"))
        .where(edition.is_training.is_(False), edition.is_imported.is_(False))
        .order_by(edition.year.desc())
        .limit(1)
    )


def _parts(table: FromClause) -> Select[Any]:
    return select(*table.c).where(table.c.edition_id == bindparam("edition_id"))


# Built once, without objects: every page asks for the present edition, and every cast of a vote.
_CURRENT = _current()
_MOMENTS = _parts(EditionMoment.__table__)
_SIDE_DATES = _parts(EditionSideDate.__table__)
_POOLS = _parts(Pool.__table__)
