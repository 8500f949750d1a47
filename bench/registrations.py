"""85,000 registrations, half of them in the last three days: what they leave for the officers.

    python -m bench.registrations [--people 85000] [--database URL] [--seed 9301]
    python -m bench.registrations --people 10000 --engine both

`--engine` loads a file of SQLite, a durable PostgreSQL cluster of its own, or one after the other in one run.

Every registration goes through the service, as a resident's does: statement or document, blind keys of the
second entries, the crowd at an address, the drawn sample. A statement without a flag confirms at once; the
rest waits. Then the city fixes the list of confirmed cases and draws its sample. Prints a table for
bench/registrations.md, with the forecast that the office would have read.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy.engine import make_url

from bench.people import City, Entry
from civic_budget.city import service as city
from civic_budget.kernel.actor import SYSTEM
from civic_budget.kernel.clock import city_day
from civic_budget.kernel.events import Event
from civic_budget.kernel.keys import KeyRing
from civic_budget.residency import service
from civic_budget.residency.forecast import SEASON, Forecast, look_ahead
from civic_budget.residency.identity import HomeAddress, Identity
from civic_budget.residency.matching import Document
from civic_budget.residency.queries import count_queue, get_limits, next_case
from civic_budget.residency.queries.figures import (
    OfficeFigures,
    arrivals_by_day,
    get_figures,
    mix_of_roads,
)
from civic_budget.residency.queries.office import QueueFilter, Tab, list_queue
from civic_budget.residency.rules import Flag, Road
from civic_budget.storage import audit, migrate
from civic_budget.storage.db import Database
from tests.engines import running_cluster

CLOSES = datetime(2027, 9, 28, 21, 59, 59, tzinfo=UTC)
RUSH = timedelta(days=3)
CALM = timedelta(days=57)
DOCUMENTS = 0.25
"""Share of residents who send a document instead of signing a statement."""
AT_ONCE = 200
"""Registrations in one transaction, to load many; others are measured one by one."""
ALONE = 300
"""How many at the start, and again at the end when everybody else is in, have their own transaction."""
LOOK_AHEAD_DAYS = 4
DRAWN_PERMILLE = 40
DRAW_SEED = "7 12 19 28 36 44"
SAMPLE_SEED = "3 11 24 30 41 49"


@dataclass
class Run:
    """What was measured."""

    people: int
    seconds: float
    alone: list[float]
    alone_at_end: list[float]
    processor: float = 0.0
    seen_before_rush: Forecast | None = None


def main() -> None:
    """Load a database and print its figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=85_000)
    options.add_argument("--seed", type=int, default=9301)
    options.add_argument("--database", default="")
    options.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="sqlite")
    chosen = options.parse_args()
    if chosen.database:
        measure(chosen.database, chosen.people, chosen.seed)
        return
    if chosen.engine != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            measure(f"sqlite:///{Path(folder) / 'bench.db'}", chosen.people, chosen.seed)
    if chosen.engine != "sqlite":
        with running_cluster(is_durable=True) as cluster:
            cluster.execute("CREATE DATABASE bench")
            measure(cluster.url("bench"), chosen.people, chosen.seed)


def measure(url: str, people: int, seed: int) -> None:
    """Load one database and print its figures, with the processor time of this process."""
    print(f"\n{make_url(url).get_backend_name()}\n", flush=True)
    database = furnish(url)
    began = time.process_time()
    run = register_all(database, people, seed)
    run.processor = time.process_time() - began
    report(database, run)
    report_draw(database)
    database.dispose()


def furnish(url: str) -> Database:
    """A migrated database with 18 districts and the settings of the demo city."""
    ring = KeyRing(b"a pepper for a benchmark, long enough to be accepted")
    database = Database(url, keyring=ring, subscriptions={Event: (audit.record,)})
    migrate.upgrade(database.engine)
    with database.writing() as work:
        for number in range(1, 19):
            city.put_district(
                work, number=number, roman=str(number), name=f"District {number}", residents=40_000
            )
        service.set_limits(work, {"statement_confirms": True, "sample_seed": SAMPLE_SEED})
    return database


