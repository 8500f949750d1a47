#!/usr/bin/env python3
"""Recount a board: python3 verify.py DIRECTORY [--root HEX] [--list HEX]

Uses the standard library of Python 3.10 or newer and rules.py, winners.py and sums.py beside it;
shares no code with the system that wrote the board.
Checks file hashes, every line, the Merkle root, votes and points, costs and budgets, and applies
the declared winner rule again: who won, and in which order. Exit 0 with a summary, or 1 naming
file, line and reason. What it has to believe it names in the summary.
Compare the printed root and list hash with the ones announced elsewhere, or pass them as options.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import rules  # type: ignore[import-not-found]  # noqa: E402 - these three lie beside this file
import sums  # type: ignore[import-not-found]  # noqa: E402
import winners  # type: ignore[import-not-found]  # noqa: E402

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{12}")
PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
MALFORMED = (KeyError, TypeError, IndexError, AttributeError, ValueError)


class Wrong(Exception):
    """What is wrong, in which file, on which line (0: the file as a whole)."""


def wrong(file: str, line: int, reason: str) -> NoReturn:
    """Stop with the place and the reason."""
    raise Wrong(f"{file}, line {line}: {reason}" if line else f"{file}: {reason}")


class Line(NamedTuple):
    """A ballot's line: where it stands in its file, its code, pool, picks and own points."""

    number: int
    code: str
    scope: str
    picks: tuple[str, ...]
    points: tuple[int, ...]

    @property
    def choice(self) -> str:
        marks = ",".join(self.picks)
        return marks + ";" + ",".join(map(str, self.points)) if self.points else marks


class Pool(NamedTuple):
    """A pool as its file shows it: money in grosze, rows of projects, lines of ballots."""

    budget: int
    projects: dict[str, dict[str, str]]
    project_lines: dict[str, int]
    lines: list[Line]


# ---------------------------------------------------------------- files


def read_json(directory: Path, name: str) -> Any:
    """A JSON file of the board."""
    try:
        return json.loads((directory / name).read_bytes())
    except (OSError, ValueError) as error:
        wrong(name, 0, f"cannot be read ({error})")


def check_files(directory: Path, manifest: dict[str, Any]) -> str:
    """Every listed file is there with its size and hash, and nothing else is.

    What is wrong with the first changed list of ballots is returned, so that its line is looked for;
    any other changed file ends the check.
    """
    listed, changed = {"manifest.json"}, ""
    for entry in manifest["files"]:
        name = entry["name"]
        if not PLAIN_NAME.fullmatch(name):
            wrong("manifest.json", 0, f"odd file name {name!r}")
        listed.add(name)
        try:
            content = (directory / name).read_bytes()
        except OSError:
            wrong(name, 0, "is missing")
        fault = ""
        if len(content) != entry["size"]:
            fault = f"has {len(content)} bytes, the manifest says {entry['size']}"
        elif hashlib.sha256(content).hexdigest() != entry["sha256"]:
            fault = "does not have the SHA-256 that the manifest states"
        if fault and not name.endswith(".pb"):
            wrong(name, 0, fault)
        changed = changed or (f"{name}: {fault}" if fault else "")
    for path in sorted(directory.iterdir()):
        if path.name not in listed | {"lookup", "__pycache__"}:
            wrong(path.name, 0, "is not listed in the manifest")
    return changed


def grosze(text: str, file: str, line: int) -> int:
    """An amount as it stands in a .pb file, in grosze."""
    match = re.fullmatch(r"(\d+)(?:\.(\d\d))?", text)
    if not match:
        wrong(file, line, f"{text!r} is not an amount")
    return int(match[1]) * 100 + int(match[2] or 0)


def read_records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The records of a .pb file, each with the number of its line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=";", strict=True)
        before = 0
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num


