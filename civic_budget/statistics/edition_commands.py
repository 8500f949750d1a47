"""`flask statistics ...` on the platform's own data: seal, publish, restore, residents; releases as folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask.cli import ScriptInfo, with_appcontext

from civic_budget.editions.queries import EditionFacts, get_edition_by_slug
from civic_budget.editions.rules import Milestone
from civic_budget.kernel.actor import SYSTEM
from civic_budget.kernel.clock import CITY_ZONE, utc_now
from civic_budget.kernel.errors import DomainError, NotFound
from civic_budget.results.queries import are_published
from civic_budget.statistics import files, service
from civic_budget.statistics.archive import ReleaseArchive
from civic_budget.statistics.classes import load_residents
from civic_budget.statistics.errors import BadFile, StatisticsError
from civic_budget.statistics.ledger import GENESIS, broken_links
from civic_budget.statistics.queries import find_release, get_files
from civic_budget.statistics.release import Release
from civic_budget.statistics.storage import DatabaseLedger
from civic_budget.voting.queries import find_round_of_edition
from civic_budget.voting.service import secrets_of
from civic_budget.web.current import database, settings

_EDITION = click.option("--edition", "slug", required=True, help="The edition's name.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class Refused(click.ClickException):
    """Something is wrong with the input; nothing was written."""

    exit_code = 2


@contextmanager
def folder_of(folder: Path | None, slug: str | None) -> Iterator[Path]:
    """The folder itself, or a temporary one with the release of an edition of this platform.

    The application is loaded for the latter alone. Raises Refused for both, neither, or no release.
    """
    if (folder is None) == (slug is None):
        raise Refused("give a folder or --edition")
    if folder is not None:
        yield folder
        return
    with TemporaryDirectory() as temporary:
        for name, content in _files_of(str(slug)).items():
            (Path(temporary) / name).write_text(content, encoding="utf-8", newline="")
        yield Path(temporary)


def _files_of(slug: str) -> dict[str, str]:
    app = click.get_current_context().ensure_object(ScriptInfo).load_app()
    with app.app_context(), database().reading() as session:
        try:
            return get_files(session, _edition(slug).id)
        except NotFound:
            raise Refused(f"edition {slug} is not sealed") from None


def check_chain() -> str:
    """A sentence on ledger and archive; raises Refused when they tell different histories."""
    app = click.get_current_context().ensure_object(ScriptInfo).load_app()
    with app.app_context(), database().reading() as session:
        known = DatabaseLedger(session).tables()
        for problem in broken_links(known, GENESIS):
            raise Refused(f"ledger: {problem}")
        try:
            kept = ReleaseArchive(settings().archive).tables()
        except StatisticsError as error:
            raise Refused(str(error)) from error
    if kept != known:
        raise Refused("ledger and archive differ; look at them, then run: statistics restore")
    return f"{len(known)} seals, the same in ledger and archive"


@click.command("seal")
@_EDITION
@with_appcontext
def seal_command(slug: str) -> None:
    """Draw and seal the tables of an opened edition, once; the worker does the same by itself."""
    edition = _edition(slug)
    try:
        with database().writing() as work:
            opened = find_round_of_edition(work.session, edition.id)
            if opened is None:
                raise Refused(f"edition {slug} has no round of voting")
            made = service.seal_edition(
                work,
                SYSTEM,
                edition_id=edition.id,
                secrets=secrets_of(settings().round_keys, opened.id, opened.public_key),
                at=utc_now(),
            )
    except (StatisticsError, DomainError) as error:
        raise Refused(str(error)) from error
    _report(made)
    click.echo(_state(edition))


@click.command("publish")
@_EDITION
@with_appcontext
def publish_command(slug: str) -> None:
    """Say whether an edition's participation is public; it comes out with the results, by itself."""
    click.echo(_state(_edition(slug)))


@click.command("import")
@click.argument("folder", type=_FOLDER)
@_EDITION
@with_appcontext
def import_command(folder: Path, slug: str) -> None:
    """Take in the release of an edition that was counted elsewhere: a folder that `release` wrote."""
    try:
        with database().writing() as work:
            made = service.import_release(
                work, SYSTEM, edition_id=_edition(slug).id, made=folder, at=utc_now()
            )
    except (StatisticsError, DomainError) as error:
        raise Refused(str(error)) from error
    _report(made)


@click.command("restore")
@with_appcontext
def restore_command() -> None:
    """Bring database and archive level after a restored backup; nothing is drawn."""
    try:
        with database().writing() as work:
            back = service.restore(work, SYSTEM, at=utc_now())
    except StatisticsError as error:
        raise Refused(str(error)) from error
    click.echo(f"{len(back)} releases came back from the archive")


@click.command("residents")
@click.argument("file", type=_FILE)
@click.option("--basis", is_flag=True, help="The next edition's groups follow from this register.")
@with_appcontext
def residents_command(file: Path, basis: bool) -> None:
    """Take in residents by citizenship from a register: a TOML file with a part [residents]."""
    try:
        residents = load_residents(file)
        if residents is None:
            raise BadFile(file.name, 0, "has no part [residents]")
        with database().writing() as work:
            service.import_register(work, SYSTEM, residents=residents, is_basis=basis, at=utc_now())
    except DomainError:
        raise Refused("this source with this date is there already") from None
    except (StatisticsError, ValueError) as error:
        raise Refused(str(error)) from error
    click.echo(f"{residents.source}, {residents.as_of}: {len(residents.counts)} citizenships")


platform_commands = (
    seal_command,
    publish_command,
    import_command,
    restore_command,
    residents_command,
)


def _edition(slug: str) -> EditionFacts:
    with database().reading() as session:
        try:
            return get_edition_by_slug(session, slug)
        except NotFound:
            raise Refused(f"there is no edition {slug}") from None


def _report(made: Release) -> None:
    cells = sum(len(sealed.values) for sealed in made.seals)
    click.echo(
        f"{len(made.seals)} tables, {cells} numbers sealed ({len(files.rendered(made))} files)"
    )
    click.echo(f"last seal: {made.seals[-1].sha256}")


def _state(edition: EditionFacts) -> str:
    out = edition.moment_of(Milestone.RESULTS_PUBLISHED).astimezone(CITY_ZONE)
    with database().reading() as session:
        release = find_release(session, edition.id)
    if release is None:
        return f"{edition.slug}: not sealed yet"
    if are_published(edition, at=utc_now()):
        return f"{edition.slug}: public since {out:%Y-%m-%d %H:%M}, last seal {release.head}"
    return f"{edition.slug}: sealed, under embargo until {out:%Y-%m-%d %H:%M}"
