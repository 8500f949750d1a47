"""A forgotten password: a code to the contact, then a new password."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from civic_budget.accounts import service
from civic_budget.accounts.contacts import read_contact
from civic_budget.accounts.forms import ContactForm, NewPasswordForm
from civic_budget.accounts.views.blueprint import (
    accounts,
    attempt,
    device,
    enter,
    limit,
    limit_messages,
    remembered,
)
from civic_budget.web.access import Audience, access
from civic_budget.web.current import now, writing
from civic_budget.web.locale import current_language


@accounts.route("/forgotten-password", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def recovery() -> ResponseReturnValue:
    """Ask for a code to set a new password."""
    form = ContactForm()
    if form.validate_on_submit():
        pending_id = attempt(form, _start_recovery, form)
        if pending_id is not None:
            session["pending_code"] = str(pending_id)
            return redirect(url_for("accounts.new_password"))
    return render_template("accounts/recovery.html", form=form)


@accounts.route("/forgotten-password/code", methods=["GET", "POST"])
@access(Audience.PUBLIC)
def new_password() -> ResponseReturnValue:
    """The code and a new password."""
    pending_id = remembered("pending_code")
    if pending_id is None:
        return redirect(url_for("accounts.recovery"))
    form = NewPasswordForm()
    if form.validate_on_submit():
        sign_in_id = attempt(form, _reset_password, pending_id, form)
        if sign_in_id is not None:
            return enter(sign_in_id)
    return render_template("accounts/new_password.html", form=form)


def _start_recovery(form: ContactForm) -> UUID:
    contact = read_contact(form.contact.data)
    limit("recovery", contact.address, 5, most_a_day=20)
    limit_messages(contact)
    with writing() as work:
        return service.start_recovery(work, contact=contact, language=current_language(), at=now())


def _reset_password(pending_id: UUID, form: NewPasswordForm) -> UUID:
    with writing() as work:
        service.count_code_try(work, pending_id=pending_id)
    with writing() as work:
        account_id = service.reset_password(
            work,
            pending_id=pending_id,
            code=form.code.data,
            password=form.password.data,
            at=now(),
        )
        return service.start_session(work, account_id=account_id, at=now(), device=device()).id
