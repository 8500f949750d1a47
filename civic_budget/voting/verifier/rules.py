"""The ballot and winner rules, applied again for verify.py: standard library only, whole numbers, fractions.

Written from the rules' description, not from the system's code. A project is a dictionary with
id, cost (grosze), groups, votes, points, firsts and withdrawn; `given` has each ballot's points,
`lot` gives a project's place in the draw (None: nothing was drawn).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import suppress
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
    """Step down the list in this order."""
    for project in order:
        purse = take(project, purse, rule)
    return purse


def take_equal(equal: list[Any], purse: Purse, rule: dict[str, Any], lot: Any) -> Purse:
    """Projects that score and chain leave equal: by lot, or in any order if none matters.

    An order drawn before witnesses holds only projects whose order matters.
    """
    with suppress(ValueError):
        if lot is not None:
            return take_all(sorted(equal, key=lambda project: lot(project["id"])), purse, rule)
    orders = permutations(equal) if len(equal) <= 6 else iter([equal, equal[::-1]])
    first = take_all(next(orders), purse, rule)
    if any(take_all(order, purse, rule) != first for order in orders):
        raise DrawNeeded(", ".join(sorted(project["id"] for project in equal)))
    return first


def running_in(projects: list[Any], rule: dict[str, Any], ballots: int) -> list[Any]:
    """The projects that were not withdrawn and reach the threshold."""
    need = rule["threshold"]
    share = Fraction(need["share"]) if need.get("share") else 0
    least = max(need["number"], share * ballots)
    return [p for p in projects if not p["withdrawn"] and p[need["measure"]] >= least]


def chain(project: dict[str, Any], rule: dict[str, Any]) -> tuple[int, ...]:
    """A project's place by the declared chain of tie steps, lowest first."""
    return tuple(STEPS[step](project) for step in rule["ties"])


def standing(project: dict[str, Any], order: str) -> tuple[int, Any]:
    """Where a project stands on the list, lowest first; per cost, what costs nothing leads."""
    if order in ("votes", "points"):
        return 0, -project[order]
    if not project["cost"]:
        return -1, -project["points"]
    return 0, -Fraction(project["points"], project["cost"])


def greedy(projects: list[Any], rule: dict[str, Any], purse: Purse, lot: Any) -> Purse:
    """Down by score; fund what fits; on a misfit skip, stop or top up."""

    for equal in levels(projects, rule):
        purse = take_equal(equal, purse, rule, lot)
    return purse


def levels(projects: list[Any], rule: dict[str, Any]) -> list[list[Any]]:
    """The projects from the top of the list, those that score and chain leave equal together."""

    def place(project: dict[str, Any]) -> tuple[Any, ...]:
        return standing(project, rule["order"]), chain(project, rule)

    return [list(equal) for _, equal in groupby(sorted(projects, key=place), key=place)]


def hoped(projects: list[Any], rule: dict[str, Any], purse: Purse) -> frozenset[str]:
    """Greedy's winners before any lot is drawn, as if all that waits for lots won too."""
    below = levels(projects, rule)
    for number, equal in enumerate(below):
        try:
            purse = take_equal(equal, purse, rule, None)
        except DrawNeeded:
            waiting = {project["id"] for rest in below[number:] for project in rest}
            return purse.won | waiting
    return purse.won


# Equal Shares (Peters, Pierczynski, Skowron 2021): every voter has the same money; what costs its
# supporters least per unit of utility is bought first.


class Voters(NamedTuple):
    """Voters grouped by equal ballots: how many, and the points they give to each project."""

    sizes: list[int]
    supporters: dict[str, list[tuple[int, int]]]


def grouped(given: list[dict[str, int]], projects: list[Any]) -> Voters:
    """Voters put together by equal ballots."""
    groups = Counter(tuple(sorted(marks.items())) for marks in given)
    supporters: dict[str, list[tuple[int, int]]] = {}
    listed = {project["id"] for project in projects}
    for number, marks in enumerate(groups):
        for name, points in marks:
            if points > 0 and name in listed:
                supporters.setdefault(name, []).append((number, points))
    return Voters(list(groups.values()), supporters)


class Market:
    """One run: the money in every group's pocket, and what has been bought."""

    def __init__(self, voters: Voters, endowment: Fraction) -> None:
        self.voters = voters
        self.amounts = [endowment]
        self.pocket = [0] * len(voters.sizes)

    def price(self, project: dict[str, Any]) -> Fraction | None:
        """What one point must pay so that the supporters cover the cost together."""
        crowd: Counter[tuple[int, int]] = Counter()
        for group, points in self.voters.supporters[project["id"]]:
            crowd[self.pocket[group], points] += self.voters.sizes[group]
        rows = sorted((self.amounts[at] / points, points, n) for (at, points), n in crowd.items())
        owed, weight = Fraction(project["cost"]), sum(points * n for _, points, n in rows)
        for limit, points, n in rows:
            if owed <= limit * weight:
                return owed / weight
            owed -= limit * points * n
            weight -= points * n
        return None

    def pay(self, project: dict[str, Any], price: Fraction) -> None:
        numbers = {amount: number for number, amount in enumerate(self.amounts)}
        for group, points in self.voters.supporters[project["id"]]:
            had = self.amounts[self.pocket[group]]
            left = had - min(had, price * points)
            if left not in numbers:
                numbers[left] = len(self.amounts)
                self.amounts.append(left)
            self.pocket[group] = numbers[left]


