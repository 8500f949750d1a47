"""A young person's record becomes theirs: at a desk, or online with a code to their own contact."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from civic_budget.accounts.attempts import MessageLimits, count_message, count_try
from civic_budget.accounts.contacts import read_contact
from civic_budget.accounts.labels import say_refusal as say_account_refusal
from civic_budget.accounts.service import count_code_try, send_hand_over_code
from civic_budget.kernel.errors import DomainError
from civic_budget.residency import service
from civic_budget.residency.labels import say_refusal
from civic_budget.residency.people_forms import HandOverForm, SigningCodeForm
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import attempt
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, settings, writing
from civic_budget.web.locale import current_language

ASKED_A_QUARTER = 5
TRIES_A_QUARTER = 15
HANDING = "handing"


@residency.route("/children/<uuid:tie_id>/hand-over", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def hand_over(tie_id: UUID) -> ResponseReturnValue:
    """The desk first; else the young person's own contact, to which a code goes."""
    try:
        with writing() as work:
            service.check_hand_over(work, actor(), tie_id=tie_id, at=now())
    except DomainError as error:
        flash(say_refusal(error), "warning")
        return redirect(url_for("residency.children"))
    form = HandOverForm()
    if form.validate_on_submit():
        try:
            pending_id = _send(form)
        except DomainError as error:
            is_ours = error.code in {"own_contact", "too_many_tries"}
            form.refuse(error, say_refusal(error) if is_ours else say_account_refusal(error))
        else:
            session[HANDING] = [str(tie_id), str(pending_id)]
            return redirect(url_for("residency.hand_over_with_code", tie_id=tie_id))
    return render_template("residency/hand_over.html", form=form)


@residency.route("/children/<uuid:tie_id>/hand-over/code", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def hand_over_with_code(tie_id: UUID) -> ResponseReturnValue:
    """The code that the young person got: with it the record is theirs."""
    asked_for, pending_id = session.get(HANDING) or ("", "")
    if asked_for != str(tie_id):
        return redirect(url_for("residency.hand_over", tie_id=tie_id))
    form = SigningCodeForm()
    if form.validate_on_submit() and attempt(form, _hand_over, tie_id, UUID(pending_id), form):
        session.pop(HANDING, None)
        flash(
            gettext("The record is handed over. The young person got a message how to enter."),
            "success",
        )
        return redirect(url_for("residency.children"))
    return render_template(
        "residency/hand_over_code.html",
        form=form,
        back_url=url_for("residency.hand_over", tie_id=tie_id),
    )


def _send(form: HandOverForm) -> UUID:
    contact, account_id = read_contact(form.contact.data or ""), actor().account_id
    assert account_id is not None
    limits = MessageLimits(settings().sms_to_a_phone_a_day, settings().sms_in_all_an_hour)
    with writing() as work:
        count_try(work, "hand-over", str(account_id), limit=ASKED_A_QUARTER, at=now())
        count_message(work, contact, limits, at=now())
    with writing() as work:
        return send_hand_over_code(
            work, asked_by=account_id, contact=contact, language=current_language(), at=now()
        )


def _hand_over(tie_id: UUID, pending_id: UUID, form: SigningCodeForm) -> bool:
    with writing() as work:
        count_try(work, "hand-over-code", str(actor().account_id), limit=TRIES_A_QUARTER, at=now())
        count_code_try(work, pending_id=pending_id)
    with writing() as work:
        service.hand_over(
            work,
            actor(),
            tie_id=tie_id,
            pending_id=pending_id,
            code=form.digits,
            language=current_language(),
            at=now(),
        )
    return True
