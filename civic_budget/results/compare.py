"""The same ballots under several rules: who would win, what is spent, how many voters get something.

Plain Python. It must not print, nor say which rule is the right one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from civic_budget.results.replay import Contest
from civic_budget.selection import (
    Ballot,
    Completion,
    Draw,
    EqualShares,
    Method,
    Misfit,
    Order,
    Protocol,
    Rule,
    Threshold,
    Utility,
    select,
)


@dataclass(frozen=True)
class Comparison:
    """One rule's result; `served` voters named at least one winner with at least a point."""

    name: str
    protocol: Protocol
    served: int

    @property
    def served_per_mille(self) -> int:
        """The share of voters with a winner, in thousandths, rounded down."""
        voters = self.protocol.voters
        return self.served * 1000 // voters if voters else 0


def usual_step(contest: Contest) -> int:
    """Add1's unit for a comparison, in grosze: a fiftieth of an equal share, at least one złoty.

    Whole złoty. Cities use one złoty; for large shares that means thousands of repetitions.
    """
    voters = sum(contest.ballots.values())
    share = contest.budget // voters if voters else 0
    return max(1, share // 5000) * 100


def rules_to_compare(rule: Rule, step: int) -> dict[str, Rule]:
    """The rules compared, by name: the ballot stays as it is, thresholds are left out.

    `step` is Add1's unit in grosze.
    """
    plain = replace(rule, method=Method.GREEDY, misfit=Misfit.SKIP, threshold=Threshold())

    def shares(utility: Utility, completion: Completion) -> Rule:
        parameters = EqualShares(utility=utility, completion=completion, step=step)
        return replace(plain, method=Method.EQUAL_SHARES, equal_shares=parameters)

    return {
        "greedy": replace(plain, order=Order.POINTS),
        "greedy-points-per-cost": replace(plain, order=Order.POINTS_PER_COST),
        "equal-shares-points": shares(Utility.POINTS, Completion.NONE),
        "equal-shares-points-add1": shares(Utility.POINTS, Completion.ADD1),
        "equal-shares-cost": shares(Utility.COST, Completion.NONE),
        "equal-shares-cost-add1": shares(Utility.COST, Completion.ADD1),
    }


def compare_rules(
    contest: Contest, rules: Mapping[str, Rule], draw: Draw | None = None
) -> list[Comparison]:
    """Choose winners under each rule, in the given order."""
    results = []
    for name, rule in rules.items():
        protocol = select(contest.projects, contest.ballots, rule, contest.budget, draw=draw)
        results.append(Comparison(name, protocol, served(contest.ballots, protocol.winners)))
    return results


def served(ballots: Mapping[Ballot, int], winners: Sequence[str]) -> int:
    """How many voters named at least one of the winners (with a point, where points are given)."""
    won = frozenset(winners)

    def has_winner(ballot: Ballot) -> bool:
        if ballot.points is None:
            return not won.isdisjoint(ballot.picks)
        pairs = zip(ballot.picks, ballot.points, strict=True)
        return any(points > 0 and pick in won for pick, points in pairs)

    return sum(size for ballot, size in ballots.items() if has_winner(ballot))
