"""How long it takes to read published ballots and to choose winners from them.

    python -m bench.selection [FOLDER]        the figures of bench/selection.md

Every result is compared with the winners the file states; Equal Shares also with a reference that
keeps one purse per voter. FOLDER holds `.pb` files (default: PABULIB_DIR).
"""

import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from civic_budget.pabulib import parse, render
from civic_budget.results.margin import margin
from civic_budget.results.replay import Contest, contest_from, replay, rule_for
from civic_budget.selection import (
    Completion,
    EqualShares,
    Method,
    Rule,
    Utility,
    ballot_weights,
    select,
)

Result = TypeVar("Result")
REPEATS = 3


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """The result and the best time of a few, in seconds."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return result, best


def reference_shares(contest: Contest, rule: Rule) -> list[str]:
    """Equal Shares by cost with one purse per voter and every price taken anew each round."""
    voters = [ballot for ballot, size in contest.ballots.items() for _ in range(size)]
    purses = [Fraction(contest.budget, len(voters))] * len(voters)
    backers: dict[str, list[tuple[int, int]]] = {}
    for voter, ballot in enumerate(voters):
        for pick, points in ballot_weights(ballot, rule):
            backers.setdefault(pick, []).append((voter, points))
    costs = {project.id: project.cost for project in contest.projects}
    won: list[str] = []
    while True:
        prices = {
            project: each / costs[project]
            for project in backers
            if project not in won
            and (each := price_per_point(costs[project], backers[project], purses)) is not None
        }
        if not prices:
            return won
        best = min(prices, key=lambda project: (prices[project], project))
        for voter, points in backers[best]:
            purses[voter] -= min(purses[voter], prices[best] * costs[best] * points)
        won.append(best)


def price_per_point(
    cost: int, backers: Sequence[tuple[int, int]], purses: Sequence[Fraction]
) -> Fraction | None:
    """What one point pays when poorer backers give all they have, None when it is too little."""
    if sum(purses[voter] for voter, _ in backers) < cost:
        return None
    owed, points_left = Fraction(cost), sum(points for _, points in backers)
    for voter, points in sorted(backers, key=lambda b: purses[b[0]] / b[1]):
        if owed / points_left * points <= purses[voter]:
            return owed / points_left
        owed -= purses[voter]
        points_left -= points
    return None


def line(path: Path) -> str:
    """One file's figures as a row of a table."""
    data = path.read_bytes()
    file, reading = timed(lambda: parse(data))
    _, writing = timed(lambda: render(file))
    rule = rule_for(file)
    contest, grouping = timed(lambda: contest_from(file))
    outcome, choosing = timed(lambda: replay(file, rule))
    shares = EqualShares(utility=Utility.COST, completion=Completion.NONE)
    equal = replace(rule, method=Method.EQUAL_SHARES, equal_shares=shares)
    shared, sharing = timed(
        lambda: select(contest.projects, contest.ballots, equal, contest.budget)
    )
    agrees = "-"
    if len(file.votes) < 5000:
        agrees = str(reference_shares(contest, equal) == list(shared.winners))
    start = time.perf_counter()
    found = margin(contest, rule)
    margins = time.perf_counter() - start
    name = path.stem.removeprefix("Poland_")
    cells = [name, str(len(file.votes)), str(len(contest.ballots)), str(len(file.projects))]
    cells += [f"{seconds:.3f}" for seconds in (reading, writing, grouping, choosing, sharing)]
    cells += [outcome.verdict.value, agrees, f"{found.lower}..{found.upper}", f"{margins:.2f}"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print a table for the files of a folder."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ["PABULIB_DIR"])
    heads = "file|ballots|kinds|projects|read s|write s|group s|replay s|shares s|winners"
    heads += "|reference|margin|margin s"
    print("| " + heads.replace("|", " | ") + " |")
    print("|" + "---|" * (heads.count("|") + 1))
    for path in sorted(folder.glob("*.pb")):
        print(line(path), flush=True)
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