def read_pool(directory: Path, scope: str) -> tuple[dict[str, str], Pool]:
    """The heads and the contents of a pool's .pb file."""
    name = scope + ".pb"
    sections: dict[str, list[tuple[int, list[str]]]] = {}
    current = ""
    try:
        for number, cells in read_records(directory / name):
            if cells in (["META"], ["PROJECTS"], ["VOTES"]):
                current = cells[0]
            sections.setdefault(current, []).append((number, cells))
    except (OSError, ValueError, csv.Error) as error:
        wrong(name, 0, f"cannot be read ({error})")
    if list(sections) != ["META", "PROJECTS", "VOTES"]:
        wrong(name, 0, "does not have the sections META, PROJECTS, VOTES")
    meta = {cells[0]: cells[1] for _, cells in sections["META"][2:] if len(cells) == 2}
    columns = sections["PROJECTS"][1][1]
    projects, project_lines = {}, {}
    for number, cells in sections["PROJECTS"][2:]:
        if len(cells) != len(columns) or cells[0] in projects:
            wrong(name, number, "a project with wrong columns, or listed twice")
        projects[cells[0]] = dict(zip(columns, cells, strict=True))
        project_lines[cells[0]] = number
    lines = [read_line(name, scope, number, cells) for number, cells in sections["VOTES"][2:]]
    budget = grosze(meta.get("budget", ""), name, 0)
    return meta, Pool(budget, projects, project_lines, lines)


def read_line(name: str, scope: str, number: int, cells: list[str]) -> Line:
    """A ballot's line in parts."""
    try:
        points = tuple(map(int, cells[2].split(","))) if len(cells) == 3 else ()
        return Line(number, cells[0], scope, tuple(cells[1].split(",")), points)
    except (ValueError, IndexError):
        wrong(name, number, "is not a ballot")


# ---------------------------------------------------------------- ballots


def check_against_list(scope: dict[str, Any], pool: Pool, added: int) -> None:
    """Projects, costs and money are those of the list that was frozen before the vote."""
    name = scope["code"] + ".pb"
    if pool.budget != scope["budget"] + added:
        wrong(name, 0, "the budget is not the frozen list's, with the money that was added")
    if list(pool.projects) != [project["id"] for project in scope["projects"]]:
        wrong(name, 0, "the projects are not those of the frozen list, in its order")
    for project in scope["projects"]:
        row, line = pool.projects[project["id"]], pool.project_lines[project["id"]]
        if grosze(row["cost"], name, line) != project["cost"]:
            wrong(name, line, f"the cost of {project['id']} is not the frozen list's")
        if row["name"] != project["name"]:
            wrong(name, line, f"the name of {project['id']} is not the frozen list's")


def check_head(name: str, meta: dict[str, str], pool: Pool) -> None:
    """The file holds as many ballots and projects as its head says."""
    if meta.get("num_votes") != str(len(pool.lines)):
        wrong(name, 0, f"has {len(pool.lines)} ballots, its head says {meta.get('num_votes')}")
    if meta.get("num_projects") != str(len(pool.projects)):
        wrong(name, 0, "does not have as many projects as its head says")


def check_lines(scope: dict[str, Any], pool: Pool) -> None:
    """Codes rise without repetition; every ballot obeys the rule of the list."""
    name, former = scope["code"] + ".pb", ""
    for line in pool.lines:
        if not CODE.fullmatch(line.code):
            wrong(name, line.number, f"{line.code!r} is not a control code")
        if line.code <= former:
            wrong(name, line.number, "stands twice or out of order")
        former = line.code
        fault = rules.ballot_fault(scope["ballot"], pool.projects, line)
        if fault:
            wrong(name, line.number, fault)


def count(scope: dict[str, Any], pool: Pool) -> dict[str, dict[str, int]]:
    """Votes, points and first choices of every project; the file's own columns must agree."""
    name, rule = scope["code"] + ".pb", scope["ballot"]
    found = {project: {"votes": 0, "points": 0, "firsts": 0} for project in pool.projects}
    for line in pool.lines:
        marks = rules.given(rule, line)
        for project, points in marks.items():
            found[project]["votes"] += points > 0
            found[project]["points"] += points
            found[project]["firsts"] += points == max(marks.values())
    for project, row in pool.projects.items():
        for column, value in (("votes", "votes"), ("score", "points")):
            if row.get(column) != str(found[project][value]):
                reason = f"{project} has {found[project][value]} {value}, not {row.get(column)}"
                wrong(name, pool.project_lines[project], reason)
    return found


