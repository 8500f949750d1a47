"""The public board: files from which anybody recounts a round, the same for every casting order.

Turns opened ballots into `manifest.json`, `list.json`, one Pabulib file per pool, look-up shards
and a copy of the verifier. Pure until `write_board`; it declares winners and does not choose them.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from civic_budget.pabulib import PbFile, ProjectRow, VoteRow, VoteType, format_money, render
from civic_budget.voting.choice import BallotRule, Kind, Section, read_section
from civic_budget.voting.frozen import FrozenList, FrozenScope, canonical_json
from civic_budget.voting.merkle import Tree
from civic_budget.voting.opening import Ballot, Opened
from civic_budget.voting.paper_sums import PaperSums

FORMAT = "civic-budget board 1"
LINES_IN_A_FILE = 100
_QUICKLY = 1
"""A light packing: a city's board is packed in well under a second, at a third of its size."""
VOTE_TYPES = {
    Kind.POINTS: VoteType.ORDINAL,
    Kind.APPROVAL: VoteType.APPROVAL,
    Kind.ONE: VoteType.CHOOSE_ONE,
    Kind.CUMULATIVE: VoteType.CUMULATIVE,
}


@dataclass(frozen=True)
class Draw:
    """The public event that broke ties: its outcome as text, and where anybody can look it up."""

    seed: str
    source: str


@dataclass(frozen=True)
class Outcome:
    """What was decided for a pool; projects by id, money in grosze.

    `winners` in the order of funding by the rule; `withdrawn` were struck from the list after it
    was frozen; `added` is money that came from other pools; `drawn` is an order of projects drawn
    before witnesses instead of a seed; `taken` maps exclusive groups served by another pool to the
    winner there; `extra` maps a project funded outside the rule (other pools' leftovers in a
    second walk, a council's own money, a turnout prize) to the reason.
    """

    winners: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()
    added: int = 0
    drawn: tuple[str, ...] = ()
    taken: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NightlyCount:
    """One night's published line: the day, how many envelopes, the root of their sorted hashes."""

    on: date
    count: int
    root: bytes


@dataclass(frozen=True)
class BoardFacts:
    """Everything the board shows. A pool without an outcome is published as not yet decided.

    `annulled` maps a pool whose vote does not count to the act; its lines stay, it has no outcome.
    `sealed` is the list published at closing, `meta` the free Pabulib heads (country, unit, ...).
    """

    frozen: FrozenList
    opened: Opened
    opens_on: date
    closes_on: date
    sealed: NightlyCount
    verify_key: bytes
    nightly: tuple[NightlyCount, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    draw: Draw | None = None
    annulled: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)
    paper: PaperSums = field(default_factory=PaperSums)


def board_leaf(ballot: Ballot) -> bytes:
    """A line of the board as the tree hashes it: `code;scope;choice` in UTF-8."""
    return f"{ballot.code};{ballot.scope};{ballot.choice}".encode()


def board_order(ballots: Iterable[Ballot]) -> list[Ballot]:
    """All lines of all pools by code, then scope: the order of the board's tree."""
    return sorted(ballots, key=lambda ballot: (ballot.code, ballot.scope))


def board_root(ballots: Iterable[Ballot]) -> bytes:
    """RFC 9162 root of all lines of the board; observers compare it with their own opening."""
    return Tree(map(board_leaf, board_order(ballots))).root


def prefix_length(lines: int) -> int:
    """How many letters of a code the address of its look-up file has: two at most.

    So few that each file holds about a hundred lines or more: whoever reads the address of a request, as in a
    log, does not learn which of them was looked up.
    """
    return next((n for n in (2, 1) if lines >= LINES_IN_A_FILE * 32**n), 0)


def shard_name(code: str, length: int) -> str:
    """The look-up file of a code."""
    return f"lookup/{code[:length] or 'all'}.json"


def build_board(facts: BoardFacts) -> dict[str, bytes]:
    """Every file of the board by its relative path; equal ballots give equal bytes."""
    lines = board_order(facts.opened.ballots)
    tree = Tree(map(board_leaf, lines))
    listed = {
        "list.json": facts.frozen.content,
        **verifier(),
        **{f"{s.code}.pb": _pabulib_file(facts, s) for s in facts.frozen.scopes},
    }
    shards = _shards(lines, tree)
    manifest = _manifest(facts, listed, tree.root, len(shards))
    return {**listed, **shards, "manifest.json": _readable(manifest)}


