"""One's own account: contacts, password, language of messages, running sessions."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, logout_user

from civic_budget.accounts import service
from civic_budget.accounts.contacts import read_contact
from civic_budget.accounts.forms import (
    ChangePasswordForm,
    CodeForm,
    MessageLanguageForm,
    NewContactForm,
)
from civic_budget.accounts.labels import DEVICE_NAMES
from civic_budget.accounts.queries import OwnAccount, get_own_account
from civic_budget.accounts.views.blueprint import (
    accounts,
    attempt,
    limit,
    limit_messages,
    party,
    remembered,
    session_id,
)
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, reading, settings, writing
from civic_budget.web.locale import OWN_NAMES


@accounts.get("/account")
@access(Audience.SIGNED_IN)
def own_account() -> ResponseReturnValue:
    """Everything about signing in, on one page."""
    return render_template(
        "accounts/own_account.html",
        own=_own(),
        this_session=session_id(),
        device_names=DEVICE_NAMES,
        language_names=OWN_NAMES,
        party=party(),
    )


@accounts.route("/account/password", methods=["GET", "POST"])
@access(Audience.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Replace the password; other sessions end."""
    form = ChangePasswordForm()
    has_password = _own().has_password
    if form.validate_on_submit() and attempt(form, _change_password, form):
        flash(gettext("Your new password is saved. Other devices were signed out."), "success")
        return redirect(url_for("accounts.own_account"))
    return render_template("accounts/change_password.html", form=form, has_password=has_password)


@accounts.route("/account/contact", methods=["GET", "POST"])
@access(Audience.SIGNED_IN)
def change_contact() -> ResponseReturnValue:
    """Give another e-mail address or phone number; a code is sent there."""
    form = NewContactForm()
    has_password = _own().has_password
    if form.validate_on_submit():
        pending_id = attempt(form, _start_contact_change, form)
        if pending_id is not None:
            session["contact_code"] = str(pending_id)
            return redirect(url_for("accounts.confirm_contact"))
    return render_template("accounts/change_contact.html", form=form, has_password=has_password)


@accounts.route("/account/contact/code", methods=["GET", "POST"])
@access(Audience.SIGNED_IN)
def confirm_contact() -> ResponseReturnValue:
    """The code that came to the new contact."""
    pending_id = remembered("contact_code")
    if pending_id is None:
        return redirect(url_for("accounts.change_contact"))
    form = CodeForm()
    if form.validate_on_submit() and attempt(form, _confirm_contact, pending_id, form):
        session.pop("contact_code", None)
        flash(gettext("Your new contact is saved."), "success")
        return redirect(url_for("accounts.own_account"))
    return render_template("accounts/confirm_contact.html", form=form)


@accounts.route("/account/language", methods=["GET", "POST"])
@access(Audience.SIGNED_IN)
def change_language() -> ResponseReturnValue:
    """In which language messages come."""
    form = MessageLanguageForm(language=_own().language)
    form.offer(settings().languages)
    if form.validate_on_submit():
        with writing() as work:
            service.change_language(
                work, account_id=current_user.account_id, language=form.language.data
            )
        flash(gettext("From now on messages come in this language."), "success")
        return redirect(url_for("accounts.own_account"))
    return render_template("accounts/change_language.html", form=form)


@accounts.post("/account/sessions/<uuid:sign_in_id>/end")
@access(Audience.SIGNED_IN)
def end_session(sign_in_id: UUID) -> ResponseReturnValue:
    """Sign one device out."""
    with writing() as work:
        service.end_session(
            work, account_id=current_user.account_id, sign_in_id=sign_in_id, at=now()
        )
    if sign_in_id == session_id():
        return _leave()
    flash(gettext("That device is signed out."), "success")
    return redirect(url_for("accounts.own_account"))


@accounts.post("/account/sessions/end-others")
@access(Audience.SIGNED_IN)
def end_other_sessions() -> ResponseReturnValue:
    """Sign all other devices out."""
    with writing() as work:
        service.end_sessions(
            work, account_id=current_user.account_id, at=now(), except_for=session_id()
        )
    flash(gettext("All other devices are signed out."), "success")
    return redirect(url_for("accounts.own_account"))


@accounts.post("/account/sessions/end-all")
@access(Audience.SIGNED_IN)
def end_all_sessions() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    with writing() as work:
        service.end_sessions(work, account_id=current_user.account_id, at=now())
    return _leave()


def _leave() -> ResponseReturnValue:
    logout_user()
    session.clear()
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("editions.home"))


def _own() -> OwnAccount:
    return get_own_account(reading(), current_user.account_id, at=now())


def _change_password(form: ChangePasswordForm) -> bool:
    limit("own-password", str(current_user.account_id), 10)
    with writing() as work:
        service.change_password(
            work,
            account_id=current_user.account_id,
            current=form.current.data or "",
            password=form.password.data,
            keep_session=session_id(),
            at=now(),
        )
    return True


def _start_contact_change(form: NewContactForm) -> UUID:
    contact = read_contact(form.contact.data)
    limit("own-password", str(current_user.account_id), 10)
    limit("contact", contact.address, 5, most_a_day=20)
    limit_messages(contact)
    with writing() as work:
        return service.start_contact_change(
            work,
            account_id=current_user.account_id,
            contact=contact,
            current=form.current.data or "",
            at=now(),
        )


def _confirm_contact(pending_id: UUID, form: CodeForm) -> bool:
    with writing() as work:
        service.count_code_try(work, pending_id=pending_id)
    with writing() as work:
        service.confirm_contact_change(
            work,
            account_id=current_user.account_id,
            pending_id=pending_id,
            code=form.code.data,
            at=now(),
        )
    return True
