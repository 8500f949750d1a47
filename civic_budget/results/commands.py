"""`flask results …`: replaying published ballots, comparing rules, testing how firm winners are.

Only reading options and printing; deciding is done elsewhere. It needs no database.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import click
from flask.cli import AppGroup

from civic_budget.pabulib import PbError, PbFile, read
from civic_budget.results import sentences
from civic_budget.results.replay import (
    Replay,
    RuleMismatchError,
    Verdict,
    level_of,
    replay,
    rule_for,
)
from civic_budget.selection import (
    Draw,
    Protocol,
    Rule,
    SelectionError,
    load_preset,
    parse_rule,
    preset_names,
    protocol_to,
)

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
        file = _read(files[0])
        outcome = _replay(files[0], file, _rule(file, wish), draw)
        _show_one(file, outcome, as_json)
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


def _read(path: Path) -> PbFile:
    try:
        return read(path)
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


def _rule(file: PbFile, wish: Wish) -> Rule:
    """The asked-for rule at the file's level, or the rule of the file's city."""
    try:
        if wish.rule_file is not None:
            return parse_rule(wish.rule_file.read_text(encoding="utf-8"), level=level_of(file))
        return load_preset(wish.preset, level=level_of(file)) if wish.preset else rule_for(file)
    except (SelectionError, UnicodeDecodeError) as wrong:
        raise Refused(str(wrong)) from None


def _replay(path: Path, file: PbFile, rule: Rule, draw: Draw | None) -> Replay:
    try:
        return replay(file, rule, draw)
    except (SelectionError, RuleMismatchError) as wrong:
        raise Refused(sentences.UNREADABLE.format(file=path.name, reason=wrong)) from None


def _data(outcome: Replay) -> dict[str, Any]:
    return {
        **protocol_to(outcome.protocol),
        "verdict": outcome.verdict.value,
        "only_in_file": list(outcome.only_in_file),
        "only_here": list(outcome.only_here),
        "points_differ": list(outcome.points_differ),
        "votes_differ": list(outcome.votes_differ),
    }


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _show_one(file: PbFile, outcome: Replay, as_json: bool) -> None:
    if as_json:
        _print_json(_data(outcome))
        return
    click.echo(_protocol_table(file, outcome.protocol))
    click.echo(_totals(outcome.protocol))
    for line in _draw_lines(outcome.protocol):
        click.echo(line)
    click.echo(sentences.VERDICTS[outcome.verdict])
    for line in _differences(outcome):
        click.echo("  " + line)
    if not outcome.agrees:
        raise click.exceptions.Exit(1)


def _protocol_table(file: PbFile, protocol: Protocol) -> str:
    names = {row.id: row.name for row in file.projects}
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


def _totals(protocol: Protocol) -> str:
    return sentences.SPENT.format(
        spent=sentences.money(protocol.spent),
        budget=sentences.money(protocol.budget),
        left=sentences.money(protocol.left),
        winners=len(protocol.winners),
        projects=len(protocol.decisions),
        voters=protocol.voters,
    )


def _draw_lines(protocol: Protocol) -> list[str]:
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


def _differences(outcome: Replay) -> list[str]:
    found = (
        (sentences.ONLY_IN_FILE, outcome.only_in_file),
        (sentences.ONLY_HERE, outcome.only_here),
        (sentences.POINTS_DIFFER, outcome.points_differ),
        (sentences.VOTES_DIFFER, outcome.votes_differ),
    )
    return [words.format(projects=", ".join(ids)) for words, ids in found if ids]


def _show_many(files: list[Path], wish: Wish, draw: Draw | None, as_json: bool) -> None:
    """A line per file, then the totals; a file that cannot be read doesn't stop the others."""
    rows: list[tuple[str, ...]] = [("file", "rule", "winners", "spent", "verdict", "remarks")]
    data: list[dict[str, Any]] = []
    tally: Counter[str] = Counter()
    contradicted = False
    for path in files:
        try:
            file = _read(path)
            outcome = _replay(path, file, _rule(file, wish), draw)
        except Refused as refused:
            tally["bad"] += 1
            rows.append((path.name, "", "", "", "unreadable", refused.message))
            data.append({"file": path.name, "error": refused.message})
            continue
        tally[outcome.verdict] += 1
        contradicted = contradicted or not outcome.agrees
        rows.append(_summary(path, outcome))
        data.append({"file": path.name, **_data(outcome)})
    if as_json:
        _print_json(data)
    else:
        click.echo(sentences.table(rows, right=frozenset({2, 3})))
        counts = {verdict.value: tally[verdict] for verdict in Verdict}
        click.echo(sentences.TOTAL.format(files=len(files), bad=tally["bad"], **counts))
    if tally["bad"] or (contradicted and not as_json):
        raise click.exceptions.Exit(1)


def _summary(path: Path, outcome: Replay) -> tuple[str, ...]:
    protocol = outcome.protocol
    remarks = _differences(outcome) + _draw_lines(protocol)
    return (
        path.name,
        protocol.rule,
        str(len(protocol.winners)),
        sentences.money(protocol.spent),
        sentences.VERDICTS[outcome.verdict],
        "; ".join(remarks),
    )
