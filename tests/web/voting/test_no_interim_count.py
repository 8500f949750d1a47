"""Nobody, the administrator included, learns before the opening what was chosen: not from anything at all.

Two worlds differ in the choices alone. What can be read in one before the opening must be what can be read
in the other (see `tests/sight.py`), and nowhere does a choice or a ballot's secret stand in the plain.
"""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import select, text, update

from civic_budget.voting.models import EnvelopeRow
from tests import sight
from tests.builders_twins import World, make_world
from tests.conftest import NOW, Clock
from tests.engines import PostgresMaker, SqliteMaker

FIRST, SECOND = (11, 7, 12), (5, 9, 6)
NIGHT = NOW.replace(hour=23)
TELLING = re.compile(
    r"^/en/(vote|participation|proposals|office)$|^/en/votes/|^/en/editions/2026(/vote|/board.*)?$"
    r"|^/en/office/(paper|results|statistics)$|^/en/office/round(/check|/protocols/closing.pdf)?$"
    r"|^/en/office/paper/batches/[^/]+(/protocol.pdf)?$"
)
MUST_BE_READ = {
    "booth /en/vote",
    "administrator /en/office",
    "member /en/office/round/check",
    "member /en/office/round/observer.zip",
    "clerk of the batch /en/office/paper",
    "analyst /en/office/statistics",
}
CURIOUS = (
    *("visitor", "booth", "member", "clerk of the batch"),
    *("coordinator", "analyst", "administrator"),
)
"""Whose pages are looked at in the short test."""


@dataclass
class Seen:
    """What there is to see of one world, and what stands somewhere in the plain."""

    facts: dict[str, str]
    plain: list[str]

    def against(self, other: Seen) -> list[str]:
        """Where two worlds differ."""
        both = self.facts.keys() | other.facts.keys()
        return sorted(key for key in both if self.facts.get(key) != other.facts.get(key))


@dataclass
class Twins:
    """A world before its first vote, to be copied for each choice."""

    world: World
    maker: SqliteMaker | PostgresMaker
    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def see(
        self,
        picks: Sequence[int],
        paths: Sequence[str],
        *,
        is_closed: bool = False,
        readers: Sequence[str] = (),
    ) -> Seen:
        """Everybody chooses so in a world of their own; all is looked at in the night or in the window."""
        others = SECOND if picks == FIRST else FIRST
        readers = readers or ["visitor", *self.world.cookies]
        blind = sight.Blinds(self.world.database)
        sought = self.sought
        with (
            self.world.copied(self.maker, self.folder / f"world{next(self.numbers)}") as world,
            listening_to_logs() as records,
        ):
            disk = sight.Disk(self.maker, world.settings.database_url).from_now(world.database)
            sight.memos(is_emptied=True)
            records.clear()
            world.clock.at = NOW
            world.vote(picks, others)
            world.clock.at = world.opened.closes_at if is_closed else NIGHT
            if is_closed:
                world.close()
            voted = len(records)
            world.work()
            # Notices go out in a random order, so that theirs tells nothing of the order of votes.
            facts = {
                "log of the vote": "\n".join(sight.read_log(records[:voted], blind)),
                "log of the worker": "\n".join(sorted(sight.read_log(records[voted:], blind))),
            }
            logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
            number = len(records)
            facts |= {
                **sight.look(world, readers, paths, blind),
                **{
                    f"table {k}": repr(v)
                    for k, v in sight.dump(world.database, blind=blind).items()
                },
                **{f"file {k}": v for k, v in sight.files(world.settings.instance, blind).items()},
                **sight.memos(),
            }
            facts["log of looking"] = "\n".join(sight.read_log(records[number:], blind))
            plain = [f"disk: {name}" for name in sight.traces(disk, world.database, sought)]
            plain += [f"memory: {name}" for name in sight.remembered(world.app, sought)]
            plain += [f"log: {name}" for name in _in_log(records, sought)]
        return Seen(facts, plain)

    @cached_property
    def sought(self) -> dict[str, bytes]:
        """What must stand nowhere; short numbers may stand by chance where nobody has voted yet."""
        sought = sight.needles(self.world, FIRST, SECOND)
        disk = sight.Disk(self.maker, self.world.settings.database_url)
        disk = disk.from_now(self.world.database)
        before = sight.traces(disk, self.world.database, sought)
        before += sight.remembered(self.world.app, sought)
        return {name: needle for name, needle in sought.items() if name not in before}


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def listening_to_logs() -> Iterator[list[logging.LogRecord]]:
    """All lines of all logs, the statements' too."""
    listener, root = _Listener(), logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    root.handlers[:] = [listener]
    root.setLevel(logging.DEBUG)
    try:
        yield listener.records
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def _in_log(records: Sequence[logging.LogRecord], sought: Mapping[str, bytes]) -> list[str]:
    lines = [f"{record.getMessage()} {record.exc_text or ''}" for record in records]
    everything = "\n".join(lines).encode(errors="surrogatepass")
    escaped = {name: repr(needle)[2:-1].encode() for name, needle in sought.items()}
    return [name for name in sought if sought[name] in everything or escaped[name] in everything]


