"""The Method of Equal Shares as cities use it: floor, completion by Add1, comparison, lots.

It must not know how one run buys projects; ties are told apart by chain, then by lots.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from civic_budget.selection.model import Ballots, Project
from civic_budget.selection.rules import Completion, Rule, Utility
from civic_budget.selection.tally import Tally, weights
from civic_budget.selection.ties import chain_groups
from civic_budget.selection.wallets import Electorate, Picker, Shares, electorate, share_out

#: So many tie orders are followed to see whether they matter; beyond, lots are asked for.
ORDERS_FOLLOWED = 64


class _Fork(Exception):
    def __init__(self, tied: tuple[str, ...]) -> None:
        self.tied = tied


@dataclass(frozen=True)
class SharedOut:
    """The result of Equal Shares, or the projects whose order must be drawn first."""

    shares: Shares | None
    ties: tuple[tuple[str, ...], ...] = ()


def below_floor(project: Project, tally: Tally, rule: Rule, budget: int) -> bool:
    """Whether support is too small for the cost: votes / voters < cost / (k × budget)."""
    floor = rule.equal_shares.floor
    if floor is None:
        return False
    return tally[project.id].votes * floor * budget < project.cost * tally.voters


def equal_shares(
    projects: Sequence[Project],
    ballots: Ballots,
    rule: Rule,
    budget: int,
    tally: Tally,
    order: Callable[[Sequence[str]], Sequence[str] | None],
) -> SharedOut:
    """Share the budget out among `projects` (only those that may win).

    `order` gives drawn orders, or None while nothing was drawn. Ties that the chain leaves are
    followed both ways; only when winners would differ are lots used.
    """
    if not tally.voters:
        return SharedOut(Shares(Fraction(0)))
    voters = electorate(projects, ballots, rule)
    start = Fraction(budget, tally.voters)
    listed = {project.id: project for project in projects}

    def foremost(tied: Sequence[str]) -> list[str]:
        groups = chain_groups([listed[project] for project in tied], tally, rule.ties)
        return [project.id for project in groups[0]]

    def run(pick: Picker) -> Shares:
        return complete(voters, start, budget, rule, pick)

    found, ties = _follow(run, foremost)
    if found is not None:
        return SharedOut(found)
    met: list[tuple[str, ...]] = []

    def drawn(tied: Sequence[str]) -> str:
        equal = foremost(tied)
        lots = order(equal)
        if lots is None:
            raise _Fork(tuple(equal))
        if len(equal) > 1:
            met.append(tuple(equal))
        return lots[0]

    try:
        result = run(drawn)
    except _Fork:
        return SharedOut(None, (tuple(sorted({p for tie in ties for p in tie})),))
    return SharedOut(result, tuple(dict.fromkeys(met)))


def complete(voters: Electorate, start: Fraction, budget: int, rule: Rule, pick: Picker) -> Shares:
    """Run once, then with one unit more for every voter as long as the rule says."""
    shares = rule.equal_shares
    best = share_out(voters, start, pick)
    if shares.completion is Completion.NONE:
        return best
    while _may_grow(best, voters, budget, shares.completion):
        richer = share_out(voters, best.endowment + shares.step, pick)
        if _cost(richer, voters) > budget:
            break
        best = richer
    return best


def _cost(result: Shares, voters: Electorate) -> int:
    return sum(voters.projects[project].cost for project in result.bought)


def _may_grow(result: Shares, voters: Electorate, budget: int, completion: Completion) -> bool:
    """Whether one more unit could buy anything that is still allowed."""
    unfunded = [
        project
        for project in voters.supporters
        if project not in result.prices and project not in result.excluders
    ]
    if completion is Completion.ADD1_EXHAUSTIVE:
        left = budget - _cost(result, voters)
        return any(voters.projects[project].cost <= left for project in unfunded)
    return bool(unfunded)


def _follow(
    run: Callable[[Picker], Shares], foremost: Callable[[Sequence[str]], list[str]]
) -> tuple[Shares | None, list[tuple[str, ...]]]:
    """Follow every tie in every direction: the one result, or None and the ties met.

    A direction is an order of projects that holds throughout, as a draw's order would.
    """
    waiting: list[tuple[tuple[str, str], ...]] = [()]
    results: dict[frozenset[str], Shares] = {}
    ties: list[tuple[str, ...]] = []
    runs = 0
    while waiting and len(results) < 2 and runs < ORDERS_FOLLOWED:
        before = waiting.pop()
        runs += 1
        try:
            found = run(lambda tied, before=before: _first(foremost(tied), before))  # type: ignore[misc]
        except _Fork as fork:
            ties.append(fork.tied)
            waiting += [
                before + tuple((first, other) for other in fork.tied if other != first)
                for first in reversed(fork.tied)
            ]
        else:
            results.setdefault(frozenset(found.bought), found)
    settled = len(results) == 1 and not waiting
    return (next(iter(results.values())) if settled else None), ties


def _first(equal: Sequence[str], before: Sequence[tuple[str, str]]) -> str:
    """The project that stands before all others; raises `_Fork` when that is open."""
    behind = {other for first in equal for other in _reached(first, before) if other in equal}
    open_ones = [project for project in equal if project not in behind]
    if len(open_ones) > 1:
        raise _Fork(tuple(open_ones))
    return open_ones[0]


def _reached(first: str, before: Sequence[tuple[str, str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [first]
    while waiting:
        here = waiting.pop()
        for earlier, later in before:
            if earlier == here and later not in reached:
                reached.add(later)
                waiting.append(later)
    return reached


def preferences(
    ballots: Ballots,
    rule: Rule,
    costs: dict[str, int],
    first: frozenset[str],
    second: frozenset[str],
) -> tuple[int, int]:
    """How many voters get more utility from the first set, and how many from the second."""
    prefer_first = prefer_second = 0
    by_cost = rule.equal_shares.utility is Utility.COST
    for ballot, size in ballots.items():
        gains = [0, 0]
        for pick, points in weights(ballot, rule):
            worth = points * costs[pick] if by_cost else points
            gains[0] += worth if pick in first else 0
            gains[1] += worth if pick in second else 0
        prefer_first += size if gains[0] > gains[1] else 0
        prefer_second += size if gains[1] > gains[0] else 0
    return prefer_first, prefer_second
