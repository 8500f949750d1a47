"""All that anybody can see of a world: pages, files, tables, the raw bytes on the disk, the memory, the logs.

What is random by design is blinded and only its length is seen; everything else must be equal in two
worlds that differ in the choices alone.
"""

from __future__ import annotations

import base64
import functools
import gc
import io
import itertools
import logging
import re
import struct
import sys
import types
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdfium2
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.routing import Rule

from civic_budget.editions.rules import CITY_WIDE
from civic_budget.models import METADATA
from civic_budget.storage.db import Database
from civic_budget.voting.choice import Choice, encode_choice
from civic_budget.voting.codes import SERIAL_LENGTH, control_code, in_fours, paper_code
from civic_budget.voting.frozen import known_list
from civic_budget.voting.models import Round as RoundRow
from tests.builders_twins import World
from tests.builders_voting import choice
from tests.conftest import NOW
from tests.engines import PostgresMaker, SqliteMaker

OPAQUE = {  # random, or under a key together with what is random, by docs/voting.md
    "envelope": {"sealed", "retry", "mac"},
    "paper_ballot": {"sealed", "retry", "mac"},
    "nightly_count": {"hashes", "root"},
    "sealed_list": {"hashes", "root"},
    "round": {"sealed_root"},
}
"""Their lengths are compared. Everything else of these rows is compared as it stands."""
SHUFFLED = {"sign_in", "audit_entry", "outbox_task", "audit_head"}
"""Rows under random numbers of their own, in no order that means anything."""
SEED = re.compile(
    r'name="csrf_token"[^>]*value="[^"]*"|nonce-[\w+/=-]+|nonce="[^"]*"'
    r'|name="asked_at"[^>]*value="[^"]*"|"[\w-]{20,}\.[\w-]+\.[\w-]+"'
)
HEX = re.compile(r"[0-9a-f]{16,}")
IDENTITY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
STATEMENT = re.compile(
    r"SELECT|INSERT|UPDATE|DELETE|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA"
)
BY_THE_WALL_CLOCK = {"match_run": {"lease_until"}}
"""Moments that a test does not set."""
MAIL_NOISE = re.compile(r'"at": "[^"]*"|AGE-SECRET-KEY-\w+|age1\w{50,}')
"""When a demo's letter was put into its box, and the demo's own key for documents."""
PDF_TIMES = {"CreationDate", "ModDate"}
HEADERS = {"Set-Cookie", "Date", "Content-Security-Policy"}
UNKNOWN: dict[str, object] = {"UUIDConverter": UUID(int=1), "IntegerConverter": 1}
MEMORIES = {"_made", "_remembered"}
"""What our modules call a table of answers given before."""
UNSEEN = {"/demo/mailbox"}
"""The demo's mailbox shows in a random order what stands in its files, and those are compared."""
DOWNLOADS = ["/en/office/round/observer.zip"]
"""What is downloaded by pressing a button."""


class Blinds:
    """Takes out of a text what is random by design: identities that were not there before the vote too."""

    def __init__(self, database: Database) -> None:
        rows = repr(list(dump(database, blind=str).values()))
        self.known = set(IDENTITY.findall(rows)) | set(HEX.findall(rows))

    def __call__(self, seen: str) -> str:
        seen = SEED.sub("~", seen)
        return HEX.sub(self._unknown, IDENTITY.sub(self._unknown, seen))

    def _unknown(self, found: re.Match[str]) -> str:
        return found[0] if found[0] in self.known else "~" * len(found[0])


# Pages


def addresses(app: Flask, world: World) -> list[str]:
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
        "person_id": [world.people[0][0]],
        "proposal_id": [row.id for row in proposals][:2],
        "reference": [row.reference for row in proposals][:2],
        "scope": ["d08", CITY_WIDE],
        "day": [NOW.date().isoformat()],
        "number": [1],
        "page": [1],
        "code": ["library"],
        "name": ["city.pb", "list.json", "manifest.json"],
        "filename": ["list.json", "css/voting.css"],
        "catalogue": ["projects"],
    }
    rules = [r for r in app.url_map.iter_rules() if "GET" in (r.methods or ())]
    return [
        path
        for rule in rules
        if rule.endpoint != "static" and rule.rule not in UNSEEN
        for path in _filled(app, rule, known)
    ]


def _filled(app: Flask, rule: Rule, known: Mapping[str, Sequence[object]]) -> Iterator[str]:
    values: list[Sequence[object]] = []
    for name in sorted(rule.arguments):
        converter = rule._converters[name]
        of_kind = sorted(getattr(converter, "items", ()))
        default = [UNKNOWN.get(type(converter).__name__, "x")]
        values.append(["en"] if name == "lang" else of_kind or known.get(name, default))
    with app.test_request_context():
        for filled in itertools.product(*values):
            parts: dict[str, Any] = dict(zip(sorted(rule.arguments), filled, strict=True))
            yield url_for(rule.endpoint, **parts)


