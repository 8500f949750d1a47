"""The protocol of a choice of winners: one row per decision, draws, totals.

Everything a reader needs to redo the choice by hand. It must not decide anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from civic_budget.selection.draw import DrawRecord


class Outcome(StrEnum):
    """What was decided about one project."""

    SELECTED = "selected"
    TOPPED_UP = "topped_up"
    RESTORED = "restored"
    NO_MONEY = "no_money"
    BELOW_THRESHOLD = "below_threshold"
    EXCLUDED = "excluded"
    WITHDRAWN = "withdrawn"
    NOT_REACHED = "not_reached"
    UNDECIDED = "undecided"


WINNING = frozenset({Outcome.SELECTED, Outcome.TOPPED_UP, Outcome.RESTORED})


@dataclass(frozen=True, slots=True)
class Tie:
    """Equal projects, and what put them in order.

    `settled_by` is a tie step's code, `draw`, `irrelevant` (every order has the same winners) or
    empty while a draw is still needed.
    """

    projects: tuple[str, ...]
    settled_by: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One row: what was left, what was decided, what is left; money in grosze.

    `reserve` is money from outside the pool that a topped-up project needs. `price` is what
    Equal Shares charges per unit of utility. `excluded_by` names the winner of the same group.
    """

    rank: int
    project: str
    points: int
    votes: int
    cost: int
    left_before: int
    outcome: Outcome
    left_after: int
    tie: Tie | None = None
    excluded_by: str | None = None
    reserve: int = 0
    price: Fraction | None = None
    scope: str = ""

    @property
    def won(self) -> bool:
        """Whether the project gets its money."""
        return self.outcome in WINNING


@dataclass(frozen=True)
class Protocol:
    """All decisions about one pool of money, in the order they were taken; grosze.

    `adopted` names the method whose result counts when two were compared. `endowment` is what
    Equal Shares gave each voter in the end. `drawn` is the pool's part of an order drawn before
    witnesses, whole: whoever recounts may meet ties that decided nothing. `taken` maps exclusive
    groups that were served before to the winner there.
    """

    rule: str
    budget: int
    voters: int
    decisions: tuple[Decision, ...]
    draws: tuple[DrawRecord, ...] = ()
    scope: str = ""
    adopted: str = ""
    endowment: Fraction | None = None
    notes: Mapping[str, int] = field(default_factory=dict)
    drawn: tuple[str, ...] = ()
    taken: Mapping[str, str] = field(default_factory=dict)

    @property
    def winners(self) -> tuple[str, ...]:
        """The winning projects in the order they were chosen."""
        return tuple(row.project for row in self.decisions if row.won)

    @property
    def spent(self) -> int:
        """What the winners take out of the pool (without money from a reserve)."""
        return sum(row.cost - row.reserve for row in self.decisions if row.won)

    @property
    def left(self) -> int:
        """What stays in the pool."""
        return self.budget - self.spent

    @property
    def is_complete(self) -> bool:
        """Whether no draw is outstanding."""
        return all(record.order is not None for record in self.draws)

    def row_of(self, project: str) -> Decision:
        """The last decision about a project; raises KeyError when there is none."""
        for row in reversed(self.decisions):
            if row.project == project:
                return row
        raise KeyError(project)