def verifier() -> dict[str, bytes]:
    """The program that recounts a board; shipped with it, independent of this package."""
    folder = resources.files("civic_budget.voting.verifier")
    names = ("verify.py", "rules.py", "sums.py", "winners.py")
    return {name: folder.joinpath(name).read_bytes() for name in names}


def write_board(directory: Path, files: Mapping[str, bytes]) -> None:
    """Put the files in place at once: readers see the old board or the whole new one.

    Replaces a board that is there, and can be repeated after a crash. One process at a time: what another
    one began and did not end is swept away.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(directory.parent):
        for left in directory.parent.glob(f".{directory.name}-*"):
            shutil.rmtree(left)
        _put(directory, files)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process writes a board."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def pack_board(directory: Path, *, folder: str) -> bytes:
    """A written board as one archive whose files lie in `folder`; equal boards give equal bytes.

    Waits for a process that replaces the board: the archive holds the old one or the new, never of both.
    """
    packed = BytesIO()
    with _alone_in(directory.parent), zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(path for path in directory.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{folder}/{path.relative_to(directory).as_posix()}")
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, _QUICKLY)
    return packed.getvalue()


def _put(directory: Path, files: Mapping[str, bytes]) -> None:
    building = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    for name, content in files.items():
        path = building / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    building.chmod(0o755)
    if directory.exists():
        former = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
        directory.replace(former)
        building.replace(directory)
        shutil.rmtree(former)
    else:
        building.replace(directory)


def awarded(rule: BallotRule, section: Section) -> dict[str, int]:
    """The points that a choice gives to each of its projects under the ballot's rule."""
    if rule.kind is Kind.POINTS:
        return dict(zip(section.picks, rule.points, strict=False))
    if rule.kind is Kind.CUMULATIVE:
        return dict(zip(section.picks, section.points, strict=True))
    return dict.fromkeys(section.picks, 1)


def tally(scope: FrozenScope, ballots: Iterable[Ballot]) -> tuple[Counter[str], Counter[str]]:
    """Votes and points of every project of a pool that got any."""
    votes: Counter[str] = Counter()
    points: Counter[str] = Counter()
    for ballot in ballots:
        given = awarded(scope.ballot, read_section(scope.code, ballot.choice))
        votes.update(project for project, worth in given.items() if worth > 0)
        points.update(given)
    return votes, points


def _pabulib_file(facts: BoardFacts, scope: FrozenScope) -> bytes:
    ballots = [ballot for ballot in facts.opened.ballots if ballot.scope == scope.code]
    outcome = facts.outcomes.get(scope.code)
    own_points = scope.ballot.kind is Kind.CUMULATIVE
    columns = ["project_id", "cost", "votes", "score", "name"]
    columns += ["selected"] if outcome else []
    return render(
        PbFile(
            meta=_head(facts, scope, len(ballots)),
            vote_type=VOTE_TYPES[scope.ballot.kind],
            budget=scope.budget,
            project_columns=tuple(columns),
            projects=_project_rows(scope, ballots, outcome),
            vote_columns=("voter_id", "vote", "points") if own_points else ("voter_id", "vote"),
            votes=tuple(_vote_row(ballot) for ballot in sorted(ballots)),
        )
    )


def _head(facts: BoardFacts, scope: FrozenScope, ballots: int) -> dict[str, str]:
    fewest, most = scope.ballot.bounds(len(scope.projects))
    outcome = facts.outcomes.get(scope.code)
    head = {
        "description": f"{facts.frozen.title}, {scope.name}",
        **facts.meta,
        "num_projects": str(len(scope.projects)),
        "num_votes": str(ballots),
        "budget": format_money(scope.budget + (outcome.added if outcome else 0)),
        "vote_type": VOTE_TYPES[scope.ballot.kind].value,
        "rule": str(scope.selection.get("name", "greedy")),
        "date_begin": facts.opens_on.strftime("%d.%m.%Y"),
        "date_end": facts.closes_on.strftime("%d.%m.%Y"),
        "min_length": str(fewest),
        "max_length": str(most),
        "currency": "PLN",
    }
    if scope.ballot.kind is Kind.CUMULATIVE:
        head["min_sum_points"] = str(scope.ballot.min_points)
        head["max_sum_points"] = str(scope.ballot.max_points)
    return head


