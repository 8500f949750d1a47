"""The ballot rules and the tree, applied again for verify.py: standard library only.

Written from the rules' description, not from the system's code.
"""

from __future__ import annotations

import hashlib
from typing import Any


def ballot_fault(rule: dict[str, Any], projects: Any, line: Any) -> str:
    """What keeps a ballot from obeying its list's rule; empty if nothing does."""
    unknown = [pick for pick in line.picks if pick not in projects]
    if unknown:
        return f"names a project that is not on the list: {unknown[0]}"
    if len(set(line.picks)) != len(line.picks):
        return "names a project twice"
    most = {"one": 1, "points": len(rule["points"])}.get(rule["kind"], rule["max_picks"])
    most = min(len(projects) if most is None else most, len(projects))
    if not min(rule["min_picks"], most) <= len(line.picks) <= most:
        return "has too many or too few projects"
    return points_fault(rule, line)


def points_fault(rule: dict[str, Any], line: Any) -> str:
    """What is wrong with the points a ballot gives; empty if nothing is."""
    if rule["kind"] != "cumulative":
        return "has points of its own" if line.points else ""
    if len(line.points) != len(line.picks) or min(line.points) < 1:
        return "does not give points to each of its projects"
    if not rule["min_points"] <= sum(line.points) <= rule["max_points"]:
        return "gives too many or too few points"
    return ""


def given(rule: dict[str, Any], line: Any) -> dict[str, int]:
    """The points that a ballot gives to each project it names."""
    if rule["kind"] == "points":
        return dict(zip(line.picks, rule["points"], strict=False))
    return dict(zip(line.picks, line.points or (1,) * len(line.picks), strict=True))


def tree_rows(leaves: list[bytes]) -> list[list[bytes]]:
    """The Merkle tree of RFC 9162, row by row from the leaves."""
    rows = [[hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]]
    while len(rows[-1]) > 1:
        below = rows[-1]
        above = [
            hashlib.sha256(b"\1" + below[i] + below[i + 1]).digest()
            for i in range(0, len(below) - 1, 2)
        ]
        rows.append(above + below[len(above) * 2 :])
    return rows


def shard_of(rows: list[list[bytes]], lines: list[Any], start: int, end: int) -> dict[str, Any]:
    """The look-up file of a run of lines: the lines, and the hashes from them to the root."""
    nodes, first, last = {}, start, end
    for height, row in enumerate(rows[:-1]):
        if first % 2:
            first -= 1
            nodes[f"{height}:{first}"] = row[first].hex()
        if last % 2 and last < len(row):
            nodes[f"{height}:{last}"] = row[last].hex()
            last += 1
        first, last = first // 2, (last + 1) // 2
    shown = [[line.code, line.scope, line.choice] for line in lines[start:end]]
    return {"start": start, "size": len(lines), "lines": shown, "nodes": nodes}
