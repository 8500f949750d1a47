"""How long a round takes: seal, open, publish and verify it whole; cast at the service and over HTTP.

    python -m bench.voting round FOLDER      a whole round with the ballots of published `.pb` files
    python -m bench.voting cast              one vote at the service beside the bare insert of its rows
    python -m bench.voting http              the press on "cast" beside a bare view with that insert

Each ends with a Markdown table; `--quick` takes a few of everything, to see that it runs.

Figures in bench/voting.md. Both sides of a ratio take turns in one run: the machine's speed drifts.
"""

from __future__ import annotations

import argparse
import secrets as random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from uuid import UUID, uuid4

from bench.tables import Row, print_table
from bench.voting_http import FEW, HTTP_HEADER, MANY, measure_http
from civic_budget.kernel.actor import Actor
from civic_budget.kernel.keys import KeyRing
from civic_budget.pabulib import read
from civic_budget.storage.db import Database
from civic_budget.storage.migrate import upgrade
from civic_budget.voting.ballot_box import CastOutcome, Moment
from civic_budget.voting.board import BoardFacts, NightlyCount, build_board, write_board
from civic_budget.voting.choice import Choice, Origin, encode_plaintext
from civic_budget.voting.frozen import FrozenLevel, FrozenList, FrozenProject, FrozenScope
from civic_budget.voting.keys import RoundSecrets, new_round_secrets
from civic_budget.voting.opening import Envelope, Urn, open_urn
from civic_budget.voting.rehearsing import Election, Randomness, election_from, rehearse
from civic_budget.voting.sealing import Opener, seal
from civic_budget.voting.service.preparing import CITY_LEVEL, DISTRICT_LEVEL, ballot_rule
from civic_budget.wiring import SUBSCRIPTIONS
from tests.builders_residency import make_resident
from tests.builders_voting import HOMES, cast, make_round
from tests.engines import running_cluster

VOTERS = 65_101
CASTS, FEW_CASTS, SERIES = 100, 5, 5
FEW_VOTERS = 200
ENGINES = ("sqlite", "postgresql")
FILES = "*Krakow_2019*.pb"
DATABASE_HEADER = [
    "engine",
    "prepare and put in, s",
    "close, check, open, s",
    "write ballots and board, s",
]
CAST_HEADER = ["engine", "cast µs", "bare insert µs", "speed of the bare insert"]
PEPPER = b"a pepper for benchmarks, long enough to be accepted"
DAYS = (date(2026, 6, 1), date(2026, 6, 14))


