"""Equal Shares for one endowment: every voter the same money, cheapest price per utility first.

Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities"
(2021). Exact fractions. It must not know completion, comparison or protocols.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from civic_budget.selection.model import Ballots, Project
from civic_budget.selection.rules import Rule, Utility
from civic_budget.selection.tally import weights

#: Picks one of several projects that have exactly the same price.
Picker = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Electorate:
    """Voters grouped by identical choice, and for each project who gives it how many points.

    `supporters` holds (group, points) pairs, `sizes` how many voters a group has. Only projects
    that may win are listed in `projects`. `common_points` is a multiple of all points given.
    """

    projects: Mapping[str, Project]
    supporters: Mapping[str, tuple[tuple[int, int], ...]]
    sizes: tuple[int, ...]
    utility: Utility
    common_points: int = 1

    def worth(self, project: str) -> int:
        """What one point for this project is worth in utility."""
        return self.projects[project].cost if self.utility is Utility.COST else 1


@dataclass
class Shares:
    """What one run gave: projects in the order bought, with prices, and the money left.

    `prices` are per unit of utility; `wallets` is what one voter of each group has left.
    """

    endowment: Fraction
    bought: list[str] = field(default_factory=list)
    prices: dict[str, Fraction] = field(default_factory=dict)
    wallets: list[Fraction] = field(default_factory=list)
    excluders: dict[str, str] = field(default_factory=dict)


def electorate(projects: Sequence[Project], ballots: Ballots, rule: Rule) -> Electorate:
    """Prepare ballots for any number of runs; `projects` are those that may win."""
    listed = {project.id: project for project in projects}
    supporters: dict[str, list[tuple[int, int]]] = defaultdict(list)
    sizes = []
    for group, (ballot, size) in enumerate(ballots.items()):
        sizes.append(size)
        for pick, points in weights(ballot, rule):
            if points > 0 and size > 0 and pick in listed:
                supporters[pick].append((group, points))
    return Electorate(
        listed,
        {pick: tuple(pairs) for pick, pairs in supporters.items()},
        tuple(sizes),
        rule.equal_shares.utility,
        lcm(*(points for pairs in supporters.values() for _, points in pairs)),
    )


def share_out(voters: Electorate, endowment: Fraction, pick: Picker) -> Shares:
    """Buy projects until no group of supporters can pay for another one.

    A price never falls while wallets shrink, so the last known price bounds the next from below
    and most projects need no second look in a round.
    """
    result = Shares(endowment)
    purse = _Wallets(voters, result)
    known: list[tuple[Fraction, str]] = [
        (Fraction(0), project) for project in sorted(voters.supporters)
    ]
    while known:
        tied, price = purse.cheapest(known)
        if price is None:
            break
        chosen = tied[0] if len(tied) == 1 else pick(tied)
        known = [entry for entry in known if entry[1] != chosen]
        purse.buy(chosen, price)
        known = [entry for entry in known if entry[1] not in result.excluders]
        heapq.heapify(known)
    purse.settle()
    return result


class _Wallets:
    """The voters' money as whole numbers over one common denominator, which grows when needed.

    Equal amounts are known by a number, so that supporters group fast. Whole numbers make a run
    several times quicker than a fraction per wallet would be, and stay exact.
    """

    def __init__(self, voters: Electorate, result: Shares) -> None:
        self.voters = voters
        self.result = result
        self.denominator = result.endowment.denominator
        self.amounts = [result.endowment.numerator]
        self.holding = [0] * len(voters.sizes)

    def cheapest(self, known: list[tuple[Fraction, str]]) -> tuple[list[str], Fraction | None]:
        """The projects with the lowest price now; unaffordable ones leave `known` for good."""
        best: Fraction | None = None
        tied: list[str] = []
        seen: list[tuple[Fraction, str]] = []
        while known and (best is None or known[0][0] <= best):
            _, project = heapq.heappop(known)
            price = self.price(project)
            if price is None:
                continue
            seen.append((price, project))
            if best is None or price < best:
                best, tied = price, [project]
            elif price == best:
                tied.append(project)
        for entry in seen:
            heapq.heappush(known, entry)
        return sorted(tied), best

    def price(self, project: str) -> Fraction | None:
        """The lowest price per utility at which the supporters can pay, None when they cannot."""
        cost = self.voters.projects[project].cost
        if not cost:
            return Fraction(0)
        crowd: dict[tuple[int, int], int] = defaultdict(int)
        sizes, holding, amounts = self.voters.sizes, self.holding, self.amounts
        for group, points in self.voters.supporters[project]:
            crowd[holding[group], points] += sizes[group]
        owed = cost * self.denominator
        if sum(amounts[number] * size for (number, _), size in crowd.items()) < owed:
            return None
        common = self.voters.common_points
        paying = sorted(
            (amounts[number] * (common // points), points, amounts[number], size)
            for (number, points), size in crowd.items()
        )
        price = _price_per_point(paying, owed)
        return price / (self.denominator * self.voters.worth(project))

    def buy(self, project: str, price: Fraction) -> None:
        """Supporters pay; rivals of the same exclusive group fall out."""
        self._pay(project, price * self.voters.worth(project) * self.denominator)
        self.result.bought.append(project)
        self.result.prices[project] = price
        groups = self.voters.projects[project].groups
        for rival in self.voters.projects.values():
            if rival.id not in self.result.prices and groups & rival.groups:
                self.result.excluders.setdefault(rival.id, project)

    def _pay(self, project: str, per_point: Fraction) -> None:
        """Take from every supporter what it owes, at most all it has."""
        grown = per_point.denominator
        if grown > 1:
            self.denominator *= grown
            self.amounts = [amount * grown for amount in self.amounts]
        owed = (per_point * grown).numerator
        number_of = {amount: number for number, amount in enumerate(self.amounts)}
        left_from: dict[tuple[int, int], int] = {}
        for group, points in self.voters.supporters[project]:
            before = self.holding[group], points
            number = left_from.get(before)
            if number is None:
                amount = max(0, self.amounts[before[0]] - owed * points)
                number = number_of.setdefault(amount, len(self.amounts))
                if number == len(self.amounts):
                    self.amounts.append(amount)
                left_from[before] = number
            self.holding[group] = number

    def settle(self) -> None:
        """Write down what every group has left."""
        self.result.wallets = [
            Fraction(self.amounts[number], self.denominator) for number in self.holding
        ]


def _price_per_point(paying: Sequence[tuple[int, int, int, int]], owed: int) -> Fraction:
    """What one point must pay when the poorest give all they have; together they can afford it.

    `paying` holds (sorting key, points, money, voters), poorest per point first.
    """
    points_left = sum(points * size for _, points, _, size in paying)
    for _, points, money, size in paying:
        if owed * points <= money * points_left:
            return Fraction(owed, points_left)
        owed -= money * size
        points_left -= points * size
    raise AssertionError("together they can afford it")