def look(
    world: World, readers: Iterable[str], paths: Sequence[str], blind: Callable[[str], str]
) -> dict[str, str]:
    """Reader and address → the whole answer: status, headers and body without what is random."""
    seen = {}
    for reader in readers:
        browser = world.browser(reader)
        for path in paths:
            seen[f"{reader} {path}"] = _answer(browser, path, blind)
        for path in DOWNLOADS:
            seen[f"{reader} {path}"] = _answer(browser, path, blind, is_pressed=True)
    return seen


def _answer(
    browser: FlaskClient, path: str, blind: Callable[[str], str], *, is_pressed: bool = False
) -> str:
    form = {}
    if is_pressed:
        page = browser.get("/en/vote/secrecy").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
        form = {"csrf_token": token[1]} if token else {}
    method = "POST" if is_pressed else "GET"
    answer = browser.open(path, method=method, data=form, follow_redirects=False)
    # What is random is packed into fewer bytes or more.
    unseen = HEADERS | ({"Content-Length"} if answer.data.startswith((b"PK", b"%PDF")) else set())
    headers = sorted((k, v) for k, v in answer.headers if k not in unseen)
    body = "\n".join(blind(part) for part in unpacked(answer.data))
    return f"{answer.status_code} {blind(repr(headers))} {body}"


def unpacked(data: bytes) -> Iterator[str]:
    """The texts of a download: the files of an archive, the words of a PDF."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                yield from unpacked(archive.read(name))
    elif data.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(data)
        known = document.get_metadata_dict()
        yield repr({k: v for k, v in known.items() if k not in PDF_TIMES})
        for page in document:
            # Where a line ends depends on the width of what is random.
            yield page.get_textpage().get_text_range().replace("\r\n", "")
    else:
        yield data.decode("utf-8", errors="backslashreplace")


# Tables, files, logs


def dump(database: Database, *, blind: Callable[[str], str]) -> dict[str, list[str]]:
    """Table → its rows in the database's own order; opaque columns as their lengths."""
    found = {}
    with database.engine.connect() as connection:
        for table in METADATA.sorted_tables:
            hidden = OPAQUE.get(table.name, set()), BY_THE_WALL_CLOCK.get(table.name, set())
            rows = [
                blind(repr({k: _shown(k, v, *hidden) for k, v in row._mapping.items()}))
                for row in connection.execute(select(table))
            ]
            found[table.name] = sorted(rows) if table.name in SHUFFLED else rows
    return found


def _shown(name: str, value: Any, opaque: set[str], moments: set[str]) -> Any:
    if name in opaque:
        return len(value) if value else value
    if name in moments:
        return value is not None
    return value.hex() if isinstance(value, bytes) else value


def files(folder: Path, blind: Callable[[str], str]) -> dict[str, str]:
    """Every file of the instance → its content; those under random names by their content alone."""
    found: dict[str, list[str]] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            content = "\n".join(blind(part) for part in unpacked(path.read_bytes()))
            name = blind(str(path.relative_to(folder)))
            found.setdefault(name, []).append(MAIL_NOISE.sub("~", content))
    return {name: "\n".join(sorted(contents)) for name, contents in found.items()}


def read_log(records: Iterable[logging.LogRecord], blind: Callable[[str], str]) -> list[str]:
    """The lines of a log; of the statements' log what was asked and done, not with which values."""
    lines = [record.getMessage() for record in records if not _is_value(record)]
    return [blind(line) for line in lines]


def _is_value(record: logging.LogRecord) -> bool:
    """Values are cut to a length that depends on how random bytes are written down."""
    is_sql = record.name.startswith("sqlalchemy.engine")
    return is_sql and not STATEMENT.match(record.getMessage())


def memos(*, is_emptied: bool = False) -> dict[str, str]:
    """Every place where our modules remember answers → how many it holds."""
    found = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("civic_budget"):
            for label, memo in sorted(vars(module).items()):
                if isinstance(memo, functools._lru_cache_wrapper):
                    if is_emptied:
                        memo.cache_clear()
                    found[f"memo {name}.{label}"] = str(memo.cache_info().currsize)
                if re.fullmatch(r"_[a-z]\w*", label) and isinstance(memo, dict | list | set):
                    if is_emptied and label in MEMORIES:
                        memo.clear()
                    found[f"memo {name}.{label}"] = str(len(memo))
    return found


# Raw bytes


