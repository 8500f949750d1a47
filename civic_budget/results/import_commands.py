"""`flask editions import-pb`: real elections become a finished edition. Reads options and prints."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from civic_budget.kernel.clock import utc_now
from civic_budget.results import sentences
from civic_budget.results.importing import Import, import_edition, read_sources
from civic_budget.results.past import ImportRefusedError
from civic_budget.results.replay import Verdict
from civic_budget.selection import preset_names
from civic_budget.storage.installation import check_installation
from civic_budget.web.current import database, settings

commands = AppGroup("editions", help="Editions: import real elections from published files.")


@commands.command("import-pb")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--name", required=True, help="What the edition is called, for example “Kraków 2019”."
)
@click.option("--preset", type=click.Choice(preset_names()), help="The rule; default: the city's.")
def import_pb(paths: tuple[Path, ...], *, name: str, preset: str | None) -> None:
    """Load .pb files or folders of one election as a finished edition; each file is one pool.

    Age, sex and place of voters are dropped. A file that cannot be read is named with line and
    reason, and nothing is written.
    """
    check_installation(database(), settings())
    files = [file for path in paths for file in _files(path)]
    try:
        sources = read_sources(files)
        with database().writing() as work:
            done = import_edition(work, sources, name=name, preset=preset, at=utc_now())
    except ImportRefusedError as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(_table(done))
    click.echo(f"Imported as /editions/{done.slug}: {len(done.pools)} pools.")


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.pb")) if path.is_dir() else [path]


def _table(done: Import) -> str:
    rows: list[tuple[str, ...]] = [("file", "scope", "voters", "winners", "verdict")]
    for pool in done.pools:
        protocol = pool.outcome.protocol
        verdict = sentences.VERDICTS[pool.outcome.verdict]
        if pool.outcome.verdict is Verdict.DIFFER:
            apart = (*pool.outcome.only_in_file, *pool.outcome.only_here)
            verdict = f"{verdict} ({', '.join(apart)})"
        counts = (str(protocol.voters), str(len(protocol.winners)))
        rows.append((pool.file_name, pool.scope, *counts, verdict))
    return sentences.table(rows, right=frozenset({2, 3}))
