"""The whole register compared with itself, nightly and while a closed vote is checked: seven keys, a score.

Identities are opened in batches in memory; on disk go ids, points and codes. A run that was killed goes on
where it stopped: its blocking key follows from its id, so the same people meet again in the same order. Pairs
are written batch by batch, each once; running twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from civic_budget.residency import sealing
from civic_budget.residency.events import RegisterCompared
from civic_budget.residency.identity import Identity
from civic_budget.residency.matching import IdentityRecord, run_keys
from civic_budget.residency.matching.blocking import Blocks
from civic_budget.residency.matching.keys import Prepared, prepare
from civic_budget.residency.matching.score import Comparison, compare_prepared
from civic_budget.residency.models import MatchRun, PersonIdentity, PersonMatchKey
from civic_budget.residency.queries.duplicates import as_record, basis_of
from civic_budget.residency.queries.register_runs import RunFacts, run_facts, why_due
from civic_budget.residency.service.suspecting import Suspicion, forget_vain, suspect
from civic_budget.storage.db import Database, Work, keyring_of

PEOPLE_AT_ONCE, PAIRS_AT_ONCE = 1_000, 400
LEASE = timedelta(minutes=5)
Progress = Callable[[str, int, int], None]
"""Called with a stage (`keys`, `pairs`), how many are done, and how many there are."""


@dataclass
class _Register:
    """What a run holds in memory: sixteen bytes a person, eight for each of their keys."""

    ids: bytearray = field(default_factory=bytearray)
    blocks: Blocks = field(default_factory=Blocks)
    changed: set[int] = field(default_factory=set)
    """Positions of people who changed after the run began."""

    def __len__(self) -> int:
        return len(self.ids) // 16

    def person(self, position: int) -> UUID:
        return UUID(bytes=bytes(self.ids[16 * position : 16 * position + 16]))


class _Lease:
    """Who holds the run: renewed as time passes, so that another worker takes over after a death."""

    def __init__(self, at: datetime) -> None:
        self._at, self._began = at, monotonic()

    def until(self) -> datetime:
        return self._at + timedelta(seconds=monotonic() - self._began) + LEASE


def compare_register(
    database: Database,
    *,
    reason: str,
    at: datetime,
    progress: Progress = lambda stage, done, total: None,
) -> RunFacts | None:
    """Compare everybody with everybody who shares a key; None while another process is at it.

    A run that was left unfinished is finished first. Memory: some hundred bytes a person, whatever the
    register holds.
    """
    lease = _Lease(at)
    run = _begin(database, reason, at, lease)
    if run is None:
        return None
    register = _Register()
    for done, total in _read(database, run, register, lease):
        progress("keys", done, total)
    met = register.blocks.meetings()
    left = (pair for pair in met if _is_left(run, register, *pair))
    done = 0
    while pairs := list(islice(left, PAIRS_AT_ONCE)):
        _compare(database, run, register, pairs, lease, at)
        done += len(pairs)
        progress("pairs", done, len(met))
    return _finish(database, run, len(register), len(met), met.crowds, at)


def _begin(database: Database, reason: str, at: datetime, lease: _Lease) -> MatchRun | None:
    with database.writing() as work:
        work.take_turns(b"match-run")
        row = work.session.scalars(select(MatchRun).where(MatchRun.is_running)).first()
        if row is None:
            row = MatchRun(reason=reason, begun_at=at, is_running=True)
            row.people = row.compared = row.crowds = row.found = 0
            work.session.add(row)
        elif row.lease_until > at:
            return None
        row.lease_until = lease.until()
        work.session.flush()
        work.session.expunge(row)
        return row


def _read(
    database: Database, run: MatchRun, register: _Register, lease: _Lease
) -> Iterator[tuple[int, int]]:
    """Open everybody's identity, batch by batch, note the keys, forget the rest."""
    last: UUID | None = None
    while True:
        with database.reading() as session:
            ring = keyring_of(session)
            key = ring.blind(sealing.MATCHING, f"run|{run.id}")
            rows = _page(session, last)
            records = _records(session, rows)
        for row in rows:
            position = len(register)
            register.blocks.add(position, run_keys(key, prepare(records[row.person_id])))
            register.ids += row.person_id.bytes
            if row.updated_at >= run.begun_at:
                register.changed.add(position)
        if not rows:
            return
        last = rows[-1].person_id
        with database.writing() as work:
            work.session.get_one(MatchRun, run.id).lease_until = lease.until()
        yield len(register), len(register)


