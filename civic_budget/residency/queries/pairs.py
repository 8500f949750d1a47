"""All pairs of records that meet under blind keys: how strongly, since when, what officers said.

Nothing sealed is opened for the list: names appear only side by side, and that look is written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from civic_budget.residency.models import (
    DuplicateVerdict,
    Person,
    PersonCluster,
    PersonMatchKey,
    ResidenceCase,
)

PAGE = 50
KINDS = ("k1", "k2", "k3")


class PairState(StrEnum):
    """What was said of two records that may be one human."""

    OPEN = "open"
    PROPOSED = "proposed"
    MERGED = "merged"
    DIFFERENT = "different"


@dataclass(frozen=True)
class PairFilter:
    """What an officer wants to see; `strength` is the number of keys that agree."""

    state: PairState | None = PairState.OPEN
    strength: int | None = None


@dataclass(frozen=True)
class PairLine:
    """Two records in the list: references of their newest cases, no personal data."""

    one: UUID
    other: UUID
    references: tuple[str, str]
    keys: tuple[str, ...]
    state: PairState
    since: datetime
    said_by: UUID | None

    @property
    def strength(self) -> int:
        """How many kinds of keys agree."""
        return len(self.keys)


def list_pairs(session: Session, wanted: PairFilter, *, page: int = 1) -> Sequence[PairLine]:
    """One page of pairs, the oldest first."""
    pairs = _pairs()
    rows = session.execute(
        _filtered(select(pairs), pairs, wanted)
        .order_by(pairs.c.since, pairs.c.one, pairs.c.other)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    names = _references(session, {row.one for row in rows} | {row.other for row in rows})
    return [
        PairLine(
            one=row.one,
            other=row.other,
            references=(names.get(row.one, ""), names.get(row.other, "")),
            keys=tuple(kind for kind in KINDS if getattr(row, kind)),
            state=PairState(row.state),
            since=row.since,
            said_by=row.said_by,
        )
        for row in rows
    ]


def count_pairs(session: Session) -> dict[tuple[PairState, int], int]:
    """How many pairs there are in each state with each number of keys that agree."""
    pairs = _pairs()
    rows = session.execute(
        select(pairs.c.state, pairs.c.strength, func.count()).group_by(
            pairs.c.state, pairs.c.strength
        )
    )
    return {(PairState(state), strength): count for state, strength, count in rows}


def find_oldest_open(session: Session) -> datetime | None:
    """Since when the pair waits that waits longest for a first word."""
    pairs = _pairs()
    oldest: datetime | None = session.scalar(
        select(func.min(pairs.c.since)).where(pairs.c.state == PairState.OPEN.value)
    )
    return oldest


def _filtered(chosen: Select[Any], pairs: Subquery, wanted: PairFilter) -> Select[Any]:
    if wanted.state is not None:
        chosen = chosen.where(pairs.c.state == wanted.state.value)
    if wanted.strength is not None:
        chosen = chosen.where(pairs.c.strength == wanted.strength)
    return chosen


def _pairs() -> Subquery:
    """Every pair once, the smaller id first, as verdicts are kept."""
    met = _met().subquery()
    mine, theirs = aliased(Person), aliased(Person)
    left, right = aliased(PersonCluster), aliased(PersonCluster)
    state = case(
        (left.cluster_id == right.cluster_id, PairState.MERGED.value),
        (DuplicateVerdict.verdict == "different", PairState.DIFFERENT.value),
        (DuplicateVerdict.verdict == "same", PairState.PROPOSED.value),
        else_=PairState.OPEN.value,
    )
    since = case((mine.created_at > theirs.created_at, mine.created_at), else_=theirs.created_at)
    return (
        select(
            met,
            (met.c.k1 + met.c.k2 + met.c.k3).label("strength"),
            state.label("state"),
            since.label("since"),
            DuplicateVerdict.said_by,
        )
        .join(mine, mine.id == met.c.one)
        .join(theirs, theirs.id == met.c.other)
        .outerjoin(
            DuplicateVerdict,
            and_(DuplicateVerdict.person_a == met.c.one, DuplicateVerdict.person_b == met.c.other),
        )
        .outerjoin(left, left.person_id == met.c.one)
        .outerjoin(right, right.person_id == met.c.other)
        .subquery()
    )


def _met() -> Any:
    one, other = aliased(PersonMatchKey), aliased(PersonMatchKey)
    return (
        select(
            one.person_id.label("one"),
            other.person_id.label("other"),
            *(func.max(case((one.kind == kind, 1), else_=0)).label(kind) for kind in KINDS),
        )
        .join(other, and_(other.kind == one.kind, other.value == one.value))
        .where(one.person_id < other.person_id, one.kind.in_(KINDS))
        .group_by(one.person_id, other.person_id)
    )


def _references(session: Session, persons: set[UUID]) -> dict[UUID, str]:
    rows = session.execute(
        select(ResidenceCase.person_id, ResidenceCase.reference)
        .where(ResidenceCase.person_id.in_(persons))
        .order_by(ResidenceCase.created_at)
    )
    return {row.person_id: row.reference for row in rows}
