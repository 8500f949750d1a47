"""Equal Shares for one endowment: every voter the same money, cheapest price per utility first.

Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive Utilities"
(2021). Exact fractions. It must not know completion, comparison or protocols.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from civic_budget.selection.model import Ballots, Project
from civic_budget.selection.rules import Rule, Utility
from civic_budget.selection.tally import weights

#: Picks one of several projects that have exactly the same price.
Picker = Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Electorate:
    """Voters grouped by identical choice, and for each project who gives it how many points.

    `supporters` holds (group, points) pairs, `sizes` how many voters a group has. Only projects
    that may win are listed in `projects`.
    """

    projects: Mapping[str, Project]
    supporters: Mapping[str, tuple[tuple[int, int], ...]]
    sizes: tuple[int, ...]
    utility: Utility

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
    )


def share_out(voters: Electorate, endowment: Fraction, pick: Picker) -> Shares:
    """Buy projects until no group of supporters can pay for another one.

    A price never falls while wallets shrink, so the last known price bounds the next from below
    and most projects need no second look in a round.
    """
    result = Shares(endowment, wallets=[endowment] * len(voters.sizes))
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
    return result


class _Wallets:
    """The voters' money, with equal amounts known by a number so that supporters group fast."""

    def __init__(self, voters: Electorate, result: Shares) -> None:
        self.voters = voters
        self.result = result
        self.amounts = [result.endowment]
        self.number_of = {result.endowment: 0}
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
        cost, sizes, holding = (
            self.voters.projects[project].cost,
            self.voters.sizes,
            self.holding,
        )
        crowd: Counter[tuple[int, int]] = Counter()
        for group, points in self.voters.supporters[project]:
            crowd[holding[group], points] += sizes[group]
        if sum(self.amounts[number] * size for (number, _), size in crowd.items()) < cost:
            return None
        if cost == 0:
            return Fraction(0)
        per_point = _price_per_point(
            [(self.amounts[number], points, size) for (number, points), size in crowd.items()],
            cost,
        )
        return per_point / self.voters.worth(project)

    def buy(self, project: str, price: Fraction) -> None:
        """Supporters pay; rivals of the same exclusive group fall out."""
        per_point = price * self.voters.worth(project)
        for group, points in self.voters.supporters[project]:
            left = self.amounts[self.holding[group]]
            self._hold(group, left - min(left, per_point * points))
        self.result.bought.append(project)
        self.result.prices[project] = price
        groups = self.voters.projects[project].groups
        for rival in self.voters.projects.values():
            if rival.id not in self.result.prices and groups & rival.groups:
                self.result.excluders.setdefault(rival.id, project)

    def _hold(self, group: int, amount: Fraction) -> None:
        number = self.number_of.setdefault(amount, len(self.amounts))
        if number == len(self.amounts):
            self.amounts.append(amount)
        self.holding[group] = number
        self.result.wallets[group] = amount


def _price_per_point(crowd: list[tuple[Fraction, int, int]], cost: int) -> Fraction:
    """What one point must pay when the poorest give all they have; the crowd can afford it.

    `crowd` holds (money, points, voters).
    """
    crowd.sort(key=lambda entry: entry[0] / entry[1])
    owed = Fraction(cost)
    points_left = sum(points * size for _, points, size in crowd)
    for money, points, size in crowd:
        per_point = owed / points_left
        if per_point * points <= money:
            return per_point
        owed -= money * size
        points_left -= points * size
    raise AssertionError("the crowd can afford it")
