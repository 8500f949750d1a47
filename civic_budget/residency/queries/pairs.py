"""All pairs of records that meet under blind keys or that a run over the register found alike.

How strongly, why, since when, what officers said.

Nothing sealed is opened for the list: names appear only side by side, and that look is written down.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from sqlalchemy import Case, Select, Subquery, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from civic_budget.residency.matching.score import ReasonCode
from civic_budget.residency.models import (
    DuplicateVerdict,
    Person,
    PersonCluster,
    PersonMatchKey,
    ResidenceCase,
    SuspectedPair,
)
from civic_budget.residency.queries.duplicates import BY_RUN

PAGE = 50
KINDS = ("k1", "k2", "k3", "account")


class PairState(StrEnum):
    """What was said of two records that may be one human."""

    OPEN = "open"
    PROPOSED = "proposed"
    MERGED = "merged"
    DIFFERENT = "different"


@dataclass(frozen=True)
class PairFilter:
    """What an officer wants to see; `strength` is the number of keys that agree.

    0: no key agrees, a run over the register found the pair.
    """

    state: PairState | None = PairState.OPEN
    strength: int | None = None


@dataclass(frozen=True)
class PairLine:
    """Two records in the list: references of their newest cases, no personal data.

    `score` and `reasons` (codes) are the last run's; None and empty for a pair that it did not suspect.
    """

    one: UUID
    other: UUID
    references: tuple[str, str]
    keys: tuple[str, ...]
    state: PairState
    since: datetime
    said_by: UUID | None
    score: int | None = None
    reasons: tuple[ReasonCode, ...] = ()
    has_changed: bool = False


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
            keys=tuple(kind for kind in (*KINDS, BY_RUN) if getattr(row, kind)),
            state=PairState(row.state),
            since=row.since,
            said_by=row.said_by,
            score=row.score,
            reasons=tuple(ReasonCode(code) for code in row.reasons or ()),
            has_changed=bool(row.has_changed),
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


def list_undecided(session: Session, persons: Collection[UUID]) -> Sequence[tuple[UUID, UUID]]:
    """Pairs among these people on which officers have not agreed yet, by their ids."""
    pairs = _pairs()
    rows = session.execute(
        select(pairs.c.one, pairs.c.other)
        .where(pairs.c.state.in_([PairState.OPEN.value, PairState.PROPOSED.value]))
        .order_by(pairs.c.one, pairs.c.other)
    )
    wanted = set(persons)
    return [(row.one, row.other) for row in rows if row.one in wanted and row.other in wanted]


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
    strength = reduce(add, (met.c[kind] for kind in KINDS))
    since = case(
        (or_(strength == 0, _HAS_CHANGED), SuspectedPair.found_at),
        (mine.created_at > theirs.created_at, mine.created_at),
        else_=theirs.created_at,
    )
    first, second = met.c.one, met.c.other
    word, pair = DuplicateVerdict, SuspectedPair
    return (
        select(
            met,
            strength.label("strength"),
            _state(left, right).label("state"),
            since.label("since"),
            case((_HAS_CHANGED, 1), else_=0).label("has_changed"),
            word.said_by,
            pair.score,
            pair.reasons,
        )
        .join(mine, mine.id == first)
        .join(theirs, theirs.id == second)
        .outerjoin(word, and_(word.person_a == first, word.person_b == second))
        .outerjoin(pair, and_(pair.person_a == first, pair.person_b == second))
        .outerjoin(left, left.person_id == first)
        .outerjoin(right, right.person_id == second)
        .subquery()
    )


# The data are no longer those on which an officer said that two records are different humans.
_HAS_CHANGED = and_(
    DuplicateVerdict.verdict == "different", DuplicateVerdict.basis != SuspectedPair.basis
)


def _state(left: Any, right: Any) -> Case[str]:
    return case(
        (left.cluster_id == right.cluster_id, PairState.MERGED.value),
        (_HAS_CHANGED, PairState.OPEN.value),
        (DuplicateVerdict.verdict == "different", PairState.DIFFERENT.value),
        (DuplicateVerdict.verdict == "same", PairState.PROPOSED.value),
        else_=PairState.OPEN.value,
    )


def _met() -> Any:
    one, other = aliased(PersonMatchKey), aliased(PersonMatchKey)
    # Nearly every key is a person's own: what is shared is found first, in one walk along the index.
    shared = (
        select(PersonMatchKey.kind, PersonMatchKey.value)
        .where(PersonMatchKey.kind.in_(KINDS))
        .group_by(PersonMatchKey.kind, PersonMatchKey.value)
        .having(func.count() > 1)
        .subquery()
    )
    by_key = (
        select(one.person_id.label("one"), other.person_id.label("other"), one.kind.label("kind"))
        .select_from(shared)
        .join(one, and_(one.kind == shared.c.kind, one.value == shared.c.value))
        .join(other, and_(other.kind == shared.c.kind, other.value == shared.c.value))
        .where(one.person_id < other.person_id)
    )
    by_run = select(SuspectedPair.person_a, SuspectedPair.person_b, literal(BY_RUN))
    met = union_all(by_key, by_run).subquery()
    return select(
        met.c.one,
        met.c.other,
        *(
            func.max(case((met.c.kind == kind, 1), else_=0)).label(kind)
            for kind in (*KINDS, BY_RUN)
        ),
    ).group_by(met.c.one, met.c.other)


def _references(session: Session, persons: set[UUID]) -> dict[UUID, str]:
    rows = session.execute(
        select(ResidenceCase.person_id, ResidenceCase.reference)
        .where(ResidenceCase.person_id.in_(persons))
        .order_by(ResidenceCase.created_at)
    )
    return {row.person_id: row.reference for row in rows}
