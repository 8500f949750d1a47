"""How often the same winners come out when ballots are drawn again at random from those cast.

Chance, not proof: a seed makes it repeatable. Plain Python; it must not print.
"""

import random
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate

from civic_budget.results.replay import Contest
from civic_budget.selection import Draw, Rule, select


@dataclass(frozen=True)
class Stability:
    """Out of `rounds` resampled elections: how often each project won, and all winners stayed."""

    rounds: int
    same_winners: int
    wins: dict[str, int]


def stability(contest: Contest, rule: Rule, *, seed: str, rounds: int = 100) -> Stability:
    """Resample as many ballots as were cast, with replacement, and choose again.

    Ties are drawn with the same seed, so that every round has a result.
    """
    draw = Draw(seed=seed)
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
    ballots = sorted(contest.ballots)
    heap = list(accumulate(contest.ballots[ballot] for ballot in ballots))
    voters = heap[-1] if heap else 0
    wins: Counter[str] = Counter({project.id: 0 for project in contest.projects})
    stated = _winners(contest, rule, draw)
    same = 0
    for _ in range(rounds):
        drawn = Counter(chance.choices(ballots, cum_weights=heap, k=voters)) if voters else {}
        again = Contest(contest.projects, drawn, contest.budget)
        winners = _winners(again, rule, draw)
        wins.update(winners)
        same += winners == stated
    return Stability(rounds, same, dict(wins))


def _winners(contest: Contest, rule: Rule, draw: Draw) -> frozenset[str]:
    protocol = select(contest.projects, contest.ballots, rule, contest.budget, draw=draw)
    return frozenset(protocol.winners)
