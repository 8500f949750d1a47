"""Counting: from grouped ballots to points, votes and first choices of every project.

It must not decide anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from civic_budget.selection.model import Ballot, Ballots, Project, SelectionError
from civic_budget.selection.rules import BallotKind, Measure, Order, Rule


@dataclass(frozen=True, slots=True)
class Count:
    """What one project received."""

    points: int = 0
    votes: int = 0
    first_choices: int = 0

    def __sub__(self, other: "Count") -> "Count":
        return Count(
            self.points - other.points,
            self.votes - other.votes,
            self.first_choices - other.first_choices,
        )

    def by(self, measure: Measure) -> int:
        """Points or votes."""
        return self.points if measure is Measure.POINTS else self.votes


@dataclass(frozen=True)
class Tally:
    """What every project received, and how many ballots were counted (blank ones too)."""

    counts: dict[str, Count]
    voters: int

    def __getitem__(self, project: str) -> Count:
        return self.counts[project]

    def standing(self, project: Project, order: Order) -> tuple[int, Fraction]:
        """Where a project stands on the list: greater is higher. What costs nothing leads."""
        received = self.counts[project.id]
        if order is Order.VOTES:
            return 0, Fraction(received.votes)
        if order is Order.POINTS:
            return 0, Fraction(received.points)
        if not project.cost:
            return 1, Fraction(received.points)
        return 0, Fraction(received.points, project.cost)


def weights(ballot: Ballot, rule: Rule) -> Iterator[tuple[str, int]]:
    """The points that one ballot gives, project by project in the written order.

    An ordinal ballot takes the rule's vector, approvals give one point each, otherwise the
    voter's own points count. Raises `SelectionError` for a ballot of another kind.
    """
    if rule.ballot is BallotKind.ORDINAL:
        _limit(ballot, len(rule.points))
        return zip(ballot.picks, rule.points, strict=False)
    if rule.ballot in (BallotKind.CUMULATIVE, BallotKind.POINTS):
        return iter(_own_points(ballot))
    if rule.ballot is BallotKind.CHOOSE_ONE:
        _limit(ballot, 1)
    return ((pick, 1) for pick in ballot.picks)


def _limit(ballot: Ballot, allowed: int) -> None:
    if len(ballot.picks) > allowed:
        raise SelectionError("too_many_picks", found=len(ballot.picks), allowed=allowed)


def _own_points(ballot: Ballot) -> list[tuple[str, int]]:
    if ballot.points is None or len(ballot.points) != len(ballot.picks):
        raise SelectionError("points_missing")
    pairs = list(zip(ballot.picks, ballot.points, strict=True))
    for pick, points in pairs:
        if points < 0:
            raise SelectionError("points_negative", project=pick)
    return pairs


def count(projects: Sequence[Project], ballots: Ballots, rule: Rule) -> Tally:
    """Count all ballots for all listed projects.

    A vote is a ballot that gives the project at least one point. A first choice is a ballot on
    which no other project has more points.
    """
    points = dict.fromkeys((project.id for project in projects), 0)
    votes = dict(points)
    firsts = dict(points)
    for ballot, size in ballots.items():
        pairs = list(weights(ballot, rule))
        best = max((worth for _, worth in pairs), default=0)
        for pick, worth in pairs:
            points[pick] += worth * size
            if worth > 0:
                votes[pick] += size
                firsts[pick] += size if worth == best else 0
    return Tally(
        {key: Count(points[key], votes[key], firsts[key]) for key in points},
        sum(ballots.values()),
    )