@dataclass(frozen=True)
class Disk:
    """What the database has on the disk: its files, and on PostgreSQL the log from a moment on."""

    maker: SqliteMaker | PostgresMaker
    url: str
    since: tuple[str, int] = ("", 0)

    def from_now(self, database: Database) -> Disk:
        """Forget what PostgreSQL's log of all databases held before."""
        if isinstance(self.maker, SqliteMaker):
            return self
        return Disk(self.maker, self.url, _end_of_log(database))

    def read(self, database: Database) -> Iterator[bytes]:
        """The bytes, file by file."""
        if isinstance(self.maker, SqliteMaker):
            file = Path(self.url.removeprefix("sqlite:///"))
            yield from (p.read_bytes() for p in sorted(file.parent.glob(f"{file.name}*")))
            return
        with database.engine.connect() as connection:
            own = connection.execute(
                text("SELECT oid FROM pg_database WHERE datname = current_database()")
            ).scalar_one()
        self.maker.cluster.execute("CHECKPOINT")
        data = self.maker.cluster.folder / "data"
        yield b"".join(p.read_bytes() for p in sorted((data / "base" / str(own)).iterdir()))
        yield from _log_between(data / "pg_wal", self.since, _end_of_log(database))
        yield (self.maker.cluster.folder / "log").read_bytes()


def _end_of_log(database: Database) -> tuple[str, int]:
    with database.engine.connect() as connection:
        row = connection.execute(
            text("SELECT * FROM pg_walfile_name_offset(pg_current_wal_insert_lsn())")
        ).one()
    return row[0], row[1]


def _log_between(folder: Path, since: tuple[str, int], until: tuple[str, int]) -> Iterator[bytes]:
    """Later files are old ones under new names."""
    for path in sorted(folder.glob("[0-9A-F]" * 24)):
        if since[0] <= path.name <= until[0]:
            content = path.read_bytes()
            end = until[1] if path.name == until[0] else len(content)
            yield content[since[1] if path.name == since[0] else 0 : end]


def needles(world: World, *chosen: Sequence[int]) -> dict[str, bytes]:
    """Every plain form of the choices and of the secrets of ballots: name → bytes."""
    with world.database.reading() as session:
        form = known_list(session.get_one(RoundRow, world.opened.id).list_content).form
    found: dict[str, bytes] = {}
    for picks in chosen:
        for district in (8, 18):
            marks = choice(district=district, picks=picks)
            found |= _of_bytes(f"plaintext {picks}", encode_choice(form, marks))
            found |= _of_marks(marks, picks)
    for number, secret in enumerate(world.nonces):
        found |= _of_bytes(f"secret {number}", secret)
        for scope in ("d08", "d18", CITY_WIDE):
            is_paper = len(secret) == SERIAL_LENGTH
            code = paper_code(scope, secret.decode()) if is_paper else control_code(scope, secret)
            found[f"code {number} {scope}"] = code.encode()
            found[f"code {number} {scope} in fours"] = in_fours(code).encode()
    return found


def _of_bytes(name: str, raw: bytes) -> dict[str, bytes]:
    return {
        name: raw,
        f"{name} hex": raw.hex().encode(),
        f"{name} base64": base64.b64encode(raw).rstrip(b"="),
        f"{name} base64url": base64.urlsafe_b64encode(raw).rstrip(b"="),
    }


def _of_marks(marks: Choice, picks: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """The marks of one list, as they stand in the plaintext and as anybody would write them."""
    entries = b"".join(struct.pack(">HH", number - 1, 0) for number in picks)
    yield f"marks {picks}", (struct.pack(">H", len(picks)) + entries).rstrip(b"\0")
    lists = [list(section.picks) for section in marks.values()]
    lists += [[str(n) for n in picks], [str(n - 1) for n in picks]]
    for names in lists:
        for mark in (",", ", ", ";", "|", " ", "','", "', '", '","', '", "'):
            yield mark.join(names), mark.join(names).encode()


def traces(disk: Disk, database: Database, sought: Mapping[str, bytes]) -> list[str]:
    """What of the choices stands on the disk in the plain."""
    found: set[str] = set()
    for content in disk.read(database):
        found |= {name for name, needle in sought.items() if needle in content}
    return sorted(found)


def remembered(app: Flask, sought: Mapping[str, bytes]) -> list[str]:
    """What of the choices the process keeps in memory, as far as it can be reached from the application."""
    kept = {one for one in _reachable(app) if isinstance(one, bytes | str)}
    text = "\n".join(one for one in kept if isinstance(one, str)).encode(errors="surrogatepass")
    everything = text + b"\n".join(one for one in kept if isinstance(one, bytes))
    return sorted(name for name, needle in sought.items() if needle in everything)


def _reachable(app: Flask) -> Iterator[object]:
    """Everything that hangs on the application or on a module of ours."""
    ours = [m for name, m in sys.modules.items() if name.startswith("civic_budget")]
    others = {id(vars(m)) for m in sys.modules.values() if isinstance(m, types.ModuleType)}
    seen = others | {id(m) for m in sys.modules.values()}
    stack: list[object] = [app, *(value for module in ours for value in vars(module).values())]
    while stack:
        one = stack.pop()
        if id(one) in seen or isinstance(one, types.FrameType):
            continue
        if type(one).__module__.partition(".")[0] in {"tests", "_pytest", "pytest", "pluggy"}:
            continue
        seen.add(id(one))
        yield one
        stack.extend(gc.get_referents(one))
