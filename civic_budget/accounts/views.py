"""Pages of accounts: open one, sign in and out, second factor, forgotten password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from civic_budget.accounts import service
from civic_budget.accounts.attempts import count_try
from civic_budget.accounts.contacts import Contact, read_contact
from civic_budget.accounts.forms import (
    CodeForm,
    NewPasswordForm,
    RecoveryForm,
    SignInForm,
    SignUpForm,
)
from civic_budget.accounts.labels import say_refusal
from civic_budget.accounts.queries import SignedIn, find_signed_in
from civic_budget.kernel.actor import Actor, Role
from civic_budget.kernel.errors import DomainError
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading, writing
from civic_budget.web.forms import Form
from civic_budget.web.locale import current_language
from civic_budget.web.pages import NavItem

accounts = Blueprint("accounts", __name__)
blueprints = (accounts,)
navigation: tuple[NavItem, ...] = ()
Result = TypeVar("Result")


class CurrentUser(UserMixin):  # type: ignore[misc]
    """The signed-in account, as templates and doors see it."""

    def __init__(self, signed_in: SignedIn) -> None:
        self.id = str(signed_in.sign_in_id)
        self.account_id = signed_in.account_id
        self.roles: frozenset[Role] = signed_in.roles
        self.has_second_factor = signed_in.has_second_factor
        self.display_name = signed_in.staff_name or ""
        self.actor: Actor = signed_in.actor

    @property
    def is_staff(self) -> bool:
        """Whether the account works for the city."""
        return bool(self.roles)


def load_current_user(looking: Session, sign_in_id: UUID, *, at: datetime) -> CurrentUser | None:
    """The account of a session that still runs, for Flask-Login."""
    signed_in = find_signed_in(looking, sign_in_id, at=at)
    return CurrentUser(signed_in) if signed_in else None


@accounts.route("/sign-up", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def sign_up() -> ResponseReturnValue:
    """Give a contact and a password; a code is sent."""
    form = SignUpForm()
    if form.validate_on_submit():
        pending_id = _attempt(form, _start_sign_up, form)
        if pending_id is not None:
            session["pending_code"] = str(pending_id)
            session["after_sign_in"] = _safe_next()
            return redirect(url_for("accounts.confirm"))
    return render_template("accounts/sign_up.html", form=form)


@accounts.route("/sign-up/code", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def confirm() -> ResponseReturnValue:
    """Type the code; the account is open and signed in."""
    pending_id = _pending_id()
    if pending_id is None:
        return redirect(url_for("accounts.sign_up"))
    form = CodeForm()
    if form.validate_on_submit():
        account_id = _attempt(form, _confirm, pending_id, form)
        if account_id is not None:
            return _enter(account_id)
    return render_template("accounts/confirm.html", form=form)


@accounts.route("/sign-in", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Contact and password; staff go on to their second factor."""
    form = SignInForm()
    if form.validate_on_submit():
        signed_in = _attempt(form, _sign_in, form)
        if signed_in is not None:
            target = _safe_next()
            login_user(CurrentUser(signed_in))
            if signed_in.roles:
                return redirect(url_for("accounts.second_factor", next=target))
            return redirect(target)
    return render_template("accounts/sign_in.html", form=form)


@accounts.route("/second-factor", methods=["GET", "POST"])
@access(Audience.SIGNED_IN)
def second_factor() -> ResponseReturnValue:
    """A code of the authenticator or of the printed sheet."""
    form = CodeForm()
    if current_user.has_second_factor:
        return redirect(_safe_next())
    if form.validate_on_submit() and _attempt(form, _second_factor, form):
        return redirect(_safe_next())
    return render_template("accounts/second_factor.html", form=form)


