"""The staff's accounts for administrators: create, roles, sheets of codes, closing, lost factors."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts import policy, service, staff_queries
from civic_budget.accounts.code_sheet import CodeSheet, render_code_sheet
from civic_budget.accounts.contacts import ContactKind, read_contact
from civic_budget.accounts.labels import ROLE_NAMES, say_refusal
from civic_budget.accounts.staff_forms import ResetForm, RoleForm, StaffForm
from civic_budget.accounts.staff_queries import StaffLine
from civic_budget.accounts.views.blueprint import accounts, attempt
from civic_budget.kernel.actor import Role
from civic_budget.kernel.errors import Conflict, DomainError, NotFound
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.locale import OWN_NAMES


@accounts.get("/office/staff")
@access(Audience.ADMINISTRATOR)
def list_staff() -> ResponseReturnValue:
    """Everybody who works for the city, with roles and second factors."""
    return render_template(
        "accounts/staff.html",
        staff=staff_queries.list_staff(reading(), at=now()),
        role_names=ROLE_NAMES,
    )


@accounts.route("/office/staff/new", methods=["GET", "POST"])
@access(Audience.ADMINISTRATOR)
def create_staff() -> ResponseReturnValue:
    """Open an account for a person, a place and a time; an invitation goes out."""
    form = StaffForm()
    form.offer(settings().languages)
    if form.validate_on_submit():
        account_id = attempt(form, _create, form)
        if account_id is not None:
            flash(
                gettext(
                    "The account is open and the invitation is on its way. Now print the sheet of "
                    "codes: without it the account can do nothing."
                ),
                "success",
            )
            return redirect(url_for("accounts.show_staff", account_id=account_id))
    return render_template("accounts/staff_new.html", form=form)


@accounts.route("/office/staff/<uuid:account_id>", methods=["GET", "POST"])
@access(Audience.ADMINISTRATOR)
def show_staff(account_id: UUID) -> ResponseReturnValue:
    """One member of staff; the form gives a role or changes its end."""
    form = RoleForm()
    member = _member(account_id)
    if form.validate_on_submit() and attempt(form, _grant, account_id, form):
        flash(gettext("The role is saved."), "success")
        return redirect(url_for("accounts.show_staff", account_id=account_id))
    waiting = staff_queries.list_waiting_resets(reading(), account_id, at=now())
    return render_template(
        "accounts/staff_member.html",
        form=form,
        member=member,
        role_names=ROLE_NAMES,
        language_names=OWN_NAMES,
        is_self=account_id == actor().account_id,
        waiting=[(one, _may_confirm(one)) for one in waiting],
    )


@accounts.post("/office/staff/<uuid:account_id>/roles/<role>/end")
@access(Audience.ADMINISTRATOR)
def end_role(account_id: UUID, role: str) -> ResponseReturnValue:
    """End a role now."""
    if role not in set(Role):
        raise NotFound
    with writing() as work:
        service.end_role(work, actor(), account_id=account_id, role=Role(role), at=now())
    flash(gettext("The role has ended."), "success")
    return redirect(url_for("accounts.show_staff", account_id=account_id))


@accounts.post("/office/staff/<uuid:account_id>/close")
@access(Audience.ADMINISTRATOR)
def disable_staff(account_id: UUID) -> ResponseReturnValue:
    """Close the account; it is signed out everywhere."""
    with writing() as work:
        service.disable_staff(work, actor(), account_id=account_id, at=now())
    flash(gettext("The account is closed and signed out everywhere."), "success")
    return redirect(url_for("accounts.show_staff", account_id=account_id))


@accounts.post("/office/staff/<uuid:account_id>/open")
@access(Audience.ADMINISTRATOR)
def enable_staff(account_id: UUID) -> ResponseReturnValue:
    """Open a closed account again."""
    with writing() as work:
        service.enable_staff(work, actor(), account_id=account_id, at=now())
    flash(gettext("The account is open again."), "success")
    return redirect(url_for("accounts.show_staff", account_id=account_id))


@accounts.post("/office/staff/<uuid:account_id>/codes")
@access(Audience.ADMINISTRATOR)
def print_codes(account_id: UUID) -> ResponseReturnValue:
    """A fresh sheet as a PDF, shown this once; the former sheet is void."""
    member = _member(account_id)
    with writing() as work:
        codes = service.issue_printed_codes(work, actor(), account_id=account_id, at=now())
    sheet = CodeSheet(member.name, member.contact, member.language, codes, now())
    answer = Response(render_code_sheet(sheet), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "attachment; filename=codes.pdf"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@accounts.route("/office/staff/<uuid:account_id>/reset", methods=["GET", "POST"])
@access(Audience.ADMINISTRATOR)
def reset_staff(account_id: UUID) -> ResponseReturnValue:
    """Take the second factors away for a written reason."""
    form = ResetForm()
    member = _member(account_id)
    if form.validate_on_submit():
        is_done = attempt(form, _ask_reset, account_id, form)
        if is_done is not None:
            flash(_say_reset(is_done), "success" if is_done else "warning")
            return redirect(url_for("accounts.show_staff", account_id=account_id))
    roles = [line.role for line in member.roles]
    return render_template(
        "accounts/staff_reset.html",
        form=form,
        member=member,
        needs_second=policy.needs_second_administrator(roles),
    )


@accounts.post("/office/staff/<uuid:account_id>/reset/<uuid:reset_id>/confirm")
@access(Audience.ADMINISTRATOR)
def confirm_reset(account_id: UUID, reset_id: UUID) -> ResponseReturnValue:
    """The second administrator agrees."""
    try:
        with writing() as work:
            service.confirm_reset(work, actor(), reset_id=reset_id, at=now())
    except DomainError as error:
        if error.code in {"form_expired", "not_found"}:
            raise
        flash(say_refusal(error), "danger")
    else:
        flash(_say_reset(True), "success")
    return redirect(url_for("accounts.show_staff", account_id=account_id))


def _member(account_id: UUID) -> StaffLine:
    return staff_queries.get_staff(reading(), account_id, at=now())


def _may_confirm(waiting: staff_queries.WaitingReset) -> bool:
    return bool(
        policy.may_confirm_reset(actor(), account_id=waiting.account_id, asked_by=waiting.asked_by)
    )


def _create(form: StaffForm) -> UUID:
    contact = read_contact(form.contact.data)
    if contact.kind is not ContactKind.EMAIL:
        raise Conflict("bad_email", field="contact")
    with writing() as work:
        return service.create_staff_account(
            work,
            actor(),
            contact=contact,
            name=form.name.data.strip(),
            password=None,
            roles=form.read_roles(),
            language=form.language.data,
            workplace=(form.workplace.data or "").strip(),
            until_at=form.read_until(),
            at=now(),
        )


def _grant(account_id: UUID, form: RoleForm) -> bool:
    with writing() as work:
        service.grant_role(
            work,
            actor(),
            account_id=account_id,
            role=Role(form.role.data),
            until_at=form.read_until(),
            at=now(),
        )
    return True


def _ask_reset(account_id: UUID, form: ResetForm) -> bool:
    with writing() as work:
        return service.ask_reset(
            work, actor(), account_id=account_id, reason=form.reason.data, at=now()
        )


def _say_reset(is_done: bool) -> str:
    if is_done:
        return str(
            gettext(
                "The second factors are void and all sessions ended. Print a new sheet of codes."
            )
        )
    return str(
        gettext("The request is kept. Another administrator has to confirm it in three days.")
    )
