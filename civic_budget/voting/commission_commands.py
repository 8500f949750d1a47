"""More of `flask voting …`: outages, publication, annulment, the end, the observer's export.

The same deeds as on the pages, for a machine without a browser; passphrases are never options.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from civic_budget.kernel.clock import CITY_ZONE, utc_now
from civic_budget.storage.db import Work
from civic_budget.voting import service
from civic_budget.voting.command_rounds import round_argument
from civic_budget.voting.commands import (
    actor_of,
    attempt,
    attempt_whole,
    commands,
    member_option,
)
from civic_budget.voting.commission_queries import is_shredded
from civic_budget.voting.observer import export_round
from civic_budget.voting.queries import RoundFacts
from civic_budget.voting.rules import RoundStatus
from civic_budget.web.current import database, settings

__all__ = ["commands"]

_WHEN = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])
_act = click.option("--act", required=True, help="Number, day and issuer of the act.")
_note = click.option("--note", required=True, help="The reason, for the public protocol.")
_sure = click.confirmation_option(prompt="This cannot be undone. Go on?")


def _city(typed: datetime) -> datetime:
    return typed.replace(tzinfo=CITY_ZONE)


@commands.command("extend")
@round_argument
@member_option
@click.option("--until", required=True, type=_WHEN, help="The new closing time, city time.")
@_note
def extend(found: RoundFacts, contact: str, until: datetime, note: str) -> None:
    """Move the closing time of EDITION because of an outage."""
    actor = actor_of(contact)
    attempt_whole(
        lambda work: service.extend_round(
            work, actor, round_id=found.id, closes_at=_city(until), note=note, at=utc_now()
        )
    )
    click.echo(f"Voting closes {until:%Y-%m-%d %H:%M}.")
    if found.status is RoundStatus.SUSPENDED:
        click.echo("It is still suspended: nobody can vote until it is resumed on its page.")


@commands.command("close-paper")
@round_argument
@member_option
def close_paper(found: RoundFacts, contact: str) -> None:
    """The last slips and cards of EDITION are in: seal the list with them."""
    actor = actor_of(contact)
    secrets = attempt(lambda: service.secrets_of(settings().round_keys, found))
    sealed = attempt_whole(
        lambda work: service.close_paper(
            work, actor, round_id=found.id, secrets=secrets, at=utc_now()
        )
    )
    click.echo(f"Sealed: {sealed.count} envelopes, root {sealed.root.hex()}")


@commands.command("check")
@round_argument
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A nightly list that an observer kept; may be given more than once.",
)
def check(found: RoundFacts, lists: tuple[Path, ...]) -> None:
    """Compare the urn of EDITION with every published list, and this machine's secrets with the round.

    Exit 1 when envelopes are missing, or the secrets while the vote runs.
    """
    kept = [service.read_list(path.read_text(encoding="ascii")) for path in lists]
    with database().reading() as session:
        compared = service.compare_with_lists(session, found.id, kept)
        fault = service.find_secrets_fault(session, settings().round_keys, found.id)
    click.echo(f"{len(compared.missing)} missing, {len(compared.added)} after the sealed list")
    for one in compared.missing:
        click.echo(f"missing {one.hex()}", err=True)
    if fault:
        click.echo(fault, err=True)
    if fault or (compared.missing and not compared.is_acknowledged):
        raise click.exceptions.Exit(1)


@commands.command("annul")
@round_argument
@member_option
@click.option("--scope", default="", help="One list only, for example d08; default: everything.")
@_act
@_note
@_sure
def annul(found: RoundFacts, contact: str, scope: str, act: str, note: str) -> None:
    """The round of EDITION, or one list of it, does not count, by act."""
    actor = actor_of(contact)

    def deed(work: Work) -> None:
        one, at = found.id, utc_now()
        if scope:
            service.annul_scope(work, actor, round_id=one, scope=scope, act=act, note=note, at=at)
        else:
            service.annul_round(work, actor, round_id=one, act=act, note=note, at=at)

    attempt_whole(deed)
    click.echo("Annulled.")


@commands.command("finish")
@round_argument
@member_option
@click.option("--keep-until", required=True, type=_WHEN, help="End of all appeals, city time.")
@_sure
def finish(found: RoundFacts, contact: str, keep_until: datetime) -> None:
    """Make the round of EDITION final, or say until when an annulled one is kept: who took part is deleted."""
    actor = actor_of(contact)

    def deed() -> None:
        with database().writing() as work:
            end = (
                service.keep_annulled
                if found.status is RoundStatus.ANNULLED
                else service.finish_round
            )
            end(work, actor, round_id=found.id, keep_until=_city(keep_until), at=utc_now())

    attempt(deed)
    is_annulled = found.status is RoundStatus.ANNULLED
    click.echo(f"{'Kept' if is_annulled else 'Final'}. Nobody knows any more who took part.")


@commands.command("shred")
@round_argument
@member_option
@_sure
def shred(found: RoundFacts, contact: str) -> None:
    """Destroy envelopes and keys of EDITION; run again after a crash it goes on where it stopped."""
    actor = actor_of(contact)

    def deed() -> None:
        with database().reading() as session:
            is_done = is_shredded(session, found.id)
        if not is_done:
            with database().writing() as work:
                service.shred_round(work, actor, round_id=found.id, at=utc_now())
        service.destroy_remains(database(), round_id=found.id, at=utc_now())

    attempt(deed)
    click.echo("Destroyed. The members destroy their key files before each other.")


@commands.command("export")
@round_argument
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def export(found: RoundFacts, out: Path) -> None:
    """Write the sealed export of EDITION for an observer; whoever holds it can forge the proof."""
    secrets = attempt(lambda: service.secrets_of(settings().round_keys, found))
    content = attempt_whole(lambda work: export_round(work, secrets=secrets, at=utc_now()))
    out.touch(mode=0o600)
    out.write_bytes(content)
    click.echo(f"{out}: {len(content)} bytes")
