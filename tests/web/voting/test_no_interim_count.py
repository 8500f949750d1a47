"""Nobody, the administrator included, learns before the opening what was chosen: not from anything at all.

The same people vote twice in one world, first for some projects, then for others, online and on paper. What
can be read of the world in between (every page in every role with its headers, exports, every table in its
own order, the log, the files) must be the same both times but for values that are random by design.
"""

from __future__ import annotations

import io
import itertools
import logging
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text, update
from werkzeug.routing import Rule

from civic_budget.editions.rules import CITY_WIDE
from civic_budget.kernel.actor import Actor, Role
from civic_budget.models import METADATA
from civic_budget.residency.queries import accounts_of_person
from civic_budget.storage.db import Database
from civic_budget.voting import service
from civic_budget.voting.commission_models import SealedListRow
from civic_budget.voting.models import (
    EnvelopeRow,
    NightlyCountRow,
    PaperBallotRow,
    PaperBatch,
    PaperCard,
    Participation,
)
from civic_budget.voting.models import Round as RoundRow
from tests.builders import make_staff, sign_in_as
from tests.builders_commission import hand_in, make_clerks, open_urn, seal_pile
from tests.builders_voting import Round, cast, choice, make_round, make_voter
from tests.conftest import NOW, Clock

Door = tuple[str, FlaskClient, str]
FIRST, SECOND = (1, 2, 3), (4, 3, 2)
VOTERS = 6
OPAQUE = {  # random, or under a key, by docs/voting.md; their length is compared
    "envelope": {"sealed", "retry", "nonce_mac", "mac"},
    "paper_ballot": {"sealed", "retry", "mac"},
    "nightly_count": {"hashes", "root"},
    "sealed_list": {"hashes", "root"},
    "round": {"sealed_root"},
}
UNKNOWN: dict[str, object] = {"UUIDConverter": UUID(int=1), "IntegerConverter": 1}
LIVING = {"sign_in", "audit_entry", "scheduled_job"}  # looking at pages signs in and is noted
SEED = re.compile(
    rb'name="csrf_token"[^>]*value="[^"]*"|nonce-[\w+/=-]+|nonce="[^"]*"|[0-9a-f]{16,}'
    rb'|name="asked_at"[^>]*value="[^"]*"|"[\w-]{20,}\.[\w-]+\.[\w-]+"'
)
HEADERS = {"Set-Cookie", "Date", "Content-Security-Policy"}


@dataclass
class World:
    """One round with its people and its paper, and a way to hear what is chosen for planted leaks."""

    database: Database
    opened: Round
    people: Sequence[UUID]
    clerks: Sequence[Actor]
    batch_id: UUID
    serial: str
    heard: Callable[[Sequence[int]], None] = field(default=lambda picks: None)

    def vote(self, picks: Sequence[int]) -> None:
        """Everybody votes alike, and one card is keyed."""
        for person in self.people:
            cast(self.database, self.opened, person, marks=choice(picks=picks))
        with self.database.writing() as work:
            service.key_card(
                work,
                self.clerks[1],
                secrets=self.opened.secrets,
                batch_id=self.batch_id,
                serial=self.serial,
                choice=choice(picks=picks),
                at=NOW,
            )
        self.heard(picks)

    def unvote(self) -> None:
        """As before the vote; the append-only lists of the closing go too."""
        with self.database.engine.begin() as connection:
            _silence_triggers(connection)
            late = delete(Participation).where(Participation.channel == "web")
            connection.execute(late)
            connection.execute(delete(EnvelopeRow).where(EnvelopeRow.channel == "web"))
            for table in (PaperBallotRow, SealedListRow, NightlyCountRow):
                connection.execute(delete(table))
            connection.execute(
                update(PaperCard).where(PaperCard.state == "keyed").values(state="printed")
            )
            connection.execute(update(PaperBatch).values(keyed=0))
            connection.execute(
                update(RoundRow).values(
                    status="ready", closed_at=None, sealed_root=None, sealed_count=None
                )
            )

    def close(self) -> None:
        """A night is published and the vote closed."""
        with self.database.writing() as work:
            service.publish_nightly_count(work, round_id=self.opened.id, day=NOW.date())
        with self.database.writing() as work:
            service.close_round(
                work,
                self.opened.commission[0],
                round_id=self.opened.id,
                at=self.opened.closes_at,
            )


