"""Which round a command of the terminal acts on: the only one that stands, or the one that is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

import click

from civic_budget.editions.queries import EditionFacts, get_edition_by_slug
from civic_budget.kernel.clock import CITY_ZONE
from civic_budget.kernel.errors import NotFound
from civic_budget.voting.commission_queries import RoundLine, list_rounds
from civic_budget.voting.queries import RoundFacts, get_round
from civic_budget.voting.rules import RoundStatus
from civic_budget.web.current import database

edition_argument = click.argument("slug", metavar="EDITION")
round_option = click.option(
    "--round",
    "round_id",
    type=click.UUID,
    metavar="ID",
    help="Which round of the edition, where several stand; `voting rounds EDITION` lists them.",
)


def round_argument(command: Callable[..., None]) -> Callable[..., None]:
    """The command takes EDITION and --round, and is given the round as `found`."""

    @edition_argument
    @round_option
    @wraps(command)
    def chosen(slug: str, round_id: UUID | None, **rest: Any) -> None:
        command(found=choose_round(slug, round_id), **rest)

    return chosen


def choose_round(slug: str, round_id: UUID | None) -> RoundFacts:
    """The round of an edition that is named, or the only one that stands; else ends the command in words."""
    known = rounds_of(slug)
    standing = [one for one in known if one.status is not RoundStatus.ANNULLED]
    fitting = standing if round_id is None else [one for one in known if one.id == round_id]
    if not known:
        raise click.ClickException("This edition has no round.")
    if len(fitting) != 1:
        stand = "Several rounds stand" if standing else "Every round is annulled"
        told = (
            f"{stand} in edition {slug}. Name one with --round ID:"
            if round_id is None
            else f"Edition {slug} has no round {round_id}. It has:"
        )
        raise click.ClickException("\n".join([told, *map(tell_round, known)]))
    with database().reading() as session:
        return get_round(session, fitting[0].id)


def rounds_of(slug: str) -> Sequence[RoundLine]:
    """Every round of an edition, the oldest first; ends the command in words without the edition."""
    edition = edition_of(slug)
    with database().reading() as session:
        return list_rounds(session, edition.id)


def edition_of(slug: str) -> EditionFacts:
    """The edition with this name; ends the command in words without one."""
    with database().reading() as session:
        try:
            return get_edition_by_slug(session, slug)
        except NotFound:
            raise click.ClickException(f"There is no edition {slug}.") from None


def tell_round(one: RoundLine) -> str:
    """A round in one line: what --round takes, what it is, where it stands, since when people vote."""
    opens = one.opens_at.astimezone(CITY_ZONE)
    return f"{one.id}  {one.kind or 'first'}  {one.status.value}  opens {opens:%Y-%m-%d %H:%M}"
