"""Looking up draws: what is public of them, and the list that auditors compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from civic_budget.kernel.errors import NotFound
from civic_budget.residency.models import ResidenceCase, SampleDraw, SampleMember


@dataclass(frozen=True)
class DrawFacts:
    """A draw with its counts; `seed` is None until it is known."""

    id: UUID
    announced_at: datetime
    source: str
    permille: int
    size: int
    fingerprint: str
    seed: str | None
    drawn_at: datetime | None
    drawn: int
    held: int
    revoked: int

    @property
    def waiting(self) -> int:
        """Drawn cases that nobody has checked yet."""
        return self.drawn - self.held - self.revoked


def list_draws(session: Session) -> list[DrawFacts]:
    """All draws, the newest first."""
    counts = {row.draw_id: row for row in session.execute(_counts())}
    draws = session.scalars(
        select(SampleDraw).order_by(SampleDraw.announced_at.desc(), SampleDraw.id)
    )
    return [_facts(draw, counts.get(draw.id)) for draw in draws]


def get_draw(session: Session, draw_id: UUID) -> DrawFacts:
    """A draw; raises NotFound."""
    draw = session.get(SampleDraw, draw_id)
    if draw is None:
        raise NotFound
    counts = session.execute(_counts().where(SampleMember.draw_id == draw_id)).first()
    return _facts(draw, counts)


def list_references(session: Session, draw_id: UUID) -> Sequence[str]:
    """The references on a draw's list, sorted: what its fingerprint was made from."""
    return session.scalars(
        select(ResidenceCase.reference)
        .join(SampleMember, SampleMember.case_id == ResidenceCase.id)
        .where(SampleMember.draw_id == draw_id)
        .order_by(ResidenceCase.reference)
    ).all()


def _counts() -> Select[UUID, int, int, int]:
    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    return select(
        SampleMember.draw_id,
        count(SampleMember.is_drawn.is_(True)).label("drawn"),
        count(SampleMember.outcome == "holds").label("held"),
        count(SampleMember.outcome == "revoked").label("revoked"),
    ).group_by(SampleMember.draw_id)


def _facts(draw: SampleDraw, counts: object) -> DrawFacts:
    return DrawFacts(
        id=draw.id,
        announced_at=draw.announced_at,
        source=draw.source,
        permille=draw.permille,
        size=draw.size,
        fingerprint=draw.fingerprint,
        seed=draw.seed,
        drawn_at=draw.drawn_at,
        drawn=getattr(counts, "drawn", 0),
        held=getattr(counts, "held", 0),
        revoked=getattr(counts, "revoked", 0),
    )
