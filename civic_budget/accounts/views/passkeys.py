"""Passkeys: questions to authenticators as JSON, their answers in plain forms.

Everything here is a shortcut: a browser without scripts never shows these buttons.
"""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from civic_budget.accounts import service
from civic_budget.accounts.forms import PasskeyForm
from civic_budget.accounts.labels import say_refusal
from civic_budget.accounts.passkeys import PasskeyRefused
from civic_budget.accounts.views.blueprint import (
    accounts,
    asked_next,
    device,
    enter,
    limit,
    party,
    remembered,
    session_id,
)
from civic_budget.kernel.errors import DomainError
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, writing
from civic_budget.web.visitors import visitor_address


@accounts.post("/sign-in/passkey/question")
@access(Audience.PUBLIC)
def ask_passkey() -> ResponseReturnValue:
    """The question to whatever device is there."""
    try:
        limit("passkey", visitor_address() or "hidden", 5_000)
        with writing() as work:
            return _question(service.ask_passkey(work, party(), at=now()))
    except DomainError as error:
        return _refusal(error)


@accounts.post("/sign-in/passkey")
@access(Audience.PUBLIC)
def enter_with_passkey() -> ResponseReturnValue:
    """The answer; a resident is signed in."""
    try:
        with writing() as work:
            started = service.enter_with_passkey(
                work,
                party(),
                challenge_id=_challenge_id(),
                answer=_answer(),
                at=now(),
                device=device(),
            )
            sign_in_id = started.id
    except DomainError as error:
        flash(say_refusal(error), "danger")
        return redirect(url_for("accounts.sign_in", next=asked_next() or None))
    return enter(sign_in_id, asked_next())


@accounts.post("/second-factor/passkey/question")
@access(Audience.HALF_SIGNED_IN)
def ask_second_factor() -> ResponseReturnValue:
    """The question to a colleague's own keys."""
    try:
        limit("second-factor", str(current_user.account_id), 10)
        with writing() as work:
            return _question(
                service.ask_second_factor(
                    work, party(), account_id=current_user.account_id, at=now()
                )
            )
    except DomainError as error:
        return _refusal(error)


@accounts.post("/second-factor/passkey")
@access(Audience.HALF_SIGNED_IN)
def pass_second_factor() -> ResponseReturnValue:
    """The answer; a colleague's session has both factors."""
    try:
        with writing() as work:
            service.pass_second_factor_with_passkey(
                work,
                party(),
                sign_in_id=session_id(),
                challenge_id=_challenge_id(),
                answer=_answer(),
                at=now(),
            )
    except DomainError as error:
        flash(say_refusal(error), "danger")
        return redirect(url_for("accounts.second_factor", next=asked_next() or None))
    return redirect(asked_next() or url_for("accounts.welcome"))


@accounts.post("/account/passkeys/question")
@access(Audience.SIGNED_IN)
def ask_new_passkey() -> ResponseReturnValue:
    """The question to a new authenticator."""
    try:
        limit("new-passkey", str(current_user.account_id), 10)
        with writing() as work:
            return _question(
                service.ask_new_passkey(work, party(), account_id=current_user.account_id, at=now())
            )
    except DomainError as error:
        return _refusal(error)


@accounts.post("/account/passkeys")
@access(Audience.SIGNED_IN)
def add_passkey() -> ResponseReturnValue:
    """The answer; the key is kept."""
    try:
        with writing() as work:
            service.add_passkey(
                work,
                party(),
                account_id=current_user.account_id,
                challenge_id=_challenge_id(),
                answer=_answer(),
                device=device(),
                at=now(),
            )
    except DomainError as error:
        flash(say_refusal(error), "danger")
    else:
        flash(gettext("The passkey is added. You can sign in with it from now on."), "success")
    return redirect(url_for("accounts.own_account"))


@accounts.post("/account/passkeys/<uuid:passkey_id>/remove")
@access(Audience.SIGNED_IN)
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Forget a key."""
    with writing() as work:
        service.remove_passkey(
            work, account_id=current_user.account_id, passkey_id=passkey_id, at=now()
        )
    flash(gettext("The passkey is removed. Delete it on your device too."), "success")
    return redirect(url_for("accounts.own_account"))


def _question(asked: tuple[UUID, str]) -> Response:
    challenge_id, options = asked
    session["passkey_challenge"] = str(challenge_id)
    answer = Response(options, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _refusal(error: DomainError) -> ResponseReturnValue:
    return {"refusal": say_refusal(error)}, 409


def _challenge_id() -> UUID:
    found = remembered("passkey_challenge")
    session.pop("passkey_challenge", None)
    if found is None:
        raise PasskeyRefused
    return found


def _answer() -> str:
    form = PasskeyForm()
    if not form.validate_on_submit():
        raise PasskeyRefused
    return str(form.answer.data)