def _page(session: Session, last: UUID | None) -> Sequence[Row[UUID, bytes, datetime]]:
    chosen = _SEALED.order_by(PersonIdentity.person_id).limit(PEOPLE_AT_ONCE)
    if last is not None:
        chosen = chosen.where(PersonIdentity.person_id > last)
    return session.execute(chosen).all()


_SEALED = select(PersonIdentity.person_id, PersonIdentity.sealed, PersonIdentity.updated_at)


def _records(
    session: Session, rows: Sequence[Row[UUID, bytes, datetime]]
) -> dict[UUID, IdentityRecord]:
    ring, ids = keyring_of(session), [row.person_id for row in rows]
    numbers = {
        row.person_id: row.value
        for row in session.execute(
            select(PersonMatchKey.person_id, PersonMatchKey.value)
            .where(PersonMatchKey.kind == "k2", PersonMatchKey.person_id.in_(ids))
            .order_by(PersonMatchKey.value.desc())
        )
    }
    records = {}
    for row in rows:
        plain = sealing.unseal(ring, sealing.IDENTITY, row.person_id, row.sealed)
        records[row.person_id] = as_record(Identity.from_json(plain), numbers.get(row.person_id))
    return records


def _is_left(run: MatchRun, register: _Register, one: int, other: int) -> bool:
    """Whether a pair is still to be compared: behind the cursor, or changed since the run began."""
    if run.cursor_a is None or run.cursor_b is None:
        return True
    if one in register.changed or other in register.changed:
        return True
    return (register.person(one), register.person(other)) > (run.cursor_a, run.cursor_b)


def _compare(
    database: Database,
    run: MatchRun,
    register: _Register,
    pairs: Sequence[tuple[int, int]],
    lease: _Lease,
    at: datetime,
) -> None:
    """Score a batch; what is suspect is written together with how far the run has come."""
    ids = [(register.person(one), register.person(other)) for one, other in pairs]
    with database.reading() as session:
        known = {person_id for pair in ids for person_id in pair}
        rows = session.execute(_SEALED.where(PersonIdentity.person_id.in_(known))).all()
        records = _records(session, rows)
        ring = keyring_of(session)
    prepared = {person_id: prepare(record) for person_id, record in records.items()}
    found = [
        Suspicion(
            *pair,
            score=comparison.score,
            reasons=[reason.code.value for reason in comparison.reasons],
            basis=basis_of(ring, records[pair[0]], records[pair[1]]),
        )
        for pair in ids
        if (comparison := _suspect(prepared, *pair)) is not None
    ]
    with database.writing() as work:
        row = _held(work, run)
        row.found += suspect(work, run.id, found, at=at)
        come = ids[-1]
        if row.cursor_a is not None and row.cursor_b is not None:
            come = max(come, (row.cursor_a, row.cursor_b))
        row.cursor_a, row.cursor_b = come
        row.compared += len(ids)
        row.lease_until = lease.until()


def _suspect(prepared: dict[UUID, Prepared], one: UUID, other: UUID) -> Comparison | None:
    if one not in prepared or other not in prepared:
        return None  # erased since the keys were made
    comparison = compare_prepared(prepared[one], prepared[other])
    return comparison if comparison.is_suspect else None


def _held(work: Work, run: MatchRun) -> MatchRun:
    return work.session.get_one(MatchRun, run.id, with_for_update=True)


def _finish(
    database: Database, run: MatchRun, people: int, met: int, crowds: int, at: datetime
) -> RunFacts:
    with database.writing() as work:
        row = _held(work, run)
        forget_vain(work, run.id)
        row.people, row.crowds, row.is_running, row.finished_at = people, crowds, False, at
        row.compared = met
        work.publish(
            RegisterCompared(run_id=row.id, people=people, found=row.found, at=at, by=None)
        )
        return run_facts(row)


def compare_when_due(
    database: Database, find_close: Callable[[Session], datetime | None], *, at: datetime
) -> bool:
    """Compare the register if its time has come; True when it was compared.

    `find_close` tells when the vote closed whose envelopes are being checked now.
    """
    with database.reading() as session:
        reason = why_due(session, closed_at=find_close(session), at=at)
    return reason is not None and compare_register(database, reason=reason, at=at) is not None