def register_all(database: Database, people: int, seed: int) -> Run:
    """Register everybody in the order of their arrival."""
    chance = random.Random(seed)
    entries = list(islice(City(seed, people, hold_out=True).entries(), people))
    moments = sorted(_moment(chance) for _ in entries)
    run, began = Run(len(entries), 0.0, [], []), time.perf_counter()
    arrivals = list(zip(entries, moments, strict=True))
    apart = min(ALONE, len(arrivals) // 2)
    run.alone = _register_alone(database, arrivals[:apart], chance)
    done, forecast_at = apart, CLOSES - timedelta(days=LOOK_AHEAD_DAYS)
    waiting = iter(arrivals[apart : len(arrivals) - apart])
    while batch := list(islice(waiting, AT_ONCE)):
        if run.seen_before_rush is None and batch[0][1] > forecast_at:
            run.seen_before_rush = _forecast(database, batch[0][1])
        _register(database, batch, chance)
        done += len(batch)
        if done % 5000 < AT_ONCE:
            print(f"{done} of {people}, {time.perf_counter() - began:.0f} s", flush=True)
    run.alone_at_end = _register_alone(database, arrivals[len(arrivals) - apart :], chance)
    run.seconds = time.perf_counter() - began
    return run


def _register_alone(
    database: Database, arrivals: Sequence[tuple[Entry, datetime]], chance: random.Random
) -> list[float]:
    """Each in a transaction of its own, as a page does it; returns the seconds that each took."""
    taken = []
    for pair in arrivals:
        began = time.perf_counter()
        _register(database, [pair], chance)
        taken.append(time.perf_counter() - began)
    return taken


def _moment(chance: random.Random) -> datetime:
    if chance.random() < 0.5:
        return CLOSES - RUSH * chance.random()
    return CLOSES - RUSH - CALM * chance.random()


def _register(
    database: Database, batch: Sequence[tuple[Entry, datetime]], chance: random.Random
) -> None:
    with database.writing() as work:
        for entry, at in batch:
            row = entry.row
            document = None
            if row["document_number"]:
                document = Document(
                    row["document_kind"], row["document_country"], row["document_number"]
                )
            service.register_person(
                work,
                SYSTEM,
                account_id=None,
                identity=Identity(
                    given_names=row["given_names"],
                    family_name=row["family_name"],
                    born_on=date.fromisoformat(row["birth_date"]),
                ),
                address=HomeAddress(row["street"] or "Rynek Główny", row["house"], row["flat"]),
                district=1 + sum(map(ord, row["street"])) % 18,
                road=Road.DOCUMENT if chance.random() < DOCUMENTS else Road.STATEMENT,
                document=document,
                at=at,
            )


def _forecast(database: Database, at: datetime) -> Forecast:
    today = city_day(at) - timedelta(days=1)
    with database.reading() as session:
        limits = get_limits(session)
        return look_ahead(
            arrivals=arrivals_by_day(session, closed_on=city_day(CLOSES)),
            mix=mix_of_roads(session, since=today - timedelta(days=SEASON)),
            backlog_hours=get_figures(session, limits, since=at, at=at).backlog_hours,
            closes_on=city_day(CLOSES),
            today=today,
            limits=limits,
        )


def report(database: Database, run: Run) -> None:
    """Print the figures as Markdown."""
    with database.reading() as session:
        limits = get_limits(session)
        figures = get_figures(session, limits, since=CLOSES - CALM, at=CLOSES)
        nobody = UUID(int=0)
        counts = {
            flag: count_queue(session, QueueFilter(flag=flag), officer=nobody, at=CLOSES)[
                Tab.WAITING
            ]
            for flag in Flag
        }
        began = time.perf_counter()
        next_case(session, limits, officer=nobody, at=CLOSES)
        next_seconds = time.perf_counter() - began
        began = time.perf_counter()
        list_queue(session, QueueFilter(), limits, officer=nobody, at=CLOSES)
        page_seconds = time.perf_counter() - began
        arrivals = Counter(arrivals_by_day(session, closed_on=city_day(CLOSES)))
    print("\n".join(_lines(run, figures, counts, (next_seconds, page_seconds), arrivals)))


def _lines(
    run: Run,
    figures: OfficeFigures,
    counts: Mapping[Flag, int],
    look_ups: tuple[float, float],
    arrivals: Mapping[date, int],
) -> Iterator[str]:
    yield "| what | figure |"
    yield "|---|---|"
    yield f"| registrations | {run.people:,} |"
    last_days = [city_day(CLOSES) - timedelta(days=number) for number in range(3)]
    yield f"| of them in the last three days | {sum(arrivals[day] for day in last_days):,} |"
    yield f"| seconds in all, {AT_ONCE} in a transaction | {run.seconds:.0f} |"
    yield f"| … of this process's processor time | {run.processor:.0f} |"
    for when, taken in (("first", run.alone), ("last", run.alone_at_end)):
        alone = sorted(taken)
        yield f"| the {when} {len(alone)}, one alone, median | {1000 * alone[len(alone) // 2]:.1f} ms |"
        yield f"| … 95th percentile | {1000 * alone[len(alone) * 95 // 100]:.1f} ms |"
    yield f"| confirmed at once | {run.people - figures.waiting:,} |"
    yield f"| waits for an officer | {figures.waiting:,} |"
    for road, count in sorted(figures.waiting_by_road.items()):
        yield f"| … {road.value} | {count:,} |"
    for flag, count in counts.items():
        yield f"| … flagged {flag.value} | {count:,} |"
    yield f"| hours for what waits | {figures.backlog_hours:,.0f} |"
    yield f"| finding the next case | {1000 * look_ups[0]:.0f} ms |"
    yield f"| a page of the queue | {1000 * look_ups[1]:.0f} ms |"
    ahead = run.seen_before_rush
    if ahead is not None:
        came = run.people
        yield f"| foretold {LOOK_AHEAD_DAYS} days before the close | {ahead.total_expected:,.0f} |"
        yield f"| … off by | {100 * (ahead.total_expected - came) / came:+.1f} % |"


def report_draw(database: Database) -> None:
    """Fix the list of all confirmed cases, draw from it, and print what that gives and takes."""
    began = time.perf_counter()
    with database.writing() as work:
        draw_id = service.announce_draw(
            work, SYSTEM, source="a lottery", permille=DRAWN_PERMILLE, at=CLOSES
        )
    listed = time.perf_counter()
    with database.writing() as work:
        drawn = service.enter_seed(
            work, SYSTEM, draw_id=draw_id, seed=DRAW_SEED, at=CLOSES + timedelta(days=1)
        )
    done = time.perf_counter()
    print(f"| listing the confirmed for the public draw | {listed - began:.1f} s |")
    print(f"| drawing {DRAWN_PERMILLE} of each 1,000 | {done - listed:.1f} s |")
    print(f"| … drawn for a second officer | {drawn:,} |")


if __name__ == "__main__":
    main()