def buy(projects: dict[str, Any], voters: Voters, rule: Any, money: Fraction, lot: Any) -> Any:
    """What is bought with this money per voter, and what could not be bought but still may be."""
    market, bought, served = Market(voters, money), [], set()
    least = dict.fromkeys(voters.supporters, Fraction(0))  # a price never falls during a run
    while least:
        prices: dict[str, Fraction] = {}
        for name in sorted(least, key=lambda name: least[name]):
            if prices and least[name] > min(prices.values()):
                break
            price = market.price(projects[name])
            if price is None:
                del least[name]
                continue
            worth = projects[name]["cost"] if rule["equal_shares"]["utility"] == "cost" else 1
            prices[name] = least[name] = price / (worth or 1)
        if not prices:
            break
        lowest = min(prices.values())
        equal = [name for name in prices if prices[name] == lowest]
        name = foremost([projects[name] for name in equal], rule, lot)
        worth = projects[name]["cost"] if rule["equal_shares"]["utility"] == "cost" else 1
        market.pay(projects[name], lowest * worth)
        bought.append(name)
        served |= set(projects[name]["groups"])
        least = {
            n: p for n, p in least.items() if n != name and not served & set(projects[n]["groups"])
        }
    open_still = [
        name
        for name in voters.supporters
        if name not in bought and not served & set(projects[name]["groups"])
    ]
    return bought, open_still


def foremost(equal: list[Any], rule: Any, lot: Any) -> str:
    """Which of equally priced projects is bought: by the chain, then by lot (or the order of names)."""
    best = min(chain(project, rule) for project in equal)
    names = [project["id"] for project in equal if chain(project, rule) == best]
    return str(names[0] if len(names) == 1 else min(names, key=lot))


def equal_shares(projects: list[Any], rule: Any, budget: int, given: Any, lot: Any) -> Purse:
    """Buy, then give every voter one step more (Add1) as long as the rule says."""
    voters, listed = grouped(given, projects), {project["id"]: project for project in projects}
    terms, money = rule["equal_shares"], Fraction(budget, max(1, len(given)))

    def cost(names: list[str]) -> int:
        return sum(listed[name]["cost"] for name in names)

    bought, still = buy(listed, voters, rule, money, lot)
    while terms["completion"] != "none" and still:
        left = budget - cost(bought)
        if terms["completion"] == "add1-exhaustive" and not any(cost([n]) <= left for n in still):
            break
        money += terms["step"]
        richer, still = buy(listed, voters, rule, money, lot)
        if cost(richer) > budget:
            break
        bought = richer
    return Purse(budget - cost(bought), won=frozenset(bought))


def shared(projects: list[Any], rule: Any, budget: int, given: Any, lot: Any) -> Purse:
    """Equal Shares with its floor, and the comparison with greedy where the rule asks for it."""
    terms = rule["equal_shares"]
    if terms.get("floor"):
        floor = Fraction(terms["floor"]) * budget
        projects = [p for p in projects if p["votes"] * floor >= p["cost"] * len(given)]
    results = shared_by(projects, rule, budget, given, lot)
    if len({purse.won for purse in results}) > 1:
        raise DrawNeeded("projects of equal price")
    if terms["comparison"]:
        start = Purse(budget)
        by_list = greedy(projects, rule, start, lot).won if lot else hoped(projects, rule, start)
        if preference(projects, rule, given, by_list, results[0].won) > 0:
            return greedy(projects, rule, start, lot)
    return results[0]


def shared_by(projects: list[Any], rule: Any, budget: int, given: Any, lot: Any) -> list[Purse]:
    """Equal Shares with the lots; in two opposite orders where none were drawn between these projects.

    An order drawn before witnesses holds only projects whose order matters.
    """
    with suppress(ValueError):
        if lot is not None:
            return [equal_shares(projects, rule, budget, given, lot)]
    orders = (None, backwards(projects))
    return [equal_shares(projects, rule, budget, given, one) for one in orders]


def backwards(projects: list[Any]) -> Any:
    """Equal prices in the opposite order: if it changes the winners, lots must be drawn."""
    names = sorted((project["id"] for project in projects), reverse=True)
    return names.index


def preference(projects: list[Any], rule: Any, given: Any, one: Any, other: Any) -> int:
    """How many more voters get more utility from one set of winners than from the other."""
    by_cost = rule["equal_shares"]["utility"] == "cost"
    worth = {project["id"]: project["cost"] if by_cost else 1 for project in projects}
    balance = 0
    for marks in given:
        gain = sum(
            points * worth.get(name, 0) * ((name in one) - (name in other))
            for name, points in marks.items()
        )
        balance += (gain > 0) - (gain < 0)
    return balance


def choose(projects: list[Any], rule: Any, purse: Purse, given: Any, lot: Any) -> Purse:
    """The winners of a pool by its declared rule, and the money they leave."""
    running = running_in(projects, rule, len(given))
    if rule["method"] == "greedy":
        return greedy(running, rule, purse, lot)
    running = [project for project in running if not purse.served & set(project["groups"])]
    return shared(running, rule, purse.left, given, lot)


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
