"""`flask statistics ...`: release, verify, attack, explain and plan on plain files.

No database is needed, so that anyone can repeat the checks on what the city published. With
`--edition` the same checks run on the platform's own releases.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from civic_budget.web.terminal import gettext, language_option

from . import attack as attacks
from . import catalogue as catalogues
from . import explain as explained
from . import files
from . import plan as plans
from .catalogue import Catalogue
from .classes import ClassMap, Residents, class_map, load_residents, read_counts
from .edition_commands import Refused, check_chain, folder_of, platform_commands
from .errors import BadFile, BadPerson, StatisticsError
from .ledger import DirectoryLedger, Ledger, MemoryLedger
from .release import seal_edition
from .tabulate import Frozen, freeze, shape
from .telling import (
    last_seal,
    tell_findings,
    tell_parameters,
    tell_plan,
    tell_refusal,
    tell_release,
    tell_rules,
)

commands = AppGroup(
    "statistics", help="Participation by nationality, without anybody's nationality."
)

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_NEW = click.Path(file_okay=False, path_type=Path)
_EDITION = click.option(
    "--edition", "slug", help="An edition of this platform, instead of a folder."
)

for command in platform_commands:
    commands.add_command(command)


@commands.command("release", with_appcontext=False)
@language_option
@click.argument("people", type=_FILE)
@click.option("--out", required=True, type=_NEW, help="A new folder for the published files.")
@click.option("--catalogue", "settings", type=_FILE, help="Tables and limits, in TOML.")
@click.option("--edition", help="The edition's name; without it the name of the file.")
@click.option("--archive", type=_NEW, help="The append-only archive of seals.")
@click.option("--previous", type=_FOLDER, help="Last edition's release, to keep its classes.")
def release_command(
    people: Path,
    out: Path,
    settings: Path | None,
    edition: str | None,
    archive: Path | None,
    previous: Path | None,
) -> None:
    """Draw all tables from a file of people, once, and write them to a new folder."""
    try:
        files.check_empty(out)
        catalogue, residents = _settings(settings)
        made = seal_edition(
            _freeze(people, catalogue),
            edition=edition or people.stem,
            ledger=_ledger(archive),
            archive=None,
            at=datetime.now(UTC),
            residents=residents,
            previous=_classes_of(previous),
        )
        files.write(made, out)
    except StatisticsError as error:
        raise Refused(tell_refusal(error)) from error
    click.echo("\n".join(tell_release(made, catalogue, str(out))))


def _settings(path: Path | None) -> tuple[Catalogue, Residents | None]:
    if path is None:
        return catalogues.DEFAULT, None
    try:
        return catalogues.load(path), load_residents(path)
    except (OSError, ValueError) as error:
        raise BadFile(path.name, 0, str(error)) from error


def _freeze(path: Path, catalogue: Catalogue) -> Frozen:
    people = files.PeopleFile(path)
    try:
        return freeze(people, catalogue)
    except BadPerson as error:
        raise people.bad(str(error)) from error


def _ledger(archive: Path | None) -> Ledger:
    return MemoryLedger() if archive is None else DirectoryLedger(archive)


def _classes_of(folder: Path | None) -> ClassMap | None:
    return files.read(folder).classes if folder else None


@commands.command("attack", with_appcontext=False)
@language_option
@click.argument("folder", type=_FOLDER, required=False)
@_EDITION
@click.option("--truth", type=_FILE, help="The people, for a test inside the city by hand.")
@click.pass_context
def attack_command(
    context: click.Context, folder: Path | None, slug: str | None, truth: Path | None
) -> None:
    """Try to learn a person's nationality from a release; exit code 1 with findings."""
    try:
        with folder_of(folder, slug) as published:
            known = _truth_of(published, truth) if truth else None
            found = attacks.attack_folder(published, known)
            asked = attacks.rules_asked(published, with_truth=known is not None)
    except StatisticsError as error:
        raise Refused(tell_refusal(error)) from error
    click.echo("\n".join(tell_rules(asked, with_truth=truth is not None)))
    _tell(context, found, gettext("No way was found to learn anybody's citizenship."))


def _truth_of(folder: Path, people: Path) -> Frozen | None:
    """The people counted under the release's own catalogue; None when there is no release to read."""
    try:
        release = files.read(folder)
    except StatisticsError:
        return None
    truth = _freeze(people, release.catalogue)
    if truth.frame != release.frame:
        raise BadFile(people.name, 0, "these are not the people of this release")
    return truth


@commands.command("verify", with_appcontext=False)
@language_option
@click.argument("folder", type=_FOLDER, required=False)
@_EDITION
@click.pass_context
def verify_command(context: click.Context, folder: Path | None, slug: str | None) -> None:
    """Check that a release is exactly what was sealed; exit code 1 when not.

    With --edition also that ledger and archive hold the same chain.
    """
    with folder_of(folder, slug) as published:
        _tell(
            context, attacks.verify_folder(published), gettext("Every file follows from its seals.")
        )
        click.echo(last_seal(files.read(published)))
    if slug is not None:
        click.echo(check_chain())


def _tell(context: click.Context, found: Iterable[attacks.Finding], fine: str) -> None:
    findings = list(found)
    for line in tell_findings(findings):
        click.echo(line)
    if findings:
        context.exit(1)
    click.echo(fine)


@commands.command("explain", with_appcontext=False)
@language_option
@click.argument("folder", type=_FOLDER, required=False)
@_EDITION
def explain_command(folder: Path | None, slug: str | None) -> None:
    """Say how the numbers of a release were made, with the parameters really sealed."""
    try:
        with folder_of(folder, slug) as published:
            lines = tell_parameters(explained.parameters(files.read(published)))
    except StatisticsError as error:
        raise Refused(tell_refusal(error)) from error
    click.echo("\n".join(lines))


@commands.command("plan", with_appcontext=False)
@language_option
@click.option("--release", "folder", type=_FOLDER, help="A published release to start from.")
@_EDITION
@click.option("--sizes", type=_FILE, help="CSV nationality,residents: expected numbers of people.")
@click.option("--catalogue", "settings", type=_FILE, help="Tables and limits, in TOML.")
@click.option("--districts", type=click.IntRange(1), default=18, show_default=True)
@click.option("--channels", type=click.IntRange(1), default=2, show_default=True)
@click.option("--days", type=click.IntRange(1), default=14, show_default=True)
def plan_command(
    folder: Path | None,
    slug: str | None,
    sizes: Path | None,
    settings: Path | None,
    districts: int,
    channels: int,
    days: int,
) -> None:
    """Print what each table costs and the smallest change each class could show."""
    try:
        catalogue, residents = _settings(settings)
        if folder is not None or slug is not None:
            with folder_of(folder, slug) as published:
                release = files.read(published)
            catalogue = catalogue if settings else release.catalogue
            classes = release.classes
            codes = shape(catalogue, release.frame)
        else:
            residents = _sizes(sizes) or residents
            if residents is None:
                raise BadFile("plan", 0, "needs --release, --edition, --sizes or [residents]")
            classes = class_map(residents, catalogue)
            codes = plans.shape(catalogue, districts, channels, days)
    except StatisticsError as error:
        raise Refused(tell_refusal(error)) from error
    click.echo("\n".join(tell_plan(catalogue, classes, codes)))


def _sizes(path: Path | None) -> Residents | None:
    if path is None:
        return None
    today = datetime.now(UTC).date()
    return Residents(path.name, today, "expected", "", read_counts(path))
