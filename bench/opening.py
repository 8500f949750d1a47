"""How long the others wait while a round is opened: all in one unit of work, and opened aside.

    python -m bench.opening [NUMBER]     on SQLite, where one writer holds the file

Figures in bench/opening.md. Both open copies of one database; the register of residents is replaced by
the tags of the invented voters, everything else (checks, ballots, winners, board) is the real thing.
"""

from __future__ import annotations

import secrets as random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from bench.tables import Row, print_table
from civic_budget.kernel.keys import KeyRing
from civic_budget.residency.models import ResidencySetting
from civic_budget.storage.db import Database
from civic_budget.storage.migrate import upgrade
from civic_budget.voting import service
from civic_budget.voting.choice import Origin, encode_plaintext
from civic_budget.voting.models import EnvelopeRow, Participation
from civic_budget.voting.queries import get_round
from civic_budget.voting.sealing import seal
from civic_budget.voting.service import unsealing
from civic_budget.wiring import SUBSCRIPTIONS
from tests.builders_commission import close_vote
from tests.builders_voting import Round, choice, make_round
from tests.conftest import NOW

PEPPER = b"a pepper for benchmarks, long enough to be accepted"
PAUSE = 0.02
HEADER = ["how it is opened", "opening, s", "longest wait of a writer, s"]


def main() -> None:
    """Fill a round, open a copy of it each way, print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 65_101
    with tempfile.TemporaryDirectory() as place:
        first = Path(place) / "first"
        first.mkdir()
        database = database_in(first)
        upgrade(database.engine)
        opened = make_round(database)
        eligible = fill(database, opened, number)
        close_vote(database, opened)
        database.dispose()
        unsealing.eligible_tags = lambda *_, **__: eligible  # type: ignore[assignment]
        print(f"{number} envelopes on SQLite")
        print_table(HEADER, [measure(first, opened, how) for how in (in_one, aside)])


def database_in(folder: Path) -> Database:
    """The database of a folder, with everything that an opening wakes."""
    url = f"sqlite:///{folder}/bench.db"
    return Database(url, KeyRing(PEPPER), SUBSCRIPTIONS, folder)


def fill(database: Database, opened: Round, number: int) -> dict[bytes, UUID]:
    """Put sealed votes of invented voters in; returns their tags."""
    with database.reading() as session:
        form = get_round(session, opened.id).frozen.form
    secrets, eligible = opened.secrets, {}
    envelopes, participations = [], []
    for _ in range(number):
        person, nonce = uuid4(), random.token_bytes(32)
        tag = secrets.tag(person)
        picks = tuple(1 + one for one in random.SystemRandom().sample(range(4), 3))
        plain = encode_plaintext(form, Origin.WEB, nonce, choice(picks=picks))
        content = seal(secrets.public_key, opened.id, tag, plain)
        eligible[tag] = person
        own = {"round_id": opened.id, "tag": tag, "channel": "web"}
        envelopes.append(
            own
            | {
                "retry": nonce,
                "nonce_mac": secrets.nonce_mac(nonce),
                "sealed": content,
                "mac": secrets.mac(tag, "web", content),
            }
        )
        day = {"counted_on": NOW.date(), "hour": 12, "is_provisional": False, "notified": True}
        participations.append(own | day)
    with database.writing() as work:
        work.session.execute(insert(EnvelopeRow), envelopes)
        work.session.execute(insert(Participation), participations)
    return eligible


def in_one(database: Database, opened: Round, values: dict[str, Any]) -> None:
    """All of it under the write lock."""
    with database.writing() as work:
        service.open_round(work, opened.commission[0], **values)


def aside(database: Database, opened: Round, values: dict[str, Any]) -> None:
    """Opened from a copy; the lock is taken for the writing."""
    service.open_aside(database, opened.commission[0], **values)


def measure(
    first: Path, opened: Round, how: Callable[[Database, Round, dict[str, Any]], None]
) -> Row:
    """Open a copy while somebody else writes every moment."""
    folder = first.parent / how.__name__
    shutil.copytree(first, folder)
    database = database_in(folder)
    values = {"round_id": opened.id, "secrets": opened.secrets, "held": opened.held[:2]}
    with a_writer(folder) as writer:
        start = time.perf_counter()
        how(database, opened, values | {"at": opened.closes_at})
        spent = time.perf_counter() - start
    database.dispose()
    named = {in_one: "in one unit of work", aside: "aside, written under a short lock"}
    return [named[how], f"{spent:.1f}", f"{max(writer.waits):.1f}"]


@dataclass
class Writer:
    """Somebody at another connection who writes a row every moment, and how long each took."""

    waits: list[float] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


@contextmanager
def a_writer(folder: Path) -> Iterator[Writer]:
    """Write beside the block."""
    writer, database = Writer(), database_in(folder)

    def write() -> None:
        while not writer.ended.wait(PAUSE):
            start = time.perf_counter()
            with database.writing() as work:
                work.session.merge(ResidencySetting(name="bench", value={"value": start}))
            writer.waits.append(time.perf_counter() - start)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield writer
    finally:
        writer.ended.set()
        thread.join()
        database.dispose()


if __name__ == "__main__":
    main()