def _project_rows(
    scope: FrozenScope, ballots: Sequence[Ballot], outcome: Outcome | None
) -> tuple[ProjectRow, ...]:
    votes, points = tally(scope, ballots)
    rows = []
    for project in scope.projects:
        cells = [project.id, format_money(project.cost)]
        cells += [str(votes[project.id]), str(points[project.id]), project.name]
        if outcome:
            cells.append(_selected(project.id, outcome))
        rows.append(ProjectRow(0, tuple(cells), project.id, project.cost))
    return tuple(rows)


def _selected(project: str, outcome: Outcome) -> str:
    """Pabulib's mark: 1 by the rule, 2 with money from outside it, 0 not at all."""
    if project in outcome.extra:
        return "2"
    return "1" if project in outcome.winners else "0"


def _vote_row(ballot: Ballot) -> VoteRow:
    marks, _, points = ballot.choice.partition(";")
    cells = (ballot.code, marks, points) if points else (ballot.code, marks)
    return VoteRow(0, cells, (), None)


def _shards(lines: Sequence[Ballot], tree: Tree) -> dict[str, bytes]:
    """Look-up files by the first letters of a code: a run of lines and what proves them."""
    shards = {}
    start = 0
    length = prefix_length(len(lines))
    for prefix, run in groupby(lines, key=lambda ballot: ballot.code[:length]):
        rows = [[ballot.code, ballot.scope, ballot.choice] for ballot in run]
        end = start + len(rows)
        shard = {
            "prefix": prefix,
            "start": start,
            "size": tree.size,
            "lines": rows,
            "nodes": tree.range_nodes(start, end),
        }
        shards[shard_name(prefix, length)] = canonical_json(shard)
        start = end
    return shards


def _manifest(
    facts: BoardFacts, listed: Mapping[str, bytes], root: bytes, shards: int
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "round": str(facts.frozen.round_id),
        "title": facts.frozen.title,
        "files": [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(listed.items())
        ],
        "lookup": {"prefix": prefix_length(len(facts.opened.ballots)), "files": shards},
        "ballots": dict(sorted(facts.opened.counted.items())),
        "voided": dict(sorted(facts.opened.voided.items())),
        "paper": facts.paper.as_data(),
        "lines": len(facts.opened.ballots),
        "board_root": root.hex(),
        "list_hash": facts.frozen.hash.hex(),
        "sealed": _night(facts.sealed),
        "nightly": [_night(night) for night in facts.nightly],
        "verify_key": facts.verify_key.hex(),
        "draw": {"seed": facts.draw.seed, "source": facts.draw.source} if facts.draw else None,
        "outcomes": {code: _outcome(found) for code, found in sorted(facts.outcomes.items())},
        "annulled": dict(sorted(facts.annulled.items())),
        "elsewhere": _elsewhere(facts),
    }


def _elsewhere(facts: BoardFacts) -> dict[str, str]:
    """Exclusive groups that winners of another vote of the edition serve: projects not on this list."""
    own = {project.id for scope in facts.frozen.scopes for project in scope.projects}
    taken = {
        pair for one in facts.outcomes.values() for pair in one.taken.items() if pair[1] not in own
    }
    return dict(sorted(taken))


def _night(night: NightlyCount) -> dict[str, Any]:
    return {"on": night.on.isoformat(), "count": night.count, "root": night.root.hex()}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "winners": list(outcome.winners),
        "withdrawn": sorted(outcome.withdrawn),
        "added": outcome.added,
        "drawn": list(outcome.drawn),
        "taken": dict(sorted(outcome.taken.items())),
        "extra": dict(sorted(outcome.extra.items())),
    }


def _readable(data: object) -> bytes:
    """The manifest is for people too: indented, keys in order."""
    return (json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