def _silence_triggers(connection: Any) -> None:
    for table in ("sealed_list", "nightly_count"):
        if connection.dialect.name == "sqlite":
            for deed in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{deed}"))
        else:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


@pytest.fixture
def world(database: Database) -> World:
    opened = make_round(database)
    people = [make_voter(database) for _ in range(VOTERS)]
    clerks = make_clerks(database, 2)
    batch_id = open_urn(database, opened, clerks[0])
    hand_in(database, opened, clerks[0], batch_id, make_voter(database))
    seal_pile(database, batch_id)
    with database.writing() as work:
        serial = service.print_cards(
            work, clerks[0], secrets=opened.secrets, scope="d08", number=1
        )[0]
    return World(database, opened, people, clerks, batch_id, serial)


def readers(app: Flask, world: World) -> dict[str, FlaskClient]:
    """A browser for a visitor, a voter, a member of the round and each role of the office."""
    with world.database.reading() as session:
        voter = Actor(accounts_of_person(session, world.people[0])[0])
    signed = {
        "voter": voter,
        "member": world.opened.commission[0],
        "clerk of the batch": world.clerks[1],
        **{role.value: make_staff(world.database, role) for role in Role},
    }
    found = {"visitor": app.test_client()}
    for name, actor in signed.items():
        found[name] = app.test_client()
        sign_in_as(found[name], world.database, actor)
    return found


def addresses(app: Flask, world: World) -> Iterator[str]:
    """Every GET address: each route with the values that this world knows for its parts."""
    with world.database.reading() as session:
        slug = session.execute(text("SELECT slug FROM edition")).scalars().first()
        proposals = session.execute(
            select(METADATA.tables["proposal"].c.id, METADATA.tables["proposal"].c.reference)
        ).all()
    known: dict[str, Sequence[object]] = {
        "lang": ["en"],
        "slug": [slug],
        "round_id": [world.opened.id],
        "batch_id": [world.batch_id],
        "proposal_id": [row.id for row in proposals][:2],
        "reference": [row.reference for row in proposals][:2],
        "scope": ["d08", CITY_WIDE],
        "day": [NOW.date().isoformat()],
        "number": [1],
        "page": [1],
        "name": ["city.pb", "list.json", "manifest.json"],
        "filename": ["list.json", "css/voting.css"],
        "catalogue": ["projects"],
    }
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            yield from _filled(app, rule, known)


def _filled(app: Flask, rule: Rule, known: dict[str, Sequence[object]]) -> Iterator[str]:
    values: list[Sequence[object]] = []
    for name in sorted(rule.arguments):
        converter = rule._converters[name]
        of_kind = sorted(getattr(converter, "items", ()))
        default = [UNKNOWN.get(type(converter).__name__, "x")]
        values.append(["en"] if name == "lang" else of_kind or known.get(name, default))
    with app.test_request_context():
        for filled in itertools.product(*values):
            yield url_for(rule.endpoint, **dict(zip(sorted(rule.arguments), filled, strict=True)))


def look(doors: Sequence[Door]) -> dict[str, str]:
    """Reader and address → the whole answer: status, headers and body without what is random."""
    seen = {}
    for name, browser, path in doors:
        answer = browser.get(path, follow_redirects=False)
        headers = sorted((k, v) for k, v in answer.headers if k not in HEADERS)
        body = _unpacked(answer.data)
        seen[f"{name} {path}"] = f"{answer.status_code} {headers!r} {body!r}"
    return seen


def open_doors(app: Flask, world: World) -> list[Door]:
    """Every reader with every address that answers them; this first look is also past its own traces."""
    paths = list(addresses(app, world))
    return [
        (name, browser, path)
        for name, browser in readers(app, world).items()
        for path in paths
        if browser.get(path, follow_redirects=False).status_code == 200
    ]


