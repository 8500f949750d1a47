"""Commands of the residency room: `flask residency …`.

They open files and speak to the operator; the work is done in `matching` and must not be here.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import click
from flask import current_app
from flask.cli import AppGroup

from civic_budget.kernel.clock import utc_now
from civic_budget.residency.matching.batch import MatchRun, match_people
from civic_budget.residency.matching.people_csv import (
    UnreadablePeopleError,
    read_people,
    write_pairs,
)
from civic_budget.residency.matching.records import IdentityRecord
from civic_budget.residency.registers import KNOWN, SUFFIX, write_register
from civic_budget.residency.service.register_runs import compare_register
from civic_budget.storage.db import Database
from civic_budget.web.current import settings

commands = AppGroup("residency", help="Persons, proof of residence, duplicates.")

_NAMED_ROWS = 50
_FULL_PERCENT = 100
_STEP_PERCENT = 10


@commands.command("match", with_appcontext=False)
@click.argument("people", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--processes", type=click.IntRange(1, 64), default=None, help="Default: two, or fewer cores."
)
def match(people: Path, out: Path, processes: int | None) -> None:
    """Find rows of PEOPLE that may be one human, with reasons.

    PEOPLE is a CSV file with id, given_names, family_name, birth_date, document_kind,
    document_country, document_number, street, house, flat, postcode. A bad row is named by line
    and reason, nothing is written, and the command ends with 1.
    """
    started = monotonic()
    persons = _read(people)
    click.echo(f"{len(persons)} people read", err=True)
    run = match_people(
        persons, processes=processes or min(2, os.cpu_count() or 1), progress=_Progress()
    )
    _write(run, out)
    seconds = monotonic() - started
    click.echo(
        f"{len(persons)} people, {run.compared} pairs compared, {len(run.pairs)} suspect pairs "
        f"in {out}, {seconds:.1f} s",
        err=True,
    )
    if run.crowds:
        click.echo(f"{run.crowds} keys shared by crowds were passed over", err=True)


@commands.command("match-register")
def match_register() -> None:
    """Compare the platform's own register with itself, as the worker does at night.

    New pairs appear in the office's list. A run that was broken off goes on where it stopped; while another
    process compares, the command ends with 1.
    """
    started = monotonic()
    database: Database = current_app.extensions["database"]
    run = compare_register(database, reason="command", at=utc_now(), progress=_Progress())
    if run is None:
        click.echo("another process compares the register now; try again later", err=True)
        raise click.exceptions.Exit(1)
    click.echo(
        f"{run.people} people, {run.compared} pairs compared, {run.found} new suspect pairs, "
        f"{monotonic() - started:.1f} s",
        err=True,
    )
    if run.crowds:
        click.echo(f"{run.crowds} keys shared by crowds were passed over", err=True)


@commands.command("register")
@click.argument("people", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", required=True, type=click.Choice(KNOWN))
def register(people: Path, name: str) -> None:
    """Turn a list of PEOPLE into a register that can be asked: keyed fingerprints, no names.

    PEOPLE has the columns of `match`. The file is written to the instance's folder `registers`; delete the
    list afterwards.
    """
    chosen = settings()
    target = chosen.registers / f"{name}{SUFFIX}"
    written = write_register(chosen.keyring, _read(people), target)
    click.echo(f"{written} fingerprints in {target}", err=True)


def _read(path: Path) -> list[tuple[str, IdentityRecord]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return read_people(file, today=datetime.now(UTC).date())
    except UnreadablePeopleError as error:
        for row in error.rows[:_NAMED_ROWS]:
            click.echo(f"{path.name}, {row}", err=True)
        if len(error.rows) > _NAMED_ROWS:
            click.echo(f"and {len(error.rows) - _NAMED_ROWS} more bad rows", err=True)
        raise click.exceptions.Exit(1) from None


def _write(run: MatchRun, out: Path) -> None:
    """Write beside the target and move into place, so that a broken run leaves no half file."""
    unfinished = out.with_name(out.name + ".part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        write_pairs(run.pairs, file)
    unfinished.replace(out)


class _Progress:
    """Says every tenth of each stage on the error stream."""

    def __init__(self) -> None:
        self._said: dict[str, int] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        percent = done * _FULL_PERCENT // max(1, total)
        if percent >= self._said.get(stage, 0) + _STEP_PERCENT or done == total:
            self._said[stage] = percent
            click.echo(f"{stage}: {done} of {total} ({percent} %)", err=True)
