"""Our winner rules beside pabutools on one published file: seconds, memory, the same winners?

    python -m bench.selection_compare FILE --other PYTHON

PYTHON is an interpreter of another environment in which pabutools is installed (it brings a
proprietary solver, so it is no dependency of the project, not even for development). Every run is a
process of its own; both read the file, count 3-2-1 points, and choose by points per cost (greedy,
pabutools' own order) and by exact Equal Shares with points as utility, without completion.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

POINTS = (3, 2, 1)
RULES = ("greedy", "equal shares")
GROUPED, PLAIN = "pabutools, grouped ballots", "pabutools"


def ours(path: Path, rule_name: str) -> dict[str, Any]:
    """One run of the project's own rules."""
    from civic_budget.results.replay import contest_from, read_election, rule_for
    from civic_budget.selection import Completion, EqualShares, Method, Order, Utility, select

    start = time.perf_counter()
    file = read_election(path)
    reading = time.perf_counter() - start
    start = time.perf_counter()
    contest = contest_from(file)
    rule = replace(rule_for(file), order=Order.POINTS_PER_COST, points=POINTS)
    if rule_name == "equal shares":
        shares = EqualShares(utility=Utility.POINTS, completion=Completion.NONE)
        rule = replace(rule, method=Method.EQUAL_SHARES, equal_shares=shares)
    protocol = select(contest.projects, contest.ballots, rule, contest.budget)
    return _figures(reading, time.perf_counter() - start, protocol.winners)


def theirs(path: Path, rule_name: str, *, grouped: bool) -> dict[str, Any]:
    """One run of pabutools, on its usual profile or on ballots grouped by identical choice."""
    from pabutools.election import (  # type: ignore[import-not-found,unused-ignore]
        Additive_Cardinal_Sat,
        CardinalBallot,
        CardinalProfile,
        parse_pabulib,
    )
    from pabutools.rules import (  # type: ignore[import-not-found,unused-ignore]
        greedy_utilitarian_welfare,
        method_of_equal_shares,
    )

    start = time.perf_counter()
    instance, ordered = parse_pabulib(str(path))
    reading = time.perf_counter() - start
    start = time.perf_counter()
    ballots = [CardinalBallot(dict(zip(ballot, POINTS, strict=False))) for ballot in ordered]
    profile = CardinalProfile(ballots, instance=instance)
    profile = profile.as_multiprofile() if grouped else profile
    rule = greedy_utilitarian_welfare if rule_name == "greedy" else method_of_equal_shares
    won = rule(instance, profile, sat_class=Additive_Cardinal_Sat)
    return _figures(reading, time.perf_counter() - start, [project.name for project in won])


def _figures(reading: float, choosing: float, winners: Any) -> dict[str, Any]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"read": reading, "choose": choosing, "peak": peak, "winners": sorted(winners)}


def in_process_of_its_own(python: str, who: str, rule: str, path: Path) -> dict[str, Any]:
    """Run one side in a fresh interpreter, so that its memory is its own."""
    command = [python, str(Path(__file__)), str(path), "--run", who, "--rule", rule]
    environment = {"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "/usr/bin:/bin"}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    figures: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Print the table, or (with --run) the figures of one side as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--other", default=sys.executable, help="a Python that has pabutools")
    parser.add_argument("--run", choices=("ours", GROUPED, PLAIN))
    parser.add_argument("--rule", choices=RULES, default="greedy")
    wish = parser.parse_args()
    if wish.run:
        if wish.run == "ours":
            figures = ours(wish.file, wish.rule)
        else:
            figures = theirs(wish.file, wish.rule, grouped=wish.run == GROUPED)
        print(json.dumps(figures))
        return
    print("| rule | engine | read s | choose s | peak MB | times slower | winners |")
    print("|---|---|---|---|---|---|---|")
    for rule in RULES:
        own = in_process_of_its_own(sys.executable, "ours", rule, wish.file)
        runs = [("own", own)]
        for way in (GROUPED, PLAIN):
            runs.append((way, in_process_of_its_own(wish.other, way, rule, wish.file)))
        for name, run in runs:
            same = "same" if own["winners"] == run["winners"] else "differ"
            slower = run["choose"] / own["choose"]
            print(
                f"| {rule} | {name} | {run['read']:.2f} | {run['choose']:.2f} | {run['peak']:.0f} "
                f"| {slower:.0f} | {same} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
