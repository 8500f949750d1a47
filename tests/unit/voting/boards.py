"""A whole small round on a board, and the hands that tamper with it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from civic_budget.selection import Ballot as Marks
from civic_budget.selection import Draw as Lots
from civic_budget.selection import Project, group_ballots, load_preset, rule_to, select
from civic_budget.voting.board import BoardFacts, Draw, NightlyCount, Outcome, build_board
from civic_budget.voting.choice import read_section
from civic_budget.voting.frozen import FrozenLevel, FrozenList, FrozenProject, FrozenScope
from civic_budget.voting.opening import Ballot, Opened
from civic_budget.voting.paper_sums import PaperSums

from .builders import CITY, D1, D2, ROUND

RULE = load_preset("krakow")
COSTS = {"city": 400_000_00, "d01": 120_000_50, "d02": 90_000_00}
BUDGETS = {"city": 1_000_000_00, "d01": 250_000_00, "d02": 100_000_00}


def frozen_list(rule=RULE) -> FrozenList:
    """Three pools of the builders' ballot; in each, later projects cost a little less."""

    def scope(form):
        projects = tuple(
            FrozenProject(name, f"Skwer „{name}”; ławki", COSTS[form.code] - number * 7_000_00)
            for number, name in enumerate(form.projects)
        )
        budget = BUDGETS[form.code]
        return FrozenScope(
            form.code, f"Pula {form.code}", budget, form.rule, rule_to(rule), projects
        )

    levels = (
        FrozenLevel("city", (scope(CITY),)),
        FrozenLevel("district", (scope(D1), scope(D2))),
    )
    return FrozenList(ROUND, "Budżet obywatelski 2026", levels)


def winners_of(scope: FrozenScope, ballots: Iterable[Ballot], rule=RULE, seed="", **facts):
    """What this house's own selection declares for a pool; None while lots are needed."""
    withdrawn = facts.get("withdrawn", ())
    projects = [
        Project(p.id, p.cost, groups=frozenset(p.groups), withdrawn=p.id in withdrawn)
        for p in scope.projects
    ]
    sections = [read_section(b.scope, b.choice) for b in ballots if b.scope == scope.code]
    marks = group_ballots(Marks(s.picks, s.points or None) for s in sections)
    lots = Lots(seed=seed) if seed else None
    budget, taken = scope.budget + facts.get("added", 0), facts.get("taken", {})
    found = select(projects, marks, rule, budget, draw=lots, taken=taken)
    undrawn = "comparison_undrawn" in getattr(found, "notes", {})
    if undrawn or any(row.outcome == "undecided" for row in found.decisions):
        return None
    return Outcome(tuple(row.project for row in found.decisions if row.won), **facts)


def facts_of(opened: Opened, frozen: FrozenList | None = None, seed="dice 4 2 6") -> BoardFacts:
    """A board's facts with the winners of the house's own selection."""
    frozen = frozen or frozen_list()
    outcomes = {s.code: winners_of(s, opened.ballots, seed=seed) for s in frozen.scopes}
    night = NightlyCount(date(2026, 10, 14), 50, b"n" * 32)
    cards = opened.counted.get("paper", 0)
    paper = PaperSums({"city": (cards + 3, cards, 2, 1)}, {"blank": 1, "signed": 1})
    return BoardFacts(
        frozen=frozen,
        opened=opened,
        opens_on=date(2026, 10, 1),
        closes_on=date(2026, 10, 14),
        sealed=night,
        verify_key=b"v" * 32,
        nightly=(night,),
        outcomes={code: outcome for code, outcome in outcomes.items() if outcome},
        draw=Draw(seed, "Lotto, 20.10.2026") if seed else None,
        meta={"country": "Poland", "unit": "Kraków"},
        paper=paper,
    )


def put(directory: Path, files: dict[str, bytes]) -> Path:
    """Write a board as it is, without the care of `write_board`."""
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return directory


def run_verify(directory: Path, *options: str, program: Path | None = None) -> tuple[int, str]:
    """Exit code and words of the shipped program (or another board's), run as a citizen would."""
    done = subprocess.run(
        [sys.executable, "-I", str((program or directory) / "verify.py"), str(directory), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def change(directory: Path, name: str, old: str, new: str) -> None:
    """A clumsy forger: one file changes, nothing else."""
    text = (directory / name).read_text(encoding="utf-8")
    assert text.count(old) >= 1, (name, old)
    (directory / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def rehash(directory: Path) -> None:
    """A careful forger: sizes, hashes and the list's hash in the manifest follow the change."""
    path = directory / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        content = (directory / entry["name"]).read_bytes()
        entry["size"] = len(content)
        entry["sha256"] = hashlib.sha256(content).hexdigest()
    manifest["list_hash"] = hashlib.sha256((directory / "list.json").read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest), encoding="utf-8")


@contextmanager
def manifest_of(board: Path) -> Iterator[dict[str, Any]]:
    """The manifest, to be changed and written back."""
    path = board / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    yield manifest
    path.write_text(json.dumps(manifest), encoding="utf-8")


__all__ = [
    "build_board",
    "change",
    "facts_of",
    "frozen_list",
    "manifest_of",
    "put",
    "rehash",
    "run_verify",
]
