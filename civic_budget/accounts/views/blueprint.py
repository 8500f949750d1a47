"""What the pages of accounts share: limits, safe addresses, entering under a fresh cookie."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from civic_budget.accounts.attempts import DAY, QUARTER, MessageLimits, count_message, count_try
from civic_budget.accounts.contacts import Contact
from civic_budget.accounts.devices import Device, read_device
from civic_budget.accounts.labels import say_refusal
from civic_budget.accounts.passkeys import RelyingParty, relying_party
from civic_budget.accounts.queries import find_signed_in
from civic_budget.accounts.views.current import CurrentUser
from civic_budget.kernel.errors import DomainError
from civic_budget.web.current import now, reading, settings, writing
from civic_budget.web.forms import Form
from civic_budget.web.visitors import visitor_address

accounts = Blueprint("accounts", __name__)
Result = TypeVar("Result")
ADDRESS_FACTOR = 20
OWN_ADDRESS = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def attempt(form: Form, deed: Callable[..., Result], *values: object) -> Result | None:
    """Do a deed; a refusal becomes a sentence on the form and None."""
    try:
        return deed(*values)
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return None


def limit(deed: str, subject: str, most: int, *, most_a_day: int = 0) -> None:
    """Count a try in a transaction of its own, for the subject and for the visitor's address.

    An address that is not public is a proxy's that hides its visitors: counting it would lock a whole
    city out.
    """
    with writing() as work:
        count_try(work, deed, subject, limit=most, at=now(), window=QUARTER)
        if most_a_day:
            count_try(work, f"{deed} a day", subject, limit=most_a_day, at=now(), window=DAY)
        visitor = visitor_address()
        if visitor is not None:
            count_try(work, deed, f"from {visitor}", limit=most * ADDRESS_FACTOR, at=now())


def limit_messages(contact: Contact) -> None:
    """Count a text message before the deed that may send one."""
    chosen = settings()
    limits = MessageLimits(chosen.sms_to_a_phone_a_day, chosen.sms_in_all_an_hour)
    with writing() as work:
        count_message(work, contact, limits, at=now())


def device() -> Device:
    """The family of the visitor's device."""
    return read_device(request.user_agent.string)


def party() -> RelyingParty:
    """For whom passkeys are made here."""
    found = relying_party(settings().public_url)
    if settings().is_demo and found.host == "localhost":
        # A demo runs on any port; localhost can't be anybody else's.
        return RelyingParty("localhost", f"{request.scheme}://{request.host}")
    return found


def enter(sign_in_id: UUID, target: str = "") -> ResponseReturnValue:
    """Go on as the account of a started session, under a fresh cookie and a fresh token.

    Whatever the cookie held before is dropped, so nobody enters with a cookie that was planted; the
    language lives in a cookie of its own and stays.
    """
    signed_in = find_signed_in(reading(), sign_in_id, at=now())
    if signed_in is None:
        raise DomainError("wrong_credentials")
    if signed_in.roles:
        target = url_for("accounts.second_factor", next=target or None)
    session.clear()
    g.pop("csrf_token", None)
    login_user(CurrentUser(signed_in))
    return redirect(target or url_for("accounts.welcome"))


def session_id() -> UUID:
    """The id of the visitor's own session."""
    return UUID(current_user.id)


def remembered(key: str) -> UUID | None:
    """An id that the visitor's cookie keeps between two pages."""
    said = session.get(key)
    return UUID(said) if said else None


def asked_next() -> str:
    """The page that was asked for, if it is one of ours; else empty."""
    target = request.args.get("next", "")
    return target if OWN_ADDRESS.fullmatch(target) else ""