def main() -> None:
    """Run one of the three and print its lines."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["round", "cast", "http"])
    parser.add_argument("folder", nargs="?", type=Path, help="where `*Krakow_2019*.pb` files lie")
    parser.add_argument("--quick", action="store_true", help="a few of everything")
    parser.add_argument("--engine", choices=ENGINES, help="this one alone")
    said = parser.parse_args()
    if said.what == "round":
        if said.folder is None or not list(said.folder.glob(FILES)):
            parser.error(f"round needs a folder with files {FILES}")
        number = FEW_VOTERS if said.quick else VOTERS
        election = election_from([read(path) for path in sorted(said.folder.glob(FILES))])
        voters = tuple(islice(cycle(election.voters), number))
        measure_round(replace(election, voters=voters))
        rows = [
            measure_in_database(name, database, replace(election, voters=voters))
            for name, database in both_engines(said.engine)
        ]
        print_table(DATABASE_HEADER, rows)
        return
    rows = []
    for name, database in both_engines(said.engine):
        if said.what == "cast":
            rows.append(measure_casting(name, database, FEW_CASTS if said.quick else CASTS))
        else:
            rows += measure_http(name, database, FEW if said.quick else MANY)
    print_table(CAST_HEADER if said.what == "cast" else HTTP_HEADER, rows)


@contextmanager
def stopped(what: str, times: dict[str, float]) -> Iterator[None]:
    """Note how long the block took, in seconds."""
    start = time.perf_counter()
    yield
    times[what] = time.perf_counter() - start
    print(f"{what:34}{times[what]:8.2f} s", flush=True)


def measure_round(election: Election) -> None:
    """Seal, open, split, write the board and verify it, with real ballots."""
    voters = list(election.voters)
    private, secrets = new_round_secrets(uuid4())
    frozen = freeze(election, secrets.round_id)
    times: dict[str, float] = {}
    print(f"{len(voters)} ballots, {len(frozen.scopes)} lists")
    with stopped("seal", times):
        urn = seal_all(secrets, frozen, voters)
    with stopped("open and split", times):
        opened = open_urn(frozen.form, secrets, Opener(private), urn)
    sealed = NightlyCount(DAYS[1], len(voters), bytes(32))
    facts = BoardFacts(frozen, opened, *DAYS, sealed, secrets.verify_key)
    with stopped("board: files, root, look-up", times):
        files = build_board(facts)
    with tempfile.TemporaryDirectory() as place:
        board = Path(place) / "board"
        write_board(board, files)
        size = sum(len(content) for content in files.values()) / 1e6
        with stopped("verify.py, standard library only", times):
            verify(board)
    print(f"{len(opened.ballots)} lines, {size:.1f} MB in {len(files)} files")
    print_table(["step", "seconds"], [[what, f"{spent:.1f}"] for what, spent in times.items()])


def measure_in_database(name: str, database: Database, election: Election) -> Row:
    """The same through the services and a database: put in (500 votes a transaction), closed, opened."""
    database.subscriptions = SUBSCRIPTIONS
    ends: dict[str, float] = {}

    def note(step: str, _done: int, _of: int) -> None:
        ends[step] = time.perf_counter()

    nonces = tuple(random.token_bytes(32) for _ in election.voters)
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        found = rehearse(
            election,
            Randomness(nonces),
            out=Path(out) / "board",
            subscriptions=SUBSCRIPTIONS,
            progress=note,
            database=database,
        )
        end = time.perf_counter()
    print(f"{name}: {found.web} votes, {found.voided} taken out, {found.lines} lines", flush=True)
    opened = ends["opening"] - ends["casting"]
    spent = (ends["casting"] - start, opened, end - ends["opening"])
    return [name, *(f"{seconds:.1f}" for seconds in spent)]


def freeze(election: Election, round_id: UUID) -> FrozenList:
    """The frozen list of an election, without a database."""
    from civic_budget.selection import load_preset, rule_to

    rule = ballot_rule(election.ballot_rule)

    def scope(pool: object, level: str) -> FrozenScope:
        projects = tuple(FrozenProject(p.id, p.name, p.cost) for p in pool.projects)
        winners = rule_to(load_preset(election.preset, level=level))
        return FrozenScope(pool.scope, pool.name, pool.money, rule, winners, projects)

    districts = tuple(scope(p, DISTRICT_LEVEL) for p in election.pools if p.district is not None)
    city = tuple(scope(p, CITY_LEVEL) for p in election.pools if p.district is None)
    levels = (FrozenLevel(DISTRICT_LEVEL, districts), FrozenLevel(CITY_LEVEL, city))
    return FrozenList(round_id, election.title, levels)


def seal_all(secrets: RoundSecrets, frozen: FrozenList, voters: list[Choice]) -> Urn:
    """An urn with every ballot sealed as a cast seals it."""
    envelopes, eligible, form = [], {}, frozen.form
    for choice in voters:
        person = uuid4()
        tag = secrets.tag(person)
        plain = encode_plaintext(form, Origin.WEB, random.token_bytes(32), choice)
        content = seal(secrets.public_key, secrets.round_id, tag, plain)
        envelopes.append(Envelope(tag, "web", content, secrets.mac(tag, "web", content)))
        eligible[tag] = person
    return Urn(tuple(envelopes), (), (), eligible)


def verify(board: Path) -> None:
    """Run the board's own program; its pools are undecided here, so only sums and roots count."""
    command = [sys.executable, "-I", str(board / "verify.py"), str(board)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    print(ran.stdout.strip().splitlines()[-1] if ran.stdout else ran.stderr.strip())


def both_engines(only: str | None = None) -> Iterator[tuple[str, Database]]:
    """A durable database on each engine (or on one), on disk."""
    if only in {None, "sqlite"}:
        with tempfile.TemporaryDirectory() as folder:
            yield from _one("sqlite", f"sqlite:///{folder}/bench.db", Path(folder))
    if only in {None, "postgresql"}:
        with running_cluster(is_durable=True) as cluster, tempfile.TemporaryDirectory() as folder:
            cluster.execute("CREATE DATABASE bench")
            yield from _one("postgresql", cluster.url("bench"), Path(folder))


def _one(name: str, url: str, folder: Path) -> Iterator[tuple[str, Database]]:
    database = Database(url, KeyRing(PEPPER), {}, folder)
    upgrade(database.engine)
    yield name, database
    database.dispose()


def measure_casting(name: str, database: Database, casts: int) -> Row:
    """One cast at the service beside the insert of the same two rows, series by series."""
    opened = make_round(database)
    voters = [make_resident(database, address=HOMES[8]) for _ in range(casts * SERIES)]
    ours, bare = [], []
    for series in range(SERIES):
        mine = voters[series * casts : (series + 1) * casts]
        ours.append(per_deed([partial(_cast, database, opened, *voter) for voter in mine]))
        bare.append(per_deed([partial(insert_bare, database, opened.id)] * casts))
    ratios = [theirs / own for own, theirs in zip(ours, bare, strict=True)]
    return [
        name,
        f"{statistics.median(ours) * 1e6:,.0f}",
        f"{statistics.median(bare) * 1e6:,.0f}",
        f"{statistics.median(ratios):.0%} ({min(ratios):.0%} to {max(ratios):.0%})",
    ]


def per_deed(deeds: Sequence[Callable[[], object]]) -> float:
    """Seconds of one deed in a row of them."""
    start = time.perf_counter()
    for deed in deeds:
        deed()
    return (time.perf_counter() - start) / len(deeds)


def _cast(database: Database, opened: object, voter: Actor, person: UUID) -> object:
    receipt = cast(database, opened, person, account_id=voter.account_id)
    assert receipt.outcome is CastOutcome.ACCEPTED
    return receipt


def insert_bare(database: Database, round_id: UUID) -> object:
    """The two rows that a cast writes, with nothing computed for them, in the same unit of work."""
    from bench.voting_rows import insert_rows

    with database.writing() as work:
        return insert_rows(work, round_id, Moment(DAYS[0], 12))


if __name__ == "__main__":
    main()
