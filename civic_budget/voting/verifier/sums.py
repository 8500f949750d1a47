"""What the manifest declares - paper, pools beside each other, winners - must be what the lists give.

Standard library only; shares no code with the system that wrote the board.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

Wrong = Callable[[str, int, str], NoReturn]
FILE = "manifest.json"
BELIEVED = "not recounted here: "
NAMES = ("slips", "keyed", "invalid", "missing")


def add_paper(
    frozen: dict[str, Any], manifest: dict[str, Any], pools: dict[str, Any], wrong: Wrong
) -> str:
    """On each list slips are cards keyed, invalid and missing together; a summary.

    Cards keyed are the ballots on paper, on a list that must be filled no more than it has ballots; the
    reasons of the invalid ones add up to their number.
    """
    paper = manifest["paper"]
    must = {s["code"] for level in frozen["levels"] if level["required"] for s in level["scopes"]}
    for code, row in paper["scopes"].items():
        if code not in pools or any(type(row[name]) is not int or row[name] < 0 for name in NAMES):
            wrong(FILE, 0, f"the paper of {code} is not told in numbers of a list")
        if row["slips"] != row["keyed"] + row["invalid"] + row["missing"]:
            wrong(FILE, 0, f"the slips of {code} are not its cards keyed, invalid and missing")
        if code in must and row["keyed"] > len(pools[code][1].lines):
            wrong(FILE, 0, f"more cards of {code} were keyed than it has ballots")
    slips, keyed, invalid, missing = (
        sum(row[name] for row in paper["scopes"].values()) for name in NAMES
    )
    if keyed != manifest["ballots"].get("paper", 0):
        wrong(FILE, 0, "cards keyed are not the ballots on paper")
    reasons = paper["invalid"].values()
    if any(type(n) is not int or n < 1 for n in reasons) or sum(reasons) != invalid:
        wrong(FILE, 0, "the reasons of invalid cards do not add up to their number")
    return f"paper: {slips} slips, {keyed} cards keyed, {invalid} invalid, {missing} missing"


def check_pools(frozen: dict[str, Any], manifest: dict[str, Any], wrong: Wrong) -> None:
    """No annulled pool has winners; a group served elsewhere was, by another pool's winner."""
    for code, outcome in manifest["outcomes"].items():
        if code in manifest.get("annulled", {}):
            wrong(FILE, 0, f"{code} is annulled, yet winners are declared")
        if not set(outcome["taken"].items()) <= served_beside(frozen, manifest, code):
            wrong(FILE, 0, f"{code} names a group as taken that no other pool served")


def served_beside(
    frozen: dict[str, Any], manifest: dict[str, Any], code: str
) -> set[tuple[str, str]]:
    """Exclusive groups that other pools served, each with the winner that belongs to it.

    Of a pool annulled since any project may have been the winner; a winner of another vote is believed,
    and told in the summary.
    """
    outcomes, annulled = manifest["outcomes"], manifest.get("annulled", {})
    return set(manifest.get("elsewhere", {}).items()) | {
        (group, project["id"])
        for level in frozen["levels"]
        for scope in level["scopes"]
        for project in scope["projects"]
        for group in project["groups"]
        if scope["code"] in annulled
        or (
            scope["code"] in outcomes.keys() - {code}
            and project["id"] in outcomes[scope["code"]]["winners"]
        )
    }


def why_undecided(manifest: dict[str, Any], code: str) -> str:
    """Why a pool has no winners."""
    act = manifest.get("annulled", {}).get(code)
    return f"annulled, no winners: {act}" if act else "no winners declared yet"


def check_mark(
    place: tuple[str, int], project: str, row: Any, won: bool, outcome: Any, wrong: Wrong
) -> None:
    """The mark of a project in its pool's file must say what the rule gave."""
    expected = "2" if project in outcome["extra"] else "1" if won else "0"
    if row.get("selected") != expected:
        wrong(*place, f"{project} is marked {row.get('selected')}, the rule gives {expected}")


def check_order(
    directory: Path, code: str, declared: list[str], given: Sequence[str], wrong: Wrong
) -> None:
    """The manifest names exactly the winners that the rule gives, in the order in which they got the money."""
    if len(declared) != len(given) or set(declared) != set(given):
        wrong(FILE, line_of(directory, code), f"the winners of {code} are not those of the rule")
    for place, (name, right) in enumerate(zip(declared, given, strict=True), 1):
        if name != right:
            reason = f"winner {place} of {code} is {right} by the rule, not {name}"
            wrong(FILE, line_of(directory, code, name), reason)


def line_of(directory: Path, code: str, winner: str = "") -> int:
    """Where the manifest names a pool's winners, or one of them; 0 when it cannot be told."""
    text, at = (directory / FILE).read_text(encoding="utf-8"), 0
    for word in ("outcomes", code, "winners", *([winner] if winner else [])):
        at = text.find(json.dumps(word, ensure_ascii=False), at)
        if at < 0:
            return 0
    return text.count("\n", 0, at) + 1


def told(projects: list[Any], won: Sequence[str]) -> str:
    """How many won, and what they cost."""
    spent = sum(project["cost"] for project in projects if project["id"] in won)
    return f"{len(won)} of {len(projects)} projects won, {spent / 100:,.2f} PLN"


def believed(manifest: dict[str, Any]) -> list[str]:
    """What no list can prove, by name: strikes, money from outside the rule, winners of another vote."""
    said = []
    for code, outcome in manifest["outcomes"].items():
        said += [f"{project} was struck from {code}" for project in outcome["withdrawn"]]
        said += [
            f"{project} of {code} is paid from outside the rule: {reason}"
            for project, reason in outcome["extra"].items()
        ]
    pairs = manifest.get("elsewhere", {}).items()
    said += [f"{group} was served in another vote by {who}" for group, who in pairs]
    return [BELIEVED + one for one in said]


def is_believed(line: str) -> bool:
    """Whether a line of the summary names what was not recounted."""
    return line.startswith(BELIEVED)
