"""`flask statistics ...` on the platform's own data: seal, publish, restore, residents; releases as folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import click
from flask.cli import ScriptInfo, with_appcontext
from sqlalchemy.orm import Session

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
from civic_budget.statistics.telling import last_seal, tell_refusal
from civic_budget.voting.command_rounds import round_option, tell_round
from civic_budget.voting.commission_queries import find_main_round, list_rounds
from civic_budget.voting.queries import RoundFacts, get_round
from civic_budget.voting.rules import RoundStatus
from civic_budget.voting.service import secrets_of
from civic_budget.web.current import database, settings
from civic_budget.web.terminal import gettext, language_option

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
        raise Refused(gettext("Give a folder or --edition."))
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
            raise Refused(gettext("Edition %(slug)s is not sealed yet.", slug=slug)) from None


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
            raise Refused(tell_refusal(error)) from error
    if kept != known:
        raise Refused(
            gettext("Ledger and archive differ. Look at both, then run: statistics restore")
        )
    return gettext("Seals: %(number)s, the same in ledger and archive", number=len(known))


@click.command("seal")
@language_option
@_EDITION
@round_option
@with_appcontext
def seal_command(slug: str, round_id: UUID | None) -> None:
    """Draw and seal the tables of an opened edition, once; the worker does the same by itself."""
    edition = _edition(slug)
    try:
        with database().writing() as work:
            opened = _round_to_count(work.session, edition, round_id)
            made = service.seal_edition(
                work,
                SYSTEM,
                edition_id=edition.id,
                secrets=secrets_of(settings().round_keys, opened),
                at=utc_now(),
            )
    except (StatisticsError, DomainError) as error:
        raise Refused(tell_refusal(error)) from error
    _report(made)
    click.echo(_state(edition))


def _round_to_count(session: Session, edition: EditionFacts, named: UUID | None) -> RoundFacts:
    """The round that is named, or the vote on all lists; raises Refused with the list to choose from.

    When several are opened, none of them is taken for the one that was meant.
    """
    known = [
        one for one in list_rounds(session, edition.id) if one.status is not RoundStatus.ANNULLED
    ]
    if not known:
        raise Refused(gettext("Edition %(slug)s has no round of voting.", slug=edition.slug))
    told = gettext("Edition %(slug)s has no such round. It has:", slug=edition.slug)
    chosen = {one.id for one in known} & {named or find_main_round(session, edition.id)}
    opened = [one.id for one in known if one.status is RoundStatus.OPENED]
    if named is None and len(opened) > 1:
        told = gettext("Several rounds are opened. Name the one to count with --round:")
        chosen = set()
    if not chosen:
        raise Refused("\n".join([told, *map(tell_round, known)]))
    return get_round(session, chosen.pop())


@click.command("publish")
@language_option
@_EDITION
@with_appcontext
def publish_command(slug: str) -> None:
    """Say whether an edition's participation is public; it comes out with the results, by itself."""
    click.echo(_state(_edition(slug)))


@click.command("import")
@language_option
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
        raise Refused(tell_refusal(error)) from error
    _report(made)


@click.command("restore")
@language_option
@with_appcontext
def restore_command() -> None:
    """Bring database and archive level after a restored backup; nothing is drawn."""
    try:
        with database().writing() as work:
            back = service.restore(work, SYSTEM, at=utc_now())
    except StatisticsError as error:
        raise Refused(tell_refusal(error)) from error
    click.echo(gettext("Releases that came back from the archive: %(number)s", number=len(back)))


@click.command("residents")
@language_option
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
        raise Refused(gettext("This source with this date is there already.")) from None
    except (StatisticsError, ValueError) as error:
        raise Refused(tell_refusal(error)) from error
    said = gettext("citizenships: %(number)s", number=len(residents.counts))
    click.echo(f"{residents.source}, {residents.as_of}; {said}")


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
            raise Refused(gettext("There is no edition %(slug)s.", slug=slug)) from None


def _report(made: Release) -> None:
    click.echo(
        gettext(
            "Tables sealed: %(tables)s, cells: %(cells)s, files: %(files)s",
            tables=len(made.seals),
            cells=sum(len(sealed.values) for sealed in made.seals),
            files=len(files.rendered(made)),
        )
    )
    click.echo(last_seal(made))


def _state(edition: EditionFacts) -> str:
    out = edition.moment_of(Milestone.RESULTS_PUBLISHED).astimezone(CITY_ZONE)
    with database().reading() as session:
        release = find_release(session, edition.id)
    when = f"{out:%Y-%m-%d %H:%M}"
    if release is None:
        said = gettext("not sealed yet")
    elif are_published(edition, at=utc_now()):
        said = gettext("public since %(when)s; last seal: %(seal)s", when=when, seal=release.head)
    else:
        said = gettext("sealed, under embargo until %(when)s", when=when)
    return f"{edition.slug}: {said}"
