"""Commands of the evidence process: `flask evidence init` and `flask evidence serve`."""

from __future__ import annotations

from typing import cast

import click
from flask import current_app
from flask.cli import AppGroup

from civic_budget.config import Settings
from civic_budget.kernel.clock import utc_now
from civic_budget.residency.evidence import ensure_identity, identity_folder, open_reader
from civic_budget.residency.evidence_process import (
    AlreadyServing,
    EvidenceProcess,
    serve_until_told,
)
from civic_budget.residency.viewing import make_authorise
from civic_budget.storage.db import Database

commands = AppGroup("evidence", help="The process that shows uploaded documents to officers.")


@commands.command("init")
def init() -> None:
    """Make the key pair of the evidence vault, unless there is one."""
    recipient = ensure_identity(_settings())
    click.echo(f"The identity is in {identity_folder(_settings())}; keep it out of backups.")
    click.echo(f"Public recipient: {recipient}")


@commands.command("serve")
def serve() -> None:
    """Answer requests for pages until told to end (SIGTERM or Ctrl-C)."""
    settings = _settings()
    if settings.is_demo:
        ensure_identity(settings)
    try:
        reader = open_reader(settings)
    except FileNotFoundError:
        raise click.ClickException("There is no identity yet: run flask evidence init.") from None
    database = cast(Database, current_app.extensions["database"])
    clock = current_app.extensions.get("clock", utc_now)
    process = EvidenceProcess(
        settings.evidence_socket,
        open_page=reader.open_page,
        authorise=make_authorise(
            database, clock, current_app.extensions.get("evidence_judges", ())
        ),
    )
    click.echo(f"Evidence process answers on {settings.evidence_socket}")
    try:
        serve_until_told(process)
    except AlreadyServing:
        raise click.ClickException("An evidence process runs already on this socket.") from None


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])