# ---------------------------------------------------------------- tree (RFC 9162, section 2.1)


def check_lookup(directory: Path, lines: list[Line]) -> dict[str, Any]:
    """The look-up files hold exactly the ballots' lines; returns them by name (none were taken: none)."""
    if not (directory / "lookup").exists():
        return {}
    shards, stated = {}, {}
    for path in sorted((directory / "lookup").glob("*")):
        name = "lookup/" + path.name
        shards[name] = read_json(directory, name)
        try:
            rows = [(code, scope, text) for code, scope, text in shards[name]["lines"]]
        except (KeyError, TypeError, ValueError):
            wrong(name, 0, "is not a look-up file")
        stated.update(dict.fromkeys(rows, name))
    for line in lines:
        if (line.code, line.scope, line.choice) not in stated:
            wrong(line.scope + ".pb", line.number, f"the line of {line.code} is not in lookup/")
    kept = {(line.code, line.scope, line.choice) for line in lines}
    for (code, scope, text), name in stated.items():
        if (code, scope, text) not in kept:
            wrong(f"{scope}.pb", 0, f"lacks the line of {code} that {name} shows")
    return shards


def count_shards(lines: list[Line], width: int) -> int:
    """How many look-up files the lines fill."""
    return len({line.code[:width] for line in lines})


def check_tree(directory: Path, manifest: dict[str, Any], lines: list[Line]) -> str:
    """Every look-up file proves its lines, and all lead to the stated root."""
    lines.sort(key=lambda line: (line.code, line.scope))
    shards = check_lookup(directory, lines)
    is_whole = (directory / "lookup").exists()
    rows = rules.tree_rows([f"{line.code};{line.scope};{line.choice}".encode() for line in lines])
    width, start = manifest["lookup"]["prefix"], 0
    while start < len(lines):
        prefix, end = lines[start].code[:width], start
        while end < len(lines) and lines[end].code[:width] == prefix:
            end += 1
        name = f"lookup/{prefix or 'all'}.json"
        proof = {"prefix": prefix, **rules.shard_of(rows, lines, start, end)} if is_whole else None
        if shards.pop(name, None) != proof:
            wrong(name, 0, "does not prove the board's lines")
        start = end
    for name in shards:
        wrong(name, 0, "belongs to no line of the board")
    told = manifest["lines"], manifest["lookup"]["files"]
    if told != (len(lines), count_shards(lines, width)):
        wrong("manifest.json", 0, f"tells of {told[0]} lines in {told[1]} look-up files")
    root = rows[-1][0].hex() if lines else hashlib.sha256().hexdigest()
    if root != manifest["board_root"]:
        wrong("manifest.json", 0, f"the board's root is {root}, not {manifest['board_root']}")
    return root


# ---------------------------------------------------------------- winners


def check_winners(
    directory: Path, scope: dict[str, Any], pool: Pool, manifest: dict[str, Any]
) -> tuple[str, int]:
    """The declared winners are those of the declared rule, in its order; a summary, and money left."""
    votes = count(scope, pool)
    name, rule = scope["code"] + ".pb", scope["selection"]
    outcome = manifest["outcomes"].get(scope["code"])
    if outcome is None:
        return sums.why_undecided(manifest, scope["code"]), 0
    gone = set(outcome["withdrawn"])
    projects = [{**p, **votes[p["id"]], "withdrawn": p["id"] in gone} for p in scope["projects"]]
    lot = None
    if outcome["drawn"]:
        lot = outcome["drawn"].index
    elif manifest["draw"]:
        lot = winners.lots(scope, rule, pool.budget, manifest["draw"]["seed"])
    try:
        given = [rules.given(scope["ballot"], line) for line in pool.lines]
        purse = winners.Purse(pool.budget, frozenset(outcome["taken"]))
        purse = winners.choose(projects, rule, purse, given, lot)
    except winners.DrawNeeded as tied:
        wrong(name, 0, f"winners are declared, but lots must be drawn between {tied}")
    except ValueError:
        wrong("manifest.json", 0, f"the order drawn for {scope['code']} lacks a tied project")
    for project, line in pool.project_lines.items():
        row, won = pool.projects[project], project in purse.won
        sums.check_mark((name, line), project, row, won, outcome, wrong)
    sums.check_order(directory, scope["code"], outcome["winners"], purse.won, wrong)
    return sums.told(projects, purse.won), purse.left


