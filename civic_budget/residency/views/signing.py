"""The statement of residence: read it, type one's name, then the code that comes to the contact."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from civic_budget.accounts.attempts import MessageLimits, count_message, count_try
from civic_budget.accounts.queries import get_reachable
from civic_budget.accounts.service import count_code_try, send_signing_code, use_signing_code
from civic_budget.city.queries import district_names
from civic_budget.kernel.errors import Conflict
from civic_budget.residency import service
from civic_budget.residency.forms import StatementForm
from civic_budget.residency.labels import STATEMENT, STATEMENT_FOR_CHILD, say_in
from civic_budget.residency.people_forms import SigningCodeForm
from civic_budget.residency.queries import CaseFacts
from civic_budget.residency.rules import Road
from civic_budget.residency.steps import Step
from civic_budget.residency.views.blueprint import residency
from civic_budget.residency.views.case_pages import (
    after,
    attempt,
    editable_case,
    is_child,
    is_open,
    say_closed,
)
from civic_budget.residency.views.questions import question_page
from civic_budget.web.access import Audience, access
from civic_budget.web.current import actor, now, reading, settings, writing
from civic_budget.web.locale import current_language

CODES_A_QUARTER = 5
TRIES_A_QUARTER = 15
SIGNING = "signing"


@residency.route("/residence/<reference>/statement", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def statement(reference: str) -> ResponseReturnValue:
    """The statement in the reader's language with the Polish original; sign by typing one's name."""
    case = editable_case(reference)
    if request.method == "GET" and not is_open(case, Road.STATEMENT):
        return say_closed(case)
    form = StatementForm()
    if form.validate_on_submit():
        pending_id = attempt(form, _send_code, case, form)
        if pending_id is not None:
            # The typed name waits in the signed cookie of this browser, nowhere else.
            session[SIGNING] = [case.reference, str(pending_id), form.signature.data]
            return redirect(url_for("residency.signing_code", reference=case.reference))
    sentences = STATEMENT_FOR_CHILD if is_child(case) else STATEMENT
    return question_page(
        "statement",
        Step.STATEMENT,
        case,
        form,
        statement=sentences,
        original=[say_in("pl", sentence) for sentence in sentences],
        districts=district_names(reading()),
        contact=get_reachable(reading(), _account()).contact,
    )


@residency.route("/residence/<reference>/statement/code", methods=["GET", "POST"])
@access(Audience.RESIDENT)
def signing_code(reference: str) -> ResponseReturnValue:
    """The code that came to the contact: with it the statement is signed."""
    case = editable_case(reference)
    waiting = session.get(SIGNING) or ("", "", "")
    if waiting[0] != case.reference:
        return redirect(url_for("residency.statement", reference=case.reference))
    form = SigningCodeForm()
    if form.validate_on_submit() and attempt(form, _sign, case, form, waiting):
        session.pop(SIGNING, None)
        return redirect(after(case.id))
    contact = get_reachable(reading(), _account()).contact
    return render_template(
        "residency/signing_code.html",
        form=form,
        case=case,
        contact=contact.masked if contact else "",
        back_url=url_for("residency.statement", reference=case.reference),
        is_sms=contact is not None and contact.kind.value == "phone",
        again_url=request.path.removesuffix("/code"),
    )


def _send_code(case: CaseFacts, form: StatementForm) -> UUID:
    account_id = _account()
    contact = get_reachable(reading(), account_id).contact
    if contact is None:
        raise Conflict("no_contact_to_sign", field="signature")
    with writing() as work:
        service.check_signature(
            work, actor(), case_id=case.id, signature=form.signature.data, at=now()
        )
    limits = MessageLimits(settings().sms_to_a_phone_a_day, settings().sms_in_all_an_hour)
    with writing() as work:
        count_try(work, "sign", str(account_id), limit=CODES_A_QUARTER, at=now())
        count_message(work, contact, limits, at=now())
    with writing() as work:
        return send_signing_code(work, account_id=account_id, language=current_language(), at=now())


def _sign(case: CaseFacts, form: SigningCodeForm, waiting: tuple[str, str, str]) -> bool:
    account_id, pending_id = _account(), UUID(waiting[1])
    with writing() as work:
        count_try(work, "sign-code", str(account_id), limit=TRIES_A_QUARTER, at=now())
        count_code_try(work, pending_id=pending_id)
    with writing() as work:
        contact = use_signing_code(
            work,
            account_id=account_id,
            pending_id=pending_id,
            code=form.digits,
            at=now(),
        )
        service.sign_statement(
            work,
            actor(),
            case_id=case.id,
            signature=waiting[2],
            language=current_language(),
            confirmed_by=contact.kind.value,
            at=now(),
        )
    return True


def _account() -> UUID:
    account_id = actor().account_id
    assert account_id is not None
    return account_id