@accounts.post("/sign-out")
@access(Audience.PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End this session."""
    if current_user.is_authenticated:
        with writing() as work:
            service.sign_out(work, sign_in_id=UUID(current_user.id), at=now())
        logout_user()
    session.clear()
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("editions.home"))


@accounts.route("/forgotten-password", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def recovery() -> ResponseReturnValue:
    """Ask for a code to set a new password."""
    form = RecoveryForm()
    if form.validate_on_submit():
        pending_id = _attempt(form, _start_recovery, form)
        if pending_id is not None:
            session["pending_code"] = str(pending_id)
            return redirect(url_for("accounts.new_password"))
    return render_template("accounts/recovery.html", form=form)


@accounts.route("/forgotten-password/code", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def new_password() -> ResponseReturnValue:
    """The code and a new password."""
    pending_id = _pending_id()
    if pending_id is None:
        return redirect(url_for("accounts.recovery"))
    form = NewPasswordForm()
    if form.validate_on_submit():
        account_id = _attempt(form, _reset_password, pending_id, form)
        if account_id is not None:
            return _enter(account_id)
    return render_template("accounts/new_password.html", form=form)


def _attempt(form: Form, deed: Callable[..., Result], *values: object) -> Result | None:
    """Do a deed; a refusal becomes a sentence on the form and None."""
    try:
        return deed(*values)
    except DomainError as error:
        form.refuse(error, say_refusal(error))
        return None


def _limit(deed: str, subject: str, limit: int) -> None:
    """Count a try in a transaction of its own, for the subject and for the visitor's address."""
    with writing() as work:
        count_try(work, deed, subject, limit=limit, at=now())
        count_try(work, deed, f"from {request.remote_addr}", limit=limit * 20, at=now())


def _start_sign_up(form: SignUpForm) -> UUID:
    contact = read_contact(form.contact.data)
    _limit("sign-up", contact.address, 5)
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
        return service.confirm_sign_up(work, pending_id=pending_id, code=form.code.data, at=now())


def _sign_in(form: SignInForm) -> SignedIn:
    contact: Contact = read_contact(form.contact.data)
    _limit("sign-in", contact.address, 10)
    with writing() as work:
        started = service.sign_in(work, contact=contact, password=form.password.data, at=now())
    return _signed_in(started.id)


def _second_factor(form: CodeForm) -> bool:
    _limit("second-factor", str(current_user.account_id), 10)
    with writing() as work:
        service.pass_second_factor(
            work, sign_in_id=UUID(current_user.id), code=form.code.data, at=now()
        )
    return True


def _start_recovery(form: RecoveryForm) -> UUID:
    contact = read_contact(form.contact.data)
    _limit("recovery", contact.address, 5)
    with writing() as work:
        return service.start_recovery(work, contact=contact, language=current_language(), at=now())


def _reset_password(pending_id: UUID, form: NewPasswordForm) -> UUID:
    with writing() as work:
        service.count_code_try(work, pending_id=pending_id)
    with writing() as work:
        return service.reset_password(
            work,
            pending_id=pending_id,
            code=form.code.data,
            password=form.password.data,
            at=now(),
        )


def _enter(account_id: UUID) -> ResponseReturnValue:
    """Sign in an account whose code was right, under a fresh cookie."""
    with writing() as work:
        started = service.start_session(work, account_id=account_id, at=now())
    target = session.get("after_sign_in") or url_for("accounts.welcome")
    session.clear()
    g.pop("csrf_token", None)
    login_user(CurrentUser(_signed_in(started.id)))
    return redirect(target)


def _signed_in(sign_in_id: UUID) -> SignedIn:
    signed_in = find_signed_in(reading(), sign_in_id, at=now())
    if signed_in is None:
        raise DomainError("wrong_credentials")
    return signed_in


@accounts.get("/welcome")
@access(Audience.SIGNED_IN)
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


def _pending_id() -> UUID | None:
    said = session.get("pending_code")
    return UUID(said) if said else None


def _safe_next() -> str:
    """The page that was asked for, if it is one of ours."""
    target = request.args.get("next", "")
    parts = urlsplit(target)
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    if is_ours and not parts.netloc and not parts.scheme:
        return target
    return url_for("accounts.welcome")