@pytest.fixture
def twins(
    app: Flask,
    clock: Clock,
    maker: SqliteMaker | PostgresMaker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Twins:
    world = make_world(app, clock)
    return Twins(world, maker, tmp_path_factory.mktemp("twins"))


def plant(app: Flask, world: World, patch: pytest.MonkeyPatch) -> None:
    """A leak of the leading project of each kind."""
    leading: list[int] = []

    def heard(picks: Sequence[int]) -> None:
        leading[:] = picks[:1]
        in_words = ",".join(map(str, picks))
        logging.getLogger("civic_budget").debug("leading: %s", in_words)
        with world.database.engine.begin() as connection:
            connection.execute(text("UPDATE round SET threshold = :n"), {"n": picks[0]})
            longer = select(EnvelopeRow.sealed).where(EnvelopeRow.channel == "web").limit(1)
            sealed = connection.execute(longer).scalar_one() or b""
            connection.execute(
                update(EnvelopeRow)
                .where(EnvelopeRow.sealed == sealed)
                .values(sealed=sealed + bytes(picks[0]))
            )
            connection.execute(
                text("INSERT INTO installation_fact VALUES ('count', :n)"), {"n": in_words}
            )
        with world.database.engine.begin() as connection:
            connection.execute(text("DELETE FROM installation_fact WHERE name = 'count'"))
        with world.database.writing() as work:
            (work.instance / "counts.txt").write_text("x" * picks[0])
        app.extensions["interim"] = ["leading " + in_words]
        remembered(picks[0])

    @lru_cache
    def remembered(number: int) -> int:
        return number

    def leak(answer: Any) -> Any:
        if leading and request.path == "/en/vote":
            answer.headers["ETag"] = f'"{leading[0]}"'
        if leading and request.path == "/en/participation":
            answer.set_data(answer.get_data().replace(b"</main>", b"%d</main>" % leading[0]))
        return answer

    # Taken away again at the end: the application is shared by all tests.
    patch.setitem(app.after_request_funcs, None, [*app.after_request_funcs.get(None, ()), leak])
    world.heard = heard


def test_nothing_near_the_vote_tells_what_was_chosen_and_planted_leaks_are_found(
    app: Flask, twins: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [path for path in sight.addresses(app, twins.world) if TELLING.search(path)]
    first, second = (
        twins.see(picks, paths, is_closed=True, readers=CURIOUS) for picks in (FIRST, SECOND)
    )
    assert first.against(second) == []
    assert first.plain == second.plain == []
    read = {where for where, answer in first.facts.items() if answer.startswith("200")}
    assert read >= MUST_BE_READ
    assert "Protocol of" in first.facts["member /en/office/round/protocols/closing.pdf"]
    assert "A vote was recorded for you" in first.facts["file mailbox/" + "~" * 36 + ".json"]
    plant(app, twins.world, monkeypatch)
    few = ["/en/vote", "/en/participation", "/en/proposals"]
    third = twins.see(SECOND, few, is_closed=True, readers=["visitor", "member"])
    # How much the functions remember depends on how many pages were looked at.
    comparable = {where for where in third.facts if not where.startswith("memo ")}
    assert set(first.against(third)) & comparable == {
        *(f"{reader} {path}" for reader in ("visitor", "member") for path in few[:2]),
        *("log of the vote", "table round", "file counts.txt"),
        *("table envelope", "member /en/office/round/observer.zip"),
    }
    assert third.plain == [f"{where}: 5,9,6" for where in ("disk", "memory", "log")]


@pytest.mark.proof
@pytest.mark.parametrize("is_closed", [False, True], ids=["while voting", "in the window"])
def test_everything_that_can_be_read_is_the_same_whatever_was_chosen(
    app: Flask, twins: Twins, is_closed: bool
) -> None:
    paths = sight.addresses(app, twins.world)
    first, second = (twins.see(picks, paths, is_closed=is_closed) for picks in (FIRST, SECOND))
    assert first.against(second) == []
    assert first.plain == second.plain == []
    read = [where for where, answer in first.facts.items() if answer.startswith("200")]
    assert len(read) > 1000
