"""The ballot and winner rules, applied again for verify.py: standard library only, whole numbers, fractions.

Written from the rules' description, not from the system's code. A project is a dictionary with
id, cost (grosze), groups, votes, points, firsts and withdrawn.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from itertools import groupby, permutations
from typing import Any, NamedTuple


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


STEPS = {
    "more-votes": lambda project: -project["votes"],
    "more-points": lambda project: -project["points"],
    "more-first-choices": lambda project: -project["firsts"],
    "fewer-votes": lambda project: project["votes"],
    "lower-cost": lambda project: project["cost"],
    "higher-cost": lambda project: -project["cost"],
}


class DrawNeeded(Exception):
    """Equal projects whose order decides, and nothing was drawn yet."""


class Purse(NamedTuple):
    """Money left, groups already served, whether the walk is over, and who has won."""

    left: int
    served: frozenset[str] = frozenset()
    over: bool = False
    won: frozenset[str] = frozenset()


def lots(scope: dict[str, Any], rule: dict[str, Any], budget: int, seed: str) -> Any:
    """A project's lot: SHA-256 of commitment, seed and id; the lowest is drawn first."""
    heads = ["civic-budget draw list, version 1", f"rule: {rule['name']}"]
    heads += [f"event: {rule['draw_event']}", f"budget: {budget}"]
    rows = sorted(f"{project['id']};{project['cost']}" for project in scope["projects"])
    text = "".join(line + "\n" for line in heads + rows)
    commitment = hashlib.sha256(text.encode()).hexdigest()
    return lambda name: hashlib.sha256(f"{commitment}|{seed}|{name}".encode()).hexdigest()


def take(project: dict[str, Any], purse: Purse, rule: dict[str, Any]) -> Purse:
    """One step down the list."""
    if purse.over or purse.served & set(project["groups"]):
        return purse
    served = purse.served | set(project["groups"])
    won = purse.won | {project["id"]}
    if project["cost"] <= purse.left:
        return Purse(purse.left - project["cost"], served, False, won)
    if rule["misfit"] == "skip":
        return purse
    if (
        rule["misfit"] == "top-up"
        and purse.left >= Fraction(rule["top_up_share"]) * project["cost"]
    ):
        return Purse(0, served, True, won)
    return purse._replace(over=True)


def take_all(order: Any, purse: Purse, rule: dict[str, Any]) -> Purse:
    for project in order:
        purse = take(project, purse, rule)
    return purse


def take_equal(equal: list[Any], purse: Purse, rule: dict[str, Any], lot: Any) -> Purse:
    """Projects that score and chain leave equal: by lot, or in any order if none matters."""
    if lot is not None:
        return take_all(sorted(equal, key=lambda project: lot(project["id"])), purse, rule)
    orders = permutations(equal) if len(equal) <= 6 else iter([equal, equal[::-1]])
    first = take_all(next(orders), purse, rule)
    if any(take_all(order, purse, rule) != first for order in orders):
        raise DrawNeeded(", ".join(sorted(project["id"] for project in equal)))
    return first


def greedy(projects: list[Any], rule: dict[str, Any], budget: int, ballots: int, lot: Any) -> Any:
    """Down by score; fund what fits; on a misfit skip, stop or top up."""
    need = rule["threshold"]
    share = Fraction(need["share"]) if need.get("share") else 0
    least = max(need["number"], share * ballots)
    running = [p for p in projects if not p["withdrawn"] and p[need["measure"]] >= least]

    def place(project: dict[str, Any]) -> tuple[int, ...]:
        return (-project[rule["order"]], *(STEPS[step](project) for step in rule["ties"]))

    purse = Purse(budget)
    for _, equal in groupby(sorted(running, key=place), key=place):
        purse = take_equal(list(equal), purse, rule, lot)
    return purse