# ---------------------------------------------------------------- the whole


def verify(directory: Path, expected: dict[str, str]) -> list[str]:
    """The summary's lines; raises Wrong at the first thing that does not hold."""
    manifest = read_json(directory, "manifest.json")
    if not isinstance(manifest, dict) or manifest.get("format") != "civic-budget board 1":
        wrong("manifest.json", 0, "is not a board that this program knows")
    changed = check_files(directory, manifest)
    try:
        said = recount(directory, manifest, expected)
    except (Wrong, *MALFORMED) as found:
        if not changed:
            raise
        raise Wrong(f"{found}\n{changed}" if isinstance(found, Wrong) else changed) from None
    if changed:
        raise Wrong(changed)
    return said


def recount(directory: Path, manifest: dict[str, Any], expected: dict[str, str]) -> list[str]:
    """Everything that follows from the lists: lines, root, points, winners."""
    frozen = read_json(directory, "list.json")
    list_hash = hashlib.sha256((directory / "list.json").read_bytes()).hexdigest()
    if list_hash != manifest["list_hash"]:
        wrong("manifest.json", 0, "does not state the hash of list.json")
    pools, lines, said = {}, [], []
    for level in frozen["levels"]:
        voters = 0
        for scope in level["scopes"]:
            meta, pool = read_pool(directory, scope["code"])
            outcome = manifest["outcomes"].get(scope["code"]) or {"added": 0}
            check_against_list(scope, pool, outcome["added"])
            check_lines(scope, pool)
            check_head(scope["code"] + ".pb", meta, pool)
            pools[scope["code"]] = (scope, pool)
            lines += pool.lines
            voters += len(pool.lines)
        if voters > sum(manifest["ballots"].values()):
            wrong("manifest.json", 0, f"more lines than ballots on the level {level['code']}")
    root = check_tree(directory, manifest, lines)
    moved = sum(outcome["added"] for outcome in manifest["outcomes"].values())
    sums.check_pools(frozen, manifest, wrong)
    said.append(sums.add_paper(frozen, manifest, pools, wrong))
    for code, (scope, pool) in pools.items():
        summary, left = check_winners(directory, scope, pool, manifest)
        said.append(f"{code}: {len(pool.lines)} ballots, {summary}")
        moved -= left
    if moved > 0:
        wrong("manifest.json", 0, "more money was added to pools than others had left")
    for name, found in (("root", root), ("list", list_hash)):
        if expected.get(name, found) != found:
            wrong("manifest.json", 0, f"the {name} is {found}, not the one you expected")
    if not (directory / "lookup").exists():
        said.append("The look-up files are not here: the root was recomputed from the lists alone.")
    said += [*sums.believed(manifest), f"lines: {len(lines)}", f"board root: {root}"]
    return [*said, f"list hash:  {list_hash}"]


def main(arguments: list[str]) -> int:
    """Check a board; 0 when everything agrees, 1 with the first thing that does not."""
    options = dict(zip(arguments[1::2], arguments[2::2], strict=False))
    if len(arguments) % 2 == 0 or set(options) - {"--root", "--list"}:
        print(__doc__)
        return 2
    try:
        expected = {name[2:]: value.lower() for name, value in options.items()}
        said = verify(Path(arguments[0]), expected)
    except Wrong as found:
        print(f"WRONG: {found}")
        return 1
    except MALFORMED as error:
        print(f"WRONG: manifest.json or list.json: malformed ({error!r})")
        return 1
    print("\n".join(said))
    end = ", but what is named above" if any(map(sums.is_believed, said)) else ""
    print(f"The board is consistent: every line, sum, winner and place was recomputed{end}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
