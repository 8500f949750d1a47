"""Commands of the city room: `flask city …`."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from civic_budget.city.importing import import_streets
from civic_budget.city.street_labels import say_problem
from civic_budget.kernel.actor import SYSTEM
from civic_budget.kernel.clock import utc_now
from civic_budget.web.current import database

commands = AppGroup("city", help="The city's lists: streets with their districts.")


@commands.command("import-streets")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--only-these", is_flag=True, help="Remove streets that the file does not name.")
@click.option("--language", default="pl", help="The language of the report: pl, en, uk or ru.")
def import_street_file(file: Path, only_these: bool, language: str) -> None:
    """Take over the street list in FILE (CSV: district, street, numbers_from, numbers_to, parity, kind).

    Each bad line is named with its reason; then nothing is written and the command ends with 1.
    """
    with database().writing() as work:
        plan = import_streets(
            work, SYSTEM, content=file.read_bytes(), only_these=only_these, at=utc_now()
        )
    with current_app.test_request_context(), force_locale(language):
        for problem in plan.problems:
            click.echo(f"{file.name}:{problem.line}: {say_problem(problem)}", err=True)
    if plan.problems:
        raise click.exceptions.Exit(1)
    click.echo(
        f"{len(plan.added)} new, {len(plan.changed)} changed, {len(plan.removed)} removed, "
        f"{len(plan.unchanged)} as before, {plan.kept} not in the file and kept."
    )