def _unpacked(data: bytes) -> bytes:
    """An archive as its files; everything without random values."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"\n".join(
                name.encode() + b": " + archive.read(name) for name in archive.namelist()
            )
    if data.startswith(b"%PDF"):
        return b"PDF"  # its texts come from the same facts as the pages
    return SEED.sub(b"~", data)


def dump(database: Database) -> dict[str, list[str]]:
    """Table → its rows in the database's own order; opaque columns as their lengths."""
    found = {}
    with database.engine.connect() as connection:
        for table in METADATA.sorted_tables:
            if table.name in LIVING:
                continue
            opaque = OPAQUE.get(table.name, set())
            found[table.name] = [
                repr({k: (len(v) if v and k in opaque else v) for k, v in row._mapping.items()})
                for row in connection.execute(select(table))
            ]
    return found


def files(folder: Path) -> dict[str, int]:
    """Every file of the instance but the database itself → its size."""
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and ".db" not in path.name and ".sqlite" not in path.name
    }


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


@dataclass
class Seen:
    """What there is to see after one vote."""

    pages: dict[str, str]
    rows: dict[str, list[str]]
    files: dict[str, int]
    log: dict[str, str]

    def against(self, other: Seen) -> list[str]:
        return [
            *differences(self.pages, other.pages),
            *differences(self.rows, other.rows),
            *differences(self.files, other.files),
            *differences(self.log, other.log),
        ]


def observe(
    world: World,
    picks: Sequence[int],
    doors: Sequence[Door],
    caplog: pytest.LogCaptureFixture,
    *,
    is_closed: bool,
) -> Seen:
    """Vote so, and look at everything; then as before."""
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    world.vote(picks)
    if is_closed:
        world.close()
    log = "\n".join(record.getMessage() for record in caplog.records)
    with world.database.writing() as work:
        folder = work.instance
    seen = Seen(
        look(doors),
        dump(world.database),
        files(folder),
        {"log": SEED.sub(b"~", log.encode()).decode()},
    )
    world.unvote()
    return seen


@pytest.mark.proof
@pytest.mark.parametrize("is_closed", [False, True], ids=["while voting", "in the window"])
def test_everything_that_can_be_read_is_the_same_whatever_was_chosen(
    app: Flask,
    world: World,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    is_closed: bool,
) -> None:
    clock.at = world.opened.closes_at if is_closed else NOW
    doors = open_doors(app, world)
    first, second = (
        observe(world, picks, doors, caplog, is_closed=is_closed) for picks in (FIRST, SECOND)
    )
    assert first.against(second) == []
    assert len(doors) > 300
    mine = [path for name, _, path in doors if name == "member"]
    assert any(path.endswith("/office/round/check") for path in mine)


def plant(
    kind: str, app: Flask, database: Database, patch: pytest.MonkeyPatch
) -> Callable[[Sequence[int]], None]:
    """A leak of the leading project of one kind."""
    leading: list[int] = []

    def heard(picks: Sequence[int]) -> None:
        leading[:] = picks[:1]
        if kind == "log":
            logging.getLogger("civic_budget").debug("leading: %s", picks[0])
        if kind == "row":
            with database.engine.begin() as connection:
                connection.execute(text("UPDATE round SET threshold = :n"), {"n": picks[0]})
        if kind == "file":
            with database.writing() as work:
                (work.instance / "counts.txt").write_text("x" * picks[0])

    def leak(answer: Any) -> Any:
        if kind == "header" and leading:
            answer.headers["ETag"] = f'"{leading[0]}"'
        if kind == "page" and leading and answer.mimetype == "text/html":
            answer.set_data(answer.get_data().replace(b"</main>", b"%d</main>" % leading[0]))
        return answer

    # Taken away again at the end: the application is shared by all tests.
    patch.setitem(app.after_request_funcs, None, [*app.after_request_funcs.get(None, ()), leak])
    return heard


@pytest.mark.parametrize("kind", ["page", "header", "row", "log", "file"])
def test_a_planted_leak_is_found(
    app: Flask,
    world: World,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    doors = [("visitor", app.test_client(), "/en/vote/secrecy")]
    world.heard = plant(kind, app, world.database, monkeypatch)
    first, second = (
        observe(world, picks, doors, caplog, is_closed=False) for picks in (FIRST, SECOND)
    )
    expected = {"row": ["round"], "log": ["log"], "file": ["counts.txt"]}
    assert first.against(second) == expected.get(kind, ["visitor /en/vote/secrecy"])
