"""Opening an account, signing in by password or mailed link, the second factor, signing out."""

from __future__ import annotations

import secrets
from uuid import UUID

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, logout_user

from civic_budget.accounts import service
from civic_budget.accounts.contacts import read_contact, read_sign_in_name
from civic_budget.accounts.forms import CodeForm, ContactForm, LinkForm, SignInForm, SignUpForm
from civic_budget.accounts.queries import list_passkeys
from civic_budget.accounts.views.blueprint import (
    accounts,
    asked_next,
    attempt,
    device,
    enter,
    limit,
    limit_messages,
    party,
    remembered,
    session_id,
)
from civic_budget.kernel.errors import Conflict, DomainError
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading, writing
from civic_budget.web.locale import current_language


@accounts.route("/sign-up", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def sign_up() -> ResponseReturnValue:
    """Give a contact and a password; a code is sent."""
    form = SignUpForm()
    if form.validate_on_submit() and _is_well_shaped(form):
        pending_id = attempt(form, _start_sign_up, form)
        if pending_id is not None:
            session["pending_code"] = str(pending_id)
            session["after_sign_in"] = asked_next()
            return redirect(url_for("accounts.confirm"))
    return render_template("accounts/sign_up.html", form=form)


@accounts.route("/sign-up/code", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def confirm() -> ResponseReturnValue:
    """Type the code; the account is open and signed in."""
    pending_id = remembered("pending_code")
    if pending_id is None:
        return redirect(url_for("accounts.sign_up"))
    form = CodeForm()
    if form.validate_on_submit():
        sign_in_id = attempt(form, _confirm, pending_id, form)
        if sign_in_id is not None:
            return enter(sign_in_id, session.get("after_sign_in", ""))
    return render_template(
        "accounts/confirm.html",
        form=form,
        contact=service.find_awaited_contact(reading(), pending_id),
    )


@accounts.route("/sign-in", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Contact and password; staff go on to their second factor."""
    form = SignInForm()
    if form.validate_on_submit():
        sign_in_id = attempt(form, _sign_in, form)
        if sign_in_id is not None:
            return enter(sign_in_id, asked_next())
    return render_template(
        "accounts/sign_in.html", form=form, party=party(), next_page=asked_next() or None
    )


@accounts.route("/sign-in/link", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def ask_link() -> ResponseReturnValue:
    """Ask for a link by e-mail; the answer is the same for every address."""
    form = ContactForm()
    if form.validate_on_submit():
        pending_id = attempt(form, _start_link, form)
        if pending_id is not None:
            session["link"] = str(pending_id)
            session["after_sign_in"] = asked_next()
            return redirect(url_for("accounts.link_sent"))
    return render_template("accounts/ask_link.html", form=form)


@accounts.get("/sign-in/link/sent")
@access(Audience.PUBLIC)
def link_sent() -> ResponseReturnValue:
    """Look into your mailbox."""
    return render_template("accounts/link_sent.html")


@accounts.route("/sign-in/link/<uuid:link_id>/<token>", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def use_link(link_id: UUID, token: str) -> ResponseReturnValue:
    """A page with a button: opening the link uses nothing up, pressing the button does.

    In another browser than the one that asked, the address is asked for too, so that nobody is led
    into a stranger's account.
    """
    is_asker = remembered("link") == link_id
    try:
        contact = service.find_link(reading(), pending_id=link_id, token=token, at=now())
    except DomainError:
        return render_template("accounts/link_expired.html"), 404
    form = LinkForm()
    if form.validate_on_submit():
        typed = contact.address if is_asker else form.contact.data or ""
        sign_in_id = attempt(form, _use_link, link_id, token, contact.address, typed)
        if sign_in_id is not None:
            return enter(sign_in_id, session.get("after_sign_in", "") if is_asker else "")
    return render_template(
        "accounts/use_link.html", form=form, is_asker=is_asker, masked=contact.masked
    )


@accounts.route("/second-factor", methods=["GET", "POST"])
@access(Audience.HALF_SIGNED_IN)
def second_factor() -> ResponseReturnValue:
    """A code of the authenticator or of the printed sheet, or a passkey."""
    form = CodeForm()
    target = asked_next() or url_for("accounts.welcome")
    if current_user.has_second_factor or not current_user.roles:
        return redirect(target)
    if form.validate_on_submit() and attempt(form, _second_factor, form):
        return redirect(target)
    return render_template(
        "accounts/second_factor.html",
        form=form,
        party=party() if list_passkeys(reading(), current_user.account_id) else None,
        next_page=asked_next() or None,
    )


@accounts.post("/sign-out")
@access(Audience.PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End this session."""
    if current_user.is_authenticated:
        with writing() as work:
            service.sign_out(work, sign_in_id=session_id(), at=now())
        logout_user()
    session.clear()
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("editions.home"))


@accounts.get("/welcome")
@access(Audience.HALF_SIGNED_IN)
def welcome() -> ResponseReturnValue:
    """Where to go after signing in: residents to their matters, staff to their work."""
    if current_user.roles:
        return redirect(url_for("accounts.office"))
    return redirect(url_for("residency.mine"))


@accounts.get("/office")
@access(Audience.STAFF)
def office() -> ResponseReturnValue:
    """The staff's start page: one card for each place that their roles open."""
    return render_template("accounts/office.html")


def _is_well_shaped(form: SignUpForm) -> bool:
    """Say everything that is wrong at once, and before a try is counted."""
    attempt(form, read_contact, form.contact.data)
    attempt(form, service.check_password_shape, form.password.data)
    return not form.was_refused()


def _start_sign_up(form: SignUpForm) -> UUID:
    contact = read_contact(form.contact.data)
    limit("sign-up", contact.address, 5, most_a_day=20)
    limit_messages(contact)
    with writing() as work:
        return service.start_sign_up(
            work,
            contact=contact,
            password=form.password.data,
            language=current_language(),
            at=now(),
        )


def _confirm(pending_id: UUID, form: CodeForm) -> UUID:
    with writing() as work:
        service.count_code_try(work, pending_id=pending_id)
    with writing() as work:
        account_id = service.confirm_sign_up(
            work, pending_id=pending_id, code=form.code.data, at=now()
        )
        started = service.start_session(work, account_id=account_id, at=now(), device=device())
        return started.id


def _sign_in(form: SignInForm) -> UUID:
    contact = read_sign_in_name(form.contact.data)
    limit("sign-in", contact.address, 10)
    with writing() as work:
        return service.sign_in(
            work, contact=contact, password=form.password.data, at=now(), device=device()
        ).id


def _start_link(form: ContactForm) -> UUID:
    contact = read_contact(form.contact.data)
    limit("link", contact.address, 5, most_a_day=20)
    with writing() as work:
        return service.start_link(work, contact=contact, language=current_language(), at=now())


def _use_link(link_id: UUID, token: str, address: str, typed: str) -> UUID:
    limit("link-use", str(link_id), 10)
    if not secrets.compare_digest(typed.strip().lower().encode(), address.encode()):
        raise Conflict("other_contact", field="contact")
    with writing() as work:
        return service.use_link(work, pending_id=link_id, token=token, at=now(), device=device()).id


def _second_factor(form: CodeForm) -> bool:
    limit("second-factor", str(current_user.account_id), 10)
    with writing() as work:
        service.pass_second_factor(work, sign_in_id=session_id(), code=form.code.data, at=now())
    return True
