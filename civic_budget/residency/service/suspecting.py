"""Writing down the pairs that a run suspects: each once, flagged where a case waits, forgotten when vain."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, or_, select, tuple_

from civic_budget.residency.events import PairSuspected
from civic_budget.residency.models import (
    DuplicateVerdict,
    PersonCluster,
    ResidenceCase,
    SuspectedPair,
    Tombstone,
)
from civic_budget.residency.rules import UNDECIDED_STATES, Flag
from civic_budget.storage.db import Work

_WAITING = [state.value for state in UNDECIDED_STATES]


@dataclass(frozen=True)
class Suspicion:
    """Two records, the smaller id first, that scored as one human: points, reason codes, keyed basis."""

    one: UUID
    other: UUID
    score: int
    reasons: list[str]
    basis: bytes


def suspect(work: Work, run_id: UUID, found: Sequence[Suspicion], *, at: datetime) -> int:
    """Keep suspicions of a run; returns how many are new to the officers.

    New is a pair that nobody has judged on these data and that is not merged: its waiting cases are flagged.
    A pair that was judged on other data comes back; a word from before bases were kept is taken as given on
    these.
    """
    wanted = [(each.one, each.other) for each in found]
    pair = tuple_(SuspectedPair.person_a, SuspectedPair.person_b)
    rows = {
        (row.person_a, row.person_b): row
        for row in work.session.scalars(select(SuspectedPair).where(pair.in_(wanted)))
    }
    judged = tuple_(DuplicateVerdict.person_a, DuplicateVerdict.person_b)
    words = {
        (word.person_a, word.person_b): word
        for word in work.session.scalars(select(DuplicateVerdict).where(judged.in_(wanted)))
    }
    clusters = _clusters(work, {person_id for ids in wanted for person_id in ids})
    new = [
        each
        for each in found
        if _note(work, run_id, each, rows.get((each.one, each.other)), at)
        and _is_open(each, words.get((each.one, each.other)), clusters)
    ]
    _flag_waiting(work, {person_id for each in new for person_id in (each.one, each.other)})
    for each in new:
        work.publish(PairSuspected(person_id=each.one, other_id=each.other, at=at, by=None))
    return len(new)


def forget_vain(work: Work, run_id: UUID) -> None:
    """Forget what a finished run did not find again, unless an officer spoke or a record was erased."""
    row = SuspectedPair
    judged = (
        select(DuplicateVerdict.verdict)
        .where(DuplicateVerdict.person_a == row.person_a, DuplicateVerdict.person_b == row.person_b)
        .exists()
    )
    erased = (
        select(Tombstone.person_id)
        .where(
            Tombstone.cleared_at.is_(None),
            or_(Tombstone.person_id == row.person_a, Tombstone.person_id == row.person_b),
        )
        .exists()
    )
    work.session.execute(
        delete(row)
        .where(and_(row.run_id != run_id, ~judged, ~erased))
        .execution_options(synchronize_session=False)
    )


def _note(
    work: Work, run_id: UUID, found: Suspicion, row: SuspectedPair | None, at: datetime
) -> bool:
    """Write the row; True when the pair was not known on these data."""
    if row is not None and row.basis == found.basis:
        row.run_id, row.score, row.reasons = run_id, found.score, found.reasons
        return False
    if row is None:
        row = SuspectedPair(person_a=found.one, person_b=found.other)
        work.session.add(row)
    row.score, row.reasons, row.basis = found.score, found.reasons, found.basis
    row.found_at, row.run_id = at, run_id
    return True


def _is_open(found: Suspicion, word: DuplicateVerdict | None, clusters: dict[UUID, UUID]) -> bool:
    mine, theirs = clusters.get(found.one), clusters.get(found.other)
    if mine is not None and mine == theirs:
        return False
    if word is None:
        return True
    if word.basis is None:
        word.basis = found.basis
    return word.verdict == "different" and word.basis != found.basis


def _clusters(work: Work, persons: Collection[UUID]) -> dict[UUID, UUID]:
    rows = work.session.execute(
        select(PersonCluster.person_id, PersonCluster.cluster_id).where(
            PersonCluster.person_id.in_(persons)
        )
    )
    return {row.person_id: row.cluster_id for row in rows}


def _flag_waiting(work: Work, persons: Collection[UUID]) -> None:
    """An officer who decides a waiting case is to see that it has a double."""
    # In the order of ids, as everybody who locks several cases does.
    cases = work.session.scalars(
        select(ResidenceCase)
        .where(ResidenceCase.person_id.in_(persons), ResidenceCase.state.in_(_WAITING))
        .order_by(ResidenceCase.id)
        .with_for_update()
    )
    for case in cases:
        if Flag.DUPLICATE.value not in case.flags:
            case.flags = [Flag.DUPLICATE.value, *case.flags]
            case.is_flagged = True
