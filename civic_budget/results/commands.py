"""`flask results …`: replaying published ballots, comparing rules, testing how firm winners are.

Only reading options and printing; deciding is done elsewhere. It needs no database.
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click
from flask.cli import AppGroup

from civic_budget.pabulib import PbCounted, PbError
from civic_budget.results import sentences
from civic_budget.results.compare import compare_rules, rules_to_compare, usual_step
from civic_budget.results.margin import margin
from civic_budget.results.printing import (
    comparison_table,
    differences,
    draw_lines,
    margin_lines,
    protocol_table,
    summary,
    totals,
    winner_lines,
)
from civic_budget.results.replay import (
    Replay,
    RuleMismatchError,
    Verdict,
    choose_winners,
    contest_from,
    level_of,
    read_election,
    replay,
    rule_for,
)
from civic_budget.results.resampling import stability
from civic_budget.selection import (
    Ballot,
    Draw,
    Rule,
    SelectionError,
    load_preset,
    parse_rule,
    preset_names,
    protocol_to,
)

_Result = TypeVar("_Result")

commands = AppGroup("results", help="Winners: replay published ballots, compare rules.")


class Refused(click.ClickException):
    """An input that cannot be worked on: one sentence, exit code 1, no traceback."""


@commands.command("replay", with_appcontext=False)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--preset", type=click.Choice(preset_names()), help="The rule of a city.")
@click.option("--rule", "rule_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seed", help="What the public event gave, for draws.")
@click.option("--drawn", help="An order drawn before witnesses: ids separated by commas.")
@click.option("--json", "as_json", is_flag=True, help="Print data instead of sentences.")
def replay_files(
    paths: tuple[Path, ...], *, seed: str | None, drawn: str | None, as_json: bool, **asked: Any
) -> None:
    """Choose the winners again from .pb files or folders and compare with what they state.

    Without a rule the file's city decides. Exit code 0: nothing stated is contradicted; 1: winners,
    points or votes differ, or a file cannot be read. With --json only an unreadable file gives 1.
    """
    wish = _wish(**asked)
    draw = _draw(seed, drawn)
    files = _pb_files(paths)
    if len(files) == 1:
        _show_one(_reckoned(files[0], wish, draw), as_json)
        return
    _show_many(files, wish, draw, as_json)


def _draw(seed: str | None, drawn: str | None) -> Draw | None:
    if drawn:
        return Draw(order=tuple(part.strip() for part in drawn.split(",")))
    return Draw(seed=seed) if seed else None


def _pb_files(paths: tuple[Path, ...]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        found = sorted(path.rglob("*.pb")) if path.is_dir() else [path]
        if not found:
            raise Refused(sentences.NO_FILES.format(path=path))
        files += found
    return files


def _read(path: Path) -> PbCounted[Ballot]:
    try:
        return read_election(path)
    except PbError as wrong:
        raise Refused(sentences.UNREADABLE.format(file=path.name, reason=wrong)) from None


class Wish(NamedTuple):
    """Which rule was asked for: a preset, a file, or neither (the city's own)."""

    preset: str | None
    rule_file: Path | None


def _wish(preset: str | None, rule_file: Path | None) -> Wish:
    if preset and rule_file:
        raise click.UsageError(sentences.TWO_RULES)
    return Wish(preset, rule_file)


def _rule(file: PbCounted[Ballot], wish: Wish) -> Rule:
    """The asked-for rule at the file's level, or the rule of the file's city."""
    try:
        if wish.rule_file is not None:
            return parse_rule(wish.rule_file.read_text(encoding="utf-8"), level=level_of(file))
        return load_preset(wish.preset, level=level_of(file)) if wish.preset else rule_for(file)
    except (SelectionError, UnicodeDecodeError) as wrong:
        raise Refused(str(wrong)) from None


def _deciding(path: Path, decide: Callable[[], _Result]) -> _Result:
    """Do it; input that no rule can work on becomes one sentence."""
    try:
        return decide()
    except (SelectionError, RuleMismatchError) as wrong:
        raise Refused(sentences.UNREADABLE.format(file=path.name, reason=wrong)) from None


def _data(outcome: Replay) -> dict[str, Any]:
    return {
        **protocol_to(outcome.protocol),
        "verdict": outcome.verdict.value,
        "only_in_file": list(outcome.only_in_file),
        "funded_otherwise": list(outcome.funded_otherwise),
        "only_here": list(outcome.only_here),
        "points_differ": list(outcome.points_differ),
        "votes_differ": list(outcome.votes_differ),
    }


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _show_one(outcome: Replay, as_json: bool) -> None:
    if as_json:
        _print_json(_data(outcome))
        return
    click.echo(protocol_table(outcome.names, outcome.protocol))
    click.echo(totals(outcome.protocol))
    for line in draw_lines(outcome.protocol):
        click.echo(line)
    click.echo(sentences.VERDICTS[outcome.verdict])
    for line in differences(outcome):
        click.echo("  " + line)
    if not outcome.agrees:
        raise click.exceptions.Exit(1)


def _reckoned(path: Path, wish: Wish, draw: Draw | None) -> Replay:
    file = _read(path)
    rule = _rule(file, wish)
    return _deciding(path, lambda: replay(file, rule, draw))


def _show_many(files: list[Path], wish: Wish, draw: Draw | None, as_json: bool) -> None:
    """A line per file, then the totals; a file that cannot be read doesn't stop the others."""
    rows: list[tuple[str, ...]] = [("file", "rule", "winners", "spent", "verdict", "remarks")]
    data: list[dict[str, Any]] = []
    tally: Counter[str] = Counter()
    contradicted = False
    for path in files:
        try:
            outcome = _reckoned(path, wish, draw)
        except Refused as refused:
            tally["bad"] += 1
            rows.append((path.name, "", "", "", "unreadable", refused.message))
            data.append({"file": path.name, "error": refused.message})
            continue
        tally[outcome.verdict] += 1
        contradicted = contradicted or not outcome.agrees
        rows.append(summary(path, outcome))
        data.append({"file": path.name, **_data(outcome)})
    if as_json:
        _print_json(data)
    else:
        click.echo(sentences.table(rows, right=frozenset({2, 3})))
        counts = {verdict.value: tally[verdict] for verdict in Verdict}
        click.echo(sentences.TOTAL.format(files=len(files), bad=tally["bad"], **counts))
    if tally["bad"] or (contradicted and not as_json):
        raise click.exceptions.Exit(1)


@commands.command("compare", with_appcontext=False)
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seed", help="What the public event gave, for draws.")
@click.option("--step", type=click.IntRange(1), help="Add1's unit in whole złoty.")
@click.option("--json", "as_json", is_flag=True, help="Print data instead of a table.")
def compare_file(path: Path, *, seed: str | None, step: int | None, as_json: bool) -> None:
    """Choose winners from one .pb file under several rules and put them side by side.

    Greedy, greedy by points per cost, Equal Shares by points and by cost, with and without
    completion; thresholds are left out.
    """
    file = _read(path)
    contest = contest_from(file)
    unit = step * 100 if step else usual_step(contest)
    rules = rules_to_compare(rule_for(file), unit)
    results = _deciding(path, lambda: compare_rules(contest, rules, _draw(seed, None)))
    if as_json:
        _print_json(
            {
                result.name: {
                    "selected": list(result.protocol.winners),
                    "spent": result.protocol.spent,
                    "left": result.protocol.left,
                    "complete": result.protocol.is_complete,
                    "voters": result.protocol.voters,
                    "voters_with_winner": result.served,
                }
                for result in results
            }
        )
        return
    click.echo(comparison_table(results, len(file.projects)))
    for line in winner_lines(results):
        click.echo(line)
    click.echo(sentences.ADD1_STEP.format(step=sentences.money(unit)))


@commands.command("margin", with_appcontext=False)
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preset", type=click.Choice(preset_names()), help="The rule of a city.")
@click.option("--rule", "rule_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seed", default="margin", show_default=True, help="Makes resampling repeatable.")
@click.option("--rounds", default=100, show_default=True, type=click.IntRange(0, 10_000))
@click.option("--json", "as_json", is_flag=True, help="Print data instead of sentences.")
def margin_of_file(path: Path, *, seed: str, rounds: int, as_json: bool, **asked: Any) -> None:
    """Find the fewest ballots whose removal could change the winners, and resample.

    A proved lower bound and an upper bound shown by removing ballots; equal bounds are exact.
    """
    file = _read(path)
    rule = _rule(file, _wish(**asked))
    contest = contest_from(file)
    found = _deciding(path, lambda: margin(contest, rule))
    stable = _deciding(path, lambda: stability(contest, rule, seed=seed, rounds=rounds))
    winners = choose_winners(file, rule).winners
    if as_json:
        _print_json(
            {
                "lower": found.lower,
                "upper": found.upper,
                "exact": found.is_exact,
                "changed": list(found.changed),
                "rounds": stable.rounds,
                "same_winners": stable.same_winners,
                "wins": stable.wins,
            }
        )
        return
    for line in margin_lines(found, stable, winners):
        click.echo(line)
