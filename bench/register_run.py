"""A register of a synthetic city compared with itself through the platform's own road.

    python -m bench.register_run [--humans 100000] [--seed 7101] [--postgresql]

Every row of a hold-out city becomes a sealed identity with its blind keys, as registration leaves it: of a
document only the key stays. Then the night's run. Prints precision and recall of what the office's list holds
afterwards, the time, and the memory that the run took.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert, select

from bench.matching import ordered, record
from bench.people import City, Entry, true_pairs
from bench.registrations import furnish
from civic_budget.residency import sealing, service
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.matching import blind_keys
from civic_budget.residency.models import Person, PersonIdentity, PersonMatchKey, SuspectedPair
from civic_budget.residency.queries.pairs import PairFilter, list_pairs
from civic_budget.storage.db import Database, keyring_of
from tests.engines import running_cluster

AT = datetime(2027, 9, 1, 0, 30, tzinfo=UTC)
AT_ONCE = 2_000
IdPair = tuple[str, str]


def main() -> None:
    """Fill, run, report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--humans", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=7101)
    options.add_argument("--postgresql", action="store_true")
    chosen = options.parse_args()
    entries = City(chosen.seed, chosen.humans, hold_out=True).entries()
    with _database(is_postgresql=chosen.postgresql) as database:
        fill(database, entries)
        measure(database, entries)


@contextmanager
def _database(*, is_postgresql: bool) -> Iterator[Database]:
    if is_postgresql:
        with running_cluster(is_durable=True) as cluster:
            cluster.execute("CREATE DATABASE bench")
            yield furnish(cluster.url("bench"))
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield furnish(f"sqlite:///{Path(folder) / 'bench.db'}")


def fill(database: Database, entries: Sequence[Entry]) -> None:
    """Each row as a person with a sealed identity and blind keys."""
    waiting = iter(entries)
    while batch := list(islice(waiting, AT_ONCE)):
        with database.writing() as work:
            session, ring = work.session, keyring_of(work.session)
            key = ring.key(sealing.MATCHING)
            people, sealed, keys = [], [], []
            for entry in batch:
                person_id, who = person_of(entry.row["id"]), record(entry)
                home = who.address
                identity = Identity(
                    given_names=who.given_names,
                    family_name=who.family_name,
                    born_on=who.birth_on,
                    address=HomeAddress(home.street, home.house, home.flat) if home else None,
                )
                people.append({"id": person_id, "created_at": AT})
                value = sealing.seal(ring, sealing.IDENTITY, person_id, identity.to_json())
                sealed.append({"person_id": person_id, "sealed": value, "updated_at": AT})
                found = blind_keys(
                    key,
                    given_names=who.given_names,
                    family_name=who.family_name,
                    birth_on=who.birth_on,
                    document=who.document,
                    address=home,
                )
                keys += [
                    {"person_id": person_id, "kind": kind, "value": value}
                    for kind, value in zip(("k1", "k2", "k3"), found, strict=True)
                    if value is not None
                ]
            session.execute(insert(Person), people)
            session.execute(insert(PersonIdentity), sealed)
            session.execute(insert(PersonMatchKey), keys)


def measure(database: Database, entries: Sequence[Entry]) -> None:
    """Compare the register and print what the office's list holds before and after."""
    truth = true_pairs(entries)
    report("three blind keys, at sending", listed(database), truth)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, busy = time.perf_counter(), time.process_time()
    run = service.compare_register(database, reason="command", at=AT, progress=_Said())
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    assert run is not None
    print(f"{run.people} people, {run.compared} pairs compared, {run.crowds} crowds, ", end="")
    print(f"{seconds:.1f} s by the clock, {busy:.1f} s of processor time, peak +{grown:.0f} MiB")
    with database.reading() as session:
        rows = session.execute(select(SuspectedPair.person_a, SuspectedPair.person_b)).all()
    scored = ordered((number_of(a), number_of(b)) for a, b in rows)
    report("the night's run: seven keys, then the score", scored, truth)
    began = time.perf_counter()
    both = listed(database)
    report("the office's list: keys and run together", both, truth)
    print(f"reading the whole list: {time.perf_counter() - began:.1f} s")
    began = time.perf_counter()
    again = service.compare_register(database, reason="command", at=AT)
    assert again is not None
    print(f"again: {again.found} new, {time.perf_counter() - began:.1f} s")


def listed(database: Database) -> set[IdPair]:
    """All pairs of the office's list, as numbers of the city's rows."""
    found: set[IdPair] = set()
    with database.reading() as session:
        page = 1
        while lines := list_pairs(session, PairFilter(state=None), page=page):
            found |= {(number_of(line.one), number_of(line.other)) for line in lines}
            page += 1
    return ordered(found)


def person_of(number: str) -> UUID:
    """A city's row as a person's id: spread like random ids, and told back."""
    spread = int(number) * 0x9E3779B97F4A7C15 % 2**64
    return UUID(int=spread << 64 | int(number))


def number_of(person_id: UUID) -> str:
    """The city's row of an id."""
    return str(person_id.int & 2**64 - 1)


def report(name: str, found: set[IdPair], truth: set[IdPair]) -> None:
    """One row: flagged pairs, precision, recall."""
    right = len(found & truth)
    precision, recall = right / max(1, len(found)), right / max(1, len(truth))
    print(f"| {name} | {len(found)} | {precision:.4f} | {recall:.4f} |", flush=True)


class _Said:
    def __call__(self, stage: str, done: int, total: int) -> None:
        """Nothing: the run is timed."""


if __name__ == "__main__":
    main()
