"""Walking down the list by points or votes and funding what the money allows.

On a misfit: skip it, stop, or top it up from a reserve. It must not change the order by anything
but the declared chain and lots, and it stops where lots are needed and none were drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby, permutations

from civic_budget.selection.draw import Lots
from civic_budget.selection.model import Project
from civic_budget.selection.protocol import Decision, Outcome, Tie
from civic_budget.selection.rules import Misfit, Rule
from civic_budget.selection.tally import Tally
from civic_budget.selection.ties import chain_groups, deciding_step, natural

#: Up to this many tied projects every order is tried; above, a doubt counts as a need for lots.
EVERY_ORDER_UP_TO = 6


@dataclass
class Purse:
    """The money on the way down, the exclusive groups already served, and whether it is over."""

    left: int
    taken: dict[str, str] = field(default_factory=dict)
    stopped: bool = False
    undecided: bool = False

    def copy(self) -> "Purse":
        return Purse(self.left, dict(self.taken), self.stopped, self.undecided)

    def excluder_of(self, project: Project) -> str | None:
        """The winner that shares an exclusive group with this project."""
        rivals = (self.taken[group] for group in sorted(project.groups) if group in self.taken)
        return next(rivals, None)

    def pay(self, project: Project, amount: int) -> None:
        """Fund a project out of the pool."""
        self.left -= amount
        self.taken.update(dict.fromkeys(project.groups, project.id))


def misses_threshold(project: Project, tally: Tally, rule: Rule) -> bool:
    """Whether a project has too little support to win at all."""
    threshold = rule.threshold
    support = tally[project.id].by(threshold.measure)
    if support < threshold.number:
        return True
    return threshold.share is not None and support < threshold.share * tally.voters


def barred(project: Project, tally: Tally, rule: Rule) -> Outcome | None:
    """Why a project cannot win whatever money is left, None when it can."""
    if project.withdrawn:
        return Outcome.WITHDRAWN
    if misses_threshold(project, tally, rule):
        return Outcome.BELOW_THRESHOLD
    return None


def descend(
    projects: Sequence[Project], tally: Tally, rule: Rule, purse: Purse, lots: Lots
) -> list[Decision]:
    """Decide about every project from the top of the list; the purse is used up on the way."""
    walk = _Walk(tally, rule, purse, lots)

    def standing(project: Project) -> tuple[int, Fraction]:
        return tally.standing(project, rule.order)

    ordered = sorted(sorted(projects, key=natural), key=standing, reverse=True)
    for _, equal in groupby(ordered, key=standing):
        walk.level(list(equal))
    return walk.rows


class _Walk:
    def __init__(self, tally: Tally, rule: Rule, purse: Purse, lots: Lots) -> None:
        self.tally = tally
        self.rule = rule
        self.purse = purse
        self.lots = lots
        self.rows: list[Decision] = []

    def level(self, equal: list[Project]) -> None:
        """Decide about projects of the same score."""
        outcomes = {project.id: barred(project, self.tally, self.rule) for project in equal}
        running = [project for project in equal if outcomes[project.id] is None]
        groups = chain_groups(running, self.tally, self.rule.ties)
        matters = len(groups) > 1 and self._order_matters(running)
        step = deciding_step(running, self.tally, self.rule.ties) if matters else None
        names = tuple(project.id for project in running)
        for group in groups:
            tie = Tie(names, step or "irrelevant") if len(running) > 1 else None
            self._group(group, tie)
        for project in equal:
            outcome = outcomes[project.id]
            if outcome is not None:
                self._row(project, outcome)

    def _group(self, group: list[Project], tie: Tie | None) -> None:
        """Decide about projects that the chain leaves equal: by lots when it matters."""
        if not self.purse.undecided and self._order_matters(group):
            names = tuple(project.id for project in group)
            order = self.lots.record(names)
            tie = Tie(names, "draw" if order else "")
            if order is None:
                self.purse.undecided = True
            else:
                group = sorted(group, key=lambda project: order.index(project.id))
        for project in group:
            self._decide(project, tie)

    def _decide(self, project: Project, tie: Tie | None) -> None:
        before = self.purse.left
        excluder = self.purse.excluder_of(project)
        if self.purse.undecided:
            self._row(project, Outcome.UNDECIDED, tie=tie)
            return
        outcome, paid = fund(project, self.purse, self.rule)
        self._row(
            project,
            outcome,
            tie=tie,
            before=before,
            excluder=excluder if outcome is Outcome.EXCLUDED else None,
            reserve=project.cost - paid if outcome is Outcome.TOPPED_UP else 0,
        )

    def _order_matters(self, tied: Sequence[Project]) -> bool:
        return order_matters(tied, self.purse, self.rule)

    def _row(
        self,
        project: Project,
        outcome: Outcome,
        *,
        tie: Tie | None = None,
        before: int | None = None,
        excluder: str | None = None,
        reserve: int = 0,
    ) -> None:
        count = self.tally[project.id]
        self.rows.append(
            Decision(
                rank=len(self.rows) + 1,
                project=project.id,
                points=count.points,
                votes=count.votes,
                cost=project.cost,
                left_before=self.purse.left if before is None else before,
                outcome=outcome,
                left_after=self.purse.left,
                tie=tie,
                excluded_by=excluder,
                reserve=reserve,
                scope=project.scope,
            )
        )


def fund(project: Project, purse: Purse, rule: Rule) -> tuple[Outcome, int]:
    """Take one step: the outcome for this project and what the pool paid; the purse changes."""
    if purse.stopped:
        return Outcome.NOT_REACHED, 0
    if purse.excluder_of(project) is not None:
        return Outcome.EXCLUDED, 0
    if project.cost <= purse.left:
        purse.pay(project, project.cost)
        return Outcome.SELECTED, project.cost
    if rule.misfit is Misfit.SKIP:
        return Outcome.NO_MONEY, 0
    purse.stopped = True
    if rule.misfit is Misfit.TOP_UP and purse.left >= rule.top_up_share * project.cost:
        paid = purse.left
        purse.pay(project, paid)
        return Outcome.TOPPED_UP, paid
    return Outcome.NO_MONEY, 0


def order_matters(tied: Sequence[Project], purse: Purse, rule: Rule) -> bool:
    """Whether equal projects could win or lose by nothing but their order.

    Exact for up to `EVERY_ORDER_UP_TO` rivals, and for any number when misfits are skipped.
    """
    if purse.stopped:
        return False
    rivals = [project for project in tied if purse.excluder_of(project) is None]
    if rule.misfit is Misfit.SKIP:
        rivals = [project for project in rivals if project.cost <= purse.left]
    if len(rivals) < 2 or _all_fit_together(rivals, purse):
        return False
    if len(rivals) > EVERY_ORDER_UP_TO:
        return True
    results = {_result(order, purse.copy(), rule) for order in permutations(rivals)}
    return len(results) > 1


def _all_fit_together(rivals: Sequence[Project], purse: Purse) -> bool:
    groups = [group for project in rivals for group in project.groups]
    return sum(project.cost for project in rivals) <= purse.left and len(groups) == len(set(groups))


def _result(order: Sequence[Project], purse: Purse, rule: Rule) -> tuple[frozenset[str], int, bool]:
    won = frozenset(
        project.id
        for project in order
        if fund(project, purse, rule)[0] in (Outcome.SELECTED, Outcome.TOPPED_UP)
    )
    return won, purse.left, purse.stopped
