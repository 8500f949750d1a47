"""`flask voting …`: the commission's steps without a browser, and the rehearsal of a whole round.

Only reading options and printing; passphrases are asked without echo and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from civic_budget.accounts.contacts import read_contact
from civic_budget.accounts.queries import find_by_contact, roles_of
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.clock import city_day, utc_now
from civic_budget.kernel.errors import DomainError
from civic_budget.pabulib import PbError, read
from civic_budget.selection import preset_names
from civic_budget.storage.db import Work
from civic_budget.voting import queries, service
from civic_budget.voting.command_rounds import (
    edition_argument,
    round_argument,
    rounds_of,
    tell_round,
)
from civic_budget.voting.labels import say_refusal
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rehearsing import (
    RehearsalRefusedError,
    election_from,
    read_randomness,
    rehearse,
)
from civic_budget.web.current import database, settings

commands = AppGroup("voting", help="Rounds of voting: close, open, count the night, rehearse.")
Result = TypeVar("Result")
member_option = click.option(
    "--as", "contact", required=True, help="E-mail of the member who acts."
)


@commands.command("rounds")
@edition_argument
def rounds(slug: str) -> None:
    """List every round of EDITION, annulled ones too, with the ID that --round takes."""
    for one in rounds_of(slug):
        click.echo(tell_round(one))


@commands.command("close")
@round_argument
@member_option
def close(found: RoundFacts, contact: str) -> None:
    """Close the vote of EDITION: the final count and root are published before any key is used."""
    actor = actor_of(contact)
    sealed = attempt_whole(
        lambda work: service.close_round(work, actor, round_id=found.id, at=utc_now())
    )
    click.echo(f"Closed: {sealed.count} envelopes, root {sealed.root.hex()}")


@commands.command("open")
@round_argument
@member_option
@click.option(
    "--key",
    "key_files",
    multiple=True,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A member's key file; once for each member.",
)
def open_box(found: RoundFacts, contact: str, key_files: tuple[Path, ...]) -> None:
    """Open all envelopes of EDITION with the members' key files; passphrases are asked for."""
    actor = actor_of(contact)
    secrets = attempt(lambda: service.secrets_of(settings().round_keys, found))
    with database().reading() as session:
        attempt(lambda: service.require_opening_due(session, actor, found.id))
    held = [
        (path.read_bytes(), click.prompt(f"Passphrase of {path.name}", hide_input=True))
        for path in key_files
    ]
    opened = attempt(
        lambda: service.open_aside(
            database(),
            actor,
            round_id=found.id,
            secrets=secrets,
            held=held,
            at=utc_now(),
            progress=lambda done: click.echo(f"opened: {done}", err=True),
        )
    )
    with database().reading() as session:
        root = queries.get_round(session, found.id).board_root or b""
    click.echo(f"Opened: {len(opened.ballots)} ballots, board root {root.hex()}")


@commands.command("nightly")
@round_argument
def nightly(found: RoundFacts) -> None:
    """Publish yesterday's count of EDITION's envelopes and the root of their hashes."""
    day = city_day(utc_now()) - timedelta(days=1)
    with database().writing() as work:
        sealed = service.publish_nightly_count(work, round_id=found.id, day=day)
    click.echo(f"{day}: {sealed.count} envelopes, root {sealed.root.hex()}")


@commands.command("rehearse", with_appcontext=True)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--paper-share", type=click.FloatRange(0, 1), default=0.0, show_default=True)
@click.option("--seed", type=int, default=0, help="Shuffles the order of casting, nothing else.")
@click.option(
    "--nonces",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A nonce per ballot, 64 hexadecimal digits a line; written when it does not exist.",
)
@click.option("--preset", type=click.Choice(preset_names()), help="Default: the file's city.")
def rehearse_round(
    paths: tuple[Path, ...],
    out: Path,
    paper_share: float,
    seed: int,
    nonces: Path | None,
    preset: str | None,
) -> None:
    """Run a whole round with the ballots of .pb files and put its public board into DIR.

    Votes are cast, sealed, closed, a few voided, opened and counted by the services that a real round
    uses, in a database of its own that is thrown away.
    """
    if out.exists() and any(out.iterdir()):
        raise click.ClickException(f"{out} is not empty.")
    try:
        files = [read(path) for path in _pb_files(paths)]
        election = election_from(files, preset=preset)
        drawn = read_randomness(nonces, len(election.voters))
    except (PbError, RehearsalRefusedError) as wrong:
        raise click.ClickException(str(wrong)) from None
    found = rehearse(
        election,
        drawn,
        out=out,
        subscriptions=database().subscriptions,
        seed=seed,
        paper_share=paper_share,
        progress=_say_progress,
    )
    click.echo(
        f"{found.web} ballots online, {found.paper} on paper, {found.voided} envelopes taken out, "
        f"{found.refused} refused"
    )
    click.echo(f"{found.lines} lines on the board, root {found.board_root}")
    click.echo(f"Check it: python3 {out / 'verify.py'} {out}")


def _pb_files(paths: tuple[Path, ...]) -> list[Path]:
    return [
        file for path in paths for file in (sorted(path.glob("*.pb")) if path.is_dir() else [path])
    ]


def _say_progress(step: str, done: int, of: int) -> None:
    if done == of or done % 5000 == 0:
        click.echo(f"{step}: {done} of {of}", err=True)


def actor_of(contact: str) -> Actor:
    """The member who sits at the terminal; what they may do is decided by the services."""
    with database().reading() as session:
        account = attempt(lambda: find_by_contact(session, read_contact(contact)))
        if account is None:
            raise click.ClickException("There is no account with this contact.")
        account_id: UUID = account.id
        roles = roles_of(session, account_id, at=utc_now())
    if Role.COMMISSION not in roles:
        raise click.ClickException("This account is not a member of the commission.")
    return Actor(account_id, roles)


def attempt_whole(deed: Callable[[Work], Result]) -> Result:
    """Do a deed in a unit of work; what follows from it may refuse it as well, in one sentence."""

    def whole() -> Result:
        with database().writing() as work:
            return deed(work)

    return attempt(whole)


def attempt(deed: Callable[[], Result]) -> Result:
    """Do a deed; a refusal becomes one sentence and exit code 1."""
    try:
        return deed()
    except DomainError as error:
        with current_app.test_request_context("/en/"), force_locale("en"):
            sentence = say_refusal(error)
        raise click.ClickException(sentence) from None
