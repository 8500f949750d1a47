"""How firm a result is: the fewest removed ballots that could change who wins.

For a walk down the list that skips or stops at misfits a lower bound is proved and an upper bound
is found by really removing ballots; when they meet the margin is exact. "Could change" includes a
tie that a draw would have to settle. Plain Python; it must not print.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

from civic_budget.results.replay import Contest
from civic_budget.selection import (
    Ballot,
    Decision,
    Draw,
    Measure,
    Method,
    Misfit,
    Order,
    Outcome,
    Project,
    Protocol,
    Rule,
    Tally,
    ballot_weights,
    count,
    select,
    walk_down,
)

#: So many winners just above a loser are also tried together.
PASSED_TOGETHER = 4


#: The least size of a removal, and how to put it together.
Attempt = tuple[int, Callable[[], list[Ballot]]]


@dataclass(frozen=True)
class Margin:
    """Bounds of the fewest ballots; `upper` is None when no removal tried changes anything.

    `removed` are ballots whose removal shows the upper bound, `changed` the projects that then
    win or no longer win, or are left to a draw.
    """

    lower: int
    upper: int | None
    changed: tuple[str, ...] = ()
    removed: Mapping[Ballot, int] | None = None

    @property
    def is_exact(self) -> bool:
        """Whether both bounds meet."""
        return self.lower == self.upper


def margin(contest: Contest, rule: Rule, draw: Draw | None = None) -> Margin:
    """The fewest removed ballots that could change the winners, exact or as bounds."""
    return _Search(contest, rule, draw).run()


@dataclass
class _Search:
    contest: Contest
    rule: Rule
    draw: Draw | None
    distances: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def run(self) -> Margin:
        if not self.protocol.is_complete:
            return Margin(0, 0, tuple(self.protocol.draws[0].projects), {})
        if self.rule.method is Method.EQUAL_SHARES:
            return self._by_supporters()
        best: Margin | None = None
        lower = self._lower_bound()
        for least, build in sorted(self._attempts(), key=lambda attempt: attempt[0]):
            if best is not None and best.upper is not None and least >= best.upper:
                break
            removed = Counter(build())
            size = sum(removed.values())
            changed = self._changed_by(removed)
            if changed and (best is None or best.upper is None or size < best.upper):
                best = Margin(lower, size, changed, removed)
                if size == lower:
                    break
        return best or Margin(lower, None)

    @cached_property
    def protocol(self) -> Protocol:
        """The result as it stands."""
        return self._select(self.contest.ballots)

    @cached_property
    def tally(self) -> Tally:
        """What every project has as things stand."""
        return count(self.contest.projects, self.contest.ballots, self.rule)

    @cached_property
    def worth(self) -> dict[Ballot, dict[str, int]]:
        """What each ballot adds to each project's standing, in the rule's measure."""
        by_votes = self.rule.order is Order.VOTES
        return {
            ballot: {
                pick: 1 if by_votes else points
                for pick, points in ballot_weights(ballot, self.rule)
                if points > 0
            }
            for ballot in self.contest.ballots
        }

    @cached_property
    def supporters(self) -> dict[str, list[Ballot]]:
        """The kinds of ballots that support each project, always in the same order."""
        found: dict[str, list[Ballot]] = {project.id: [] for project in self.contest.projects}
        for ballot in sorted(self.worth):
            for pick in self.worth[ballot]:
                found[pick].append(ballot)
        return found

    def _select(self, ballots: Mapping[Ballot, int]) -> Protocol:
        return select(
            self.contest.projects, ballots, self.rule, self.contest.budget, draw=self.draw
        )

    def _changed_by(self, removed: Mapping[Ballot, int]) -> tuple[str, ...]:
        """The projects whose fate changes when ballots are removed, none when nothing does."""
        protocol = self._without(removed)
        if not protocol.is_complete:
            return tuple(sorted(project for draw in protocol.draws for project in draw.projects))
        return tuple(sorted(set(protocol.winners) ^ set(self.protocol.winners)))

    def _without(self, removed: Mapping[Ballot, int]) -> Protocol:
        contest = self.contest
        if self.rule.method is Method.EQUAL_SHARES:
            return self._select(Counter(contest.ballots) - Counter(removed))
        counts = dict(self.tally.counts)
        for project, less in count(contest.projects, removed, self.rule).counts.items():
            counts[project] = counts[project] - less
        tally = Tally(counts, self.tally.voters - sum(removed.values()))
        return walk_down(contest.projects, tally, self.rule, contest.budget, draw=self.draw)

    # --- how many ballots bring one project down to another -------------------------------

    def gains(self, upper: str, lower: str) -> list[tuple[int, list[Ballot]]]:
        """Ballots that speak for `upper` against `lower`, those with most difference first."""
        by_gain: dict[int, list[Ballot]] = {}
        for ballot in self.supporters[upper]:
            gives = self.worth[ballot]
            by_gain.setdefault(gives[upper] - gives.get(lower, 0), []).append(ballot)
        return sorted(((g, kinds) for g, kinds in by_gain.items() if g > 0), reverse=True)

    def distance(self, upper: str, lower: str) -> int | None:
        """The fewest ballots without which `upper` has no more than `lower`, None if impossible.

        Taking those with the greatest difference first is the fewest possible.
        """
        if (upper, lower) not in self.distances:
            gap, taken = self._standing(upper) - self._standing(lower), 0
            for gain, kinds in self.gains(upper, lower):
                there = sum(self.contest.ballots[ballot] for ballot in kinds)
                needed = min(there, max(0, -(-gap // gain)))
                taken += needed
                gap -= gain * needed
            self.distances[upper, lower] = taken if gap <= 0 else None
        return self.distances[upper, lower]

    def overtaking(self, upper: str, lower: str, size: int) -> list[Ballot]:
        """That many ballots that bring `upper` down against `lower`, the strongest first."""
        taken: list[Ballot] = []
        if not size:
            return taken
        for _, kinds in self.gains(upper, lower):
            for ballot in kinds:
                taken += [ballot] * min(self.contest.ballots[ballot], size - len(taken))
                if len(taken) == size:
                    return taken
        return taken

    def _standing(self, project: str) -> int:
        received = self.tally[project]
        return received.votes if self.rule.order is Order.VOTES else received.points

    # --- the proved lower bound ------------------------------------------------------------

    def _lower_bound(self) -> int:
        """No smaller removal can change anything; 1 where nothing better is proved.

        On a walk that skips misfits the first decision to change is always a loser's that now
        wins, and it must pass enough winners to find its cost. On one that stops, some loser must
        pass a winner, or pass the misfit. Or a winner falls under the threshold.
        """
        threshold = self.rule.threshold
        provable = (
            self.rule.order is not Order.POINTS_PER_COST
            and self.rule.misfit is not Misfit.TOP_UP
            and threshold.share is None
        )
        if not provable:
            return 1
        bounds = [bound for _, bound in self._threshold_falls()]
        for loser in self._losers():
            bound = self._bound_for(loser)
            if bound is not None:
                bounds.append(bound)
        return max(1, min(bounds, default=self.tally.voters))

    def _losers(self) -> list[Project]:
        """The projects that ran and got nothing."""
        ran = {Outcome.NO_MONEY, Outcome.EXCLUDED, Outcome.NOT_REACHED}
        outcomes = {row.project: row.outcome for row in self.protocol.decisions}
        return [project for project in self.contest.projects if outcomes[project.id] in ran]

    def _bound_for(self, loser: Project) -> int | None:
        """The fewest ballots after which this loser could stand high enough, as if all helped."""
        rivals = self._rivals(loser)
        if self.rule.misfit is Misfit.STOP:
            return min((size for _, size, _ in rivals), default=None)
        fixed = [
            row for row in self._obstacles(loser) if self.distance(row.project, loser.id) is None
        ]
        if any(self._excludes(row.project, loser) for row in fixed):
            return None
        above = sum(cost for cost, _, _ in rivals) + sum(row.cost for row in fixed)
        blocked = max((size for _, size, excludes in rivals if excludes), default=0)
        for _, size, _ in sorted(rivals, key=lambda rival: rival[1]):
            passed = sum(cost for cost, other, _ in rivals if other <= size)
            if size >= blocked and above - passed + loser.cost <= self.contest.budget:
                return size
        return None

    def _rivals(self, loser: Project) -> list[tuple[int, int, bool]]:
        """Cost, ballots to remove, and whether it excludes, of everything it could pass."""
        found = []
        for row in self._obstacles(loser):
            size = self.distance(row.project, loser.id)
            if size is not None:
                found.append((row.cost, size, self._excludes(row.project, loser)))
        return found

    def _obstacles(self, loser: Project) -> list[Decision]:
        """The winners above a loser, and the misfit at which a walk stopped."""
        rank = self.protocol.row_of(loser.id).rank
        stops = self.rule.misfit is not Misfit.SKIP
        return [
            row
            for row in self.protocol.decisions
            if row.rank < rank and (row.won or (stops and row.outcome is Outcome.NO_MONEY))
        ]

    def _excludes(self, winner: str, loser: Project) -> bool:
        return not self.groups[winner].isdisjoint(loser.groups)

    @cached_property
    def groups(self) -> dict[str, frozenset[str]]:
        """The exclusive groups of every project."""
        return {project.id: project.groups for project in self.contest.projects}

    def _threshold_falls(self) -> Iterator[tuple[list[Ballot], int]]:
        """For each winner the fewest ballots that put it under a threshold given as a number."""
        threshold = self.rule.threshold
        if not threshold.number:
            return
        by_votes = threshold.measure is Measure.VOTES
        for winner in self.protocol.winners:
            spare = self.tally[winner].by(threshold.measure) - threshold.number + 1
            taken: list[Ballot] = []
            gains = sorted(
                (
                    (1 if by_votes else dict(ballot_weights(ballot, self.rule))[winner], ballot)
                    for ballot in self.supporters[winner]
                ),
                key=lambda entry: (-entry[0], entry[1]),
            )
            for gain, ballot in gains:
                needed = min(self.contest.ballots[ballot], max(0, -(-spare // gain)))
                taken += [ballot] * needed
                spare -= gain * needed
            yield taken, len(taken)

    # --- removals that are really tried ------------------------------------------------------

    def _attempts(self) -> Iterator[Attempt]:
        """Removals worth trying: one project brought down to another, the same with one ballot
        more (for a chain that favours the upper one), and several winners passed together."""
        for taken, needed in self._threshold_falls():
            yield needed, partial(list, taken)
        for loser in self._losers():
            sizes: dict[str, int] = {}
            for row in reversed(self._obstacles(loser)):
                size = self.distance(row.project, loser.id)
                if size is None:
                    continue
                for more in (size, size + 1):
                    if more:
                        yield more, partial(self.overtaking, row.project, loser.id, more)
                sizes[row.project] = size
                if 1 < len(sizes) <= PASSED_TOGETHER:
                    together = partial(self._together, dict(sizes), loser.id)
                    yield max(1, *sizes.values()), together

    def _together(self, sizes: Mapping[str, int], loser: str) -> list[Ballot]:
        """Ballots without which a loser passes several winners at once."""
        union: Counter[Ballot] = Counter()
        for winner, size in sizes.items():
            union |= Counter(self.overtaking(winner, loser, size))
        return list(union.elements())

    def _by_supporters(self) -> Margin:
        """For Equal Shares: the weakest winner loses supporters, halving the doubt each time.

        Only an upper bound is shown; nothing below it is proved.
        """
        winners = self.protocol.winners
        if not winners:
            return Margin(1, None)
        weakest = min(winners, key=lambda project: (self.tally[project].votes, project))
        backing = [
            ballot
            for ballot in sorted(self.supporters[weakest], key=lambda b: (len(b.picks), b))
            for _ in range(self.contest.ballots[ballot])
        ]
        low, high = 0, len(backing)
        shown: tuple[str, ...] = self._changed_by(Counter(backing))
        while shown and high - low > max(1, high // 20):
            middle = (low + high) // 2
            changed = self._changed_by(Counter(backing[:middle]))
            low, high = (low, middle) if changed else (middle, high)
            shown = changed or shown
        return Margin(1, high if shown else None, shown, Counter(backing[:high]))
