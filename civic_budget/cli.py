"""The flask commands: the platform's own here, and one group per room from the wiring."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from civic_budget import wiring, worker
from civic_budget.app import check_rounds
from civic_budget.config import BadSettings
from civic_budget.kernel.clock import utc_now
from civic_budget.paths import ROOT
from civic_budget.storage import audit, migrate
from civic_budget.storage.installation import check_installation
from civic_budget.storage.privacy import render_register
from civic_budget.web.current import database, settings

storage = AppGroup("storage", help="The database: migrate it, check its audit trail.")


@storage.command("migrate")
@click.option("--to", "revision", default="head", help="A revision; default: the newest.")
def migrate_database(revision: str) -> None:
    """Bring the database to the present schema."""
    settings().instance.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(database().engine, revision)
    check_installation(database(), settings())
    click.echo("The database has the present schema.")


@storage.command("check-audit")
@click.argument("year", type=int, required=False)
def check_audit(year: int | None) -> None:
    """Verify the hash chain of a year's audit trail and print its head."""
    segment = year or utc_now().year
    with database().reading() as session:
        broken = audit.find_broken_link(session, segment)
        position, head = audit.head(session, segment)
    if broken is not None:
        raise click.ClickException(f"The audit trail of {segment} is broken at entry {broken}.")
    click.echo(f"{segment}: {position} entries, head {head}")


@storage.command("privacy-register")
def write_privacy_register() -> None:
    """Write docs/privacy-register.md from the models and the register's words."""
    from civic_budget.models import METADATA

    target = ROOT / "docs" / "privacy-register.md"
    target.write_text(
        render_register(target.with_suffix(".toml"), METADATA), encoding="utf-8", newline="\n"
    )
    click.echo(f"{target.relative_to(ROOT)}: {len(METADATA.tables)} tables.")


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due now and stop.")
@with_appcontext
def work(once: bool) -> None:
    """Send messages and run the schedule, until stopped."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        check_installation(database(), settings())
        check_rounds(app)
    except BadSettings as refusal:
        raise click.ClickException(f"The worker does not start. {refusal}") from None
    if once:
        click.echo(f"{worker.run_once(app, at=utc_now())} tasks done.")
    else:
        worker.run_for_ever(app)


def register_commands(app: Flask) -> None:
    """Hand all commands to `flask --app wsgi`."""
    for command in (storage, work, *wiring.COMMANDS):
        app.cli.add_command(command)
