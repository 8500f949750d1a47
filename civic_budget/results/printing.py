"""Results as lines and tables for people who use the command line.

It must not decide or read anything; words come from `sentences`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from civic_budget.results import sentences
from civic_budget.results.compare import Comparison
from civic_budget.results.margin import Margin
from civic_budget.results.replay import Replay
from civic_budget.results.resampling import Stability
from civic_budget.selection import Protocol


def protocol_table(names: Mapping[str, str], protocol: Protocol) -> str:
    """Every decision as a row, for people."""
    rows = [("", "project", "points", "votes", "cost", "left before", "decision", "name")]
    for row in protocol.decisions:
        decision = sentences.OUTCOMES[row.outcome].format(project=row.excluded_by)
        if row.tie is not None and row.tie.settled_by not in ("", "irrelevant"):
            decision += f" ({row.tie.settled_by})"
        rows.append(
            (
                str(row.rank),
                row.project,
                str(row.points),
                str(row.votes),
                sentences.money(row.cost),
                sentences.money(row.left_before),
                decision,
                names[row.project][:60],
            )
        )
    return sentences.table(rows, right=frozenset({0, 2, 3, 4, 5}))


def totals(protocol: Protocol) -> str:
    """What was spent and what is left, in one line."""
    return sentences.SPENT.format(
        spent=sentences.money(protocol.spent),
        budget=sentences.money(protocol.budget),
        left=sentences.money(protocol.left),
        winners=len(protocol.winners),
        projects=len(protocol.decisions),
        voters=protocol.voters,
    )


def draw_lines(protocol: Protocol) -> list[str]:
    """One sentence per draw, made or needed."""
    lines = []
    for record in protocol.draws:
        sentence = sentences.DRAW_NEEDED if record.order is None else sentences.DRAW_MADE
        lines.append(
            sentence.format(
                projects=", ".join(record.projects),
                commitment=record.commitment,
                event=record.event or "—",
                seed=record.seed,
                order=", ".join(record.order or ()),
            )
        )
    return lines


def differences(outcome: Replay) -> list[str]:
    """One line per way in which a replay departs from the file."""
    found = (
        (sentences.ONLY_IN_FILE, outcome.only_in_file),
        (sentences.FUNDED_OTHERWISE, outcome.funded_otherwise),
        (sentences.ONLY_HERE, outcome.only_here),
        (sentences.POINTS_DIFFER, outcome.points_differ),
        (sentences.VOTES_DIFFER, outcome.votes_differ),
    )
    return [words.format(projects=", ".join(ids)) for words, ids in found if ids]


def summary(path: Path, outcome: Replay) -> tuple[str, ...]:
    """A file as one row of the table of many files."""
    protocol = outcome.protocol
    remarks = differences(outcome) + draw_lines(protocol)
    return (
        path.name,
        protocol.rule,
        str(len(protocol.winners)),
        sentences.money(protocol.spent),
        sentences.VERDICTS[outcome.verdict],
        "; ".join(remarks),
    )


def comparison_table(results: Sequence[Comparison], projects: int) -> str:
    """One row per rule: how many won, what it costs, how many voters get something."""
    rows: list[tuple[str, ...]] = [
        ("rule", "winners", "spent", "left", "voters with a winner", "remarks")
    ]
    for result in results:
        per_mille = result.served_per_mille
        rows.append(
            (
                result.name,
                f"{len(result.protocol.winners)}/{projects}",
                sentences.money(result.protocol.spent),
                sentences.money(result.protocol.left),
                f"{per_mille // 10}.{per_mille % 10} %",
                "" if result.protocol.is_complete else sentences.DRAW_FIRST,
            )
        )
    return sentences.table(rows, right=frozenset({1, 2, 3, 4}))


def winner_lines(results: Sequence[Comparison]) -> list[str]:
    """The winners of each rule, in the order they were chosen."""
    return [f"{result.name}: {', '.join(result.protocol.winners)}" for result in results]


def margin_lines(found: Margin, stable: Stability, winners: Sequence[str]) -> list[str]:
    """The margin, what would change, and how the winners fare when resampled."""
    if found.upper is None:
        lines = [sentences.MARGIN_NONE.format(lower=found.lower)]
    else:
        words = sentences.MARGIN_EXACT if found.is_exact else sentences.MARGIN_BOUNDS
        projects = ", ".join(found.changed)
        lines = [words.format(lower=found.lower, upper=found.upper, projects=projects)]
    lines.append(sentences.STABILITY.format(rounds=stable.rounds, same=stable.same_winners))
    for project, times in sorted(stable.wins.items(), key=lambda pair: (-pair[1], pair[0])):
        if 0 < times < stable.rounds or (times == 0 and project in winners):
            state = sentences.WINS_NOW if project in winners else sentences.LOSES_NOW
            lines.append(state.format(project=project, times=times, rounds=stable.rounds))
    return lines
