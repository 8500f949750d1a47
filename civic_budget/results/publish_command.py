"""`flask voting publish`: the results become public without a browser.

Results stand above voting, so the command lives here and joins the group of the commission's steps.
"""

from __future__ import annotations

import click
from flask import current_app
from flask_babel import force_locale

from civic_budget.kernel.clock import utc_now
from civic_budget.kernel.errors import DomainError
from civic_budget.results import service
from civic_budget.results.labels import say_refusal
from civic_budget.voting.command_rounds import edition_argument, edition_of
from civic_budget.voting.commands import actor_of, member_option
from civic_budget.voting.commission_commands import commands
from civic_budget.web.current import database

__all__ = ["commands"]


@commands.command("publish")
@edition_argument
@member_option
@click.confirmation_option(prompt="This cannot be undone. Go on?")
def publish(slug: str, contact: str) -> None:
    """Make the results of EDITION public now, as the button on the results page does."""
    edition, actor = edition_of(slug), actor_of(contact)
    try:
        with database().writing() as work:
            service.publish_results(work, actor, edition_id=edition.id, at=utc_now())
    except DomainError as error:
        with current_app.test_request_context("/en/"), force_locale("en"):
            sentence = say_refusal(error)
        raise click.ClickException(sentence) from None
    click.echo("The results are public.")
