"""The winner rules, applied again for verify.py: standard library only, whole numbers, fractions.

Written from the rules' description, not from the system's code. A project is a dictionary with
id, cost (grosze), groups, votes, points, firsts and withdrawn; `given` has each ballot's points,
`lot` gives a project's place in the draw (None: nothing was drawn). Winners stand in the order in
which they got their money.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import groupby, permutations
from typing import Any, NamedTuple

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
    """Money left, groups already served, whether the walk is over, and who has won, first to last."""

    left: int
    served: frozenset[str] = frozenset()
    over: bool = False
    won: tuple[str, ...] = ()


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
    won = (*purse.won, project["id"])
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
    """Projects that score and chain leave equal: by lot where their order decides, else by number.

    An order drawn before witnesses holds only projects whose order decides.
    """
    if not decides(equal, purse, rule):
        return take_all(sorted(equal, key=number), purse, rule)
    if lot is None:
        raise DrawNeeded(", ".join(sorted(project["id"] for project in equal)))
    return take_all(sorted(equal, key=lambda project: lot(project["id"])), purse, rule)


def number(project: dict[str, Any]) -> tuple[int, str]:
    """Where no order decides: shorter numbers first."""
    return len(project["id"]), project["id"]


def decides(equal: list[Any], purse: Purse, rule: dict[str, Any]) -> bool:
    """Whether equal projects could win or lose by their order alone.

    Up to six rivals every order is tried; more count as undecided unless there is room for all.
    """
    rivals = [p for p in equal if not purse.served & set(p["groups"])]
    if rule["misfit"] == "skip":
        rivals = [p for p in rivals if p["cost"] <= purse.left]
    groups = [group for p in rivals for group in p["groups"]]
    fit = sum(p["cost"] for p in rivals) <= purse.left and len(groups) == len(set(groups))
    if purse.over or len(rivals) < 2 or fit:
        return False
    ends = (take_all(order, purse, rule) for order in permutations(rivals))
    return len(rivals) > 6 or len({(frozenset(e.won), e.left, e.over) for e in ends}) > 1


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
    for at, equal in enumerate(below):
        try:
            purse = take_equal(equal, purse, rule, None)
        except DrawNeeded:
            waiting = {project["id"] for rest in below[at:] for project in rest}
            return frozenset(waiting.union(purse.won))
    return frozenset(purse.won)


Pick = Callable[[list[str]], str]
"""Which of several projects of the same price is bought."""
Pairs = tuple[tuple[str, str], ...]
"""What stands before what."""

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
    for at, marks in enumerate(groups):
        for name, points in marks:
            if points > 0 and name in listed:
                supporters.setdefault(name, []).append((at, points))
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
        numbers = {amount: at for at, amount in enumerate(self.amounts)}
        for group, points in self.voters.supporters[project["id"]]:
            had = self.amounts[self.pocket[group]]
            left = had - min(had, price * points)
            if left not in numbers:
                numbers[left] = len(self.amounts)
                self.amounts.append(left)
            self.pocket[group] = numbers[left]


def buy(projects: dict[str, Any], voters: Voters, rule: Any, money: Fraction, pick: Pick) -> Any:
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
        name = foremost([projects[name] for name in equal], rule, pick)
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


def foremost(equal: list[Any], rule: Any, pick: Pick) -> str:
    """Which of equally priced projects is bought: by the chain, then the one that is picked."""
    best = min(chain(project, rule) for project in equal)
    names = [p["id"] for p in sorted(equal, key=number) if chain(p, rule) == best]
    return str(names[0] if len(names) == 1 else pick(names))


def equal_shares(
    projects: list[Any], rule: Any, budget: int, given: Any
) -> Callable[[Pick], Purse]:
    """Buy, then give every voter one step more (Add1) as long as the rule says; for any way of picking."""
    voters, listed = grouped(given, projects), {project["id"]: project for project in projects}
    terms = rule["equal_shares"]

    def cost(names: list[str]) -> int:
        return sum(listed[name]["cost"] for name in names)

    def run(pick: Pick) -> Purse:
        money = Fraction(budget, max(1, len(given)))
        bought, still = buy(listed, voters, rule, money, pick)
        while terms["completion"] != "none" and still:
            left = budget - cost(bought)
            if terms["completion"] == "add1-exhaustive" and not any(
                cost([n]) <= left for n in still
            ):
                break
            money += terms["step"]
            richer, still = buy(listed, voters, rule, money, pick)
            if cost(richer) > budget:
                break
            bought = richer
        return Purse(budget - cost(bought), won=tuple(bought))

    return run


class Fork(Exception):
    """Projects of equal price of which nothing followed so far says who is first."""


def follow(run: Callable[[Pick], Purse]) -> Purse | None:
    """The result if every order of equal prices buys the same; None if not, or after 64 tries.

    An order is a set of pairs, earlier and later, which holds throughout a try. The result is that of the
    first one: shorter numbers first.
    """
    waiting: list[Pairs] = [()]
    found: dict[frozenset[str], Purse] = {}
    tries = 0
    while waiting and len(found) < 2 and tries < 64:
        before = waiting.pop()
        tries += 1
        try:
            purse = run(lambda names, before=before: first(names, before))  # type: ignore[misc]
        except Fork as fork:
            names = fork.args
            waiting += [
                before + tuple((one, other) for other in names if other != one)
                for one in reversed(names)
            ]
        else:
            found.setdefault(frozenset(purse.won), purse)
    return next(iter(found.values())) if len(found) == 1 and not waiting else None


def first(names: list[str], before: Pairs) -> str:
    """The one that no other stands before; raises Fork when there are several."""
    behind: set[str] = set()
    reached = set(names)
    while reached:
        reached = {later for earlier, later in before if earlier in reached} - behind
        behind |= reached
    ahead = [name for name in names if name not in behind]
    if len(ahead) > 1:
        raise Fork(*ahead)
    return ahead[0]


def shared(projects: list[Any], rule: Any, budget: int, given: Any, lot: Any) -> Purse:
    """Equal Shares with its floor, and the comparison with greedy where the rule asks for it.

    Lots order projects of equal price only where their order decides.
    """
    terms = rule["equal_shares"]
    if terms.get("floor"):
        floor = Fraction(terms["floor"]) * budget
        projects = [p for p in projects if p["votes"] * floor >= p["cost"] * len(given)]
    run = equal_shares(projects, rule, budget, given)
    found = follow(run)
    if found is None:
        if lot is None:
            raise DrawNeeded("projects of equal price")
        found = run(lambda names: min(names, key=lot))
    if terms["comparison"]:
        start = Purse(budget)
        by_list = greedy(projects, rule, start, lot).won if lot else hoped(projects, rule, start)
        if preference(projects, rule, given, frozenset(by_list), frozenset(found.won)) > 0:
            return greedy(projects, rule, start, lot)
    return found


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
