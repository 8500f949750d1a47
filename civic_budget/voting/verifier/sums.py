"""What the manifest tells of paper must add up.

Standard library only; shares no code with the system that wrote the board.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

Wrong = Callable[[str, int, str], NoReturn]
FILE = "manifest.json"
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
