"""Commands of the accounts room: the first administrators, and sheets of codes for those locked out."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import click
from flask.cli import AppGroup

from civic_budget.accounts import service
from civic_budget.accounts.contacts import Contact, ContactKind, read_contact
from civic_budget.accounts.queries import find_by_contact
from civic_budget.kernel.actor import SYSTEM, Role
from civic_budget.kernel.clock import CITY_ZONE, utc_now
from civic_budget.kernel.errors import DomainError
from civic_budget.web.current import database

commands = AppGroup("accounts", help="Accounts of the staff.")

PASSWORD_BYTES = 12
CODES_A_LINE = 5
REFUSALS = {
    "contact_taken": "An account with this e-mail address exists already.",
    "bad_email": "This is not an e-mail address.",
    "bad_contact": "This is not an e-mail address.",
    "until_past": "The day of the end has passed.",
    "not_found": "This is a resident's account; codes are for staff.",
}


@commands.command("create-staff")
@click.option("--email", required=True, help="The address with which the person signs in.")
@click.option("--name", required=True, help="First name and surname.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="May be given several times.",
)
@click.option("--language", default="pl", type=click.Choice(["pl", "en", "uk", "ru"]))
@click.option("--workplace", default="", help="A department or an assistance point.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The last day of the roles."
)
def create_staff(
    email: str,
    name: str,
    roles: tuple[str, ...],
    language: str,
    workplace: str,
    until: datetime | None,
) -> None:
    """Create a member of staff's account; print its password and its sheet of codes, this once."""
    password, at = secrets.token_urlsafe(PASSWORD_BYTES), utc_now()
    try:
        with database().writing() as work:
            account_id = service.create_staff_account(
                work,
                SYSTEM,
                contact=_email(email),
                name=name,
                password=password,
                roles=[Role(role) for role in roles],
                language=language,
                workplace=workplace,
                until_at=_end_of(until),
                at=at,
            )
            codes = service.issue_printed_codes(work, SYSTEM, account_id=account_id, at=at)
    except DomainError as error:
        raise click.ClickException(REFUSALS.get(error.code, error.code)) from None
    click.echo(f"{name} signs in with {email} and the password {password}")
    _print_codes(codes)


@commands.command("issue-codes")
@click.argument("email")
def issue_codes(email: str) -> None:
    """Print a fresh sheet of codes for the member of staff with this EMAIL; the former one is void."""
    at = utc_now()
    try:
        contact = _email(email)
        with database().writing() as work:
            account = find_by_contact(work.session, contact)
            if account is None:
                raise click.ClickException("There is no account with this e-mail address.")
            codes = service.issue_printed_codes(work, SYSTEM, account_id=account.id, at=at)
    except DomainError as error:
        raise click.ClickException(REFUSALS.get(error.code, error.code)) from None
    _print_codes(codes)


def _email(said: str) -> Contact:
    contact = read_contact(said)
    if contact.kind is not ContactKind.EMAIL:
        raise DomainError("bad_email")
    return contact


def _end_of(day: datetime | None) -> datetime | None:
    if day is None:
        return None
    return (day.replace(tzinfo=CITY_ZONE) + timedelta(days=1)).astimezone(UTC)


def _print_codes(codes: list[str]) -> None:
    click.echo("Codes, each works once; they are not shown again:")
    for start in range(0, len(codes), CODES_A_LINE):
        click.echo("  " + "  ".join(codes[start : start + CODES_A_LINE]))
