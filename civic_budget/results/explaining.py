"""One project's result explained: what was left, what was missing, who took the money. Pure.

Finds the facts; `labels` turns them into sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from civic_budget.selection import (
    Decision,
    Method,
    Order,
    Outcome,
    Project,
    Protocol,
    Rule,
    money_takers,
    near_misses,
    support_missing,
    winning_cost,
)


@dataclass(frozen=True)
class Explanation:
    """What can be said about one project. Money in grosze; None where it does not apply.

    `winning_cost` is the highest cost at which it would have won, `support_missing` how many more
    points (or votes, when `counts_votes`) would surely have won.
    """

    row: Decision
    takers: tuple[Decision, ...]
    winning_cost: int | None
    support_missing: int | None
    counts_votes: bool = False
    endowment: Fraction | None = None

    @property
    def by_equal_shares(self) -> bool:
        """Whether voters' equal shares decided, so that there was no walk down a list."""
        return self.endowment is not None

    @property
    def money_missing(self) -> int | None:
        """How much too little was left when its turn came."""
        is_short = self.row.outcome is Outcome.NO_MONEY and not self.by_equal_shares
        return self.row.cost - self.row.left_before if is_short else None


def explain(
    protocol: Protocol, projects: Sequence[Project], rule: Rule, reference: str
) -> Explanation:
    """The facts about a project; raises KeyError when the protocol has no such project."""
    own = next(p for p in projects if p.id == reference)
    row = protocol.row_of(reference)
    return Explanation(
        row=row,
        takers=() if row.won else money_takers(protocol, reference),
        winning_cost=winning_cost(protocol, reference),
        support_missing=support_missing(protocol, own, rule, projects),
        counts_votes=rule.order is Order.VOTES,
        endowment=protocol.endowment if protocol.adopted == Method.EQUAL_SHARES else None,
    )


def cheapest_waiting(protocol: Protocol) -> int | None:
    """The lowest cost of those that only lacked money: why what was left funded nothing more."""
    last = {row.project: row for row in protocol.decisions}
    return min((row.cost for row in last.values() if row.outcome is Outcome.NO_MONEY), default=None)


def nearest_losers(
    protocol: Protocol, projects: Sequence[Project], rule: Rule
) -> list[tuple[str, int]]:
    """Projects that missed by least with how much was missing, nearest first; at most five."""
    return [(miss.project, miss.missing) for miss in near_misses(protocol, projects, rule)]


def projects_of(protocol: Protocol, groups: dict[str, tuple[str, ...]]) -> list[Project]:
    """The projects of a protocol; `groups` maps a project to its exclusive groups."""
    last = {row.project: row for row in protocol.decisions}
    return [
        Project(
            row.project,
            row.cost,
            protocol.scope,
            frozenset(groups.get(row.project, ())),
            row.outcome is Outcome.WITHDRAWN,
        )
        for row in last.values()
    ]
